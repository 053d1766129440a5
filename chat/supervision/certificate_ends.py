"""Finds until when each key is certified, and for which line or service. The results are shown on the board,
by `helpline check` and in an alert."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from chat.lines import under_roots
from chat.models import Line, LineKey, Service, Work
from counsellors.certificates import certified, demo_signer, roots, signed_bytes
from counsellors.certificates.signed_bytes import DEVICE, LETTERS, LINE, REVIEW, SERVICE
from counsellors.models import Certificate, Device, Person, Role, Scope, Signer
from helpline.lib import encoding

WARN_BEFORE = timedelta(days=30)
RENEW_LETTERS_BEFORE = timedelta(days=14)  # a letters key is certified for 35 days at most
NOBODY_SIGNS = "nobody may sign"
KEY_LACKS = "its review key is not signed by enough"
LETTERS_END = "takes no letters, because its letters key is not signed by enough"
# The codes of alerts
UNCERTIFIED, REVIEW_KEY, LETTERS_KEY, SOON = "uncertified", "review_key", "letters_key", "certificates"
TOLD = (30, 7, 1)  # the alert is raised this many days before a certificate ends
DAY = timedelta(days=1)

type Place = tuple[str, str]  # (LINE or SERVICE, slug)


@dataclass(frozen=True, slots=True)
class Need:
    """Describes a line or a service for which a key should be certified. `until`: when the certificate ends,
    None if there never was one; `mine`: whether the viewer's signer may sign for it; `by_me`: whether that
    signer has signed."""

    kind: str
    slug: str
    name: str
    until: datetime | None
    mine: bool = False
    by_me: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts the devices of a line's counsellors or of a service's partners: how many wait for approval
    (`pending`), have no certificate (`unsigned`), have one that ends soon (`near`), or have one that has
    ended (`ended`). `scope`: the time until which the signers of the line or service may sign."""

    pending: int = 0
    unsigned: int = 0
    near: int = 0
    ended: int = 0
    scope: datetime | None = None


def places_of(person: Person) -> list[Place]:
    """Returns the lines and the service that the person works for. The person's devices are certified for
    these."""
    return places_of_all([person.pk]).get(person.pk, [])


def places_of_all(people: Collection[int]) -> dict[int, list[Place]]:
    """Does the same as `places_of` for many people. The keys of the result are the people."""
    rows = Work.objects.filter(person__in=people).values_list("person", "line", "service").order_by("pk")
    found: dict[int, list[Place]] = {}
    for person, line, service in rows:
        if line or service:
            found.setdefault(person, []).append((LINE, line) if line else (SERVICE, service))
    return found


def names() -> dict[Place, str]:
    lines = {(LINE, str(pk)): name for pk, name in Line.objects.values_list("pk", "name")}
    return lines | {(SERVICE, pk): name for pk, name in Service.objects.values_list("pk", "name")}


def all_places() -> list[Place]:
    """Returns every line, and every service at whose desk somebody works."""
    lines = Line.objects.offered().order_by("pk").values_list("pk", flat=True)
    desks = Service.objects.filter(desk=True, work__isnull=False).order_by("pk").values_list("pk", flat=True)
    return [(LINE, str(pk)) for pk in lines] + [(SERVICE, pk) for pk in desks.distinct()]


def counts(kind: str, slug: str, *, now: datetime) -> Counts:
    """Returns the counts of a line or a service. They are all zero if no root was ever made."""
    file = roots.read_or_none()
    if file is None:
        return Counts()
    scope = standing(kind, slug, file)
    role = Role.Name.COUNSELLOR if kind == LINE else Role.Name.PARTNER
    takers = Work.objects.filter(**{kind: slug}, person__role_rows__name=role, person__is_active=True)
    rows = Device.objects.filter(person__in=takers.values("person")).exclude(state=Device.State.REVOKED)
    states = list(rows.values_list("state", "key"))
    approved = [bytes(key) for state, key in states if state == Device.State.APPROVED]
    until = {key: end for (*place, key), end in ends(DEVICE, approved).items() if place == [kind, slug]}
    return Counts(
        pending=len(states) - len(approved),
        unsigned=len(approved) - len(until),
        near=sum(now < end <= now + WARN_BEFORE for end in until.values()),
        ended=sum(end <= now for end in until.values()),
        scope=instant(scope.not_after) if scope else None,
    )


def lacking(*, now: datetime) -> Counter[tuple[str, str]]:
    """Counts the certificates that will be missing as soon as the callers' pages list roots. The keys of the
    result are (slug, reason). A count is the number of devices without a valid certificate; for a scope or a
    review key it is 1."""
    found: Counter[tuple[str, str]] = Counter()
    for kind, slug in all_places():
        here = counts(kind, slug, now=now)
        if here.scope is None or here.scope <= now:
            found[slug, NOBODY_SIGNS] = 1
        else:
            found += Counter({(slug, "unsigned"): here.unsigned, (slug, "ended"): here.ended})
    for line in Line.objects.offered():
        if review_key_lacks(line, now=now):
            found[line.pk, KEY_LACKS] = 1
    return found


def in_words(lacking: Counter[tuple[str, str]]) -> Iterator[str]:
    known = {slug: name for (_, slug), name in names().items()}
    for (slug, what), many in lacking.items():
        name = known.get(slug, slug)
        is_one = what in {NOBODY_SIGNS, KEY_LACKS, LETTERS_END}
        yield f"{name}: {what}" if is_one else f"{name}: {many} {what}"


def causes(line: Line, *, now: datetime) -> list[str]:
    """Returns the codes of the line's alerts about signatures. UNCERTIFIED, REVIEW_KEY and LETTERS_KEY last
    until somebody signs. SOON is there on one day thirty days before something ends, on one day seven days
    before, and on the last two days. Each has a code of its own, because an alert that lasts is told once."""
    file = roots.read_or_none()
    if not certified.is_needed() or file is None:
        return []
    found = {
        UNCERTIFIED: under_roots.is_closed(line, now=now),
        REVIEW_KEY: review_key_lacks(line, now=now),
        LETTERS_KEY: letters_key_ends(line, now=now),
        SOON: any(_is_told((end - now) / DAY) for end in _all_ends(line, file, now)),
    }
    return [code for code, is_so in found.items() if is_so]


def _is_told(days: float) -> bool:
    return any(day - 1 < days <= day for day in (*TOLD, 0))


def _all_ends(line: Line, file: roots.File, now: datetime) -> Iterator[datetime]:
    """Yields when the scopes of a line and of the desks that it refers to end, the certificates of their
    devices, and that of the line's review key. Yields `now` for a missing scope."""
    desks = line.services.filter(desk=True, work__isnull=False).distinct().values_list("pk", flat=True)
    places: set[Place] = {(LINE, line.pk), *((SERVICE, slug) for slug in desks)}
    working = Work.objects.filter(Q(line=line) | Q(service__in=desks), person__is_active=True)
    approved = Device.objects.filter(person__in=working.values("person"), state=Device.State.APPROVED)
    keys = [bytes(key) for key in approved.values_list("key", flat=True)]
    yield from (end for (*place, _), end in ends(DEVICE, keys).items() if tuple(place) in places)
    for place in places:
        scope = standing(*place, file)
        yield instant(scope.not_after) if scope else now
    if end := review_key_end(line):
        yield end


def standing(kind: str, slug: str, file: roots.File) -> Scope | None:
    """Returns the scope of the line or service if a root in `file` signed the scope in the newest session,
    and None otherwise. The root counts even if the callers' pages do not list it."""
    scope = Scope.objects.filter(kind=kind, slug=slug).first()
    return scope if scope is not None and _stands(scope, file) else None


def _stands(scope: Scope, file: roots.File) -> bool:
    trust = roots.Trust(frozenset(certified.point(root.point) for root in file.roots), file.serial)
    return certified.stands(scope, trust)


def review_key_lacks(line: Line, *, now: datetime) -> bool:
    """Returns whether new conversations cannot have a seat for the line's review key, because too few signers
    have signed it or its certificate has ended."""
    if line.review_key is None:
        return False
    end = review_key_end(line)
    return end is None or end <= now


def review_key_end(line: Line) -> datetime | None:
    """Returns when the certificate of the line's review key ends or ended, or None if there is none."""
    key = bytes(line.review_key or b"")
    return ends(REVIEW, [key]).get((LINE, line.pk, key))


def letters_key_ends(line: Line, *, now: datetime) -> bool:
    """Returns whether a line that takes letters will soon have to stop taking them, because the certificate
    of its letters key ends, or because somebody who could open letters has left and there is no new key."""
    if line.letters == Line.Letters.NEVER or line.letters_key is None:
        return False
    if LineKey.objects.filter(public=bytes(line.letters_key), until__isnull=False).exists():
        return True
    end = letters_key_end(line)
    return end is None or end <= now + RENEW_LETTERS_BEFORE


def letters_key_end(line: Line) -> datetime | None:
    """Returns when the certificate of the line's letters key ends or ended, or None if there is none."""
    key = bytes(line.letters_key or b"")
    return ends(LETTERS, [key]).get((LINE, line.pk, key))


def take_letters(*, now: datetime) -> set[str]:
    """Returns the lines whose letters key is certified now."""
    lines = Line.objects.offered().exclude(letters=Line.Letters.NEVER)
    ended = {line.pk: letters_key_end(line) for line in lines}
    return {slug for slug, end in ended.items() if end is not None and end > now}


def gone_signers(scope: Scope) -> int:
    """Returns how many signers of the scope have a revoked device, have left, or supervise this line or
    service no more. They can sign until a root signs a new scope."""
    if demo_signer.is_here():
        return 0
    people = Person.objects.filter(role_rows__name=Role.Name.SUPERVISOR, is_active=True)
    if scope.kind == LINE:  # a service without a supervisor has the signers of the lines
        people = people.filter(work__line=scope.slug)
    there = Signer.objects.filter(
        key__in=scope.signers, device__state=Device.State.APPROVED, device__person__in=people.values("pk")
    )
    return len(scope.signers) - there.count()


def own_ends(person: Person, device: Device) -> list[Need]:
    """Returns the lines and the service that this person works for, each with the end of this browser's
    certificate. The list is empty if this installation certifies no keys."""
    if not certified.is_needed():
        return []
    key, called = bytes(device.key), names()
    until = ends(DEVICE, [key])
    return [
        Need(*place, called.get(place, place[1]), until.get((*place, key))) for place in places_of(person)
    ]


def ends(use: str, keys: Collection[bytes]) -> dict[tuple[str, str, bytes], datetime]:
    """Returns a map from (kind, slug, key) to the time until which signers of the current scopes certified
    the key, which is at most the scope's own end. The time may be in the past.

    The signatures are verified, because anybody who can write to the database can insert a certificate.
    """
    file = roots.read_or_none()
    rows = Scope.objects.all() if file is not None else []
    scopes = {(row.kind, row.slug): row for row in rows if file is not None and _stands(row, file)}
    found: dict[tuple[str, str, bytes], datetime] = {}
    for row in Certificate.objects.filter(use=use, key__in=keys).order_by("not_after"):
        scope, key = scopes.get((row.kind, row.slug)), bytes(row.key)
        if scope is not None and _is_signed(row, key, scope):
            found[row.kind, row.slug, key] = instant(min(row.not_after, scope.not_after))
    return found


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _is_signed(row: Certificate, key: bytes, scope: Scope) -> bool:
    message = signed_bytes.cert_bytes(row.use, row.kind, row.slug, key, row.not_before, row.not_after)
    good = {
        one["signer"]
        for one in row.sigs
        if one["signer"] in scope.signers
        and signed_bytes.is_signed(certified.point(one["signer"]), message, encoding.decode(one["sig"]))
    }
    return len(good) >= (1 if row.use == DEVICE else scope.quorum)
