"""Declares the URLs of the staff's pages."""

from django.urls import path

from counsellors.pages import account, app, joining, passkeys, signing_in

urlpatterns = [
    path("login/", signing_in.login, name="login"),
    path("login/code/", signing_in.code, name="login-code"),
    path("login/setup/", signing_in.setup, name="login-setup"),
    path("login/replace/", joining.replace, name="login-replace"),
    path("join/", joining.join, name="join"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="account-password"),
    path("account/phone/", account.phone, name="account-phone"),
    path("account/authenticator/", account.authenticator, name="account-authenticator"),
    path("account/recovery/", account.recovery, name="account-recovery"),
    path("login/passkey/", passkeys.sign_in, name="login-passkey"),
    path("login/passkey/ask/", passkeys.ask_at_sign_in, name="login-passkey-ask"),
    path("logout/", signing_in.logout, name="logout"),
    path("console/", signing_in.console, name="console"),
    path("staff/app.webmanifest", app.manifest, name="manifest"),
    path("staff/service-worker.js", app.service_worker, name="service-worker"),
    path("board/", signing_in.board, name="board"),
    path("desk/", signing_in.desk, name="desk"),
    path("guest/", signing_in.guest, name="guest"),
    path("account/passkeys/", passkeys.overview, name="account-passkeys"),
    path("account/passkeys/use/", passkeys.use, name="account-passkeys-use"),
    path("account/passkeys/ask/", passkeys.ask, name="account-passkeys-ask"),
    path("account/passkeys/begin/", passkeys.begin, name="account-passkeys-begin"),
    path("account/passkeys/add/", passkeys.add, name="account-passkeys-add"),
    path("account/passkeys/<int:number>/remove/", passkeys.remove, name="account-passkeys-remove"),
]
