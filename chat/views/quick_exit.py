"""Handles the quick exit that a page sends over HTTP while the browser closes the page. Uses no session,
cookie or account."""

import contextlib
import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chat.conversation import quick_exit
from helpline.lib import clock, encoding, origins, scopes, tokens
from helpline.lib.errors import BadFrame


@csrf_exempt  # the page sends this while it closes; only the token in the body gives permission
@require_POST
@scopes.public
def exit_quickly(request: HttpRequest) -> HttpResponse:
    """Makes the caller leave the conversation that the body names. Always returns 204, even for an invalid
    body. For a request from our own pages, also tells the browser to clear its cache for this site."""
    # The body may be too big, may not be JSON, and may contain NULs or half a surrogate pair. No error is
    # sent, because the page has closed already.
    with contextlib.suppress(
        RequestDataTooBig, BadFrame, ValueError, LookupError, TypeError, AttributeError, RecursionError
    ):
        body = json.loads(request.body)
        encoding.decode(body["conversation"], encoding.ID_BYTES)
        encoding.decode(body["token"], tokens.TOKEN_BYTES)
        quick_exit.exit_quickly(body["conversation"], body["token"], now=clock.now())
    response = HttpResponse(status=204)
    if origins.is_ours(request.headers.get("Origin")) and request.content_type == "application/json":
        # Another site must not be able to empty anybody's cache. `storage` and `cookies` are never cleared,
        # because in another tab a conversation may be open or a person may be signed in. The page clears its
        # own tab's data.
        response["Clear-Site-Data"] = '"cache"'
    return response
