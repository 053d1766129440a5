"""The audit is a chain: a change made without its key is detected."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from counsellors import audit
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock

pytestmark = pytest.mark.django_db


def some_rows(many: int = 5) -> list[AuditRow]:
    for number in range(many):
        audit.record(None, "wall", subject=f"id{number}", detail="open")
    return list(AuditRow.objects.order_by("pk"))


def test_an_untouched_chain_is_whole() -> None:
    assert audit.check().broken is None
    some_rows()
    assert audit.check().broken is None
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert "whole" in out.getvalue()


@pytest.mark.parametrize("field", ["actor", "action", "subject", "detail", "at"])
def test_a_changed_row_is_named(field: str) -> None:
    row = some_rows()[2]
    changed = row.at + timedelta(seconds=1) if field == "at" else "x"
    AuditRow.objects.filter(pk=row.pk).update(**{field: changed})
    assert audit.check().broken == row
    with pytest.raises(CommandError, match=str(row.pk)):
        call_command("audit", "verify")


def test_a_removed_row_breaks_the_chain_at_the_next() -> None:
    rows = some_rows()
    rows[2].delete()
    assert audit.check().broken == rows[3]


def test_a_cut_off_end_is_noticed() -> None:
    rows = some_rows()
    rows[4].delete()
    assert audit.check().broken == rows[3]


def test_a_row_put_in_without_the_secret_is_noticed() -> None:
    some_rows()
    head = AuditHead.objects.get()
    forged = AuditRow.objects.create(at=clock.now(), action="wall", previous=head.mac, mac=bytes(32))
    assert audit.check().broken == forged


def test_rows_beyond_five_years_go_and_the_rest_still_holds() -> None:
    rows = some_rows()
    assert audit.forget_old(clock.now()) == 0
    assert audit.forget_old(rows[-1].at + audit.RETENTION) == 4
    assert audit.check().broken is None


@pytest.mark.parametrize("words", ["", "Looked", "told Anna", "a@b", "10_0_0_1", "line_"])
def test_an_action_that_is_no_code_is_a_mistake_of_ours(words: str) -> None:
    with pytest.raises(ValueError, match="code"):
        audit.record(None, words)
