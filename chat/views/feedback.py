"""Accepts a caller's feedback over HTTP. It uses no session and no cookie, and stores no link to the
conversation."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chat.figures import feedback
from chat.figures.feedback import NoTicket
from helpline.lib import clock, origins, scopes
from helpline.lib.errors import BadFrame, Refusal


@csrf_exempt  # no account is used that another site could misuse; only the ticket gives permission
@require_POST
@scopes.public
def give(request: HttpRequest) -> HttpResponse:
    """Stores the feedback from the request's body, `{ticket, heard, knows_on, reached}`; two of the three
    answers may be missing. Returns 204 if the feedback was stored, otherwise 400 or 403 with a sentence that
    gives the reason."""
    try:
        if not origins.is_ours(request.headers.get("Origin")) or request.content_type != "application/json":
            raise NoTicket
        feedback.give(*_read(request), now=clock.now())
    except Refusal as error:
        status = 403 if isinstance(error, NoTicket) else 400
        return HttpResponse(error.detail, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> tuple[str, dict[str, str]]:
    try:
        body = json.loads(request.body)
        return str(body["ticket"]), {name: body[name] for name in feedback.ANSWERS if name in body}
    except (RequestDataTooBig, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BadFrame from None
