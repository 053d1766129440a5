"""`helpline check` reports a line that should take letters but takes none, and a promise that was broken."""

from datetime import timedelta

from chat.administration import trust
from chat.models import Line
from helpline.lib import clock
from tests.support.domain.letters import sent


def test_a_line_that_takes_letters_and_answers_them_is_well(post_box: Line) -> None:
    sent()
    found = trust.letters(clock.now())
    assert (found.words, found.advice) == ("each line that takes them can", "")


def test_a_line_that_lacks_something_is_named_with_what_it_lacks(post_box: Line) -> None:
    post_box.alert_mail, post_box.people_of_the_day = "", []
    post_box.save()
    found = trust.letters(clock.now())
    lacks = "an address for alarms, a person of each day"
    assert found.words == f"Helpwanted takes none, for want of {lacks}"
    assert "board" in found.advice
    assert not found.is_wrong, "what supervisors mend fails no visit"


def test_a_broken_promise_is_named_with_its_line(post_box: Line) -> None:
    sent()
    found = trust.letters(clock.now() + timedelta(hours=25))
    assert found.words == "Helpwanted: 1 should have been answered"


def test_where_letters_are_switched_off_nothing_lacks(post_box: Line) -> None:
    post_box.letters, post_box.letters_key = Line.Letters.NEVER, None
    post_box.save()
    assert trust.letters(clock.now()).words == "no line takes any"


def test_each_thing_that_a_line_can_lack_has_words(post_box: Line) -> None:
    post_box.letters_key = post_box.review_key = None
    post_box.save()
    assert "a letters key, a review key" in trust.letters(clock.now()).words
