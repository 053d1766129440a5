"""Plays an attacker who writes rows of a running installation, such as a seat with their own key."""

import json
import secrets

from chat.models import Line
from tests.support.platform import Platform

SEEN = ("path", "name", "template", "hosts", "formal", "phone")  # of a line, seen by whoever opens its page

# What rows can contain: an old scope that was kept, a lost signer's key, and a root that no page names.
HOWS = ("none", "replayed", "other_line", "own_root")

PLANT = """
import json, time
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from chat.conversation import joining, log
from chat.models import Conversation, Member
from counsellors.certificates import roots, signed_bytes as sb
from helpline.lib import clock

conversation, how = {what!r}
at, DAY = int(time.time()), 86400
fresh = lambda: ec.generate_private_key(ec.SECP256R1())
keys = settings.DEMO_SIGNER.read_bytes()
root, signer, key = sb.private_of(keys[:32]), sb.private_of(keys[32:]), sb.point_of(fresh())
slug, serial = "helpwanted", roots.read().serial
if how == "replayed":
    signer, serial = fresh(), serial - 1
elif how == "other_line":
    slug = "stopitnow"
elif how == "own_root":
    root, signer = fresh(), fresh()
points = (sb.point_of(signer),)
scope = sb.Scope("line", slug, serial, at + 300 * DAY, 1, points, sb.point_of(root), b"")
sig = sb.sign(root, sb.signed_scope(scope))
scope = sb.Scope("line", slug, serial, at + 300 * DAY, 1, points, sb.point_of(root), sig)
by = sb.sign(signer, sb.cert_bytes("device", "line", slug, key, at, at + 50 * DAY))
cert = None if how == "none" else sb.frame(sb.Certificate(scope, at, at + 50 * DAY, ((points[0], by),)))
with transaction.atomic():
    found = Conversation.objects.select_for_update().get(pk=conversation)
    now = clock.now()
    thief = Member(
        conversation=found, role="colleague", alias="Daan", key=key, joined_at=now, presence_since=now
    )
    entry = log.append(found, "joined", at=now, **joining.joined_facts(thief, cert=cert))
    thief.joined_seq = entry.seq
    thief.save(force_insert=True)
print(thief.pk)
"""
HOLDS = """
import json
import secrets
from chat.models import Conversation, Wrap
print(json.dumps([Wrap.objects.filter(member={member!r}).count(), Conversation.objects.get(pk={pk!r}).epoch]))
"""
CHANGE = """
from cryptography.hazmat.primitives.asymmetric import ec
from counsellors.certificates import signed_bytes as sb
from counsellors.models import Device
key = sb.point_of(ec.generate_private_key(ec.SECP256R1()))
print(Device.objects.filter(person__username={username!r}).update(key=key))
"""


SWAP = """
from tests.support.planting import swap_lines
swap_lines("helpwanted", "stopitnow")
print("swapped")
"""


def swap_lines(one: str, other: str) -> None:
    """Gives each of two lines the other's address and looks, in the database."""
    first, second = (Line.objects.get(pk=slug) for slug in (one, other))
    taken = {name: getattr(first, name) for name in SEEN}
    Line.objects.filter(pk=first.pk).update(path="-")
    Line.objects.filter(pk=second.pk).update(**taken)
    Line.objects.filter(pk=first.pk).update(**{name: getattr(second, name) for name in SEEN})


def swaps_the_lines(platform: Platform) -> None:
    """Swaps them again, so that all is as before."""
    assert _run(platform, SWAP) == "swapped"


def plants(platform: Platform, conversation: str, how: str) -> str:
    """Adds a seat that nobody certified. Returns its member."""
    return _run(platform, PLANT.format(what=(conversation, how)))


def reads(platform: Platform, conversation: str, member: str) -> tuple[int, int]:
    """Returns how many secrets that seat was given, and the conversation's epoch."""
    wraps, epoch = json.loads(_run(platform, HOLDS.format(member=member, pk=conversation)))
    return wraps, epoch


def changes_the_key(platform: Platform, username: str) -> None:
    """Replaces the key in the row, so that the database has another key under this person's name."""
    assert _run(platform, CHANGE.format(username=username)) == "1"


def _run(platform: Platform, script: str) -> str:
    done = platform.manage("shell", "-v", "0", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


DEVICE = """
from cryptography.hazmat.primitives.asymmetric import ec
from counsellors.certificates import signed_bytes as sb
from counsellors.models import Device, Person
from helpline.lib import clock
now = clock.now()
person = Person.objects.get(username={username!r})
key = sb.point_of(ec.generate_private_key(ec.SECP256R1()))
made = Device.objects.create(
    person=person, key=key, fingerprint="{print}", label="Edge Windows", state="approved",
    enrolled_at=now, used_at=now,
)
print(made.pk)
"""
SHARES = """
from chat.models import KeyShare
print(KeyShare.objects.filter(device={device!r}).count())
"""


def plants_a_device(platform: Platform, username: str) -> str:
    """Adds a device that was approved by nobody but the writer of the row. Returns its id."""
    return _run(platform, DEVICE.format(username=username, print=secrets.token_hex(7)))


def shares_of(platform: Platform, device: str) -> int:
    """Returns how many keys of lines that device was given."""
    return int(_run(platform, SHARES.format(device=device)))
