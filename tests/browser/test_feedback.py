"""After the end a caller answers two questions by one tap each. The answers are not linked to the
conversation."""

import json

from playwright.async_api import Request, expect

from tests.browser.axe import looks_right
from tests.browser.people import (
    PHONE,
    WITHIN,
    Browsers,
    anna_opens,
    anna_says,
    asks_to_stop,
    in_both_themes,
)
from tests.browser.test_return_code import comes_back, copies, writes_down
from tests.support.cast import carla
from tests.support.platform import Platform

LOOK = """from chat.figures import batches
from chat.models import WaitingAnswer
for row in WaitingAnswer.objects.all():
    answer = batches.opened(row)
    print(answer.name, answer.key)"""


async def test_two_taps_are_sent_without_a_cookie_or_a_conversation(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await expect(anna.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await looks_right(anna)
    await anna.locator("#begin").click()
    await anna_says(anna, "hoi")
    counsellor = await carla(laptop)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, "Fijn dat je er bent.")
    await expect(anna.get_by_text("Fijn dat je er bent.")).to_be_visible(timeout=WITHIN)
    sent: list[Request] = []
    anna.on(
        "request", lambda asked: sent.append(asked) if "feedback" in asked.url and asked.post_data else None
    )
    await counsellor.close(talk.conversation)
    heard = anna.get_by_role("group", name="Voelde je je gehoord?")
    await heard.get_by_role("button", name="Ja").click(timeout=WITHIN)
    await expect(heard.get_by_role("button", name="Nee")).to_be_disabled()
    await expect(anna.get_by_text("Dank je wel.")).to_be_visible()
    await in_both_themes(anna, "feedback")
    await looks_right(anna)
    await (
        anna.get_by_role("group", name="Weet je nu wat je kunt doen?")
        .get_by_role("button", name="Een beetje")
        .click()
    )
    await looks_right(anna)
    bodies = [json.loads(asked.post_data or "") for asked in sent]
    assert [set(body) for body in bodies] == [{"ticket", "heard"}, {"ticket", "knows_on"}]
    assert talk.conversation not in json.dumps(bodies)
    heads = [await asked.all_headers() for asked in sent]
    assert [head for head in heads if "cookie" in head] == []
    told = laptop.manage("shell", "-v", "0", "-c", LOOK).stdout.splitlines()
    assert sorted(told) == ["feedback_heard yes", "feedback_knows_on some"]


async def test_a_lost_answer_is_given_again_and_a_second_one_after_a_reload_is_refused(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await expect(anna.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await anna.locator("#begin").click()
    await anna_says(anna, "hoi")
    counsellor = await carla(laptop)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, "Fijn dat je er bent.")
    await expect(anna.get_by_text("Fijn dat je er bent.")).to_be_visible(timeout=WITHIN)
    await counsellor.close(talk.conversation)
    heard = anna.get_by_role("group", name="Voelde je je gehoord?")
    yes = heard.get_by_role("button", name="Ja")
    await anna.route("**/api/feedback/", lambda route: route.abort())
    await yes.click(timeout=WITHIN)
    await expect(anna.get_by_text("Dat lukte niet. Probeer het nog eens.")).to_be_visible()
    await anna.unroute("**/api/feedback/")
    await yes.click()
    await expect(anna.get_by_text("Dank je wel.")).to_be_visible()
    await anna.reload()
    await yes.click(timeout=WITHIN)
    await expect(anna.get_by_text("Dit is al beantwoord, of het is te laat.")).to_be_visible()
    await in_both_themes(anna, "feedback-refused")
    await looks_right(anna)


async def test_who_talked_with_nobody_is_not_asked(browsers: Browsers, laptop: Platform) -> None:
    anna = await browsers.window(laptop, PHONE)
    await anna.goto(f"{laptop.url}/nl/praat/")
    await expect(anna.locator("#begin")).to_be_enabled(timeout=WITHIN)
    await anna.locator("#begin").click()
    await anna_says(anna, "toch maar niet")
    await asks_to_stop(anna)
    await anna.get_by_role("button", name="Ja, stop").click()
    await expect(anna.get_by_role("heading", name="Het gesprek is afgelopen")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_text("Voelde je je gehoord?")).to_be_hidden()
    await looks_right(anna)


async def test_who_comes_back_by_code_after_a_referral_is_asked_whether_it_worked(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    await anna_says(anna, "hoi")
    counsellor = await carla(laptop)
    talk = await counsellor.take()
    code = await writes_down(anna)
    await copies(anna, code)
    await expect(anna.get_by_text("Je code werkt, één keer.")).to_be_visible(timeout=WITHIN)
    await counsellor.request("refer", conversation=talk.conversation, service="csg")
    await counsellor.close(talk.conversation)
    await expect(anna.get_by_role("heading", name="Hoe was dit gesprek?")).to_be_visible(timeout=WITHIN)
    await expect(anna.get_by_text("Is het gelukt")).to_have_count(0)  # no counsellor was there yet
    await looks_right(anna)
    phone = await browsers.window(laptop, PHONE)
    await comes_back(phone, laptop, code)
    asked = phone.get_by_role("group", name="Is het gelukt: Centrum Seksueel Geweld?")
    await asked.get_by_role("button", name="Ja").click(timeout=WITHIN)
    await expect(phone.get_by_text("Dank je wel.")).to_be_visible()
    await in_both_themes(phone, "reached")
    await looks_right(phone)
    assert "feedback_reached yes" in laptop.manage("shell", "-v", "0", "-c", LOOK).stdout.splitlines()
