"""No conversation is kept for more than 90 days, whoever asks for it and in whatever way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from chat.models import Conversation, Line
from tests.support.domain.cast import a_caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MOST, OUTSIDE = (
    timedelta(days=90),
    [timedelta(days=90, seconds=1), timedelta(days=3650), timedelta(seconds=-1)],
)


@pytest.mark.parametrize("outside", OUTSIDE)
@pytest.mark.parametrize("rows", [Line, Conversation])
def test_the_database_refuses_a_retention_outside_its_bounds(
    helpwanted: Line, rows: type[Line] | type[Conversation], outside: timedelta
) -> None:
    a_caller()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._default_manager.update(retention=outside)


@pytest.mark.parametrize("inside", [timedelta(), MOST])
def test_nothing_and_ninety_days_are_within(helpwanted: Line, inside: timedelta) -> None:
    a_caller()
    assert Line.objects.update(retention=inside) == Conversation.objects.update(retention=inside) == 1
