"""Keeps keys outside the database: a file for each key in each folder of the retention keys, which all hosts
share.

Each kind of key has its own file name extension. The newest key of a kind is in use; older keys are kept to
open or check the data that was sealed or signed with them. Files are read at each use, so that every process
uses a new key immediately.
"""

import secrets
from hashlib import sha256

from django.conf import settings

from helpline.lib import clock, durable, encoding

KEY_BYTES = 32
NAME_CHARACTERS = 4  # the length of a key's name

type Keys = dict[str, bytes]


def every(kind: str) -> Keys:
    """Returns the keys of this kind by name, the oldest first. A file that a crash cut short is left out."""
    files = {path.name: path for folder in settings.KEY_FOLDERS for path in folder.glob(f"*.{kind}")}
    found = (files[name].read_bytes() for name in sorted(files))
    return {_name(kind, key): key for key in found if len(key) == KEY_BYTES}


def newest(kind: str) -> tuple[str, bytes]:
    """Returns the name of the key in use, and the key. Makes one if there is none."""
    if not every(kind):
        make(kind)
    return list(every(kind).items())[-1]


def make(kind: str) -> None:
    """Makes a new key, which is then the newest, and syncs it to disk in every folder."""
    key = secrets.token_bytes(KEY_BYTES)
    name = f"{clock.now():%Y%m%dT%H%M%S%fZ}-{_name(kind, key)}.{kind}"
    for folder in settings.KEY_FOLDERS:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{secrets.token_hex(8)}"
        durable.write(draft, key)
        draft.rename(folder / name)
        durable.sync_folder(folder)


def _name(kind: str, key: bytes) -> str:
    return encoding.encode(sha256(f"helpline {kind} ".encode() + key).digest()[:3])
