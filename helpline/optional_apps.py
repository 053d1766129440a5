"""Optional apps: Django apps inside `chat/` that a helpline may do without. HELPLINE_APPS names those it has.

The core imports none of them. Each attaches by what it has of these, and by nothing else:

- `requests` declares frames with their handlers, as in chat/requests/, and `urls` its pages;
- `frontend/<app>/board.js` adds tabs and cards to the board;
- `frontend/<app>/console.js` adds panels to the console;
- `rounds` is work of the worker: `each_minute(now)`, `each_look(now)`;
- `keeping` says how long rows are kept: RULES by model, SPANS by name for the privacy papers.
"""

from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


@cache
def modules(name: str) -> list[ModuleType]:
    """Returns the module of this name of each optional app that has one, in the order of HELPLINE_APPS."""
    found = (f"chat.{app}.{name}" for app in settings.OPTIONAL_APPS)
    return [import_module(one) for one in found if find_spec(one)]


def run(work: str, now: datetime) -> None:
    """Does what the apps have for the worker under this name."""
    for module in modules("rounds"):
        if act := getattr(module, work, None):
            act(now)


def on_page(page: str) -> list[str]:
    """Returns the optional apps that add something to the board, or to the console."""
    return [app for app in settings.OPTIONAL_APPS if (settings.FRONTEND / app / f"{page}.js").is_file()]
