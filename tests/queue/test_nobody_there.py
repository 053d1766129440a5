"""Who comes to an open line where nobody is on duty reads that before the first word, and may still wait."""

from typing import Any

import pytest
from django.test import Client

from chat.consumers import queue_news
from chat.letters import conditions
from chat.models import Line
from chat.queue import availability
from counsellors.models import Duty, Person
from helpline.lib import clock
from tests.support.domain.cast import Counsellor, a_caller

pytestmark = pytest.mark.django_db


def told(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/lines/helpwanted/").json()
    return answer


def test_an_open_line_says_whether_anybody_is_there(
    client: Client, helpwanted: Line, carla: Counsellor
) -> None:
    assert (told(client)["open"], told(client)["unspoken"]) == (True, [])
    Duty.objects.update(state="break")
    assert told(client)["unspoken"] == [], "somebody on a break comes back"
    Duty.objects.update(state="on", slots=0)
    assert told(client)["unspoken"] == ["nl", "en"], "who finishes the last conversations takes nobody"
    Duty.objects.update(state="off", slots=4)
    answer = told(client)
    assert (answer["open"], answer["full"], answer["unspoken"]) == (True, False, ["nl", "en"])
    assert answer["says"] == {
        "nl": "Open, nog geen hulpverlener",
        "en": "Open, no counsellor here yet",
    }
    assert a_caller().conversation, "who wants to wait may wait"


def test_a_closed_or_full_line_says_only_that(client: Client, helpwanted: Line) -> None:
    Line.objects.update(state="open", most_waiting=0)
    assert told(client)["says"]["nl"].startswith("Nu heel druk.")
    Line.objects.update(state="closed")
    assert (told(client)["unspoken"], told(client)["says"]["nl"]) == ([], "Nu gesloten")


def test_who_speaks_a_language_that_nobody_there_speaks_reads_that_nobody_is_there(
    client: Client, helpwanted: Line, carla: Counsellor
) -> None:
    Person.objects.update(languages="nl")
    answer = told(client)
    assert answer["unspoken"] == ["en"]
    assert answer["says"] == {"nl": "Nu open", "en": "Open, no counsellor here yet"}
    dutch, english = a_caller(), a_caller(locale="en")
    news = queue_news._news_of("helpwanted", with_people=False)._replace(minutes={0: (1, 3), 1: (4, 9)})
    shown = {pk: news.of(pk, ahead, language) for pk, ahead, language in news.places}
    told_to = [(one.ahead, one.minutes, one.staffed) for one in shown.values()]
    assert list(shown) == [dutch.conversation, english.conversation]
    assert told_to == [(0, (1, 3), True), (1, None, False)], "next gives the second to nobody who is there"


def test_that_nobody_is_there_opens_no_line_to_letters_that_takes_them_only_while_closed(
    helpwanted: Line,
) -> None:
    Line.objects.update(state="open", letters=Line.Letters.CLOSED)
    helpwanted.refresh_from_db()
    assert availability.look(helpwanted, now=clock.now()).state == "open"
    assert conditions.promise_or_none(helpwanted, now=clock.now()) is None
