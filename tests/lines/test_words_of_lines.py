"""Each line's callers read its own texts, and none of another's."""

import html
import re

import pytest
from django.test import Client

from chat.lines import sentences, templates
from chat.lines.templates import Wanted
from chat.models import Line
from chat.runtime import first_services
from helpline.lib import clock

YOUNG, WORRIED = "young-victims", "worried-adults"
TO_JE = re.compile(r"\b(je|jij|jou|jouw|jezelf)\b", re.IGNORECASE)
TO_U = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
LANGUAGES = ("nl", "en")


@pytest.fixture
def lines(db: None) -> dict[str, Line]:
    first_services.fill()
    return {name: templates.make(Wanted(name), now=clock.now()) for name in templates.names()}


def page(line: Line, language: str, more: str = "") -> str:
    response = Client().get(f"/{language}/{line.path}/{more}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", templates.names())
def test_a_template_says_the_same_things_in_both_languages(name: str) -> None:
    dutch, english = (sentences.own(name, language) for language in LANGUAGES)
    assert dutch.keys() == english.keys()
    assert all(text.strip() for texts in (dutch, english) for text in texts.values())


@pytest.mark.parametrize("more", ["", "meer/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_one_line_is_on_the_pages_of_another(
    lines: dict[str, Line], language: str, more: str
) -> None:
    for name, line in lines.items():
        shown = page(line, language, more)
        for other in lines.keys() - {name}:
            theirs = set(sentences.own(other, language).values()) - set(
                sentences.own(name, language).values()
            )
            assert theirs
            assert [sentence for sentence in theirs if sentence in shown] == []


def test_who_is_worried_reads_nothing_of_threats_or_of_help_for_victims(lines: dict[str, Line]) -> None:
    shown = page(lines[WORRIED], "nl")
    for wrong in ("Betaal niet", "takeitdown", "stopncii", "Kindertelefoon", "Centrum Seksueel Geweld"):
        assert wrong not in shown, wrong
    assert "de Waag" in shown
    assert "Betaal niet" in page(lines[YOUNG], "nl")


def test_numbers_in_the_page_to_read_first_can_be_tapped(lines: dict[str, Line]) -> None:
    shown = page(lines[YOUNG], "nl", "meer/")
    for number in ("112", "113", "0900-8844"):
        assert f'<a href="tel:{number.replace("-", "")}">{number}</a>' in shown


def test_the_page_of_lines_says_nothing_that_stands_on_a_line_s_own_page(lines: dict[str, Line]) -> None:
    """Somebody who looks for one line there reads about the others."""
    for language in LANGUAGES:
        shown = Client().get(f"/{language}/").content.decode()
        for name in lines:
            said = sentences.own(name, language)
            assert said["caller.lines.for"] in shown
            assert said["caller.start.for"] not in shown


def test_adults_are_asked_for_no_child_s_age(lines: dict[str, Line]) -> None:
    assert re.findall(r'name="age" value="([^"]+)"', page(lines[WORRIED], "nl")) == ["18-25", "26+"]
    assert len(re.findall('name="age"', page(lines[YOUNG], "nl"))) == 5


def test_whoever_cannot_speak_aloud_is_led_to_a_chat_on_every_page(lines: dict[str, Line]) -> None:
    """Only services are named whose chat is open at the same times."""
    for name, line in lines.items():
        for more in ("", "meer/"):
            shown = page(line, "nl", more)
            sites = re.findall(r'class="chat" href="([^"]+)"', shown)
            assert sites[0] == "https://113.nl/"
            assert len(sites) == len(templates.read(name).chats)
    assert 'class="chat" href="https://113.nl/"' in Client().get("/nl/").content.decode()


def test_only_a_line_for_victims_leads_to_where_pictures_are_taken_down(lines: dict[str, Line]) -> None:
    assert 'class="sites"' in page(lines[YOUNG], "nl")
    assert 'class="sites"' not in page(lines[WORRIED], "nl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_has_a_page_to_read_first_with_all_that_its_template_says(
    lines: dict[str, Line], language: str
) -> None:
    for name, line in lines.items():
        said = {key: text for key, text in sentences.own(name, language).items() if ".guide." in key}
        shown = html.unescape(re.sub(r"</?a\b[^>]*>", "", page(line, language, "meer/")))
        assert len(said) > 15
        assert [key for key, text in said.items() if text not in shown] == []
        assert said["caller.guide.title"] in html.unescape(page(line, language)), (
            "the line's page leads there"
        )


@pytest.mark.parametrize(("language", "day"), [("nl", "26 november 2026"), ("en", "26 November 2026")])
def test_what_to_do_names_its_sources_and_the_day_on_which_they_were_read(
    lines: dict[str, Line], language: str, day: str
) -> None:
    for more in ("", "meer/"):
        shown = page(lines[YOUNG], language, more)
        assert "Politie (geen spoed), Take It Down (NCMEC)" in shown
        assert day in shown


def test_a_line_asks_beforehand_what_its_template_says(lines: dict[str, Line]) -> None:
    for name, line in lines.items():
        shown = page(line, "nl")
        asked = [
            field for field in ("for", "before", "age", "topic", "nickname") if f'name="{field}"' in shown
        ]
        assert asked == templates.read(name).asks
    assert 'name="before"' in page(lines[WORRIED], "en")


@pytest.mark.parametrize("name", templates.names())
def test_a_line_addresses_everybody_in_one_way(name: str) -> None:
    formal = templates.read(name).formal
    said = sentences.of_template(name, "nl", formal=formal)
    other = TO_JE if formal else TO_U
    assert [(key, text) for key, text in said.items() if other.search(text)] == []


def test_a_third_line_is_made_of_a_template_alone(lines: dict[str, Line]) -> None:
    third = templates.make(Wanted(YOUNG, slug="third", name="Derde lijn"), now=clock.now())
    shown = page(third, "nl")
    assert "Praat met Derde lijn" in shown
    assert sentences.own(YOUNG, "nl")["caller.now.1"] in shown
    assert sentences.own(WORRIED, "nl")["caller.now.1"] not in shown


def test_the_address_of_a_line_from_a_template_does_not_name_it(lines: dict[str, Line]) -> None:
    for line in lines.values():
        assert line.path != line.slug
        assert Client().get(f"/nl/{line.slug}/").status_code == 404
