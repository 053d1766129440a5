"""A takedown request is written and copied on the page, and stored nowhere."""

from playwright.async_api import Request, expect

from tests.browser.axe import looks_right
from tests.browser.people import PHONE, WITHIN, Browsers, in_both_themes
from tests.support.platform import Platform

LINK = "https://voorbeeld.example/mijn-beeld"


async def test_a_request_is_made_without_a_word_leaving_the_page(
    browsers: Browsers, laptop: Platform
) -> None:
    page = await browsers.window(laptop, PHONE)
    await page.goto(f"{laptop.url}/nl/praat/")
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)
    await page.get_by_text("Wat je nu al kunt doen").click()
    await page.get_by_text("Laat het weghalen: maak een verzoek").click()
    asked: list[Request] = []
    make = page.get_by_role("button", name="Maak de tekst")
    await make.wait_for()
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 – it marks what it calls
    await make.click()
    await expect(page.get_by_text("Kies wat het is. Vul ook de site en de plek in.")).to_be_visible()
    await page.get_by_label("Welke site of app?").fill("Snapchat")
    await page.get_by_label("Waar staat het?").fill(LINK)
    await page.get_by_label("Een naaktbeeld van mij. Ik was jonger dan 18.").check()
    await make.click()
    text = page.get_by_label("Verzoek om iets weg te halen")
    await expect(text).to_be_focused()
    assert LINK in await text.input_value()
    await expect(page.get_by_text("Je naam hoeft er niet bij.")).to_be_visible()
    await page.get_by_role("button", name="Kopieer de tekst").click()
    await expect(page.locator("#notice [role=status]")).to_contain_text("in het formulier van de site of app")
    there = page.get_by_role("link", name="Open het formulier van Snapchat")
    await expect(there).to_have_attribute("rel", "noreferrer noopener")
    await in_both_themes(page, "notice")
    await looks_right(page)
    # What is fetched while the browser is idle is the same for everybody.
    assert [one.url for one in asked if "/app/" not in one.url or one.method != "GET"] == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    await page.goto(f"{laptop.url}/nl/gesprek/")
    await expect(page.get_by_role("button", name="Begin het gesprek")).to_be_enabled(timeout=WITHIN)
    await expect(page.locator("#notice")).to_have_count(0)
    await looks_right(page)
