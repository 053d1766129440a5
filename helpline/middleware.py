"""Provides the middleware for headers, hosts, a restored backup, and sessions for staff only."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware

from chat.retention import journal
from chat.views import plain_pages

FOR_MACHINES = ("/healthz", "/readyz", "/metrics")
# These paths are served even from a restored backup, because they contain no data of conversations.
ALWAYS_SERVED = (*FOR_MACHINES, "/app/", "/embed.js", "/static/", "/.well-known/")
STAFF_PATHS = (
    "/login/",
    "/logout/",
    "/join/",
    "/account/",
    "/people/",
    "/rota/",
    "/console/",
    "/practice/",
    "/board/",
    "/desk/",
    "/admin/",
    "/staff/",
    "/demo/",
)


RESTORED = """Er is een back-up teruggezet. Bel wie de server beheert: eerst moet daar restore-check draaien.
A backup was restored. Call whoever runs the server: restore-check has to be run there first.
"""


class EveryAnswer:
    """Sets the headers of every response: pages, the admin, files and errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SECURE_HSTS_SECONDS:
            # Django sends this header only for requests over TLS, but TLS ends at the proxy.
            kept = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
            response.headers["Strict-Transport-Security"] = kept
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class NotWhileRestored:
    """Refuses to serve a restored backup before the journal of purges is replayed. Callers get telephone
    numbers instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS_SERVED) or not journal.is_restored():
            return self.get_response(request)
        if request.path.startswith((*STAFF_PATHS, "/api/")):
            return HttpResponse(RESTORED, status=503, content_type="text/plain; charset=utf-8")
        return plain_pages.away(request)


class KnownHosts(CommonMiddleware):
    """Refuses a host that is not in ALLOWED_HOSTS.

    A monitor on this host knows a process's port, but not the name of the site. It may therefore use a
    loopback name, but only for the pages for machines, which are the same under every name.
    """

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        if request.path in FOR_MACHINES and _is_loopback(request.META.get("HTTP_HOST", "")):
            return None
        return super().process_request(request)


def _is_loopback(host: str) -> bool:
    name, _ = split_domain_port(host)
    try:
        return name == "localhost" or ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


class StaffOnlySessions(SessionMiddleware):
    """Gives sessions to the staff's paths only, so that a caller's page cannot set a cookie by accident.

    Elsewhere the request carries an empty session that is never stored.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(STAFF_PATHS):
            return super().process_response(request, response)
        response.cookies.clear()  # including those that the framework's own error pages would set
        return response

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(STAFF_PATHS):
            super().process_request(request)
        else:
            request.session = self.SessionStore()


class StaffOnlyCsrf(CsrfViewMiddleware):
    """Reads the CSRF cookie on the staff's paths only: on other paths, Django would replace a malformed
    cookie with a new one."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(STAFF_PATHS):
            super().process_request(request)
