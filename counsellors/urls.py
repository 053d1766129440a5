"""The addresses of the staff."""

from django.urls import path

from counsellors import views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("login/code/", views.code, name="login-code"),
    path("login/setup/", views.setup, name="login-setup"),
    path("logout/", views.logout, name="logout"),
    path("console/", views.console, name="console"),
    path("board/", views.board, name="board"),
    path("desk/", views.desk, name="desk"),
    path("guest/", views.guest, name="guest"),
]
