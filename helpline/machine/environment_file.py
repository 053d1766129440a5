"""Reads and changes /etc/helpline/helpline.env, which systemd and the command `helpline` read."""

import re
import secrets

from helpline.machine.examples import example
from helpline.machine.machine import ACCOUNT, Machine, Stopped

FILE = "/etc/helpline/helpline.env"
_ROW = re.compile(r"""([A-Z_]+)=(?:"(.*)"|'(.*)'|([^\s"']*))""")
UNFIT = re.compile(r'["\\$`\n]')  # systemd and sh would read these differently
PLACEHOLDERS = ("put-a-secret-here", "put-a-token-here", "put-a-long-word-here")


def make(machine: Machine) -> None:
    """Writes the file with new random secrets, or fills in the secrets that an existing file lacks. No secret
    is an argument of a command, because every account of the machine could read it there."""
    path = machine.path(FILE)
    text = path.read_text() if path.exists() else example("helpline.env")
    for placeholder in PLACEHOLDERS:
        text = text.replace(placeholder, secrets.token_hex(32))
    _write(machine, text)


def read(machine: Machine) -> dict[str, str]:
    """Returns the settings. Raises Stopped for a row that systemd and sh would read differently: a setting
    that is overlooked here would be lost when the proxy's file is written anew."""
    try:
        text = machine.path(FILE).read_text()
    except FileNotFoundError:
        raise Stopped(f"{FILE} is missing. `dpkg-reconfigure helpline` makes it.") from None
    found = {}
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        match = _ROW.fullmatch(row.rstrip())
        if match is None:
            raise Stopped(f'{FILE}, line {number}: write it as NAME="value", without spaces beside the =.')
        if UNFIT.search(match[2] or match[4] or ""):
            raise Stopped(f"{FILE}, line {number}: put the value of {match[1]} in single quotes.")
        found[match[1]] = match[2] or match[3] or match[4] or ""
    return found


def names_its_stores(settings: dict[str, str]) -> None:
    """Raises Stopped if the row of the database or of Valkey is gone. Making it anew would begin an empty
    helpline beside the one that it named."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not settings.get(name):
            (row,) = re.findall(rf"^{name}=.*$", example("helpline.env"), re.MULTILINE)
            raise Stopped(
                f"Nothing was changed. {FILE} has no {name}. Put its row back; at first it was like this, "
                f"with the password that /etc/valkey/helpline.conf has, if it needs one:\n{row}"
            )


def change(machine: Machine, values: dict[str, str]) -> None:
    """Replaces these variables, or adds them, and leaves all other lines unchanged."""
    text = machine.path(FILE).read_text()
    for name, value in values.items():
        if UNFIT.search(value):
            raise Stopped(f"{name}: a value cannot contain a quote, a dollar sign or a backslash.")
        row = f'{name}="{value}"'
        text, count = re.subn(rf"^{name}=.*$", lambda _, row=row: row, text, flags=re.MULTILINE)  # type: ignore[misc]
        if not count:
            text = f"{text.rstrip()}\n{row}\n"
    _write(machine, text)


def _write(machine: Machine, text: str) -> None:
    machine.write(FILE, text, 0o640, ACCOUNT)
