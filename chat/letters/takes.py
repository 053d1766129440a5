"""Manages which counsellor has taken which letter. A letter that is taken belongs to one counsellor, until
the letter is answered, the counsellor gives it back, or the counsellor's browser has sent nothing for too
long."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chat import bells, states
from chat.conversation import departures
from chat.conversation.seats import Seat
from chat.letters import alarms, moves, promises
from chat.lines import hidden
from chat.models import Conversation, GivenBack, KeyShare, Letter, LineKey, Member, Work
from chat.states import Written
from counsellors import devices
from counsellors.certificates import certified
from counsellors.models import Device, Person, Session
from helpline.lib.errors import Conflict, Ended, Gone, NotFound

MOST_AT_ONCE = 2  # how many letters one person may have at a time
# A person may give back this many letters in a day. A letter that was given back this often raises an alarm.
MOST_GIVEN_BACK = 3
GIVEN_BACK_TTL = timedelta(hours=24)  # for this long a letter is not offered to the person who gave it back
HEARD_INTERVAL = timedelta(minutes=1)  # the shortest time between two updates of `heard_at`


class EnoughLetters(Conflict):
    """You have two letters already. Answer one, or give one back."""


class GaveBackEnough(Conflict):
    """You gave three letters back today. Ask your supervisor to look at what is left."""


@transaction.atomic
def take(
    person: Person, device: str | None, line: str, *, conversation: str | None = None, now: datetime
) -> Member:
    """Gives the person the line's next letter: acute letters first, then the letter with the earliest
    promised time. If `conversation` is given, gives the person that letter, which must be answered already.
    Returns the letters seat.

    Raises NotFound if there is no letter that this device can open, or EnoughLetters, GaveBackEnough or
    NotCertified.
    """
    approved = devices.require_approved(person, device)
    _require_work(person, approved, line, now=now)
    # This lock prevents two simultaneous requests of one person from exceeding MOST_AT_ONCE.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if _taken_by(person).count() >= MOST_AT_ONCE:
        raise EnoughLetters
    if conversation is not None:
        return _take(_answered(person, approved, line, conversation), person, approved, now=now)
    lately = GivenBack.objects.filter(person=person, at__gt=now - GIVEN_BACK_TTL)
    if lately.filter(letter__conversation__line__practice_for=None).count() >= MOST_GIVEN_BACK:
        raise GaveBackEnough
    found = _offered(person, approved, line, now=now)
    chosen = found.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if chosen is None:
        raise NotFound
    return _take(chosen, person, approved, now=now)


def _require_work(person: Person, device: Device, line: str, *, now: datetime) -> None:
    """Raises NotFound for a person who neither works for the line nor practises there, and NotCertified for a
    device without a certificate."""
    if states.is_practice(line):
        practised = hidden.of(person)
        if practised is None or practised.pk != line:
            raise NotFound
        return
    if not person.work.filter(line=line).exists():
        raise NotFound
    certified.require("line", line, bytes(device.key), now=now)


def _take(conversation: Conversation, person: Person, device: Device, *, now: datetime) -> Member:
    moves.move(conversation, Written.TAKEN)
    Letter.objects.filter(pk=conversation.pk).update(
        taker=person,
        device=device,
        takes=F("takes") + 1,
        timed_out=False,
        heard_at=now,
    )
    moves.append(conversation, "taken", staff_only=True, now=now, alias=person.alias)
    moves.record(person, "letter_taken", conversation)
    seat = moves.seat_of(conversation)
    seat.conversation, seat.person = conversation, person
    return seat


def _offered(person: Person, device: Device, line: str, *, now: datetime) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(
        line=line, written=Written.NEW, state=states.Conversation.ACTIVE, expires_at__gt=now, gone_at=None
    )
    if person.languages:
        rows = rows.filter(locale__in=person.languages.split())
    lately = GivenBack.objects.filter(letter=OuterRef("pk"), person=person, at__gt=now - GIVEN_BACK_TTL)
    rows = rows.filter(_opens_on(device), ~Exists(lately))
    return rows.filter(_without_staff()).order_by("-urgency", "letter__due_at", "pk")


def _answered(person: Person, device: Device, line: str, pk: str) -> Conversation:
    """Returns an answered letter, locked. Only the person who answered the letter may take it again. If that
    person no longer works for the line, anybody who works there may take it. Raises NotFound for anybody
    else."""
    rows = Conversation.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(_without_staff(), _opens_on(device))
    found = rows.filter(pk=pk, line=line, written=Written.ANSWERED, gone_at=None).first()
    by = Letter.objects.filter(pk=pk).values_list("answered_by", flat=True).first()
    if found is None or not found.is_open or found.state != states.Conversation.ACTIVE:
        raise NotFound
    if by != person.pk and Work.objects.filter(person=by, line=line, person__is_active=True).exists():
        raise NotFound
    return found


def _opens_on(device: Device) -> Exists:
    """Matches conversations whose letters key is shared with this device."""
    seats = Member.objects.filter(conversation=OuterRef(OuterRef("pk")), role=states.SeatRole.LETTERS)
    shares = KeyShare.objects.filter(
        device=device,
        key__use=LineKey.Use.LETTERS,
        key__line=OuterRef("line"),
        key__public__in=seats.values("key"),
    )
    return Exists(shares)


def _without_staff() -> Q:
    """Matches conversations without a staff seat. This excludes a letter whose caller a counsellor has just
    taken from the queue: that counsellor is about to be let into the conversation, so nobody else may take
    the letter."""
    staff = Member.objects.present().staff().filter(conversation=OuterRef("pk"))
    return ~Q(Exists(staff))


@transaction.atomic
def give_back(seat: Seat, *, now: datetime) -> None:
    """Gives a letter back at the request of the counsellor who took it, so that it is offered to others."""
    conversation, letter = moves.lock(seat.conversation)
    if not conversation.is_open:
        raise Ended
    _require_take(conversation, letter, seat)
    person = letter.taker
    _end(conversation, letter)
    if person is None:
        raise NotFound
    GivenBack.objects.create(letter=letter, person=person, at=now)
    if letter.given_back.count() == MOST_GIVEN_BACK:
        alarms.tell_of_given_back(conversation, now=now)
    moves.record(person, "letter_given_back", conversation)


@transaction.atomic
def take_over(conversation: str, person: Person, device: str | None, *, now: datetime) -> Member:
    """Moves a taken letter to this other device of the counsellor who took it. Raises NotFound if this person
    does not have the letter, and Conflict if the letter is already on this device or the device has no share
    of the letters key."""
    approved = devices.require_approved(person, device)
    locked, letter = moves.lock(conversation)
    if locked.written != Written.TAKEN or letter.taker_id != person.pk:
        raise NotFound
    seat = moves.seat_of(locked)
    if letter.device_id == approved.pk or moves.share_for(seat, approved.pk) is None:
        raise Conflict
    Letter.objects.filter(pk=letter.pk).update(device=approved, takes=F("takes") + 1, heard_at=now)
    bells.ring_on_commit(bells.SeatsChanged(conversation))
    seat.conversation, seat.person = locked, person
    return seat


def take_over_any(conversation: str, person: Person, device: str | None, *, now: datetime) -> Member:
    """Moves a person's seat, or a letter that the person has taken, to this device."""
    if _taken_by(person).filter(pk=conversation).exists():
        return take_over(conversation, person, device, now=now)
    return departures.take_over(conversation, person, device, now=now)


def hear(seat: Seat, *, now: datetime) -> None:
    """Records that the browser of the counsellor who took the letter has sent a request. From now on, the
    letter cannot time out before settings.TAKEN has passed."""
    late = Letter.objects.filter(pk=seat.conversation, takes=seat.tab, heard_at__lt=now - HEARD_INTERVAL)
    late.update(heard_at=now)


def silent(*, now: datetime) -> list[str]:
    """Returns the taken letters whose counsellor has sent nothing for settings.TAKEN, or has signed out."""
    taken = Letter.objects.filter(conversation__written=Written.TAKEN, conversation__state__in=states.OPEN)
    is_in = Session.objects.filter(person=OuterRef("taker"), expire_date__gt=now)
    rows = taken.filter(Q(heard_at__lte=now - settings.TAKEN) | ~Exists(is_in))
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def end_silent(pk: str, *, now: datetime) -> bool:
    """Puts a letter back on offer because the counsellor who took it was silent for too long, unless that
    counsellor has just come back. The counsellor may still answer until somebody else takes the letter."""
    found = _lock(pk)
    if found is None or pk not in silent(now=now):
        return False
    conversation, letter = found
    _end(conversation, letter, timed_out=True)
    return True


def end_of_person(person: Person, lines: Collection[str]) -> None:
    """Takes all letters of these lines away from a person who no longer works there. The person may not
    answer a letter late, either."""
    _end_all(_taken_by(person).filter(line__in=lines))
    Letter.objects.filter(taker=person, conversation__line__in=lines).update(timed_out=False)


def end_on_device(device: Device) -> None:
    """Puts the letters that were taken on a revoked device back on offer."""
    _end_all(Conversation.objects.filter(written=Written.TAKEN, letter__device=device))
    Letter.objects.filter(device=device).update(timed_out=False)


def end_for_chat(conversation: Conversation) -> None:
    """Takes a locked letter away from the counsellor who took it, if any, because its caller wants to
    talk."""
    if conversation.written == Written.TAKEN:
        _end(conversation, Letter.objects.get(pk=conversation.pk))


def tell_taker(conversation: Conversation) -> None:
    """Makes the consoles of the counsellor who took the letter load this person's seats again, because this
    person no longer has the letter."""
    bells.ring_on_commit(bells.SeatsChanged(conversation.pk))


def _end_all(rows: QuerySet[Conversation]) -> None:
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        if found := _lock(pk):
            _end(*found)


def _lock(pk: str) -> tuple[Conversation, Letter] | None:
    """Locks a letter that somebody has taken. Returns None if nobody has it any more or the letter was
    erased."""
    try:
        conversation, letter = moves.lock(pk)
    except Gone:
        return None
    taken = conversation.written == Written.TAKEN and conversation.is_open
    return (conversation, letter) if taken else None


def _end(conversation: Conversation, letter: Letter, *, timed_out: bool = False) -> None:
    """Takes a locked letter away from the counsellor who has it. The state of the letter is then new if the
    caller has written after the last answer, and otherwise answered again."""
    letter.timed_out = timed_out
    letter.save(update_fields=["timed_out"])
    promises.put_back(conversation, letter)
    tell_taker(conversation)


def _require_take(conversation: Conversation, letter: Letter, seat: Seat) -> None:
    if conversation.written != Written.TAKEN or letter.takes != seat.tab:
        raise NotFound


def _taken_by(person: Person) -> QuerySet[Conversation]:
    return Conversation.objects.filter(
        written=Written.TAKEN, letter__taker=person, state__in=states.OPEN, gone_at=None
    )


def of(person: Person) -> list[Member]:
    """Returns the letters seats of the letters that this person has taken."""
    found = Member.objects.filter(role=states.SeatRole.LETTERS, conversation__in=_taken_by(person))
    return list(found.select_related("conversation").order_by("conversation__letter__heard_at"))
