"""What was done to a supervisor's lines, and by whom: the newest rows of the audit."""

from chat import walls
from counsellors import audit
from counsellors.models import AuditRow, Device, Person

MAX_ROWS = 100
TRAIL = (
    "approved", "revoked", "review_key", "review_share", "review", "hold_asked", "hold_confirmed",
    "hold_dropped", "hold_ended", "line", "queue_front", "rest", "listen", "end", "hours", "alerting",
    "wish_asked", "wish_confirmed", "wish_dropped", "wish_lapsed",
    "passkey_demanded", "passkey_demand_lifted",
    "guest_invited", "guest_link_sent", "guest_link_not_sent", "guest_opened", "guest_wrong_pin",
    "guest_seated", "guest_left",
)  # fmt: skip


def trail(supervisor: Person) -> list[tuple[AuditRow, str]]:
    """The newest rows of the audit by people of the supervisor's lines, with their names; "": the system."""
    lines = list(walls.own_lines(supervisor).values_list("pk", flat=True))
    people = dict(Person.objects.filter(work__line__in=lines).values_list("handle", "alias"))
    devices = Device.objects.filter(person__handle__in=people).values_list("pk", flat=True)
    rows = audit.newest(TRAIL, people, MAX_ROWS, about=[*lines, *devices])
    return [(row, people.get(row.actor, "")) for row in rows]
