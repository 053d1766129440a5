"""For machines: is it alive, is it ready, how much does it carry. Numbers only."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg_pool import PoolTimeout

from chat.consumers import runtime


def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """200 once the layer is warm and the database answers; 503 before, and while draining."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, PoolTimeout):
        return HttpResponse("database", status=503, content_type="text/plain")
    if not runtime.ready():
        return HttpResponse("starting", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


def metrics(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
