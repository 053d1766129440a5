"""Simulates a busy evening in a demo, so that visitors see the board in use."""

import os
import subprocess

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from counsellors.pages.common import only_for, touches
from helpline.lib.scopes import OWN

EVENING = ("--callers", "40", "--counsellors", "3", "--minutes", "3", "--pace", "4")

_playing: list[subprocess.Popen[bytes]] = []


@only_for("board")
@require_POST
@touches(OWN)
def play(_request: HttpRequest) -> HttpResponse:
    """Starts a simulated evening with `helpline load`, unless one is running. Answers 404 outside a demo,
    because made-up callers would take the places of real ones."""
    if not settings.DEMO:
        raise Http404
    begin()
    return redirect("/board/#nu")


def begin() -> None:
    """Starts a simulated evening unless one is running."""
    if not any(one.poll() is None for one in _playing):
        _playing[:] = [_start()]


def _start() -> subprocess.Popen[bytes]:
    words = [*settings.COMMAND, "load", *EVENING, "--parent", str(os.getpid())]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
