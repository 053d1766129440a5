"""The audit's chain continues under another key, and what the previous key covers is still checked."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chat.administration import trust
from counsellors import audit
from counsellors.models import AuditHead, AuditRow
from helpline.lib import clock, key_files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """Returns an empty folder of keys."""
    audit._in_use.clear()
    settings.KEY_FOLDERS = [tmp_path / "keys"]
    yield settings.KEY_FOLDERS[0]
    audit._in_use.clear()


def some_rows(many: int = 3) -> None:
    for number in range(many):
        audit.record(None, "wall", subject=f"id{number}")


def rows() -> list[AuditRow]:
    return list(AuditRow.objects.order_by("pk"))


def verified() -> str:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    return out.getvalue().strip()


def another_key() -> None:
    call_command("audit", "key", stdout=StringIO())


def lose_oldest(folder: Path) -> None:
    min(folder.glob("*.audit")).unlink()
    audit._in_use.clear()


def forge(row: AuditRow, key: bytes, **changes: str) -> AuditRow:
    """Writes the row as somebody could who has the database and this key."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.mac = audit.link(row, key)
    row.save()
    return row


def forge_after_the_end(key: bytes, name: str, action: str, **fields: str) -> AuditRow:
    head = AuditHead.objects.get()
    row = forge(AuditRow(at=clock.now(), action=action, previous=bytes(head.mac), **fields), key)
    AuditHead.objects.update(mac=row.mac, count=head.count + 1, key=name)
    return row


def test_a_key_is_made_for_the_first_row_readable_by_the_server_s_account_alone(folder: Path) -> None:
    some_rows()
    (path,) = folder.glob("*.audit")
    assert path.stat().st_mode & 0o777 == 0o600
    assert verified() == "the chain is whole"


def test_the_server_s_secret_has_no_part_in_it(settings: Settings) -> None:
    some_rows()
    settings.SECRET_KEY = "made anew after a laptop was stolen"
    some_rows()
    assert verified() == "the chain is whole"


def test_another_key_begins_with_a_row_that_says_so_and_the_rows_before_still_count() -> None:
    some_rows()
    (before,) = key_files.every("audit")
    another_key()
    now = list(key_files.every("audit"))[-1]
    assert now != before
    last = rows()[-1]
    assert (last.action, last.subject, last.detail) == ("audit_key", now, before)
    some_rows()
    assert [row.action for row in rows()].count("audit_key") == 1
    assert verified() == "the chain is whole"
    AuditRow.objects.filter(pk=rows()[1].pk).update(subject="somebody else")
    with pytest.raises(CommandError, match=rf"broken at row {rows()[1].pk}$"):
        verified()


def test_rows_under_a_key_that_is_lost_are_named_as_unchecked_and_those_after_it_count(folder: Path) -> None:
    some_rows()
    another_key()
    some_rows()
    assert trust.audit_chain().is_well
    lose_oldest(folder)
    assert verified().startswith(f"the chain is whole after row {rows()[2].pk};")
    assert not trust.audit_chain().is_well
    AuditRow.objects.filter(pk=rows()[5].pk).update(subject="somebody else")
    with pytest.raises(CommandError, match=rf"broken at row {rows()[5].pk}\b.*docs/secrets.md"):
        verified()


def test_when_the_key_is_lost_the_next_row_begins_a_new_one(folder: Path) -> None:
    """This is the state after a restore on a new machine to which nobody copied the key."""
    some_rows()
    lose_oldest(folder)
    with pytest.raises(CommandError, match="broken"):
        verified()
    assert trust.audit_chain().is_wrong, "whoever emptied the folder may still have it"
    some_rows()
    assert not trust.audit_chain().is_wrong
    assert verified().startswith(f"the chain is whole after row {rows()[2].pk};")


def test_a_copy_from_before_the_new_key_goes_on_under_the_new_key() -> None:
    """This is the state after last night's backup was restored, if the key was changed since."""
    some_rows()
    head = AuditHead.objects.get()
    another_key()
    AuditRow.objects.filter(pk__gt=rows()[2].pk).delete()
    head.save()
    some_rows()
    assert rows()[3].action == "audit_key"
    assert verified() == "the chain is whole"


def test_while_the_folder_is_away_a_process_goes_on_under_the_key_that_it_used(folder: Path) -> None:
    some_rows()
    away = folder.rename(folder.with_name("away"))
    some_rows()
    assert not folder.exists()
    away.rename(folder)
    assert verified() == "the chain is whole"
    assert len(rows()) == 6


def test_who_has_the_old_key_can_change_nothing_that_was_recorded_under_it() -> None:
    some_rows()
    ((_, old),) = key_files.every("audit").items()
    another_key()
    forge(rows()[2], old, subject="somebody else")
    assert audit.check().broken == rows()[3]


@pytest.mark.parametrize("says_so", [True, False])
def test_who_has_the_old_key_cannot_go_on_under_it(says_so: bool) -> None:
    some_rows()
    ((name, old),) = key_files.every("audit").items()
    another_key()
    now = list(key_files.every("audit"))[-1]
    forged = (
        forge_after_the_end(old, name, "audit_key", subject=name, detail=now)
        if says_so
        else forge_after_the_end(old, name, "wall")
    )
    assert audit.check().broken == forged


def test_a_changed_row_cannot_pass_for_one_whose_key_is_lost() -> None:
    """Somebody who has no key writes a row that says that an unknown key began."""
    some_rows()
    another_key()
    AuditRow.objects.filter(pk=rows()[1].pk).update(action="audit_key", subject="none", mac=bytes(32))
    found = rows()[1]
    AuditRow.objects.filter(pk=found.pk).update(detail=next(iter(key_files.every("audit"))))
    AuditRow.objects.filter(pk=rows()[2].pk).update(previous=bytes(32))
    assert audit.check().broken == rows()[3], "which says under which key the rows before it are"
    AuditRow.objects.filter(pk__gt=rows()[2].pk).delete()
    AuditHead.objects.update(mac=rows()[2].mac)
    assert audit.check().broken == rows()[2], "nor do they at the end"
