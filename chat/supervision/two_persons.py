"""What nobody should do alone: asked by one person, confirmed by a supervisor, each on record.

Where nobody counts as a second one it is done at once, and the audit says `alone`. Who counts, and who may
confirm, is judged anew at every step (seconds.py); of two who decide at once one wins the UPDATE.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from chat import bells, walls
from chat.models import Wish
from chat.supervision import seconds
from chat.supervision.seconds import Lines
from chat.supervision.wish_kinds import RULES, About
from counsellors import audit
from counsellors.models import Person, Role
from helpline.lib.errors import Conflict, NotFound

Kind = Wish.Kind

RESTS = timedelta(days=7)  # after a supervisor's device was reported lost
KEPT = timedelta(days=90)  # what became of it


class NobodyOfAll(Conflict):
    """Nobody can say yes for all of these lines now. Ask for one line first, then for each other line."""


@dataclass(frozen=True, slots=True)
class OpenWish:
    """A wish as one supervisor sees it. `rests`: nobody confirms it before; `others`: who else may."""

    wish: Wish
    about: About
    own: bool
    may: bool
    others: list[Person]
    until: datetime
    rests: datetime | None


@transaction.atomic
def ask(
    person: Person, kind: str, *, line: str | None = None, subject: str = "", value: Any = "", now: datetime
) -> Wish:
    """Waits for a second one, or is done at once where there is none; one's own wish is said anew.

    NotFound for a supervisor of other lines; Conflict while another one's wish of that kind is open;
    NobodyOfAll where none supervises every line over which it gives power.
    """
    wish = Wish(kind=Kind(kind), line_id=line, subject=subject, value=value, asked_by=person, asked_at=now)
    lines = RULES[wish.kind].lines(wish)
    _require_concerned(person, lines)
    replaced = _replace_own(wish, now=now)
    each = _unspoken(wish, lines)
    if each and not seconds.who_may_confirm(person, lines, each=each, now=now).exists():
        raise NobodyOfAll
    alone = not each and not seconds.exist(person, lines, now=now) and rests_until(lines, now=now) is None
    if alone:
        Wish.objects.filter(pk=wish.pk).update(ended_at=now, how=Wish.How.DONE)
        RULES[wish.kind].deed(wish, person, now)
    for old in replaced:
        _record_end(old, person, Wish.How.WITHDRAWN)
    audit.record(person, "wish_asked", subject=_about(wish), detail=_detail(wish, "alone" if alone else ""))
    _tell(wish, lines)
    wish.refresh_from_db()
    return wish


@transaction.atomic
def confirm(supervisor: Person, pk: str, *, now: datetime) -> Wish:
    """By a second supervisor whom it concerns. Conflict for who may not, while it rests, and too late."""
    wish, lines = _seen_by(supervisor, pk)
    if rests_until(lines, now=now) is not None:
        raise Conflict
    if not _who_may_confirm(wish, lines, now=now).filter(pk=supervisor.pk).exists():
        raise Conflict
    waiting = Wish.objects.open(now).filter(pk=pk)
    if not waiting.update(confirmed_by=supervisor, ended_at=now, how=Wish.How.DONE):
        raise Conflict
    RULES[wish.kind].deed(wish, supervisor, now)  # before the audit's lock, as everywhere
    audit.record(supervisor, "wish_confirmed", subject=_about(wish), detail=_detail(wish))
    _tell(wish, lines)
    wish.refresh_from_db()
    return wish


@transaction.atomic
def drop(supervisor: Person, pk: str, *, now: datetime) -> None:
    """Taken back by who asked, or refused by another whom it concerns. Conflict once it is over."""
    wish, _ = _seen_by(supervisor, pk)
    how = Wish.How.WITHDRAWN if wish.asked_by_id == supervisor.pk else Wish.How.REFUSED
    if not _end_undone(wish, how, now=now):
        raise Conflict
    _record_end(wish, supervisor, how)


def withdraw_power(by: Person, handle: str, *, now: datetime) -> None:
    """Somebody gets one more line: who said yes to power over them read of fewer. Of this and a yes at the
    same moment one counts."""
    for wish in list(Wish.objects.filter(kind=Kind.ROLE, subject=handle, ended_at=None)):
        if _end_undone(wish, Wish.How.WITHDRAWN, now=now):
            _record_end(wish, by, Wish.How.WITHDRAWN)


def lapse(now: datetime) -> int:
    """Wishes that nobody confirmed in time."""
    late = Wish.objects.filter(ended_at=None, asked_at__lte=now - settings.WISH)
    lapsed = 0
    for wish in list(late):
        with transaction.atomic():
            if _end_undone(wish, Wish.How.LAPSED, now=now):
                _record_end(wish, None, Wish.How.LAPSED)
                lapsed += 1
    Wish.objects.filter(ended_at__lte=now - KEPT).delete()
    return lapsed


def open_wishes(supervisor: Person, *, now: datetime) -> list[OpenWish]:
    """The wishes that this supervisor asked for, or that concern them; the oldest first."""
    found = (_as_seen(wish, supervisor, now=now) for wish in Wish.objects.open(now).order_by("asked_at"))
    return [one for one in found if one is not None]


def _as_seen(wish: Wish, supervisor: Person, *, now: datetime) -> OpenWish | None:
    rule, own = RULES[wish.kind], wish.asked_by_id == supervisor.pk
    lines = rule.lines(wish)
    if not own and not _concerns(supervisor, lines):
        return None
    rests, able = rests_until(lines, now=now), set(_who_may_confirm(wish, lines, now=now))
    return OpenWish(
        wish=wish,
        about=rule.about(wish),
        own=own,
        may=rests is None and supervisor in able,
        others=sorted(able - {supervisor}, key=lambda person: person.alias),
        until=wish.asked_at + settings.WISH,
        rests=rests,
    )


def rests_until(lines: Lines, *, now: datetime) -> datetime | None:
    """Until when nothing is confirmed, or done alone, for these lines; None: it is not so."""
    lost = Wish.objects.filter(how=Wish.How.LOST, ended_at__gt=now - RESTS)
    if lines is not None:
        lost = lost.filter(line__in=lines)
    last = lost.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return last + RESTS if last else None


@transaction.atomic
def rest(supervisor: Person, lines: Collection[str], device: str, *, now: datetime) -> None:
    """A supervisor's device was reported lost: whoever did so gains nothing by it for a week."""
    for line in lines:
        wish = Wish.objects.create(
            kind=Kind.REVOKE_DEVICE,
            line_id=line,
            subject=device,
            asked_by=supervisor,
            asked_at=now,
            ended_at=now,
            how=Wish.How.LOST,
        )
        audit.record(supervisor, "wish_asked", subject=device, detail=f"{wish.kind} {line} lost")
        _tell(wish, [line])


def _replace_own(wish: Wish, *, now: datetime) -> list[Wish]:
    """Stores it, after taking back the same person's of this sort. Conflict beside another one's."""
    same = Wish.objects.filter(kind=wish.kind, line=wish.line_id, subject=wish.subject, ended_at=None)
    own = same.filter(asked_by=wish.asked_by) | same.filter(asked_at__lte=now - settings.WISH)
    replaced = [old for old in own if _end_undone(old, Wish.How.WITHDRAWN, now=now)]
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError:
        raise Conflict from None
    return replaced


def _end_undone(wish: Wish, how: str, *, now: datetime) -> bool:
    """Whether it was still open: of a yes and a no at the same moment one counts."""
    if not Wish.objects.filter(pk=wish.pk, ended_at=None).update(ended_at=now, how=how):
        return False
    RULES[wish.kind].dropped(wish)
    return True


def _record_end(wish: Wish, by: Person | None, how: str) -> None:
    action = "wish_lapsed" if how == Wish.How.LAPSED else "wish_dropped"
    audit.record(by, action, subject=_about(wish), detail=_detail(wish, how))
    _tell(wish, RULES[wish.kind].lines(wish))


def _seen_by(supervisor: Person, pk: str) -> tuple[Wish, Lines]:
    """A wish that one asked for, or that concerns one, and its lines; NotFound for any other."""
    wish = Wish.objects.filter(pk=pk).select_related("asked_by").first()
    if wish is None:
        raise NotFound
    lines = RULES[wish.kind].lines(wish)
    if wish.asked_by_id != supervisor.pk and not _concerns(supervisor, lines):
        raise NotFound
    return wish, lines


def _who_may_confirm(wish: Wish, lines: Lines, *, now: datetime) -> QuerySet[Person]:
    return seconds.who_may_confirm(wish.asked_by, lines, each=_unspoken(wish, lines), now=now)


def _unspoken(wish: Wish, lines: Lines) -> list[str]:
    """The lines over which it gives power, and for which who asked does not speak."""
    if lines is None or not RULES[wish.kind].of_each:
        return []
    return [line for line in lines if not _concerns(wish.asked_by, [line])]


def _require_concerned(person: Person, lines: Lines) -> None:
    if Role.Name.ADMINISTRATOR not in person.roles and not _concerns(person, lines):
        raise NotFound


def _concerns(person: Person, lines: Lines) -> bool:
    if Role.Name.SUPERVISOR not in person.roles:
        return False
    return lines is None or walls.own_lines(person).filter(pk__in=lines).exists()


def _tell(wish: Wish, lines: Lines) -> None:
    """Those whom it concerns, and who asked, look again."""
    people = set(walls.supervisors_of_any(lines).values_list("pk", flat=True))
    for person in sorted(people | {wish.asked_by_id}):
        bells.ring_on_commit(bells.WishesChanged(person))


def _about(wish: Wish) -> str:
    return wish.subject or str(wish.line_id)


def _detail(wish: Wish, more: str = "") -> str:
    return " ".join(word for word in (wish.kind, RULES[wish.kind].told(wish), more) if word)
