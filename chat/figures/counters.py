"""Counts figures: numbers without content, which are stored apart from conversations and outlive them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from chat import states
from chat.models import Conversation, Figure, Invitation, Member
from counsellors.models import Duty

STARTED = "started"  # key: urgency
ANSWERED, WITHIN, ABANDONED = "answered", "answered_within", "abandoned"
# The keys are whole minutes. LEFT counts the waits of callers who gave up. PAUSE counts the pauses of
# counsellors between two callers while somebody waited.
WAITED, HANDLING, LEFT, PAUSE = "waited_minutes", "handling_minutes", "left_minutes", "pause_minutes"
# Starts of conversations while many callers came: those for which proof of work was required, those that were
# accepted after this proof, and those that were refused because the line was full.
ASKED, EARNED, REFUSED = "work_asked", "work_earned", "line_full"
UNSERIOUS = "unserious"  # key: the minute of the hour, because pressure depends on the last 60 minutes
# Answered callers who had been shown an estimate, and those of them whose wait was within the estimate.
FORETOLD, INSIDE = "foretold", "foretold_inside"
LETTERS = "letters"  # key: sent, answered, in_time
LETTER_MINUTES = "letter_minutes"  # key: whole minutes between taking a letter and answering it
BY_HAND, HOW = "by_hand", ("telephone", "mail")  # contacts outside the chat, entered by staff; key: from HOW
# Debriefs that staff asked for, that were due after an acute conversation, and that were held.
DEBRIEF, DEBRIEFS = "debrief", ("asked", "acute", "held")
# How many minutes of an hour the line was open, how many of these minutes somebody was on duty, and the sum
# of the minutes that each person was on duty.
OPEN_FOR, STAFFED_FOR, PEOPLE_FOR = "open_minutes", "staffed_minutes", "people_minutes"
SERVICE_LEVEL = timedelta(seconds=60)  # an answer within this time counts as in time
MIN_ABANDONED_WAIT = timedelta(seconds=15)  # a caller who leaves sooner does not count as having given up
MAX_MINUTES = 240
MAX_PAUSE = timedelta(hours=1)  # a longer time does not count as a pause between two callers

OUTCOMES = frozenset(
    (
        states.Invitation.JOINED,
        states.Invitation.REFUSED,
        states.Invitation.DECLINED,
        states.Invitation.EXPIRED,
        states.Invitation.WITHDRAWN,
    )
)

type Counter = tuple[str, str]  # name and key


def count(name: str, key: str, line: str, *, now: datetime, value: int = 1) -> None:
    """Adds to one counter of this hour."""
    count_all({(name, key): value}, line, now=now)


def count_all(values: Mapping[Counter, int], line: str, *, now: datetime) -> None:
    """Adds to counters of this hour in one statement, so that two simultaneous calls both count.

    It is raw SQL, because the ORM's upsert cannot add to the stored value. The keys are sorted, so that two
    statements cannot deadlock.
    """
    if not values or states.is_practice(line):
        return
    hour = connection.ops.adapt_datetimefield_value(now.replace(minute=0, second=0, microsecond=0))
    table = connection.ops.quote_name(Figure._meta.db_table)  # noqa: SLF001
    rows = [
        field for (name, key), value in sorted(values.items()) for field in (name, key, line, hour, value)
    ]
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, key, line_id, hour, value) VALUES {places}"  # noqa: S608 – no input
            f" ON CONFLICT (name, key, line_id, hour) DO UPDATE SET value = {table}.value + EXCLUDED.value",
            rows,
        )


def count_of_month(values: Mapping[Counter, int], line: str, *, now: datetime) -> None:
    """Adds to counters of this month, which are stored under its first hour. They count what few people do: a
    counter of the hour would reveal when one of these people did it."""
    today = timezone.localtime(now)
    first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    count_all(values, line, now=timezone.make_aware(first.replace(tzinfo=None)))


def minutes(span: timedelta) -> str:
    """Returns the key of a duration: its minutes, rounded down, at most MAX_MINUTES."""
    return str(min(MAX_MINUTES, max(0, int(span.total_seconds() // 60))))


def count_start(conversation: Conversation, *, now: datetime) -> None:
    count(STARTED, str(conversation.urgency), conversation.line_id, now=now)


def count_answer(conversation: Conversation, newcomer: Member, *, since: datetime, now: datetime) -> None:
    """Counts a conversation as answered, at the first grant to staff. `since` is when the caller began to
    wait. Also counts whether the wait was within the estimate, and the counsellor's pause before this
    conversation."""
    waited = now - since
    values = {(ANSWERED, ""): 1, (WAITED, minutes(waited)): 1}
    if waited <= SERVICE_LEVEL:
        values[WITHIN, ""] = 1
    low, high = conversation.promised_low, conversation.promised_high
    if low is not None and high is not None:
        values[FORETOLD, ""] = 1
        if timedelta(minutes=low) <= waited <= timedelta(minutes=high):
            values[INSIDE, ""] = 1
    pause = _pause_before(newcomer, conversation)
    if pause is not None:
        values[PAUSE, minutes(pause)] = 1
    count_all(values, conversation.line_id, now=now)


def count_end(conversation: Conversation, *, served: bool, reason: str, now: datetime) -> None:
    """Counts the end of a conversation: how long it took if it was answered, or else how long the caller
    waited."""
    line = conversation.line_id
    if conversation.answered:
        if served and conversation.active_at is not None:
            count(HANDLING, minutes(now - conversation.active_at), line, now=now)
        return
    waited = now - conversation.opened_at
    if reason != "line_closed" and waited > MIN_ABANDONED_WAIT:
        count_all({(ABANDONED, ""): 1, (LEFT, minutes(waited)): 1}, line, now=now)


def count_unserious(conversation: Conversation, *, now: datetime) -> None:
    """Counts an unserious caller. The counter is not part of the conversation, so an erasure does not undo
    the count."""
    count(UNSERIOUS, f"{now:%M}", conversation.line_id, now=now)


def count_invitation(
    invitation: Invitation, state: states.Invitation, *, waited: timedelta, now: datetime
) -> None:
    """Counts a handoff by service, outcome and month, and how long the service took to answer. Ignores all
    other invitations and states."""
    if invitation.how != states.How.HANDOFF or state not in OUTCOMES:
        return
    service, line = str(invitation.service_id), invitation.conversation.line_id
    values = {("handoff", f"{service}:{state}"): 1}
    if state == states.Invitation.JOINED:
        values["handoff_answer_seconds", service] = round(waited.total_seconds())
    count_of_month(values, line, now=now)


def _pause_before(newcomer: Member, conversation: Conversation) -> timedelta | None:
    """Returns how long the counsellor's slot was free before the counsellor took this caller, if the caller
    waited during all of that time. `newcomer` is the counsellor's seat.

    Returns None if the caller came after the slot became free. Also returns None if no conversation in the
    slot ended within MAX_PAUSE, because it is then unknown when the slot became free.
    """
    ends = last_ends([newcomer.person_id or 0], now=newcomer.joined_at).get(newcomer.person_id or 0, [])
    duty = Duty.objects.filter(person=newcomer.person_id).first() if ends else None
    if duty is None:
        return None
    busy = Member.objects.present().filter(
        person=newcomer.person_id, conversation__state=states.Conversation.ACTIVE
    )
    free = duty.slots - busy.count()  # how many other slots are free
    if 0 <= free < len(ends) and conversation.opened_at <= ends[free]:
        return newcomer.joined_at - ends[free]
    return None


def last_ends(people: Collection[int], *, now: datetime) -> dict[int, list[datetime]]:
    """Returns, by person, the ends of their conversations within the last MAX_PAUSE, newest first; of those
    that were practice, none."""
    ends: defaultdict[int, list[datetime]] = defaultdict(list)
    ended = Conversation.objects.filter(
        ended_at__gt=now - MAX_PAUSE,
        ended_at__lte=now,
        members__person__in=people,
        line__practice_for=None,
    )
    for person, at in ended.order_by("-ended_at").values_list("members__person", "ended_at").distinct():
        ends[person].append(at or now)
    return ends
