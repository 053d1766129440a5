"""Serves the files that a browser requests to install the console as a web app."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.csp import CSP
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from helpline.frontend import file_of, release
from helpline.lib import scopes

ICON = "staff/icon.svg"
# Only the console's page names a manifest and registers a worker (frontend/staff/installing.js).
POLICY = settings.SECURE_CSP | {
    "manifest-src": [CSP.SELF],
    "trusted-types": ["lit-html", "installing"],
}


@require_GET
@scopes.public
def manifest(_request: HttpRequest) -> JsonResponse:
    """Returns a Web Application Manifest (W3C). It names no line and no person."""
    icon = {"src": f"/app/{release()}/{ICON}", "type": "image/svg+xml", "sizes": "any", "purpose": "any"}
    return JsonResponse(
        {
            "name": gettext("staff.name"),
            "short_name": gettext("console.title"),
            "id": "/console/",
            "start_url": "/console/",
            "scope": "/console/",
            "display": "standalone",
            "background_color": "#f5f7f8",
            "theme_color": "#0b5f66",
            "icons": [icon],
        },
        content_type="application/manifest+json",
    )


@require_GET
@scopes.public
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serves the service worker for the console's pages, at a URL that never changes. Browsers revalidate the
    file each time they use it."""
    response = file_of(request, "staff/service-worker.js")
    response["Service-Worker-Allowed"] = "/console/"
    return response
