"""Lists the commands that an administrator needs with a line about each, for whoever types only `helpline`.
Django's own list has many that nobody needs here, and describes none."""

import re

import django
from django.conf import settings
from django.core.management import get_commands, load_command_class

from helpline import __version__

OURS = re.compile(r"chat(\.|$)")
# Of Django's commands, those that the pages for administrators name.
OF_DJANGO = {
    "dbshell": "Opens the database's own terminal, with the address and password of the settings",
    "migrate": "Makes the tables of this release",
}
# On a machine with the Debian package, root runs it without Django (helpline/machine).
PACKAGED = {"certificate": "Gives the proxy a certificate that was renewed"}
NOT_FOR_ADMINISTRATORS = ("asyncapi", "catalogues", "code", "demo", "load")
END = re.compile(r"[.:;] |\.$")  # where the first sentence of a help text ends


def text() -> str:
    django.setup()
    apps = get_commands()
    ours = sorted(name for name, app in apps.items() if OURS.match(app))
    shown = {name: _in_a_line(apps[name], name) for name in ours if name not in NOT_FOR_ADMINISTRATORS}
    rest = ", ".join(name for name in ours if name not in shown)
    shown |= OF_DJANGO if settings.CHECKOUT else OF_DJANGO | PACKAGED
    width = max(map(len, shown))
    rows = [f"  {name:<{width}}  {words}" for name, words in sorted(shown.items())]
    head = f"helpline {__version__}. `{settings.TYPED} COMMAND --help` says more of each."
    return "\n".join([head, "", *rows, "", f"For developers: {rest}"])


def _in_a_line(app: str, name: str) -> str:
    """Returns the first sentence of the command's help."""
    return END.split(load_command_class(app, name).help, maxsplit=1)[0]
