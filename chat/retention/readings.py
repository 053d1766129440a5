"""Implements readings: a supervisor of the line gives a reason, and may then read a transcript again for an
hour. The audit records each reading.

The server sends entries and the review seat's wraps; only a browser that holds the review key opens them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from chat import line_scope, states
from chat.conversation import log
from chat.conversation.log import Delivered
from chat.keys import outer
from chat.models import Conversation, LineKey, Member, Reading, Wrap
from chat.retention import dates, news
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict, NotFound

READING_TTL = timedelta(hours=1)
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """Describes a conversation that can still be read: when it was, who took part, and until when it is kept.
    It holds no content."""

    row: Conversation
    rows_end: datetime | None
    roles: list[str]
    people: list[str]
    generation: int | None


@dataclass(frozen=True, slots=True)
class Sought:
    """Holds the filters of the list: counsellor (a handle), minimum risk and minimum duration."""

    person: str = ""
    risk: int = 0
    lasted: timedelta = timedelta()


ALL = Sought()


@dataclass(frozen=True, slots=True)
class ReviewWrap:
    """Holds the secret of `epoch`, wrapped for a review seat. `grant` is the epoch of the grant with which
    the wrap was sent."""

    member: str
    grant: int
    epoch: int
    wrap: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Holds a part of a transcript, with the wraps of the grants in that part."""

    line: str
    generation: int
    public: bytes
    share: bytes
    entries: list[Delivered]
    upto: int
    more: bool
    wraps: list[ReviewWrap] = field(default_factory=list)


def listed(
    supervisor: Person, slug: str, *, before: datetime | None, now: datetime, sought: Sought = ALL
) -> list[Listed]:
    """Returns a page of the line's conversations that have review wraps and were opened before `before`,
    newest first."""
    line = line_scope.own_line(supervisor, slug)
    wraps = Wrap.objects.filter(conversation=OuterRef("pk"), member__role=states.SeatRole.REVIEW)
    rows = dates.with_rows_end().filter(Exists(wraps), line=line, gone_at=None)
    rows = rows.exclude(pk__in=dates.due(now).values("pk")).prefetch_related("members")
    rows = _only(rows, sought)
    if before is not None:
        rows = rows.filter(opened_at__lt=before)
    generations = {bytes(key.public): key.generation for key in line.line_keys.all()}
    return [_listed(row, generations) for row in rows.order_by("-opened_at")[:PAGE_SIZE]]


def open_readings(supervisor: Person, slug: str, *, now: datetime) -> list[Reading]:
    """Returns the line's requests and readings of the last hour, so that the second supervisor sees them."""
    return list(_lately(now).filter(conversation__line=line_scope.own_line(supervisor, slug)))


def approvals(supervisor: Person, *, now: datetime) -> list[Reading]:
    """Returns the requests on the supervisor's lines that wait for a second supervisor's approval."""
    return list(_lately(now).filter(conversation__line__in=line_scope.own_lines(supervisor), allowed_at=None))


def people_of(conversation: Conversation) -> list[str]:
    """Returns the aliases of the people who had a staff seat, without duplicates, in the order in which these
    people joined."""
    members = sorted(conversation.members.all(), key=lambda member: member.joined_seq)
    return list(dict.fromkeys(member.alias for member in members if member.role in states.STAFF))


@transaction.atomic
def ask(supervisor: Person, conversation: str, reason: str, *, now: datetime) -> Reading:
    """Opens a reading, or requests a second supervisor's approval if the line demands one.

    Raises Conflict if the conversation has no review wraps, and while it is open: a supervisor who wants to
    help has to be invited into it. Raises NotFound if the rows are due for deletion.
    """
    row = line_scope.lock_own_conversation(supervisor, conversation)
    if row.is_open or not Wrap.objects.filter(conversation=row, member__role=states.SeatRole.REVIEW).exists():
        raise Conflict
    if dates.due(now).filter(pk=row.pk).exists():
        raise NotFound
    alone = not row.line.review_needs_two
    reading = Reading.objects.create(
        conversation=row, person=supervisor, reason=reason, asked_at=now, allowed_at=now if alone else None
    )
    audit.record(supervisor, "review_asked", subject=row.recorded_as, detail=reason)
    news.tell_supervisors(row.line_id)
    return reading


@transaction.atomic
def allow(supervisor: Person, pk: str, *, now: datetime) -> None:
    """Approves a reading. Raises Conflict for the supervisor's own request, and for a request that has
    expired or is approved already."""
    reading = Reading.objects.filter(pk=pk).select_related("conversation").first()
    if reading is None:
        raise NotFound
    row = line_scope.lock_own_conversation(supervisor, reading.conversation_id)
    waiting = Reading.objects.filter(pk=pk, allowed_at=None, asked_at__gt=now - READING_TTL)
    if not waiting.exclude(person=supervisor).update(allowed_by=supervisor, allowed_at=now):
        raise Conflict
    audit.record(supervisor, "review_allowed", subject=row.recorded_as, detail=reading.reason)
    news.tell_supervisors(row.line_id)


@transaction.atomic
def drop(supervisor: Person, pk: str) -> None:
    """Deletes a request: the asker withdraws it, or another supervisor refuses it.

    Raises Conflict after the request has been approved. An approved reading ends after an hour.
    """
    approval = Reading.objects.filter(pk=pk).first()
    if approval is None:
        raise NotFound
    row = line_scope.lock_own_conversation(supervisor, approval.conversation_id)
    dropped, _ = Reading.objects.filter(pk=pk, allowed_at=None).delete()
    if not dropped:
        raise Conflict
    how = "withdrawn" if approval.person_id == supervisor.pk else "refused"
    audit.record(supervisor, "review_dropped", subject=row.recorded_as, detail=f"{approval.reason} {how}")
    news.tell_supervisors(row.line_id)


@transaction.atomic
def page(supervisor: Person, device: str, pk: str, since: int, *, now: datetime) -> Page:
    """Returns entries above `since`, with the wraps of their grants. Raises Conflict if the reading is not
    approved yet, if it was approved an hour ago or earlier, or if this device has no share of the key. Raises
    NotFound for somebody else's reading, and if the rows are due for deletion."""
    reading = Reading.objects.filter(pk=pk, person=supervisor).first()
    if reading is None:
        raise NotFound
    row = line_scope.lock_own_conversation(supervisor, reading.conversation_id)
    if dates.due(now).filter(pk=row.pk).exists():
        raise NotFound
    if reading.allowed_at is None or now >= reading.allowed_at + READING_TTL:
        raise Conflict
    seats = list(Member.objects.filter(conversation=row, role=states.SeatRole.REVIEW).order_by("joined_seq"))
    seats[-1].conversation = row
    key = LineKey.objects.filter(public=bytes(seats[-1].key or b"")).first()
    share = key.shares.filter(device=device).first() if key else None
    if key is None or share is None:
        raise Conflict
    audit.record(supervisor, "review", subject=row.recorded_as, detail=reading.reason)
    news.tell_supervisors(row.line_id)
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


def _lately(now: datetime) -> QuerySet[Reading]:
    """Returns the requests of the last hour, and the readings that were allowed in the last hour and may go
    on."""
    asked = Q(allowed_at=None, asked_at__gt=now - READING_TTL)
    rows = Reading.objects.filter(asked | Q(allowed_at__gt=now - READING_TTL))
    rows = rows.select_related("conversation", "person")
    return rows.prefetch_related("conversation__members").order_by("asked_at")


def _only(rows: QuerySet[Conversation], sought: Sought) -> QuerySet[Conversation]:
    if sought.person:
        seats = Member.objects.filter(conversation=OuterRef("pk"), person__handle=sought.person)
        rows = rows.filter(Exists(seats))
    if sought.risk:
        rows = rows.filter(risk__gte=sought.risk)
    if sought.lasted:
        lasted = ExpressionWrapper(F("ended_at") - F("active_at"), output_field=DurationField())
        rows = rows.annotate(lasted=lasted).filter(lasted__gte=sought.lasted)
    return rows


def _listed(row: Conversation, generations: dict[bytes, int]) -> Listed:
    members = sorted(row.members.all(), key=lambda member: member.joined_seq)
    key = next((bytes(member.key or b"") for member in members if member.role == states.SeatRole.REVIEW), b"")
    roles = [member.role for member in members if member.role != states.SeatRole.REVIEW]
    return Listed(
        row=row,
        rows_end=getattr(row, "rows_end", None),
        roles=roles,
        people=people_of(row),
        generation=generations.get(key),
    )


def _is_grant(delivered: Delivered) -> bool:
    return delivered.entry.kind == "granted"


def _wraps(row: Conversation, seats: list[Member], grants: list[int]) -> list[ReviewWrap]:
    """Returns the wraps of all review seats: a line that handed the conversation off and got it back has a
    second review seat."""
    found = []
    for wrap in Wrap.objects.filter(member__in=seats, grant__in=grants).order_by("grant", "epoch"):
        opened = outer.open_wrap(
            bytes(wrap.sealed),
            conversation=row.pk,
            epoch=wrap.epoch,
            member=wrap.member_id,
            slot=row.review_slot,
        )
        if opened is not None:
            found.append(ReviewWrap(wrap.member_id, wrap.grant, wrap.epoch, opened))
    return found
