"""Changes the time of a shift, or how many people are wanted on it. Everybody on it stays on it."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from chat.planning import places, shifts
from chat.planning.models import Place, Shift, Swap
from chat.planning.shifts import ThereAlready, When
from counsellors import audit
from counsellors.models import Person
from helpline.lib.errors import Conflict


class SomebodyElsewhere(Conflict):
    """Somebody on this shift is on another one at that time. Take them off first."""


@transaction.atomic
def change(supervisor: Person, pk: str, when: When, wanted: int) -> None:
    """Changes the shift and keeps the people on it. Raises SomebodyElsewhere if one of them is on another
    shift at the new time, and ThereAlready if the line has a shift with these times."""
    shift = shifts.own_shift(supervisor, pk, lock=True)
    starts, ends = when.span
    try:
        with transaction.atomic():
            Shift.objects.filter(pk=pk).update(starts_at=starts, ends_at=ends, wanted=shifts.checked(wanted))
    except IntegrityError:
        raise ThereAlready from None
    if (shift.starts_at, shift.ends_at) != (starts, ends):
        Place.objects.filter(shift=pk).update(reminded=False)
        # Open swaps are deleted, because they were requested for the old times.
        Swap.objects.filter(Q(given__shift=pk) | Q(wanted__shift=pk)).delete()
        if not places.are_free(Shift.objects.get(pk=pk)):
            raise SomebodyElsewhere
    audit.record(supervisor, "rota", subject=shift.line_id, detail=f"{when.day} changed")
    shifts.tell(shift.line_id)
