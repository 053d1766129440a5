"""Prepares the scopes for a root to sign: who may sign for which line and for which service."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from chat.lines import staff
from chat.models import Line, Service, Work
from chat.supervision import certificate_ends
from counsellors.certificates import certified, scopes
from counsellors.certificates.scopes import SignedScope, Wanted
from counsellors.certificates.signed_bytes import LINE, MAX_SIGNERS, SERVICE
from counsellors.models import Device, Role, Signer


class TooManySigners(ValueError):
    """At most sixteen browsers may sign for one line or service: revoke one that no longer signs."""


class WouldLose(ValueError):
    """This session would end certifications that are valid now. Sign for these first, or add --anyway:"""


def wanted_scopes() -> list[Wanted]:
    """Returns a scope for every line, and for every service with a desk or with somebody who works for it.
    The signers of a line are the browsers of its current supervisors.

    The signers of a service are the browsers of the service's own supervisors. If it has no supervisor, they
    are the browsers of the lines' supervisors, up to the number that one scope can hold. A line or service
    without a signer gets no scope. Raises TooManySigners.
    """
    lines = [str(pk) for pk in Line.objects.real().order_by("pk").values_list("pk", flat=True)]
    found = [_wanted(LINE, line, _signers(Work.objects.filter(line=line))) for line in lines]
    of_lines = _signers(Work.objects.filter(line__in=lines))
    # A service gets its desk when its first browser is approved, but signers must be able to certify that
    # browser before its approval. Therefore a service needs a scope as soon as somebody works for it.
    for service in Service.objects.filter(Q(desk=True) | Q(work__isnull=False)).distinct().order_by("pk"):
        own = _signers(Work.objects.filter(service=service))
        found.append(_wanted(SERVICE, service.pk, own or of_lines[:MAX_SIGNERS]))
    for one in found:
        if len(one.signers) > MAX_SIGNERS:
            raise TooManySigners(f"{one.slug}: {len(one.signers)}")
    return [one for one in found if one.signers]


def without_signer() -> list[str]:
    """Returns the lines for which nobody could sign, because no browser of their supervisors is a signer."""
    lines = Line.objects.real().order_by("pk").values_list("pk", flat=True)
    return [str(line) for line in lines if not _signers(Work.objects.filter(line=line))]


@transaction.atomic
def take(signed: list[SignedScope], *, anyway: bool, now: datetime) -> int:
    """Stores the signed scopes (`scopes.take`) and returns their serial. Unless `anyway` is set, it raises
    WouldLose, and changes nothing, if the session would end a certification that is valid now.

    A key can lose its certification in two ways. In the first, only an earlier browser of a supervisor had
    certified the key, and the new scope lists the supervisor's newest browser instead. In the second, the
    key's line gets no scope, because the line has no signer. Where nobody could sign before, nothing is
    lost.
    """
    before, letters = certificate_ends.lacking(now=now), certificate_ends.take_letters(now=now)
    serial = scopes.take(signed, now=now)
    lost = certificate_ends.lacking(now=now) - before
    for slug, what in [*lost]:
        if (slug, certificate_ends.NOBODY_SIGNS) in before:
            del lost[slug, what]
    for slug in letters - certificate_ends.take_letters(now=now):
        lost[slug, certificate_ends.LETTERS_END] = 1
    if certified.is_needed() and lost and not anyway:
        raise WouldLose("; ".join(certificate_ends.in_words(lost)))
    for line in Line.objects.real():
        staff.tell_supervisors(line.pk)
    return serial


def _signers(work: QuerySet[Work]) -> list[Signer]:
    """Returns the newest signer of each supervisor among the people in these rows of `Work`."""
    rows = Signer.objects.filter(
        device__person__in=work.values("person"),
        device__person__is_active=True,
        device__person__role_rows__name=Role.Name.SUPERVISOR,
        device__state=Device.State.APPROVED,
    ).select_related("device__person")
    newest = {row.device.person_id: row for row in rows.order_by("made_at")}
    return sorted(newest.values(), key=lambda row: row.key)


def _wanted(kind: str, slug: str, signers: list[Signer]) -> Wanted:
    names = [row.device.person.alias for row in signers]
    return Wanted(kind=kind, slug=slug, signers=[row.key for row in signers], names=names)
