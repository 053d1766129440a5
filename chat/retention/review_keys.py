"""Review keys: a supervisor's browser makes one, and shares it with a device whose words somebody has
compared.

The server stores public points, and private halves sealed for devices. It can open none of them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat import line_scope, states
from chat.models import Line, Member, ReviewKey, ReviewShare
from chat.retention import news
from counsellors import audit, devices
from counsellors.certificates import demo_signer
from counsellors.models import Device, Person
from helpline.lib.errors import BadFrame, Conflict

SHARE_BYTES = 113  # a point and a sealed scalar


@dataclass(frozen=True, slots=True)
class Generation:
    """A key as one device sees it: its own share, and which devices can open it."""

    key: ReviewKey
    share: bytes | None
    devices: list[str]


@dataclass(frozen=True, slots=True)
class LineKeys:
    """A line's keys, newest first, and its supervisors' devices. `stale`: a device that should no longer have
    the present key has it."""

    line: Line
    generations: list[Generation]
    devices: list[Device]
    stale: bool


def keys_of(supervisor: Person, device: str | None) -> list[LineKeys]:
    """Returns the keys of the supervisor's own lines."""
    return [_keys_of(line, device) for line in line_scope.own_lines(supervisor)]


@transaction.atomic
def make(
    supervisor: Person,
    device: str | None,
    slug: str,
    *,
    generation: int,
    public: bytes,
    sealed: bytes,
    now: datetime,
) -> None:
    """Stores the next generation, with a share for the device that made it. It counts once it is confirmed.

    Raises Conflict for any other number, for a point that is stored already, and while another generation
    waits: of two made at once, the first wins.
    """
    line = line_scope.own_line(supervisor, slug)
    own = devices.require_approved(supervisor, device)
    devices.require_point(public)
    _require_share(sealed)
    Line.objects.select_for_update(no_key=True).get(pk=line.pk)  # a `start` takes this lock, too
    newest = line.review_keys.order_by("-generation").values_list("generation", flat=True).first() or 0
    waits = line.review_keys.filter(confirmed_at=None).exists()
    if waits or generation != newest + 1 or ReviewKey.objects.filter(public=public).exists():
        raise Conflict
    key = ReviewKey.objects.create(line=line, generation=generation, public=public, made_at=now)
    ReviewShare.objects.create(key=key, device=own, sealed=sealed)
    audit.record(supervisor, "review_key", subject=slug, detail=f"made {generation}")
    if demo_signer.is_here():
        demo_signer.certify_review(supervisor, slug, public, now=now)
    news.tell_supervisors(slug)


@transaction.atomic
def count(by: Person, slug: str, generation: int, *, now: datetime) -> None:
    """Makes new conversations name this generation. Raises Conflict for one that is not waiting for
    approval."""
    line = Line.objects.select_for_update(no_key=True).get(pk=slug)  # a `start` takes this lock, too
    key = line.review_keys.filter(generation=generation, confirmed_at=None).first()
    if key is None:
        raise Conflict
    _retire_present(line, now=now)
    ReviewKey.objects.filter(pk=key.pk).update(confirmed_at=now)
    Line.objects.filter(pk=slug).update(review_key=bytes(key.public))
    audit.record(by, "review_key", subject=slug, detail=f"counts {generation}")
    news.tell_supervisors(slug)


def forget_waiting(slug: str, generation: int) -> None:
    """Deletes a generation that nobody approved: no conversation ever named it."""
    ReviewKey.objects.filter(line=slug, generation=generation, confirmed_at=None).delete()
    news.tell_supervisors(slug)


def end_of_holder(device: Device, *, now: datetime) -> list[str]:
    """Retires the present key of every line where a lost device can open it: the line then has none until
    another is confirmed.

    Returns these lines for `record_none`, which runs later: locks are taken in the order line, conversation,
    audit.
    """
    held = ReviewKey.objects.exclude(confirmed_at=None).filter(retired_at=None, shares__device=device)
    lines = sorted(held.values_list("line", flat=True))
    for slug in lines:
        line = Line.objects.select_for_update(no_key=True).get(pk=slug)
        _retire_present(line, now=now)
        Line.objects.filter(pk=slug).update(review_key=None)
    return lines


def record_none(by: Person, lines: list[str]) -> None:
    for slug in lines:
        audit.record(by, "review_key", subject=slug, detail="none")
        news.tell_supervisors(slug)


@transaction.atomic
def share(
    supervisor: Person, device: str | None, slug: str, *, generation: int, to: str, sealed: bytes
) -> None:
    """Stores a share from somebody who has the key, for an approved device of a supervisor of the line.

    Raises Conflict for any other device, and for a key that waits for approval, is destroyed or is not shared
    with the sender's own device.
    """
    line = line_scope.own_line(supervisor, slug)
    own = devices.require_approved(supervisor, device)
    _require_share(sealed)
    counting = ReviewKey.objects.exclude(confirmed_at=None)
    key = counting.select_for_update().filter(line=line, generation=generation).first()
    target = next((other for other in _supervisors_devices(line) if other.fingerprint == to), None)
    if key is None or target is None or not key.shares.filter(device=own).exists():
        raise Conflict
    _, made = ReviewShare.objects.get_or_create(key=key, device=target, defaults={"sealed": sealed})
    if made:
        audit.record(supervisor, "review_share", subject=target.pk, detail=f"{slug} {generation}"[:40])
        news.tell_supervisors(slug)


def destroy_old() -> int:
    """Deletes the shares of retired generations that no conversation names any more. Returns how many
    generations."""
    destroyed = 0
    for key in ReviewKey.objects.exclude(retired_at=None).filter(shares__isnull=False).distinct():
        naming = Member.objects.filter(role=states.SeatRole.REVIEW, key=bytes(key.public))
        with transaction.atomic():
            # Retiring it waited for the line's lock. A `start` that takes the lock later finds the newer key
            # (admission.claim_place), so none can name this one any more.
            if not naming.filter(conversation__line=key.line_id).exists() and key.shares.all().delete()[0]:
                audit.record(None, "review_key", subject=key.line_id, detail=f"destroyed {key.generation}")
                destroyed += 1
    return destroyed


def _retire_present(line: Line, *, now: datetime) -> None:
    line.review_keys.exclude(confirmed_at=None).filter(retired_at=None).update(retired_at=now)


def _keys_of(line: Line, device: str | None) -> LineKeys:
    generations = [
        Generation(
            key=key,
            share=next((bytes(row.sealed) for row in key.shares.all() if row.device_id == device), None),
            devices=[row.device.fingerprint for row in key.shares.all()],
        )
        for key in line.review_keys.prefetch_related("shares__device").order_by("-generation")
    ]
    found = _supervisors_devices(line)
    present = next((one for one in generations if one.key.counts), None)
    entitled = {one.fingerprint for one in found}
    return LineKeys(line, generations, found, stale=bool(present and set(present.devices) - entitled))


def _supervisors_devices(line: Line) -> list[Device]:
    """Returns the approved devices of those who supervise the line now."""
    supervisors = line_scope.supervisors_of(line.pk).values("pk")
    rows = Device.objects.filter(state=Device.State.APPROVED, person__in=supervisors)
    return list(rows.select_related("person").order_by("person__alias", "enrolled_at"))


def _require_share(sealed: bytes) -> None:
    if len(sealed) != SHARE_BYTES:
        raise BadFrame
