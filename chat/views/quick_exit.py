"""Handles the quick exit that a page sends over HTTP while it is being left. It uses no session, cookie or
account."""

import contextlib
import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chat.conversation import quick_exit
from helpline.lib import clock, encoding, origins, scopes, tokens
from helpline.lib.errors import BadFrame


@csrf_exempt  # sent by a page that is being left; the token in the body is the proof
@require_POST
@scopes.public
def exit_quickly(request: HttpRequest) -> HttpResponse:
    """Answers 204, whatever the body holds, and tells the browser to forget what it loaded from here."""
    # The body may be too big, no JSON, or hold NULs or half a surrogate pair. The page is gone already,
    # and is not told.
    with contextlib.suppress(
        RequestDataTooBig, BadFrame, ValueError, LookupError, TypeError, AttributeError, RecursionError
    ):
        body = json.loads(request.body)
        encoding.decode(body["conversation"], encoding.ID_BYTES)
        encoding.decode(body["token"], tokens.TOKEN_BYTES)
        quick_exit.exit_quickly(body["conversation"], body["token"], now=clock.now())
    response = HttpResponse(status=204)
    if origins.is_ours(request.headers.get("Origin")) and request.content_type == "application/json":
        # Another site must not empty anybody's cache. `storage` and `cookies` are never cleared: another tab
        # may have a conversation open, or somebody signed in. The page empties its own tab.
        response["Clear-Site-Data"] = '"cache"'
    return response
