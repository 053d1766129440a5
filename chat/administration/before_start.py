"""Checks the settings, file permissions, folders and ports that a process needs at its start, and that only
an administrator can provide.

If some of these checks fail, no process can start. Each process repeats those checks when it starts
(chat/runtime/starting.py).
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from django.conf import settings

from chat.administration import ports
from chat.administration.findings import Finding
from chat.runtime import starting
from helpline import checks
from helpline.lib.environment import PREFIX

SETTINGS_FILE = Path("/etc/helpline/helpline.env")  # the same path as in deploy/systemd
SEE_SETTINGS = "see docs/settings.md"
SEE_STEPS = "docs/install.md, Setting up"
AGE_KEY = "age1"  # how the public half of an age key begins


def settings_read() -> Iterator[Finding]:
    """Checks the environment variables: reports how many settings they contain, and which ones are missing,
    unknown or unsuitable. If a value cannot be parsed, the command ends before this check, with a message
    that lists all such variables."""
    given = settings.ENVIRONMENT
    set_ones = len(given.known & set(given.values))
    if not settings.ORIGINS:
        words = f"HELPLINE_ORIGINS is not set, so no browser can connect; {set_ones} settings are set"
        advice = f"type the installed `helpline`, which reads {SETTINGS_FILE}; without it: {SEE_STEPS}"
        if settings.DATABASE_URL:  # the other settings were read
            advice = f"put HELPLINE_ORIGINS back into {SETTINGS_FILE}, and restart the processes"
        yield Finding("settings", words, advice)
    else:
        yield Finding("settings", f"{set_ones} are set, each can be read")
    for name in _without_prefix(given.known):
        advice = f"did you mean {PREFIX}{name}? {SEE_SETTINGS}"
        yield Finding("settings", f"{name} in {SETTINGS_FILE} is read by nothing", advice, grave=False)
    for name in given.unknown():
        meant = get_close_matches(name, given.known, 1)
        advice = f"did you mean {meant[0]}? {SEE_SETTINGS}" if meant else SEE_SETTINGS
        yield Finding("settings", f"{name} is none of this release", advice, grave=False)
    if settings.BACKUP_RECIPIENT and not _can_be_sealed_for(settings.BACKUP_RECIPIENT):
        advice = "put the half there that begins with age1: docs/install.md, The key of the backups"
        yield Finding("settings", "HELPLINE_BACKUP_RECIPIENT is no public age key", advice)


def _can_be_sealed_for(recipient: str) -> bool:
    """Returns whether this is a public age key. Where age is installed, age itself is asked: a key with one
    wrong letter begins like a right one, and the backup of the night would be the first to notice."""
    if not recipient.startswith(AGE_KEY):
        return False
    if shutil.which("age") is None:
        return True
    tried = ["age", "--encrypt", "--recipient", recipient]
    return subprocess.run(tried, input=b"", capture_output=True, check=False, timeout=10).returncode == 0  # noqa: S603


def _without_prefix(known: Collection[str]) -> list[str]:
    """Returns the names in the file of settings that lack our prefix. It looks in the file, because the
    environment has other programs' variables, too."""
    try:
        rows = SETTINGS_FILE.read_text().splitlines()
    except OSError:
        return []
    names = {row.partition("=")[0].strip() for row in rows if "=" in row}
    return sorted(name for name in names if name not in known and PREFIX + name in known)


def together(*, database_answers: bool) -> Iterator[Finding]:
    """Checks that the settings are consistent. If the database does not answer, only the checks that need no
    database are run."""
    if database_answers:
        sentences = [sentence.rstrip(".") for sentence in starting.settings_that_do_not_fit()]
    else:
        sentences = [row.msg for row in (*checks.production_is_safe(), *checks.keys_are_in_no_backup())]
    for sentence in sentences:
        yield Finding("together", sentence, SEE_SETTINGS, stops=True)
    if not sentences:
        yield Finding("together", "the settings fit")


def account() -> Finding:
    """Checks that the command runs under the same account as the processes. Files that it creates under
    another account may be unreadable for the processes."""
    own = starting.name_of_account(os.geteuid())
    if settings.VAR.exists() and (owner := starting.name_of_account(settings.VAR.stat().st_uid)) != own:
        words = f"this runs as {own}, and {settings.VAR} belongs to {owner}"
        return Finding("account", words, f"run it as {owner}: the installed `helpline` does so for root")
    return Finding("account", own)


def rights() -> Finding:
    """Checks that nobody else can read the files with secrets, and that this account can use its own
    files."""
    if SETTINGS_FILE.is_file() and _mode(SETTINGS_FILE) & stat.S_IRWXO:
        words = f"every account may read {SETTINGS_FILE}, in which secrets are"
        return Finding("rights", words, f"run as root: chmod o= {SETTINGS_FILE}; then see docs/incident.md")
    own = [settings.SECRET_FILE] if settings.DATABASE_URL else [settings.SECRET_FILE, settings.SQLITE_FILE]
    if loose := [path for path in own if _mode(path) & (stat.S_IRWXG | stat.S_IRWXO)]:
        words = f"other accounts may read {', '.join(map(str, loose))}"
        return Finding(
            "rights", words, f"run chmod go= {' '.join(map(str, loose))}; then see docs/incident.md"
        )
    files = [path for folder in sorted({settings.VAR, *settings.KEY_FOLDERS}) for path in _files(folder)]
    files += [settings.JOURNAL] if settings.JOURNAL.exists() else []
    if closed := [path for path in files if _is_closed(path)]:
        account, more = (
            starting.name_of_account(os.geteuid()),
            f" and {len(closed) - 1} more" * bool(closed[1:]),
        )
        words = f"{closed[0]}{more} cannot be read and written by {account}"
        return Finding("rights", words, f"run as root: chown -R {account} {closed[0].parent}")
    return Finding("rights", "nobody else may read the secrets; this account can use its files")


def writable() -> Iterator[Finding]:
    """Checks that the processes can write to their folders. If a folder other than the backup folder is not
    writable, no process starts. health.key_folders checks the key folders."""
    backups = {"HELPLINE_BACKUP_FOLDER": [settings.BACKUP_FOLDER]} if settings.BACKUP_FOLDER else {}
    needed = starting.folders_of_server() | starting.folders_of_worker()
    del needed["HELPLINE_KEYS"]
    for variable, places in (needed | backups).items():
        for place in places:
            why = starting.why_unwritable(place)
            advice = starting.how_to_write(place) if why else ""
            yield Finding(variable, f"{place} {why or 'can be written'}", advice, stops=variable in needed)


def free_ports() -> Finding:
    """Checks that each port of a web process is free or already in use by a web process of this
    installation."""
    expected = ports.expected()
    if taken := [why for port in expected if (why := ports.trouble(port))]:
        advice = (
            "find it with `ss -ltnp` as root and stop it, then `systemctl restart` the unit of that port; or "
            "give ours another port"
        )
        return Finding("ports", "; ".join(row.partition(". ")[0] for row in taken), advice, stops=True)
    ours = [str(port) for port in expected if ports.is_ours(port)]
    free = [str(port) for port in expected if str(port) not in ours]
    said = [f"{', '.join(ours)} ours" if ours else "", f"{', '.join(free)} free" if free else ""]
    return Finding("ports", "; ".join(filter(None, said)))


def _files(folder: Path) -> list[Path]:
    """Returns the files in the folder, or [] if the folder is missing or closed to this account. Another
    check reports such a folder."""
    try:
        return [path for path in sorted(folder.iterdir()) if path.is_file()]
    except OSError:
        return []


def _is_closed(path: Path) -> bool:
    """Returns whether this account cannot read the file, or cannot write to a file that belongs to another
    account. A read-only file that belongs to this account is accepted: its owner made it read-only on
    purpose."""
    is_own = path.stat().st_uid == os.geteuid()
    return not os.access(path, os.R_OK) or (not is_own and not os.access(path, os.W_OK))


def _mode(path: Path) -> int:
    """Returns the file's mode, or 0 if the file is missing or its folder is closed to this account."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0
