"""Feedback over HTTP: no session, no cookie, no conversation."""

import contextlib
import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chat.figures import feedback
from helpline.lib import clock, origins, scopes
from helpline.lib.errors import BadFrame, NotFound


@csrf_exempt  # there is no account on whose behalf another site could ask
@require_POST
@scopes.public
def give(request: HttpRequest) -> HttpResponse:
    """204, whatever the body holds: `{line, heard, knows_on}`, each answer optional."""
    if origins.is_ours(request.headers.get("Origin")) and request.content_type == "application/json":
        # The same as at the quick exit: what is no answer is none.
        with contextlib.suppress(
            *(RequestDataTooBig, BadFrame, NotFound),
            *(ValueError, LookupError, TypeError, AttributeError, RecursionError),
        ):
            body = json.loads(request.body)
            answers = {name: body[name] for name in feedback.ANSWERS if name in body}
            feedback.give(str(body["line"])[:32], answers, now=clock.now())
    return HttpResponse(status=204)
