"""Forgets people who left (counsellors/forgetting.py), and deletes the rows that connect them with lines."""

from datetime import datetime

from django.db import transaction

from chat.models import LastProven, Line, OwnSentence, Practising, Work
from chat.supervision import approvers
from counsellors import forgetting
from counsellors.models import Person


def forget_old(now: datetime) -> int:
    """Forgets everybody who left long enough ago. Returns the number of people."""
    forgetting.note_leavers(now)
    return sum(_forget(person, now) for person in list(forgetting.due(now)))


@transaction.atomic
def _forget(person: Person, now: datetime) -> bool:
    if not forgetting.forget(person, now=now):
        return False
    for model in (Work, OwnSentence, Practising):
        model.objects.filter(person=person).delete()
    # A newer row stays, because with it the person still counts as an approver (approvers.py).
    LastProven.objects.filter(person=person, at__lte=now - approvers.COUNTS_FOR).delete()
    _rename_on_weekdays(person)
    return True


def _rename_on_weekdays(person: Person) -> None:
    """Replaces the person's name wherever a line lists who is responsible for letters on each weekday. The
    entry is not removed, because a line without a name for a weekday could take no letters."""
    known_as = Person.objects.filter(pk=person.pk).values_list("alias", flat=True).first() or ""
    for line in Line.objects.select_for_update(no_key=True).order_by("pk"):
        if person.alias in line.people_of_the_day:
            named = [known_as if name == person.alias else name for name in line.people_of_the_day]
            Line.objects.filter(pk=line.pk).update(people_of_the_day=named)
