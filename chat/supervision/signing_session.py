"""What a root is to sign: who should be able to sign for which line and which service with a desk."""

from django.db.models import QuerySet

from chat.models import Line, Service, Work
from counsellors.certificates.scopes import Wanted
from counsellors.certificates.signed_bytes import LINE, SERVICE
from counsellors.models import Device, Role, Signer


def wanted_scopes() -> list[Wanted]:
    """Every line, and every service with a desk, with the signers that are there: supervisors' browsers.

    A service has those who supervise it, or all lines' where nobody does. Where there is no signer, no scope.
    """
    lines = [str(pk) for pk in Line.objects.real().order_by("pk").values_list("pk", flat=True)]
    found = [_wanted(LINE, line, _signers(Work.objects.filter(line=line))) for line in lines]
    of_lines = _signers(Work.objects.filter(line__in=lines))
    for service in Service.objects.filter(desk=True).order_by("pk"):
        own = _signers(Work.objects.filter(service=service))
        found.append(_wanted(SERVICE, service.pk, own or of_lines))
    return [one for one in found if one.signers]


def without_signer() -> list[str]:
    """Lines for which nobody could sign: no supervisor's browser has a signer."""
    lines = Line.objects.real().order_by("pk").values_list("pk", flat=True)
    return [str(line) for line in lines if not _signers(Work.objects.filter(line=line))]


def _signers(work: QuerySet[Work]) -> list[Signer]:
    """Of the supervisors among them, one each: the newest."""
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
