"""The head of the audit is kept outside the database, so that rows removed from the end are detected."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from counsellors import audit, audit_heads
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock
from tests.administration.test_audit_chain import some_rows

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def file(tmp_path: Path, settings: Settings) -> Path:
    settings.AUDIT_HEADS = tmp_path / "apart" / "audit-heads.log"
    settings.AUDIT_MAIL = []
    return tmp_path / "apart" / "audit-heads.log"


def verify() -> str:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    return out.getvalue()


def cut_off_after(row: AuditRow) -> None:
    """Removes the newest rows as somebody can who has the database, but not the audit's key."""
    gone, _ = AuditRow.objects.filter(pk__gt=row.pk).delete()
    count = AuditHead.objects.get().count - gone
    AuditHead.objects.update(mac=row.mac, count=count)


def test_a_line_is_written_each_hour_in_which_something_was_recorded(file: Path) -> None:
    now = clock.now()
    assert not audit_heads.write(now), "nothing was ever recorded"
    some_rows(2)
    assert audit_heads.write(now)
    assert not audit_heads.write(now + 2 * HOUR), "nothing new"
    some_rows(1)
    assert not audit_heads.write(now + HOUR / 2)
    assert audit_heads.write(now + HOUR)
    lines = file.read_text().splitlines()
    assert [line.split(" ")[1] for line in lines] == ["2", "3"]
    assert lines[-1].endswith(bytes(AuditHead.objects.get().mac).hex())
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_cut_off_end_is_named_even_where_the_head_was_set_back() -> None:
    rows = some_rows()
    audit_heads.write(clock.now())
    assert "whole" in verify()
    cut_off_after(rows[2])
    assert audit.check().broken is None, "what is left fits together"
    with pytest.raises(
        CommandError, match=rf"cut off: it ends at row {rows[2].pk}, .* after 5 rows"
    ) as error:
        verify()
    assert error.value.returncode == 1


def test_a_chain_that_was_cut_off_and_went_on_is_named_too() -> None:
    rows = some_rows()
    audit_heads.write(clock.now())
    cut_off_after(rows[2])
    some_rows(4)
    with pytest.raises(CommandError, match="cut off"):
        verify()


def test_a_chain_that_is_gone_altogether_is_noticed() -> None:
    some_rows()
    audit_heads.write(clock.now())
    AuditRow.objects.all().delete()
    AuditHead.objects.all().delete()
    with pytest.raises(CommandError, match="cut off: it ends at row 0"):
        verify()


def test_what_was_forgotten_after_five_years_is_not_missed() -> None:
    now = clock.now()
    some_rows()
    audit_heads.write(now)
    AuditRow.objects.all().delete()
    assert audit_heads.first_missing(now + audit.RETENTION - HOUR)
    assert audit_heads.first_missing(now + audit.RETENTION + HOUR) is None


def test_a_line_that_a_crash_cut_short_is_no_head(file: Path) -> None:
    some_rows()
    audit_heads.write(clock.now())
    with file.open("a") as cut_short:
        cut_short.write("2026-11-25T14:00:00.000Z 6 ab")
    assert "whole" in verify()


def test_what_a_restored_backup_lacks_is_not_missed_once_that_is_on_record() -> None:
    """The copy was made at the first head. The second head was written later, and is lost with the rows after
    it."""
    copied = some_rows()[-1]
    audit_heads.write(clock.now())
    some_rows()
    audit_heads.write(clock.now() + 2 * HOUR)
    cut_off_after(copied)
    with pytest.raises(CommandError, match="cut off"):
        verify()
    audit_heads.note_restored(clock.now())
    assert "whole" in verify()
    assert AuditRow.objects.filter(action="restored").exists()


def test_who_only_writes_that_it_was_restored_hides_nothing(file: Path) -> None:
    rows = some_rows()
    audit_heads.write(clock.now())
    cut_off_after(rows[0])
    with file.open("a") as lines:
        lines.write(f"{clock.stamp(clock.now())} restored {'0' * 64}\n")
    with pytest.raises(CommandError, match="cut off"):
        verify()
