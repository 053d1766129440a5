"""Shows a supervisor the devices and the lines' keys that they can sign, and stores the signatures that their
browser made."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from chat import line_scope
from chat.lines import staff
from chat.models import Line, LineKey
from chat.retention import news
from chat.supervision import certificate_ends, staff_devices
from chat.supervision.certificate_ends import Need, Place
from counsellors import devices
from counsellors.certificates import roots, signing
from counsellors.certificates.signed_bytes import DEVICE, LINE, SERVICE
from counsellors.certificates.signing import Signed
from counsellors.models import Certificate, Device, Person, Scope, Signer
from helpline.lib.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class DeviceNeeds:
    """Holds a device of one of the supervisor's people, and the lines and services for which it should be
    certified."""

    device: Device
    needs: list[Need]


@dataclass(frozen=True, slots=True)
class KeyNeeds:
    """Describes a line's newest key for one use. `times`: the beginning and the end of the certificate's
    validity, set only while the certificate needs more signatures. `quorum`: how many signers are required;
    `signed`: how many have signed."""

    key: LineKey
    need: Need
    times: tuple[int, int] | None
    signed: int
    quorum: int
    by_me: bool


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """Describes who may sign for a line or a service. `mine` says whether this browser may; `gone` counts
    signers whose device was revoked or who have left."""

    scope: Scope
    name: str
    mine: bool
    gone: int


@dataclass(frozen=True, slots=True)
class Signing:
    """Holds the content of a supervisor's page about signing. `named` says whether the callers' pages list
    roots."""

    named: bool
    signer: Signer | None
    scopes: list[ScopeRow]
    devices: list[DeviceNeeds]
    keys: list[KeyNeeds]


def look(supervisor: Person, device: str | None, *, now: datetime) -> Signing:
    """Returns the content of the page: the scopes of all services and of the supervisor's lines, the devices
    of the supervisor's people, and the keys of these lines."""
    signer, called = signing.of(device), certificate_ends.names()
    mine = {(row.kind, row.slug) for row in signing.may_sign(signer.key)} if signer else set()
    own = set(line_scope.own_lines(supervisor).values_list("pk", flat=True))
    return Signing(
        named=roots.trust() is not None,
        signer=signer,
        scopes=[
            ScopeRow(
                row,
                called.get((row.kind, row.slug), row.slug),
                mine=(row.kind, row.slug) in mine,
                gone=certificate_ends.gone_signers(row),
            )
            for row in Scope.objects.order_by("kind", "slug")
            if row.kind == SERVICE or row.slug in own
        ],
        devices=_devices(supervisor, signer, mine, called, now),
        keys=[
            row
            for line in line_scope.own_lines(supervisor)
            for use in LineKey.Use
            for row in _of_line(line, use, signer, mine, now)
        ],
    )


def make_signer(supervisor: Person, device: str | None, key: bytes, *, now: datetime) -> Signer:
    """Makes this browser a signer. Raises Conflict without an approved device, BadFrame if `key` is not a
    point on the curve."""
    made = signing.register(devices.require_approved(supervisor, device), key, now=now)
    for line in line_scope.own_lines(supervisor):
        staff.tell_supervisors(line.pk)
    return made


@transaction.atomic
def certify(
    supervisor: Person, device: str | None, fingerprint: str, signed: Collection[Signed], *, now: datetime
) -> None:
    """Stores signatures of a device's key. Raises NotFound for a device outside the supervisor's lines, for a
    line or service that the device's owner does not work for, and for a line that is no longer the
    supervisor's. Raises Conflict if this browser may not sign for that line or service."""
    target = staff_devices.find(supervisor, fingerprint)
    signer, places = _signer(device), certificate_ends.places_of(target.person)
    for one in signed:
        if (one.kind, one.slug) not in places:
            raise NotFound
        if one.kind == LINE:
            line_scope.own_line(supervisor, one.slug)
        signing.store(supervisor, signer.key, DEVICE, bytes(target.key), one, now=now)
    staff_devices.tell(target)


@transaction.atomic
def certify_key(
    supervisor: Person,
    device: str | None,
    generation: int,
    signed: Signed,
    *,
    use: str = LineKey.Use.REVIEW,
    now: datetime,
) -> None:
    """Stores this browser's signature of a line's key. Raises Conflict for any generation but the newest."""
    line = line_scope.own_line(supervisor, signed.slug)
    signer, key = _signer(device), _newest_key(line, use)
    if key is None or key.generation != generation:
        raise Conflict
    signing.store(supervisor, signer.key, use, bytes(key.public), signed, now=now)
    news.tell_supervisors(line.pk)


def _signer(device: str | None) -> Signer:
    signer = signing.of(device)
    if signer is None:
        raise Conflict
    return signer


def _newest_key(line: Line, use: str) -> LineKey | None:
    return line.line_keys.filter(use=use, retired_at=None).order_by("-generation").first()


def _devices(
    supervisor: Person, signer: Signer | None, mine: set[Place], called: dict[Place, str], now: datetime
) -> list[DeviceNeeds]:
    rows = line_scope.own_devices(supervisor).exclude(state=Device.State.REVOKED)
    found = list(rows.select_related("person").order_by("person__alias", "enrolled_at"))
    places = certificate_ends.places_of_all({row.person_id for row in found})
    keys = [bytes(row.key) for row in found]
    ends = certificate_ends.ends(DEVICE, keys)
    by_me = _signed_by(signer, keys, now + certificate_ends.WARN_BEFORE)
    return [
        DeviceNeeds(
            row,
            [
                Need(
                    *place,
                    name=called.get(place, place[1]),
                    until=ends.get((*place, bytes(row.key))),
                    mine=place in mine,
                    by_me=(*place, bytes(row.key)) in by_me,
                )
                for place in places.get(row.person_id, [])
            ],
        )
        for row in found
    ]


def _signed_by(
    signer: Signer | None, keys: Collection[bytes], until: datetime
) -> set[tuple[str, str, bytes]]:
    """Returns (kind, slug, key) of each device certificate that this signer signed and that is valid beyond
    `until`. Certificates that end sooner are left out, so that the page lets this signer sign again before
    another signer leaves."""
    lasting = Certificate.objects.filter(not_after__gt=int(until.timestamp()))
    rows = lasting.filter(use=DEVICE, key__in=keys) if signer else ()
    return {
        (row.kind, row.slug, bytes(row.key))
        for row in rows
        if signer is not None and any(one["signer"] == signer.key for one in row.sigs)
    }


def _of_line(
    line: Line, use: str, signer: Signer | None, mine: set[Place], now: datetime
) -> Iterator[KeyNeeds]:
    scope = Scope.objects.filter(kind=LINE, slug=line.pk).first()
    key = _newest_key(line, use)
    if key is None or scope is None:
        return
    public = bytes(key.public)
    until = certificate_ends.ends(use, [public]).get((LINE, line.pk, public))
    begun = Certificate.objects.filter(use=use, slug=line.pk, key=public)
    rows = begun.filter(not_after__gt=int(now.timestamp()))
    row = rows.order_by("-not_after").first()
    by = {one["signer"] for one in row.sigs} & set(scope.signers) if row else set()
    is_half = 0 < len(by) < scope.quorum
    # Once the quorum is reached, `by_me` considers only certificates that are valid long enough. If it is
    # false, the page lets this signer sign, too, because the other signers may leave.
    is_letters = use == LineKey.Use.LETTERS
    ahead = certificate_ends.RENEW_LETTERS_BEFORE if is_letters else certificate_ends.WARN_BEFORE
    lasting = begun.filter(not_after__gt=int((now + ahead).timestamp()))
    covers = by if is_half else {one["signer"] for whole in lasting for one in whole.sigs}
    yield KeyNeeds(
        key=key,
        need=Need(LINE, line.pk, line.name, until, (LINE, line.pk) in mine),
        times=(row.not_before, row.not_after) if row and is_half else None,
        signed=len(by),
        quorum=scope.quorum,
        by_me=signer is not None and signer.key in covers,
    )
