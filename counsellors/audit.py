"""Writes what must be answerable later: refusals at a wall, sign-ins, devices."""

from counsellors.models import AuditRow, Person
from helpline.lib import clock

ACTIONS = frozenset(
    {
        "sign_in", "sign_in_refused", "code_refused", "locked", "signed_out", "second_factor_set",
        "wall", "forbidden", "enrolled", "approved", "revoked",
    }
)  # fmt: skip


def record(actor: Person | None, action: str, *, subject: str = "", detail: str = "") -> None:
    """`action` is one of ACTIONS; `subject` an opaque id; `detail` a code. Never text, never an address."""
    if action not in ACTIONS:
        raise ValueError(f"unlisted audit action {action}")
    AuditRow.objects.create(
        at=clock.now(), actor=actor.handle if actor else "", action=action, subject=subject, detail=detail
    )
