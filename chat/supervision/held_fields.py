"""Lists the fields of a line or a service that cannot be changed without approval, each with its kind of
approval request.

These fields decide at which addresses callers find a line, which texts, numbers and sites they are shown, and
where partners and the organisation receive messages. A request holds the old and the new value. To change the
field back, another request is needed.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from chat import bells, states
from chat.handoff import contacts, entries
from chat.lines import addresses, staff, templates
from chat.lines.editions import EMERGENCY
from chat.models import ApprovalRequest, Conversation, Line, Service
from helpline.lib import phone_numbers, signed_post
from helpline.lib.errors import BadFrame, Conflict, NotFound

type Row = Line | Service

Kind = ApprovalRequest.Kind

ENDED = "ended"
HELD: dict[tuple[type[Line] | type[Service], str], str] = {
    (Line, "hosts"): Kind.HOSTS,
    (Line, "path"): Kind.PATH,
    (Line, "template"): Kind.TEMPLATE,
    (Line, "phone"): Kind.LINE_PHONE,
    (Line, "on_call_phone"): Kind.LINE_ON_CALL,
    (Line, "services"): Kind.LINE_SERVICES,
    (Line, "alert_mail"): Kind.ALERT_MAIL,
    (Line, "alert_url"): Kind.ALERT_URL,
    (Line, ENDED): Kind.LINE_ENDED,
    (Service, "phone"): Kind.SERVICE_PHONE,
    (Service, "site"): Kind.SERVICE_SITE,
    (Service, "webhook_url"): Kind.SERVICE_WEBHOOK,
    (Service, ENDED): Kind.SERVICE_ENDED,
}
FIELDS = {kind: field for field, kind in HELD.items()}
SECRETS = {"alert_url": "alert_secret", "webhook_url": "webhook_secret"}
ALERTED = ("alert_mail", "alert_url")
NOTHING = "–"
PHONES = ("phone", "on_call_phone")
UNTOLD = ("alert_mail", "on_call_phone")  # not in the audit: they may be a private address or number
TOLD_BY_HOST = ("alert_url", "webhook_url")


class NothingChanges(Conflict):
    """Nothing would change: this is already the current value."""


class NotSuch(BadFrame):
    """This field cannot have that value."""

    def __init__(self, why: list[str]) -> None:
        super().__init__()
        self.why = " ".join(why)  # Django's messages


class PathTaken(Conflict):
    """Another line has that path."""


class StaysListed(Conflict):
    """112 has to stay in the directory, because every page for callers names it."""


class IsALine(Conflict):
    """Partners hand callers back to this line by its entry, so the entry stays as long as the line does."""


class StillInside(Conflict):
    """Somebody still waits or talks on this line, or a letter is open. Close the line first, and wait."""

    def __init__(self) -> None:
        super().__init__(field=ENDED)


def names(model: type[Row]) -> tuple[str, ...]:
    return tuple(name for owner, name in HELD if owner is model)


def change(kind: str, pk: str, value: Any) -> dict[str, Any]:
    """Returns the current and the new value of the field, as the `value` of an approval request. Raises
    BadFrame for an invalid value, Conflict for a value that another line has, and NothingChanges for the
    current value."""
    row, name = _row(kind, pk), FIELDS[kind][1]
    found = {"was": _read(row, name), "to": _cleaned(row, name, value)}
    if found["was"] == found["to"]:
        raise NothingChanges
    return found


def put(approval: ApprovalRequest, *, now: datetime) -> None:
    """Writes the new value. Raises Conflict if the field was changed after the request, because the approver
    confirmed a change from the old value."""
    row, name = _row(approval.kind, _pk(approval), lock=True), FIELDS[approval.kind][1]
    was, to = approval.value["was"], approval.value["to"]
    if name == "services":  # one that has ended since the request is part of neither
        was, to = _offered(was), _offered(to)
    if _read(row, name) != was:
        raise Conflict
    value = _cleaned(row, name, to)
    if name == "services":
        # The line keeps a service that has ended, and shows it again if the service is brought back.
        row.services.set([*value, *row.services.exclude(ended_at=None)])
    elif name == ENDED:
        _end(row, now if value else None)
    else:
        _write(row, name, value)
    # A form that is open with the old value is then refused: saved as it is, it would ask for the old value.
    type(row).objects.filter(pk=row.pk).update(version=models.F("version") + 1)
    if isinstance(row, Line):
        bells.ring_on_commit(bells.LineChanged(row.pk))
    else:
        entries.tell()


def in_words(approval: ApprovalRequest) -> str:
    """Returns the old and the new value for the approver, like `0900-1 → 0900-2`. For a request to end a line
    or a service, or to bring it back, returns `end` or `back`."""
    if FIELDS[approval.kind][1] == ENDED:
        return "end" if approval.value["to"] else "back"
    return " → ".join(_said(approval.value[one]) for one in ("was", "to"))


def told(approval: ApprovalRequest) -> str:
    """Returns the change for the audit, like `in_words`. A mail address and the number on call are left out,
    and of a webhook only the host is named."""
    name = FIELDS[approval.kind][1]
    if name in UNTOLD:
        return ""
    if name in TOLD_BY_HOST:
        return " → ".join(urlsplit(approval.value[one]).hostname or NOTHING for one in ("was", "to"))
    return in_words(approval)


def name_of(approval: ApprovalRequest) -> str:
    """Returns the service's name, or "" for a line, because the request names its line in another field."""
    return "" if approval.line_id else contacts.name_of(approval.subject)


def _row(kind: str, pk: str, *, lock: bool = False) -> Any:
    model = FIELDS[kind][0]
    rows: models.QuerySet[Any] = Line.objects.real() if model is Line else Service.objects.all()
    if lock:
        # All rows are locked in the same order: if two lines request the same host at the same time, the
        # second check sees the host that the first line got.
        list(rows.select_for_update(no_key=True).order_by("pk").values("pk"))
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _pk(approval: ApprovalRequest) -> str:
    return str(approval.line_id or approval.subject)


def _read(row: Row, name: str) -> Any:
    if name == "services":
        return sorted(row.services.filter(ended_at=None).values_list("pk", flat=True))  # type: ignore[union-attr, misc]
    return getattr(row, name)


def _cleaned(row: Row, name: str, value: Any) -> Any:
    if name == "services":
        return _services(value)
    if name == ENDED:
        if value:
            _require_may_end(row)
        return bool(value)
    try:
        value = row._meta.get_field(name).clean(_tidy(row, name, value), row)  # type: ignore[union-attr]  # noqa: SLF001 – Django documents this attribute
    except ValidationError as error:
        raise NotSuch(error.messages) from error
    if name in PHONES:
        phone_numbers.require(value)
    if name == "hosts":
        addresses.require_free(row.pk, value)
    if name == "template":
        templates.read(value)
    # A line is found by its path or by its slug, so no line may take another one's slug as its path.
    if name == "path" and Line.objects.filter(Q(path=value) | Q(pk=value)).exclude(pk=row.pk).exists():
        raise PathTaken
    return value


def _require_may_end(row: Row) -> None:
    """Raises StaysListed, IsALine or StillInside if the row must not end now. A caller who enters at the same
    time waits for the line's lock, and then finds that the line has ended (queue/admission.py,
    letters/beginning.py)."""
    if isinstance(row, Service):
        if row.pk == EMERGENCY:
            raise StaysListed
        if Line.objects.filter(pk=row.pk, ended_at=None).exists():
            raise IsALine
    elif Conversation.objects.filter(line=row, state__in=states.OPEN).exists():
        raise StillInside


def _tidy(row: Row, name: str, value: str) -> str:
    value = " ".join(value.split())
    if name == "path":
        return value.lower() or row.pk
    return value.lower() if name == "hosts" else value


def _offered(slugs: list[str]) -> list[str]:
    return sorted(Service.objects.offered().filter(pk__in=slugs).values_list("pk", flat=True))


def _services(slugs: list[str]) -> list[str]:
    found = _offered(slugs)
    if found != sorted({*slugs}):
        raise NotFound
    return found


def _write(row: Row, name: str, value: str) -> None:
    """Writes the value. A new address gets a new secret, so that the receiver at the old address cannot sign
    messages to the new one. Whoever is at a new address for alerts is told of an alert that goes on."""
    setattr(row, name, value)
    written = [name]
    if name in ALERTED and isinstance(row, Line):
        row.alerting_for = ""
        written.append("alerting_for")
    if name in SECRETS:
        setattr(row, SECRETS[name], signed_post.new_secret() if value else "")
        written.append(SECRETS[name])
    row.save(update_fields=written)


def _end(row: Row, ended_at: datetime | None) -> None:
    """Ends the line or service, or brings it back if `ended_at` is None. A line that is brought back is
    closed and takes no letters until a supervisor opens it again, whatever was set by hand before. Its entry
    in the referral directory comes back with it."""
    row.ended_at = ended_at
    written = ["ended_at"]
    if isinstance(row, Line):
        row.state, row.letters, row.reason = Line.State.CLOSED, Line.Letters.NEVER, ""
        row.steered_at = row.steered_by = row.steered_until = None
        written += ["state", "letters", "reason", "steered_at", "steered_by", "steered_until"]
        staff.tell_supervisors(row.pk)
        if ended_at is None:
            Service.objects.filter(pk=row.pk).update(ended_at=None)
            entries.tell()
    row.save(update_fields=written)


def _said(value: Any) -> str:
    return (", ".join(value) if isinstance(value, list) else str(value)) or NOTHING
