"""Declares every URL of the site."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, register_converter

from chat.views import feedback, line_state, lines, passkeys, people, plain_pages, quick_exit
from counsellors.pages import common, signing_in
from helpline import frontend, languages, operations, optional_apps
from helpline.lib import scopes
from helpline.middleware import STAFF_PATHS


class AnyLanguage:
    """Matches the code of a language that callers can read."""

    regex = "|".join(languages.codes())

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def nowhere(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Returns the page for a URL that does not exist: staff get a link to their own page, callers get
    telephone numbers.

    The URLs of an optional app count as the staff's even if the app is not installed.
    """
    if request.path.startswith(STAFF_PATHS):
        return common.page(common.not_here)(request)
    return plain_pages.nowhere(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """Returns the page that is shown after a failure, most likely of the database: callers get telephone
    numbers, staff read what became of their work."""
    return common.failed(request) if request.path.startswith(STAFF_PATHS) else plain_pages.away(request)


handler403 = signing_in.refused
handler404 = nowhere
handler500 = failed
register_converter(AnyLanguage, "any_language")
urlpatterns = [
    path("", lines.lines_page, {"language": settings.LANGUAGE_CODE}),
    path("<any_language:language>/", lines.lines_page, name="lines"),
    path("<any_language:language>/<slug:line>/", lines.caller_page, name="caller"),
    path(f"<any_language:language>/<slug:line>/{lines.GUIDE}/", lines.guide_page, name="guide"),
    path("app/<str:release>/<path:name>", frontend.frontend_file, name="frontend"),
    path("embed.js", frontend.embed),
    path("api/lines/<slug:line>/", line_state.line_state, name="line-state"),
    path("api/exit/", quick_exit.exit_quickly, name="exit"),
    path("api/feedback/", feedback.give, name="feedback"),
    path("healthz", operations.healthz),
    path("readyz", operations.readyz),
    path("metrics", operations.metrics),
    path(".well-known/security.txt", operations.security_txt),
    path(".well-known/webcat/<slug:name>.json", frontend.webcat),
    path("static/<path:name>", frontend.static_file),
    path("admin/", admin.site.urls),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/leave/", people.leave, name="leave"),
    path("people/undo/<str:replacement>/", people.undo, name="undo-replacement"),
    path("people/<str:person>/", people.person, name="person"),
    path("account/passkeys/demand/", passkeys.demand, name="account-passkeys-demand"),
    path("", include("counsellors.urls")),
    *(path("", include(pages)) for pages in optional_apps.modules("urls")),
]
scopes.require_declared(urlpatterns)
