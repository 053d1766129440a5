"""A line begins with its template's ready sentences, a change keeps the old text, and one's own stay one's
own."""

from collections.abc import Callable

import pytest

from chat import bells
from chat.lines import ready_sentences, templates
from chat.lines.ready_sentences import NoSuchVariable, SaysNothing, TooManySentences, Written
from chat.lines.templates import Wanted
from chat.models import Line, OwnCode, ReadySentence
from counsellors.models import AuditRow
from helpline.lib import clock
from helpline.lib.errors import NotFound
from tests.support.domain.cast import Counsellor
from tests.support.domain.fixtures import Rung
from tests.support.texts import both

CALL = Written("Gevaar", both("Bel nu 112.", "Call 112 now."))
ASK = Written("Begin", both("Ben je veilig, {nickname|jij}?", "Are you safe?", "Bent u veilig?"))


def added(floor: Counsellor, written: Written = CALL) -> ReadySentence:
    rows = ready_sentences.add(floor.person, "helpwanted", written, now=clock.now())
    return next(row for row in rows if row.says["nl"] == written.says["nl"] and row.ended is None)


@pytest.mark.django_db
@pytest.mark.parametrize("name", templates.names())
def test_a_line_begins_with_the_sentences_and_codes_of_its_template(name: str) -> None:
    line = templates.make(Wanted(name), now=clock.now())
    told = templates.ready_sentences(name)
    rows = ReadySentence.objects.filter(line=line)
    assert [(row.folder, row.says) for row in rows.order_by("pk")] == [(one.folder, one.says) for one in told]
    assert len(told) >= 8
    assert {row.code for row in OwnCode.objects.filter(line=line)} == {
        one.code for one in templates.read(name).codes
    }
    for one in told:
        ready_sentences._check(Written(one.folder, one.says))


def test_a_new_sentence_is_offered_to_all_who_work_for_the_line_and_to_nobody_else(
    helpwanted: Line, stopitnow: Line, carla: Counsellor, esra: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    heard = rung(lambda: added(floor))
    assert {bell.person for bell in heard if isinstance(bell, bells.SentencesChanged)} == {
        carla.person.pk,
        floor.person.pk,
    }
    assert [row.says["nl"] for row in ready_sentences.offered_to(carla.person).of_lines] == ["Bel nu 112."]
    assert ready_sentences.offered_to(esra.person).of_lines == []
    assert AuditRow.objects.filter(action="sentence", subject="helpwanted", detail="added").exists()


def test_a_change_is_offered_at_once_and_what_was_said_stays_to_be_read(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    first = added(floor)
    rows = ready_sentences.change(floor.person, "helpwanted", first.name, ASK, now=clock.now())
    assert [(row.says["nl"], row.ended is None) for row in rows] == [
        (ASK.says["nl"], True),
        (CALL.says["nl"], False),
    ]
    assert [row.says["nl"] for row in ready_sentences.offered_to(carla.person).of_lines] == [ASK.says["nl"]]
    rows = ready_sentences.end(floor.person, "helpwanted", first.name, now=clock.now())
    assert all(row.ended for row in rows)
    assert ready_sentences.offered_to(carla.person).of_lines == []


def test_a_changed_sentence_stands_where_it_stood(
    helpwanted: Line, carla: Counsellor, floor: Counsellor
) -> None:
    first = added(floor)
    added(floor, Written("Gevaar", both("Ga naar buiten.", "Go outside.")))
    changed = Written("Gevaar", both("Bel nu 112. Ik blijf hier.", "Call 112 now. I stay here."))
    rows = ready_sentences.change(floor.person, "helpwanted", first.name, changed, now=clock.now())
    order = [changed.says["nl"], "Ga naar buiten."]
    assert [row.says["nl"] for row in rows if row.ended is None] == order
    assert [row.says["nl"] for row in ready_sentences.offered_to(carla.person).of_lines] == order


def test_what_ended_is_neither_changed_nor_ended_again(helpwanted: Line, floor: Counsellor) -> None:
    first = added(floor)
    ready_sentences.end(floor.person, "helpwanted", first.name, now=clock.now())
    with pytest.raises(NotFound):
        ready_sentences.end(floor.person, "helpwanted", first.name, now=clock.now())
    with pytest.raises(NotFound):
        ready_sentences.change(floor.person, "helpwanted", first.name, ASK, now=clock.now())


def test_another_line_s_supervisor_neither_reads_nor_writes_them(
    helpwanted: Line, stopitnow: Line, floor: Counsellor
) -> None:
    actions: list[Callable[[], object]] = [
        lambda: ready_sentences.of_line(floor.person, "stopitnow"),
        lambda: ready_sentences.add(floor.person, "stopitnow", CALL, now=clock.now()),
        lambda: ready_sentences.change(floor.person, "stopitnow", "x", CALL, now=clock.now()),
        lambda: ready_sentences.end(floor.person, "stopitnow", "x", now=clock.now()),
    ]
    for action in actions:
        with pytest.raises(NotFound):
            action()


@pytest.mark.parametrize(
    "written",
    [Written("", both("a", "b")), Written("Map", both("", "b")), Written("Map", both("a", ""))],
)
def test_a_sentence_has_a_folder_and_both_languages(
    helpwanted: Line, floor: Counsellor, written: Written
) -> None:
    with pytest.raises(SaysNothing):
        added(floor, written)


@pytest.mark.parametrize("text", ["{nickname}", "{phone|bel}", "{me|", "me|x}", "{me|{line|x}}"])
def test_between_braces_stands_what_the_browser_knows_with_what_is_said_without_it(
    helpwanted: Line, floor: Counsellor, carla: Counsellor, text: str
) -> None:
    with pytest.raises(NoSuchVariable):
        added(floor, Written("Map", both(text, "b")))
    with pytest.raises(NoSuchVariable):
        ready_sentences.keep_own(carla.person, "nl", [text])


def test_two_hundred_are_offered_at_most(
    helpwanted: Line, floor: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ready_sentences.MAX_SENTENCES == 200
    monkeypatch.setattr(ready_sentences, "MAX_SENTENCES", 2)
    first = added(floor)
    added(floor, ASK)
    with pytest.raises(TooManySentences):
        added(floor, Written("Map", both("Nog een.", "One more.")))
    ready_sentences.end(floor.person, "helpwanted", first.name, now=clock.now())
    added(floor, Written("Map", both("Nog een.", "One more.")))


def test_one_s_own_replace_those_of_that_language_and_ring_at_one_s_other_console(
    helpwanted: Line, carla: Counsellor, floor: Counsellor, rung: Rung
) -> None:
    ready_sentences.keep_own(carla.person, "en", ["Hello."])
    heard = rung(lambda: ready_sentences.keep_own(carla.person, "nl", ["Hoi.", "", "Dag."]))
    assert [bell.person for bell in heard if isinstance(bell, bells.SentencesChanged)] == [carla.person.pk]
    ready_sentences.keep_own(carla.person, "nl", ["Dag."])
    own = ready_sentences.offered_to(carla.person).own
    assert [(row.language, row.text) for row in own] == [("en", "Hello."), ("nl", "Dag.")]
    assert ready_sentences.offered_to(floor.person).own == []
