"""Lists our commands with a line about each, for an administrator who types only `helpline`. Django's own
list mixes them with Django's commands, and describes none."""

import re

import django
from django.conf import settings
from django.core.management import get_commands, load_command_class

from helpline import __version__

OURS = re.compile(r"chat(\.|$)")
NOT_FOR_ADMINISTRATORS = ("asyncapi", "catalogues", "code", "demo", "load")
END = re.compile(r"[.:;] |\.$")  # where the first sentence of a help text ends


def text() -> str:
    django.setup()
    apps = get_commands()
    ours = sorted(name for name, app in apps.items() if OURS.match(app))
    shown = [name for name in ours if name not in NOT_FOR_ADMINISTRATORS]
    width = max(map(len, shown))
    rest = ", ".join(name for name in ours if name not in shown)
    django_s = ", ".join(sorted(apps.keys() - {*ours}))
    rows = [f"  {name:<{width}}  {_in_a_line(apps[name], name)}" for name in shown]
    head = f"helpline {__version__}. `{settings.TYPED} COMMAND --help` says more of each."
    return "\n".join([head, "", *rows, "", f"For developers: {rest}", f"Of Django: {django_s}"])


def _in_a_line(app: str, name: str) -> str:
    """Returns the first sentence of the command's help."""
    return END.split(load_command_class(app, name).help, maxsplit=1)[0]
