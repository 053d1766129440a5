"""Loads the optional apps: Django apps inside `chat/` that an installation can leave out. HELPLINE_APPS names
those that are installed.

The core imports none of them. An app may have the following parts; nothing else connects it to the core:

- `requests` declares frames with their handlers, as in chat/requests/, and `urls` its pages;
- `frontend/<app>/board.js` adds tabs and cards to the board;
- `frontend/<app>/console.js` adds panels to the console;
- `rounds` does work in the worker: `each_minute(now)`, `each_look(now)`;
- `keeping` defines how long rows are kept: RULES by model; for the papers, KINDS of data and SPANS by name.
"""

from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import structlog
from django.conf import settings

from helpline.lib import measures
from helpline.lib.logs import where

CHAT = Path(__file__).parents[1] / "chat"
_log = structlog.get_logger()


@cache
def modules(name: str) -> list[ModuleType]:
    """Returns the modules with this name in the installed optional apps, in the order of OPTIONAL_APPS. Apps
    without such a module are left out."""
    found = (f"chat.{app}.{name}" for app in settings.OPTIONAL_APPS)
    return [import_module(one) for one in found if find_spec(one)]


def run(work: str, now: datetime) -> None:
    """Calls the function of this name in each app's `rounds`. An error in one app is logged as an error, and
    stops neither the other apps nor the core."""
    for module in modules("rounds"):
        if act := getattr(module, work, None):
            try:
                act(now)
            except Exception as error:
                measures.FAILED.labels("app").inc()
                _log.error("app_round_failed", error=type(error).__name__, where=where(error))


def home_of_command(name: str) -> str:
    """Returns the app that has this command and is not installed, or ""."""
    absent = (app for app in settings.KNOWN_APPS if app not in settings.OPTIONAL_APPS)
    commands = "management/commands"
    return next((app for app in absent if (CHAT / app / commands / f"{name}.py").is_file()), "")


def on_page(page: str) -> list[str]:
    """Returns the optional apps that add something to this page, the board or the console."""
    return [app for app in settings.OPTIONAL_APPS if (settings.FRONTEND / app / f"{page}.js").is_file()]
