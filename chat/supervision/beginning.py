"""Lists the steps of the checklist for new lines, each with the lines on which it is not complete. Whether a
step is complete is read from the database."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, Q

from chat import line_scope
from chat.lines import staff
from chat.models import ApprovalRequest, Edition, Line, LineKey, WeeklyHours, Work
from counsellors import audit
from counsellors.certificates import roots
from counsellors.certificates.signed_bytes import LINE
from counsellors.models import Device, Person, Role, Scope, Signer
from helpline.lib import backup_files


class What(StrEnum):
    """Lists the steps in the recommended order."""

    SUPERVISORS = "supervisors"  # the line has two supervisors, so that each can confirm the other's requests
    COUNSELLORS = "counsellors"  # at least one counsellor has signed in
    DEVICES = "devices"  # a counsellor has an approved device
    SIGNING = "signing"  # a root has signed the list of who may certify keys; shown only if a root exists
    REVIEW_KEY = "review_key"
    HOURS = "hours"
    WORDS = "words"  # somebody has read the texts that callers are shown, or has written new ones
    NUMBERS = "numbers"  # somebody has checked the telephone numbers that callers are shown
    ALERTS = "alerts"  # alerts are sent to an address outside this installation
    LETTERS_KEY = "letters_key"  # there is a key for letters; shown only if a line takes letters or has a key
    BACKUP = "backup"  # a recent backup is on this machine; shown only if backups are made here


@dataclass(frozen=True, slots=True)
class Step:
    """Holds the slugs of the lines on which a step is not complete (`lines`). On some of these lines the step
    has begun and waits for somebody else (`waits`)."""

    what: What
    lines: list[str]
    waits: list[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Holds the lines on which a step is complete, and the lines on which it has begun."""

    done: AbstractSet[str]
    begun: AbstractSet[str] = frozenset()


def steps(supervisor: Person, *, now: datetime) -> list[Step]:
    """Returns the steps for the supervisor's own lines. A step that does not apply to this installation is
    left out."""
    lines = list(line_scope.own_lines(supervisor).offered())
    seen = _by_people(lines) | _by_keys(lines) | _by_settings(lines, now)
    if backup_files.are_made_here():
        every = {line.pk for line in lines}
        seen[What.BACKUP] = _Seen(every if backup_files.is_fresh(now) else set(), every)
    return [_step(what, lines, seen[what]) for what in What if what in seen]


@transaction.atomic
def note_numbers_read(supervisor: Person, slug: str, *, now: datetime) -> None:
    """Records that a supervisor of the line has checked the telephone numbers that the line's callers are
    shown. No program can check whether these numbers are right."""
    _note_read(supervisor, slug, "numbers_read", now)


@transaction.atomic
def note_words_read(supervisor: Person, slug: str, *, now: datetime) -> None:
    """Records that a supervisor of the line has read the texts that the line's callers are shown."""
    _note_read(supervisor, slug, "words_read", now)


def _note_read(supervisor: Person, slug: str, what: str, now: datetime) -> None:
    line, column = line_scope.own_line(supervisor, slug), f"{what}_at"
    if Line.objects.filter(pk=line.pk, **{column: None}).update(**{column: now}):
        audit.record(supervisor, what, subject=slug)
    staff.tell_supervisors(slug)


def _step(what: What, lines: Collection[Line], seen: _Seen) -> Step:
    lacking = [line.pk for line in lines if line.pk not in seen.done]
    return Step(what, lacking, [slug for slug in lacking if slug in seen.begun])


def _by_people(lines: Collection[Line]) -> dict[What, _Seen]:
    came, invited = Q(person__is_active=True), Q(person__came_at=None)
    approved = Q(person__devices__state=Device.State.APPROVED)
    pending = Q(person__devices__state=Device.State.PENDING)
    supervisors, counsellors = Role.Name.SUPERVISOR, Role.Name.COUNSELLOR
    return {
        What.SUPERVISORS: _Seen(
            _with(lines, supervisors, came & approved, least=2),
            _with(lines, supervisors, came | invited, least=2),
        ),
        What.COUNSELLORS: _Seen(_with(lines, counsellors, came), _with(lines, counsellors, invited)),
        What.DEVICES: _Seen(
            _with(lines, counsellors, came & approved), _with(lines, counsellors, came & pending)
        ),
    }


def _by_keys(lines: Collection[Line]) -> dict[What, _Seen]:
    begun = {use: _with_key(lines, use, confirmed_at=None) for use in LineKey.Use}
    review = {line.pk for line in lines if line.review_key is not None}
    found = {What.REVIEW_KEY: _Seen(review, begun[LineKey.Use.REVIEW])}
    if _has_root():
        signed = Scope.objects.filter(kind=LINE).values_list("slug", flat=True)
        signers = Signer.objects.filter(device__state=Device.State.APPROVED).values("device__person")
        signing = Work.objects.filter(line__in=lines, person__in=signers).values_list("line", flat=True)
        found[What.SIGNING] = _Seen({*signed}, {*signing})
    takes = {line.pk for line in lines if line.letters != Line.Letters.NEVER}
    wanted = takes | _with_key(lines, LineKey.Use.LETTERS)
    if wanted:
        # A line that takes no letters needs no key for them. A key that ends, as somebody has left, is none.
        ends = _with_key(lines, LineKey.Use.LETTERS, retired_at=None, until__isnull=False)
        keyed = {line.pk for line in lines if line.letters_key is not None} - ends
        done = {line.pk for line in lines if line.pk in keyed or line.pk not in wanted}
        found[What.LETTERS_KEY] = _Seen(done, begun[LineKey.Use.LETTERS])
    return found


def _by_settings(lines: Collection[Line], now: datetime) -> dict[What, _Seen]:
    weekly = WeeklyHours.objects.filter(line__in=lines).values_list("line", flat=True)
    opened = {line.pk for line in lines if line.state == Line.State.OPEN}
    written = Edition.objects.filter(line__in=lines).values_list("line", flat=True)
    kinds = (ApprovalRequest.Kind.ALERT_MAIL, ApprovalRequest.Kind.ALERT_URL)
    asked = ApprovalRequest.objects.open(now).filter(line__in=lines, kind__in=kinds)
    return {
        What.HOURS: _Seen({*weekly} | opened),
        What.WORDS: _Seen({*written} | {line.pk for line in lines if line.words_read_at is not None}),
        What.NUMBERS: _Seen({line.pk for line in lines if line.numbers_read_at is not None}),
        What.ALERTS: _Seen(
            {line.pk for line in lines if line.alert_mail or line.alert_url},
            {str(slug) for slug in asked.values_list("line", flat=True)},
        ),
    }


def _with(lines: Collection[Line], role: str, there: Q, *, least: int = 1) -> set[str]:
    """Returns the lines on which at least `least` people with this role match the condition `there`."""
    rows = Work.objects.filter(there, line__in=lines, person__role_rows__name=role)
    counted = rows.values("line").annotate(people=Count("person", distinct=True))
    return {*counted.filter(people__gte=least).values_list("line", flat=True)}


def _with_key(lines: Collection[Line], use: str, **those: bool | None) -> set[str]:
    rows = LineKey.objects.filter(line__in=lines, use=use, **those)
    return {str(slug) for slug in rows.values_list("line", flat=True)}


def _has_root() -> bool:
    file = roots.read_or_none()
    return file is not None and bool(file.roots)
