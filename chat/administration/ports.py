"""Finds out what listens on the ports of this host's web processes."""

import http.client

from django.conf import settings

from chat.runtime import starting

OF_UNITS = {"callers": 8001, "staff": 8002}  # the ports in deploy/systemd
TIMEOUT_SECONDS = 2
OUR_ANSWERS = (
    "ready",
    "not ready",
    "starting",
    "database",
    "restored",
)  # how a response of /readyz begins (helpline/operations.py)


def expected() -> list[int]:
    """Returns the ports on which web processes of this installation should listen on this host."""
    if settings.DEMO:
        return list(range(settings.DEMO_PORT, settings.DEMO_PORT + settings.DEMO_PROCESSES))
    return list(OF_UNITS.values())


def trouble(port: int) -> str:
    """Returns why a web process could not listen on the port, or "" if the port is free or one of our
    processes already listens on it."""
    taken = next(starting.taken_ports("127.0.0.1", [port]), "")
    return "" if taken and is_ours(port) else taken


def is_ours(port: int) -> bool:
    """Returns whether one of our processes answers on the port. It asks /healthz, which needs no database."""
    return _get(port, "/healthz") == "ok"


def answer(port: int) -> str:
    """Returns the readiness that our process on the port reports: "ready", or why it is not ready. Returns ""
    if no process of ours answers there."""
    if not is_ours(port):
        return ""
    said = _get(port, "/readyz")
    return said if said.startswith(OUR_ANSWERS) else "not ready"


def _get(port: int, path: str) -> str:
    """Returns the beginning of the response on this port of this host, or "" if no HTTP response arrives in
    time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().read(100).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
