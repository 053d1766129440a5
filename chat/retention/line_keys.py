"""Manages the keys of a line: a supervisor's browser makes each key and shares it with approved devices. A
key has one use: it opens either transcripts for review or letters.

The server stores the public keys, and the private keys sealed for devices. It cannot open any of the private
keys.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from chat import line_scope, states
from chat.models import KeyShare, Line, LineKey, Member
from chat.retention import news
from counsellors import audit, devices
from counsellors.certificates import demo_signer
from counsellors.models import Device, Person
from helpline.lib.errors import BadFrame, Conflict

SHARE_BYTES = 113  # a point and a sealed scalar
NAMED_IN: dict[str, str] = {
    LineKey.Use.REVIEW: "review_key",
    LineKey.Use.LETTERS: "letters_key",
}  # the columns of Line that hold the current keys
LEAVERS_KEY_TTL = timedelta(days=7)  # how long new letters may use a key that a person who left could open


@dataclass(frozen=True, slots=True)
class Generation:
    """Describes a generation of a key for one device: the share of that device, and the fingerprints of all
    devices that can open the key."""

    key: LineKey
    share: bytes | None
    devices: list[str]


@dataclass(frozen=True, slots=True)
class LineKeys:
    """Holds a line's keys of one use, newest first, and the devices that may have shares of these keys.
    `stale` is True if the current key is shared with a device that should no longer have it."""

    line: Line
    generations: list[Generation]
    devices: list[Device]
    stale: bool


def keys_of(supervisor: Person, device: str | None, use: str = LineKey.Use.REVIEW) -> list[LineKeys]:
    """Returns the keys of the supervisor's own lines."""
    return [_keys_of(line, device, use) for line in line_scope.own_lines(supervisor)]


@transaction.atomic
def make(
    supervisor: Person,
    device: str | None,
    slug: str,
    *,
    use: str = LineKey.Use.REVIEW,
    generation: int,
    public: bytes,
    sealed: bytes,
    now: datetime,
) -> None:
    """Stores the next generation, with a share for the device that made it. The new generation is not used
    before it has been confirmed.

    Raises Conflict if `generation` is not the next number, if the public key is stored already, and while
    another generation waits for approval. So if two generations are made at the same time, only the first is
    stored.
    """
    line = line_scope.own_line(supervisor, slug)
    own = devices.require_approved(supervisor, device)
    devices.require_point(public)
    require_share(sealed)
    Line.objects.select_for_update(no_key=True).get(pk=line.pk)  # a `start` takes this lock, too
    keys = line.line_keys.filter(use=use)
    newest = keys.order_by("-generation").values_list("generation", flat=True).first() or 0
    waits = keys.filter(confirmed_at=None).exists()
    if waits or generation != newest + 1 or LineKey.objects.filter(public=public).exists():
        raise Conflict
    key = LineKey.objects.create(line=line, use=use, generation=generation, public=public, made_at=now)
    KeyShare.objects.create(key=key, device=own, sealed=sealed)
    audit.record(supervisor, f"{use}_key", subject=slug, detail=f"made {generation}")
    if demo_signer.is_here():
        demo_signer.certify_key(supervisor, use, slug, public, now=now)
    news.tell_supervisors(slug)


@transaction.atomic
def count(by: Person, slug: str, use: str, generation: int, *, now: datetime) -> None:
    """Makes new conversations, or new letters, use this generation. Raises Conflict if the generation is not
    waiting for approval, or if no device that may hold it can open it any more: whoever made it may have lost
    the line meanwhile."""
    line = Line.objects.select_for_update(no_key=True).get(pk=slug)  # a `start` takes this lock, too
    key = line.line_keys.filter(use=use, generation=generation, confirmed_at=None).first()
    if key is None or not key.shares.filter(device__in=_entitled_devices(line, LineKey.Use.REVIEW)).exists():
        raise Conflict
    _retire_present(line, use, now=now)
    LineKey.objects.filter(pk=key.pk).update(confirmed_at=now)
    Line.objects.filter(pk=slug).update(**{NAMED_IN[use]: bytes(key.public)})
    audit.record(by, f"{use}_key", subject=slug, detail=f"counts {generation}")
    news.tell_supervisors(slug)


def forget_waiting(slug: str, use: str, generation: int) -> None:
    """Deletes a generation that nobody approved. No conversation can have used such a generation."""
    LineKey.objects.filter(line=slug, use=use, generation=generation, confirmed_at=None).delete()
    news.tell_supervisors(slug)


def end_of_holder(device: Device, *, now: datetime) -> list[tuple[str, str]]:
    """Retires, on every line, the current keys that a lost device can open. Until another key is confirmed,
    these lines have none.

    Returns these lines, each with the key's use, for `record_none`, which runs later because locks are taken
    in the order line, conversation, audit.
    """
    held = LineKey.objects.exclude(confirmed_at=None).filter(retired_at=None, shares__device=device)
    found = sorted(held.values_list("line", "use"))
    for slug, use in found:
        line = Line.objects.select_for_update(no_key=True).get(pk=slug)
        _retire_present(line, use, now=now)
        Line.objects.filter(pk=slug).update(**{NAMED_IN[use]: None})
    return found


def record_none(by: Person, keyless: list[tuple[str, str]]) -> None:
    for slug, use in keyless:
        audit.record(by, f"{use}_key", subject=slug, detail="none")
        news.tell_supervisors(slug)


def forget_shares(devices: Collection[str], line: str | None = None, *, now: datetime) -> None:
    """Deletes these devices' shares of the letters keys of one line or of all lines, because the devices'
    owners left or no longer work for the line. For LEAVERS_KEY_TTL from now on, new letters may still use a
    generation that these devices could open."""
    shares = KeyShare.objects.filter(device__in=devices, key__use=LineKey.Use.LETTERS)
    shares = shares if line is None else shares.filter(key__line=line)
    keys = {share.key_id for share in shares}
    if keys:
        shares.delete()
        present = LineKey.objects.filter(pk__in=keys, retired_at=None, until=None)
        present.update(until=now + LEAVERS_KEY_TTL)
        for slug in LineKey.objects.filter(pk__in=keys).values_list("line", flat=True).distinct():
            news.tell_supervisors(slug)


@transaction.atomic
def share(
    supervisor: Person,
    device: str | None,
    slug: str,
    *,
    use: str = LineKey.Use.REVIEW,
    generation: int,
    to: str,
    sealed: bytes,
) -> None:
    """Stores a share of the key for an approved device. A supervisor who has the key made the share. The
    device must belong to a supervisor of the line or, for a letters key, to a supervisor or counsellor of the
    line.

    Raises Conflict for any other device, and for a key that waits for approval, is destroyed or is not shared
    with the sender's own device.
    """
    line = line_scope.own_line(supervisor, slug)
    own = devices.require_approved(supervisor, device)
    require_share(sealed)
    counting = LineKey.objects.exclude(confirmed_at=None)
    key = counting.select_for_update().filter(line=line, use=use, generation=generation).first()
    target = next((other for other in _entitled_devices(line, use) if other.fingerprint == to), None)
    if key is None or target is None or not key.shares.filter(device=own).exists():
        raise Conflict
    _, made = KeyShare.objects.get_or_create(key=key, device=target, defaults={"sealed": sealed})
    if made:
        audit.record(supervisor, f"{use}_share", subject=target.pk, detail=f"{slug} {generation}"[:40])
        news.tell_supervisors(slug)


def destroy_old() -> int:
    """Deletes the shares of retired generations that no conversation uses any more. Returns the number of
    these generations."""
    destroyed = 0
    retired = LineKey.objects.exclude(retired_at=None).filter(line__practice_for=None)
    for key in retired.filter(shares__isnull=False).distinct():
        naming = Member.objects.filter(role__in=states.KEYS, key=bytes(key.public))
        with transaction.atomic():
            # The key was retired under the line's lock. A `start` that takes this lock afterwards notices
            # that the key has changed (admission.claim_place), so no new conversation can use the retired
            # one.
            if not naming.filter(conversation__line=key.line_id).exists() and key.shares.all().delete()[0]:
                audit.record(
                    None, f"{key.use}_key", subject=key.line_id, detail=f"destroyed {key.generation}"
                )
                destroyed += 1
    return destroyed


def _retire_present(line: Line, use: str, *, now: datetime) -> None:
    line.line_keys.exclude(confirmed_at=None).filter(use=use, retired_at=None).update(retired_at=now)


def _keys_of(line: Line, device: str | None, use: str) -> LineKeys:
    generations = [
        Generation(
            key=key,
            share=next((bytes(row.sealed) for row in key.shares.all() if row.device_id == device), None),
            devices=[row.device.fingerprint for row in key.shares.all()],
        )
        for key in line.line_keys.filter(use=use).prefetch_related("shares__device").order_by("-generation")
    ]
    found = _entitled_devices(line, use)
    present = next((one for one in generations if one.key.counts), None)
    entitled = {one.fingerprint for one in found}
    return LineKeys(line, generations, found, stale=bool(present and set(present.devices) - entitled))


def _entitled_devices(line: Line, use: str) -> list[Device]:
    """Returns the approved devices of the line's current supervisors and, for a letters key, of its
    counsellors."""
    people = line_scope.supervisors_of(line.pk)
    if use == LineKey.Use.LETTERS:
        people = people | line_scope.counsellors_of(line.pk)
    rows = Device.objects.filter(state=Device.State.APPROVED, person__in=people.values("pk"))
    return list(rows.select_related("person").order_by("person__alias", "enrolled_at"))


def require_share(sealed: bytes) -> None:
    """Raises BadFrame unless `sealed` has the length of a share."""
    if len(sealed) != SHARE_BYTES:
        raise BadFrame
