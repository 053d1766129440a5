"""Each template has ten made-up callers in each language, each with a checklist."""

import pytest

from chat.lines import templates
from chat.practice import scripts
from helpline import languages

WORK = {"acute", "step", "handoff", "referral", "unserious", "answered", "wrapup"}


@pytest.mark.parametrize("name", templates.names())
def test_ten_made_up_callers_together_cover_the_work(name: str) -> None:
    callers = scripts.of_template(name)
    assert len({caller.code for caller in callers}) == len(callers) == 10
    assert {point.sees for caller in callers for point in caller.points} == WORK | {""}
    assert sum(caller.letter for caller in callers) == 1
    assert sum(caller.locale == "en" for caller in callers) == 1
    assert any(turn.away for caller in callers for turn in caller.turns), "somebody leaves and comes back"
    assert max(turn.pause for caller in callers for turn in caller.turns) >= 20, "somebody says little"


@pytest.mark.parametrize("name", templates.names())
def test_each_speaks_two_languages_and_begins_without_an_answer(name: str) -> None:
    for caller in scripts.of_template(name):
        assert all(map(languages.is_complete, (caller.title, caller.about))), caller.code
        assert not caller.turns[0].after_answer
        assert caller.letter or any(turn.after_answer for turn in caller.turns)
        assert all(languages.is_complete(turn.says) and turn.pause > 0 for turn in caller.turns), caller.code


@pytest.mark.parametrize("name", templates.names())
def test_each_has_three_to_six_points_of_which_a_person_ticks_some(name: str) -> None:
    for caller in scripts.of_template(name):
        by_hand = [point for point in caller.points if not point.sees]
        assert 3 <= len(caller.points) <= 6, caller.code
        assert by_hand
        assert all(languages.is_complete(point.says) for point in by_hand), caller.code


@pytest.mark.parametrize("name", templates.names())
def test_no_point_says_what_another_one_of_the_list_says(name: str) -> None:
    """A trainer's tick is stored by its text."""
    for caller in scripts.of_template(name):
        said = [text for point in caller.points for text in set(point.says.values())]
        assert len(said) == len(set(said)), caller.code


@pytest.mark.parametrize("name", templates.names())
def test_what_they_tell_beforehand_is_what_the_line_asks(name: str) -> None:
    line = templates.read(name)
    for caller in scripts.of_template(name):
        assert caller.intake.keys() <= set(line.asks), caller.code
        assert caller.intake.get("age", line.ages[0]) in line.ages
