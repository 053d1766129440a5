"""A line's supervisors see what its first days still lack, until nothing does."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest

from chat.models import ApprovalRequest, Line, LineKey, WeeklyHours, Work
from chat.supervision import beginning
from chat.supervision.beginning import What
from counsellors.certificates import roots
from counsellors.models import Device, Person, Role, Scope, Signer
from helpline.lib import backup_files, clock
from helpline.lib.errors import NotFound
from tests.support.cast import floor as floor_at_the_board
from tests.support.domain.cast import Counsellor, a_point, later
from tests.support.domain.supervisors import a_supervisor, audited
from tests.support.platform import Platform

pytestmark = pytest.mark.django_db
HOUR = 3600


def lacks(who: Counsellor) -> list[str]:
    return [step.what for step in beginning.steps(who.person, now=clock.now()) if step.lines]


def waits(who: Counsellor) -> list[str]:
    return [step.what for step in beginning.steps(who.person, now=clock.now()) if step.waits]


def all_steps(who: Counsellor) -> list[str]:
    return [step.what for step in beginning.steps(who.person, now=clock.now())]


@pytest.fixture
def floor(helpwanted: Line) -> Counsellor:
    Line.objects.filter(pk=helpwanted.pk).update(state=Line.State.HOURS)
    return a_supervisor("Floor", helpwanted)


def invites_noor(floor: Counsellor, line: Line) -> Person:
    noor = Person.objects.invite("noor", "Noor", by=floor.person)
    for role in (Role.Name.SUPERVISOR, Role.Name.COUNSELLOR):
        Role.objects.create(person=noor, name=role)
    Work.objects.create(person=noor, line=line)
    return noor


def test_the_first_supervisor_lacks_all_that_this_installation_has(floor: Counsellor) -> None:
    absent = {What.SIGNING, What.LETTERS_KEY, What.BACKUP}
    assert lacks(floor) == [what for what in What if what not in absent]
    assert waits(floor) == []


def test_each_thing_that_is_done_leaves_the_list(floor: Counsellor, helpwanted: Line) -> None:
    left = lacks(floor)
    noor = invites_noor(floor, helpwanted)
    Person.objects.filter(pk=noor.pk).update(is_active=True, came_at=clock.now())
    assert lacks(floor) == [left[0], *left[2:]], "who came in counts"
    made = Device.objects.create(
        pk="noor",
        person=noor,
        key=a_point(),
        fingerprint="noor",
        label="hers",
        enrolled_at=clock.now(),
        used_at=clock.now(),
    )
    assert waits(floor) == [What.SUPERVISORS, What.DEVICES]
    Device.objects.filter(pk=made.pk).update(state=Device.State.APPROVED)
    assert lacks(floor) == left[3:], "a second supervisor counts once their device does"
    Line.objects.filter(pk=helpwanted.pk).update(review_key=b"\x04" * 65, alert_mail="wacht@example.org")
    assert lacks(floor) == [What.HOURS, What.WORDS, What.NUMBERS]
    WeeklyHours.objects.create(line=helpwanted, weekday=0, opens=time(9), closes=time(17))
    beginning.note_numbers_read(floor.person, "helpwanted", now=clock.now())
    assert lacks(floor) == [What.WORDS]
    beginning.note_words_read(floor.person, "helpwanted", now=clock.now())
    assert lacks(floor) == []
    assert audited("numbers_read", floor.person) == audited("words_read", floor.person) == [""]


def test_what_somebody_else_has_to_go_on_with_waits(floor: Counsellor, helpwanted: Line) -> None:
    invites_noor(floor, helpwanted)
    assert waits(floor) == [What.SUPERVISORS, What.COUNSELLORS]
    LineKey.objects.create(line=helpwanted, generation=1, public=a_point(), made_at=clock.now())
    ApprovalRequest.objects.create(
        kind=ApprovalRequest.Kind.ALERT_MAIL, line=helpwanted, asked_by=floor.person, asked_at=clock.now()
    )
    assert waits(floor) == [What.SUPERVISORS, What.COUNSELLORS, What.REVIEW_KEY, What.ALERTS]
    assert {What.REVIEW_KEY, What.ALERTS} <= {*lacks(floor)}


def test_a_letters_key_is_asked_for_where_a_line_takes_letters(floor: Counsellor, helpwanted: Line) -> None:
    assert What.LETTERS_KEY not in all_steps(floor)
    Line.objects.filter(pk=helpwanted.pk).update(letters=Line.Letters.CLOSED)
    assert What.LETTERS_KEY in lacks(floor)
    LineKey.objects.create(
        line=helpwanted, use="letters", generation=1, public=a_point(), made_at=clock.now()
    )
    assert What.LETTERS_KEY in waits(floor)
    Line.objects.filter(pk=helpwanted.pk).update(letters_key=b"\x04" * 65)
    assert What.LETTERS_KEY in all_steps(floor)
    assert What.LETTERS_KEY not in lacks(floor)


def test_a_backup_is_asked_for_where_one_is_made_until_a_recent_one_lies_there(
    floor: Counsellor, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_FOLDER = tmp_path
    (tmp_path / later(clock.now(), -49 * HOUR).strftime(backup_files.NAME)).touch()
    assert What.BACKUP in lacks(floor)
    assert What.BACKUP in waits(floor), "for whoever runs the server"
    (tmp_path / later(clock.now(), -47 * HOUR).strftime(backup_files.NAME)).touch()
    assert What.BACKUP not in lacks(floor)


def test_where_a_root_is_signatures_are_asked_for_until_it_signed(
    floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = roots.File(roots=[roots.Root(point="x", since=0, named=True)])
    monkeypatch.setattr(roots, "read_or_none", lambda: file)
    assert What.SIGNING in lacks(floor)
    assert What.SIGNING not in waits(floor)
    Signer.objects.create(key="s", device=floor.device, made_at=clock.now())
    assert What.SIGNING in waits(floor), "for whoever has the root's words"
    Scope.objects.create(kind="line", slug="helpwanted", serial=1, not_after=1, quorum=1, signers=[])
    assert What.SIGNING not in lacks(floor)


def test_only_the_own_lines_are_named(floor: Counsellor, stopitnow: Line) -> None:
    found = beginning.steps(floor.person, now=clock.now())
    assert {line for step in found for line in step.lines} == {"helpwanted"}
    for note in (beginning.note_numbers_read, beginning.note_words_read):
        with pytest.raises(NotFound):
            note(floor.person, stopitnow.pk, now=clock.now())


async def test_a_board_that_is_open_is_told_when_a_colleague_takes_a_step(platform: Platform) -> None:
    supervisor, colleague = await floor_at_the_board(platform), await floor_at_the_board(platform)

    async def lacking() -> set[str]:
        steps = (await colleague.request("beginning"))["steps"]
        return {step["what"] for step in steps if step["lines"]}

    assert "words" in await lacking()
    await supervisor.request("wordsread", line="helpwanted")
    await colleague.until(lambda frame: frame["type"] == "staff", 15)
    assert "words" not in await lacking()
    await supervisor.request("line", line="helpwanted", state="closed", most=None, reason=None)
    await colleague.until(lambda frame: frame["type"] == "staff", 15)
    await supervisor.request("line", line="helpwanted", state="open", most=None, reason=None)
    await colleague.until(lambda frame: frame["type"] == "staff", 15)
