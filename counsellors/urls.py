"""The addresses of the staff."""

from django.urls import path

from counsellors import account_pages, app_pages, joining_pages, passkey_pages, views

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
    path("login/passkey/", passkey_pages.sign_in, name="login-passkey"),
    path("login/passkey/ask/", passkey_pages.ask_at_sign_in, name="login-passkey-ask"),
    path("logout/", views.logout, name="logout"),
    path("console/", views.console, name="console"),
    path("staff/app.webmanifest", app_pages.manifest, name="manifest"),
    path("staff/service-worker.js", app_pages.service_worker, name="service-worker"),
    path("board/", views.board, name="board"),
    path("desk/", views.desk, name="desk"),
    path("guest/", views.guest, name="guest"),
    path("account/passkeys/", passkey_pages.overview, name="account-passkeys"),
    path("account/passkeys/use/", passkey_pages.use, name="account-passkeys-use"),
    path("account/passkeys/ask/", passkey_pages.ask, name="account-passkeys-ask"),
    path("account/passkeys/begin/", passkey_pages.begin, name="account-passkeys-begin"),
    path("account/passkeys/add/", passkey_pages.add, name="account-passkeys-add"),
    path("account/passkeys/<int:number>/remove/", passkey_pages.remove, name="account-passkeys-remove"),
]
