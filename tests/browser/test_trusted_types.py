"""A page may create the Trusted Types policies that its own scripts use, and no other."""

from playwright.async_api import Page

from tests.browser.axe import looks_right
from tests.browser.people import Browsers, anna_opens, carla_signs_in
from tests.support.platform import Platform

CREATES = """(name) => {
  try { trustedTypes.createPolicy(name, { createHTML: (text) => text }); return "created"; }
  catch (error) { return error.name; }
}"""


async def creates(page: Page, name: str) -> str:
    return str(await page.evaluate(CREATES, name))


async def test_the_caller_s_page_creates_solver_and_not_lit_html(
    browsers: Browsers, laptop: Platform
) -> None:
    anna = await anna_opens(browsers, laptop)
    assert await creates(anna, "solver") == "created"
    assert await creates(anna, "lit-html") == "TypeError"
    assert ["lit-html" in complaint for complaint in browsers.complaints] == [True]
    browsers.complaints.clear()  # as expected, about this policy
    await looks_right(anna)


async def test_the_console_has_created_lit_html_and_creates_no_other(
    browsers: Browsers, laptop: Platform
) -> None:
    carla = await carla_signs_in(browsers, laptop)
    assert browsers.complaints == [], "lit-html was refused"
    assert await creates(carla, "lit-html") == "TypeError", "it is there already"
    assert await creates(carla, "solver") == "TypeError"
    assert len(browsers.complaints) == 2
    browsers.complaints.clear()
    await looks_right(carla)
