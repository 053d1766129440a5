"""Reading a transcript again: by a supervisor of the line, with a reason, on record, for an hour.

The server gives entries and the review seat's wraps; only a browser that holds the review key opens them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from chat import bells, dates, log, retention, states
from chat.log import Delivered
from chat.models import Conversation, Line, Member, Reading, ReviewKey, Wrap
from counsellors import audit
from counsellors.models import AuditRow, Device, Person, Role
from helpline.lib.errors import Conflict, NotFound

LASTS = timedelta(hours=1)
PAGE = 100
TRAIL = (
    "approved", "revoked", "review_key", "review_share", "review", "hold_asked", "hold_confirmed",
    "hold_dropped", "hold_ended", "line", "queue_front", "rest", "listen", "end", "hours", "alerting",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation that can still be read: when, who, until when. No content."""

    row: Conversation
    rows_end: datetime | None
    roles: list[str]
    generation: int | None


@dataclass(frozen=True, slots=True)
class ReviewWrap:
    """A secret of `epoch` for a review seat, brought by `grant`."""

    member: str
    grant: int
    epoch: int
    wrap: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a transcript, with the wraps that its grants brought."""

    line: str
    generation: int
    public: bytes
    share: bytes
    entries: list[Delivered]
    upto: int
    more: bool
    wraps: list[ReviewWrap] = field(default_factory=list)


def own_line(supervisor: Person, slug: str) -> Line:
    """NotFound for a line where this person does not work."""
    line = Line.objects.filter(pk=slug, work__person=supervisor).first()
    if line is None:
        raise NotFound
    return line


def lock(supervisor: Person, conversation: str) -> Conversation:
    """The conversation of an own line, locked. NotFound at a wall, and for what is gone but for no hold."""
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=conversation, line__work__person=supervisor).first()
    if row is None or (row.gone_at is not None and row.held_until is None):
        raise NotFound
    return row


def listed(supervisor: Person, slug: str, *, before: datetime | None, now: datetime) -> list[Listed]:
    """The newest conversations of a line that its review key can open, a page of them."""
    line = own_line(supervisor, slug)
    wraps = Wrap.objects.filter(conversation=OuterRef("pk"), member__role=states.Role.REVIEW)
    rows = dates.with_rows_end().filter(Exists(wraps), line=line, gone_at=None)
    rows = rows.exclude(pk__in=dates.due(now).values("pk")).prefetch_related("members")
    if before is not None:
        rows = rows.filter(opened_at__lt=before)
    generations = {bytes(key.public): key.generation for key in line.review_keys.all()}
    return [_listed(row, generations) for row in rows.order_by("-opened_at")[:PAGE]]


def open_readings(supervisor: Person, slug: str, *, now: datetime) -> list[Reading]:
    """Wishes and readings of the last hour, for the second supervisor to see."""
    rows = Reading.objects.filter(conversation__line=own_line(supervisor, slug), asked_at__gt=now - LASTS)
    return list(rows.select_related("person", "allowed_by").order_by("asked_at"))


@transaction.atomic
def ask(supervisor: Person, conversation: str, reason: str, *, now: datetime) -> Reading:
    """Opens a reading, or asks for a second supervisor's yes where the line wants one.

    Conflict while the conversation goes on: who wants to help is invited into it.
    """
    row = lock(supervisor, conversation)
    if row.is_open or not Wrap.objects.filter(conversation=row, member__role=states.Role.REVIEW).exists():
        raise Conflict
    if dates.due(now).filter(pk=row.pk).exists():
        raise NotFound
    alone = not row.line.review_needs_two
    reading = Reading.objects.create(
        conversation=row, person=supervisor, reason=reason, asked_at=now, allowed_at=now if alone else None
    )
    audit.record(supervisor, "review", subject=row.pk, detail=reason if alone else f"{reason} asked")
    tell(row.line_id)
    return reading


@transaction.atomic
def allow(supervisor: Person, pk: str, *, now: datetime) -> None:
    """A second supervisor says yes. Conflict for one's own wish, a lapsed one, or one allowed already."""
    reading = Reading.objects.filter(pk=pk).select_related("conversation").first()
    if reading is None:
        raise NotFound
    row = lock(supervisor, reading.conversation_id)
    waiting = Reading.objects.filter(pk=pk, allowed_at=None, asked_at__gt=now - LASTS)
    if not waiting.exclude(person=supervisor).update(allowed_by=supervisor, allowed_at=now):
        raise Conflict
    audit.record(supervisor, "review", subject=row.pk, detail=f"{reading.reason} allowed")
    tell(row.line_id)


@transaction.atomic
def page(supervisor: Person, device: str, pk: str, since: int, *, now: datetime) -> Page:
    """Entries above `since` with the wraps they brought. Conflict before the yes, after an hour, or where
    this device was not given the key; NotFound for another one's reading and once the rows are gone.
    """
    reading = Reading.objects.filter(pk=pk, person=supervisor).first()
    if reading is None:
        raise NotFound
    row = lock(supervisor, reading.conversation_id)
    if dates.due(now).filter(pk=row.pk).exists():
        raise NotFound
    if reading.allowed_at is None or now >= reading.allowed_at + LASTS:
        raise Conflict
    seats = list(Member.objects.filter(conversation=row, role=states.Role.REVIEW).order_by("joined_seq"))
    seats[-1].conversation = row
    key = ReviewKey.objects.filter(public=bytes(seats[-1].key or b"")).first()
    share = key.shares.filter(device=device).first() if key else None
    if key is None or share is None:
        raise Conflict
    audit.record(supervisor, "review", subject=row.pk, detail=f"{reading.reason} read")
    part = log.as_review(seats[-1], since)
    grants = [delivered.entry.facts["epoch"] for delivered in part.entries if _is_grant(delivered)]
    return Page(
        line=row.line_id,
        generation=key.generation,
        public=bytes(key.public),
        share=bytes(share.sealed),
        entries=part.entries,
        upto=part.upto,
        more=not part.over,
        wraps=_wraps(row, seats, grants),
    )


def trail(supervisor: Person) -> list[tuple[AuditRow, str]]:
    """The newest rows of the audit by people of the supervisor's lines, with their names; "": the system."""
    lines = list(supervisor.work.exclude(line=None).values_list("line", flat=True))
    people = dict(Person.objects.filter(work__line__in=lines).values_list("handle", "alias"))
    devices = Device.objects.filter(person__handle__in=people).values_list("pk", flat=True)
    rows = audit.newest(TRAIL, people, PAGE, about=[*lines, *devices])
    return [(row, people.get(row.actor, "")) for row in rows]


def tell(line: str) -> None:
    """The line's supervisors hear that there is something new to ask for."""
    supervisors = Person.objects.filter(work__line=line, role_rows__name=Role.Name.SUPERVISOR)
    for person in supervisors.values_list("pk", flat=True).distinct():
        bells.ring_on_commit(bells.Bell(bells.person(person), "review", by=line))


def _listed(row: Conversation, generations: dict[bytes, int]) -> Listed:
    members = sorted(row.members.all(), key=lambda member: member.joined_seq)
    key = next((bytes(member.key or b"") for member in members if member.role == states.Role.REVIEW), b"")
    roles = [member.role for member in members if member.role != states.Role.REVIEW]
    return Listed(row, getattr(row, "rows_end", None), roles, generations.get(key))


def _is_grant(delivered: Delivered) -> bool:
    return delivered.entry.kind == "granted"


def _wraps(row: Conversation, seats: list[Member], grants: list[int]) -> list[ReviewWrap]:
    """Of every review seat: after a handoff the line comes back with a new one."""
    found = []
    for wrap in Wrap.objects.filter(member__in=seats, grant__in=grants).order_by("grant", "epoch"):
        opened = retention.open_wrap(
            bytes(wrap.sealed),
            conversation=row.pk,
            epoch=wrap.epoch,
            member=wrap.member_id,
            purge_at=row.review_until,
        )
        if opened is not None:
            found.append(ReviewWrap(wrap.member_id, wrap.grant, wrap.epoch, opened))
    return found
