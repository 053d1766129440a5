"""A caller who has been silent is asked before the conversation ends. The end card shows what was written
last."""

from playwright.async_api import expect

from tests.browser.axe import looks_right
from tests.browser.people import PHONE, WITHIN, Browsers, anna_says, in_both_themes
from tests.support.cast import carla
from tests.support.people import is_frame
from tests.support.platform import Platform

# Sounds and vibrations are recorded, and the page can be hidden.
LISTENS = """
  globalThis.heard = 0;
  globalThis.away = false;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { heard++; return start.apply(this, when); };
  navigator.vibrate = () => { heard++; return true; };
  Object.defineProperty(document, 'visibilityState', { get: () => (away ? 'hidden' : 'visible') });
"""
AGREED = "je belt morgen met je vertrouwenspersoon"


async def test_after_five_silent_minutes_a_caller_is_asked_and_a_yes_is_seen_at_the_other_end(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await browsers.window(laptop, PHONE, touch=True)
    await anna.add_init_script(LISTENS)
    await anna.clock.install()
    await anna.goto(f"{laptop.url}/nl/praat/")
    await expect(anna.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)
    await looks_right(anna)
    await anna.get_by_role("button", name="Begin het gesprek").click()
    tone = anna.locator(".waiting").get_by_role("switch", name="Laat een toon horen")
    await expect(tone).not_to_be_checked(timeout=WITHIN)
    await expect(anna.locator(".waiting").get_by_text("Het blijft stil.")).to_be_visible()
    await anna_says(anna, "hoi")
    await in_both_themes(anna, "sound-off")
    counsellor = await carla(laptop)
    talk = await counsellor.take()
    await counsellor.post(talk.conversation, AGREED)
    await expect(anna.get_by_text(AGREED)).to_be_visible(timeout=WITHIN)
    assert await anna.evaluate("heard") == 0, "nobody asked for a tone"
    title = anna.get_by_role("heading", name="Ben je er nog?")
    await anna.clock.fast_forward("04:00")
    await expect(title).to_be_hidden()
    await anna.evaluate("away = true")
    await anna.clock.fast_forward("01:20")
    await expect(title).to_be_visible()
    assert (await anna.title()).startswith("•")
    assert await anna.evaluate("heard") == 0
    await anna.evaluate("away = false")
    await in_both_themes(anna, "still-there")
    await looks_right(anna)
    await anna.get_by_role("button", name="Ja, ik ben er nog").click()
    await expect(title).to_be_hidden()
    await counsellor.until(is_frame("typing"), 10)
    await anna.clock.fast_forward("04:00")
    await expect(title).to_be_hidden()
    await anna.clock.fast_forward("01:20")
    await expect(title).to_be_visible()
    await anna.locator("#text").fill("ja, sorry")
    await expect(title).to_be_hidden()

    await counsellor.close(talk.conversation)
    end = anna.locator(".card", has=anna.get_by_role("heading", name="Het gesprek is afgelopen"))
    await expect(end.get_by_text("Wat Carla als laatste schreef")).to_be_visible(timeout=WITHIN)
    await expect(end.locator("blockquote")).to_have_text(AGREED)
    await in_both_themes(anna, "end-words")
    await looks_right(anna)
