"""Handles forms in which some fields need a second supervisor: asks for approval of these fields, and returns
the values that wait for approval."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chat.lines.addresses import CommonHost, HostTaken
from chat.models import ApprovalRequest
from chat.supervision import held_fields, needs_approval
from chat.supervision.held_fields import ENDED, NothingChanges, PathTaken, Row
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, NotFound, WrongField


class AskedAlready(Conflict):
    """A colleague asked for another value of this field. That request has to be decided first."""

    def __init__(self, field: str) -> None:
        super().__init__(field=field)


def ask(
    by: Person, kinds: Mapping[str, str], pk: str, held: Mapping[str, Any], *, now: datetime
) -> list[str]:
    """Asks for approval of each field that changes, and returns the names of the fields that now wait for
    approval. Raises WrongField for a value that the field cannot have, and AskedAlready if a colleague's
    request for the field is open."""
    asked = []
    for name, value in held.items():
        try:
            approval = needs_approval.set_field(by, kinds[name], pk, value, now=now)
        except NothingChanges:
            continue
        except (BadFrame, NotFound, PathTaken, HostTaken, CommonHost) as wrong:
            raise WrongField(name) from wrong
        except Conflict as open_already:
            raise AskedAlready(name) from open_already
        asked += [name] if approval.waits else []
    return asked


def waiting(model: type[Row], *, now: datetime) -> dict[str, dict[str, str]]:
    """Returns the new values that wait for a second supervisor: for each row's primary key, a dict from field
    to value. For the field `ended`, the value is `end` or `back`."""
    names = {kind: name for (owner, name), kind in held_fields.HELD.items() if owner is model}
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for one in ApprovalRequest.objects.open(now).filter(kind__in=names):
        name, to = names[one.kind], one.value["to"]
        said = " ".join(to) if isinstance(to, list) else str(to)
        found[str(one.line_id or one.subject)][name] = held_fields.in_words(one) if name == ENDED else said
    return found
