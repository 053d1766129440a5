"""Sets whether a line keeps removal cases."""

from django.db import transaction

from chat import line_scope
from chat.models import Line
from chat.retention import news
from counsellors import audit
from counsellors.models import Person


@transaction.atomic
def switch(supervisor: Person, slug: str, *, keeps: bool) -> None:
    """Sets whether a line keeps removal cases. On a line that keeps none, no new box of a removal case is
    stored. Raises NotFound for a line that is not the supervisor's."""
    line = line_scope.own_line(supervisor, slug, lock=True)
    if line.cases != keeps:
        Line.objects.filter(pk=line.pk).update(cases=keeps)
        audit.record(supervisor, "cases", subject=slug, detail="on" if keeps else "off")
        news.tell_supervisors(slug)
