"""The addresses of the staff."""

from django.urls import path

from counsellors import account_pages, joining_pages, views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/code/", views.code, name="login-code"),
    path("login/setup/", views.setup, name="login-setup"),
    path("login/replace/", joining_pages.replace, name="login-replace"),
    path("join/", joining_pages.join, name="join"),
    path("account/", account_pages.account, name="account"),
    path("account/password/", account_pages.password, name="account-password"),
    path("account/authenticator/", account_pages.authenticator, name="account-authenticator"),
    path("account/recovery/", account_pages.recovery, name="account-recovery"),
    path("logout/", views.logout, name="logout"),
    path("console/", views.console, name="console"),
    path("board/", views.board, name="board"),
    path("desk/", views.desk, name="desk"),
    path("guest/", views.guest, name="guest"),
]
