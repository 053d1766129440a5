"""Brings a caller's page into each of its states, in any language. The staff are clients without a
browser."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, Route, WebSocketRoute, expect

from chat.views import plain_pages
from tests.browser.people import WITHIN, Browsers, opens_menu
from tests.support.cast import carla, gijs
from tests.support.counsellor import CounsellorClient
from tests.support.frames import is_frame
from tests.support.platform import Platform

ELSEWHERE = "data:text/html,<title>elders</title><p>elders"
SMALL = {"width": 360, "height": 640}
NOTHING_SEALS = "Object.defineProperty(crypto, 'subtle', { value: undefined })"
SEND, SENT = ".composer .primary", ".bubble.own .tick"


@dataclass
class Visit:
    """Holds a window, its language, whether it has scripts, and the counsellor who took the caller."""

    browsers: Browsers
    platform: Platform
    language: str
    scripts: bool = True
    page: Page = field(init=False)
    counsellor: CounsellorClient | None = None
    conversation: str = ""

    async def opens(self) -> None:
        self.page = await self.browsers.window(self.platform, SMALL, scripts=self.scripts)

    async def goes_to(self, rest: str = "praat/") -> None:
        await self.page.goto(f"{self.platform.url}/{self.language}/{rest}")

    async def starts(self) -> None:
        await self.goes_to()
        await expect(self.page.locator("#begin")).to_be_enabled(timeout=WITHIN)

    async def waits(self) -> None:
        await self.starts()
        await self.page.locator("#begin").click()
        await expect(self.page.locator(".waiting")).to_be_visible(timeout=WITHIN)

    async def says(self, text: str) -> None:
        await self.page.locator("#text").fill(text)
        await self.page.locator(SEND).click()

    async def is_taken(self) -> None:
        """Sends the caller's message, and then seats the counsellor."""
        await self.waits()
        await self.says("hallo")
        await expect(self.page.locator(SENT)).to_be_visible(timeout=WITHIN)
        self.counsellor = await carla(self.platform)
        self.conversation = (await self.counsellor.take("helpwanted")).conversation
        await expect(self.page.locator(".company")).to_contain_text("Carla", timeout=WITHIN)

    async def talks(self) -> CounsellorClient:
        await self.is_taken()
        assert self.counsellor is not None
        await self.counsellor.post(self.conversation, "Goed dat je er bent. We kijken er samen naar.")
        await expect(self.page.locator(".bubble:not(.own)")).to_be_visible(timeout=WITHIN)
        return self.counsellor

    async def is_asked(self) -> str:
        counsellor = await self.talks()
        brief = await counsellor.brief(self.conversation, "Wil praten over wat er is gebeurd.")
        to = {"service": "csg"}
        invitation = await counsellor.invite(self.conversation, "handoff", to, brief.id)
        await expect(self.page.locator(".card.question")).to_be_visible(timeout=WITHIN)
        return invitation

    async def is_over(self) -> None:
        counsellor = await self.talks()
        await counsellor.close(self.conversation)
        await expect(self.page.locator(".card h2[tabindex]")).to_be_visible(timeout=WITHIN)

    async def line_is(self, **facts: object) -> None:
        """Changes some facts in what the line answers."""

        async def tells(route: Route) -> None:
            found = await (await route.fetch()).json()
            await route.fulfill(body=json.dumps(found | facts), content_type="application/json")

        await self.page.route("**/api/lines/**", tells)


async def lines(visit: Visit) -> None:
    """Shows the list of lines, each with who is there now."""
    await visit.goes_to("")
    for told in await visit.page.locator(".lines .told").all():
        await expect(told).not_to_be_empty(timeout=WITHIN)


async def start(visit: Visit) -> None:
    await visit.starts()


async def intake(visit: Visit) -> None:
    await visit.starts()
    await visit.page.locator(".intake summary").click()


async def acute(visit: Visit) -> None:
    await visit.starts()
    await visit.page.locator("label:has([name=urgency][value='2'])").click()
    await expect(visit.page.locator("#acute")).to_be_visible()


async def waiting(visit: Visit) -> None:
    await visit.waits()


async def your_turn(visit: Visit) -> None:
    await visit.is_taken()


async def talking(visit: Visit) -> None:
    await visit.talks()


async def consent(visit: Visit) -> None:
    await visit.is_asked()


async def handoff(visit: Visit) -> None:
    partner = await gijs(visit.platform, duty="on")
    invitation = await visit.is_asked()
    await visit.page.locator(".card.question .answers button").first.click()
    await partner.until(is_frame("invitation", invitation=invitation, state="ringing"), 45)
    await partner.enter((await partner.answer(invitation))["conversation"])
    await expect(visit.page.locator(".company")).to_contain_text("Centrum Seksueel Geweld", timeout=WITHIN)


async def referred(visit: Visit) -> None:
    """Refers the caller to a service whose hours nobody knows and that is for other callers than this
    line's."""
    counsellor = await visit.talks()
    for service in ("mind", "de-waag"):
        await counsellor.request("refer", conversation=visit.conversation, service=service)
    card = visit.page.locator(".card.told").last
    words = {"nl": "Behandeling als je je zorgen maakt", "en": "Treatment when you worry"}
    await expect(card).to_contain_text(words.get(visit.language, "de Waag"), timeout=WITHIN)


async def counsellor_lost(visit: Visit) -> None:
    counsellor = await visit.talks()
    counsellor.cut()
    await expect(visit.page.locator(".waiting")).to_be_visible(timeout=30_000)
    why = visit.page.locator(".scroll ol.log").first.locator("> li").last
    await expect(why).to_be_in_viewport(ratio=0.95)


async def frozen(visit: Visit) -> None:
    holds = False

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: None if holds else server.send(frame))
        server.on_message(lambda frame: None if holds else socket.send(frame))

    await visit.page.route_web_socket("**/ws/caller/", between)
    await visit.waits()
    holds = True
    await visit.says("hoort iemand mij?")
    await expect(visit.page.locator(".banner")).to_be_visible(timeout=9_000)


async def offline(visit: Visit) -> None:
    await visit.waits()
    await visit.page.context.set_offline(True)
    await expect(visit.page.locator(".banner")).to_be_visible(timeout=WITHIN)


async def blocked(visit: Visit) -> None:
    await visit.page.route_web_socket("**/ws/caller/", lambda socket: socket.close(code=1006, reason=""))
    await visit.starts()
    said = await visit.page.locator("template#texts").evaluate("(one) => JSON.parse(one.content.textContent)")
    await visit.page.locator("#begin").click()
    await expect(visit.page.locator(".company")).to_have_text(said["caller.blocked"], timeout=WITHIN)
    await expect(visit.page.locator(".company")).to_be_in_viewport(ratio=1)


async def refused(visit: Visit) -> None:
    """Lets a server refuse the caller: a key folder is missing, or too many callers come at once."""

    def says_no(socket: WebSocketRoute) -> None:
        def reply(frame: str | bytes) -> None:
            ref = json.loads(frame)["ref"]
            socket.send(json.dumps({"type": "error", "ref": ref, "code": "try_again", "detail": ""}))

        socket.on_message(reply)

    await visit.page.route_web_socket("**/ws/caller/", says_no)
    await visit.starts()
    said = await visit.page.locator("template#texts").evaluate("(one) => JSON.parse(one.content.textContent)")
    await visit.page.locator("#begin").click()
    await expect(visit.page.locator(".company")).to_have_text(said["caller.refused"], timeout=WITHIN)
    await expect(visit.page.locator(".company")).to_be_in_viewport(ratio=1)
    await expect(visit.page.locator(".banner")).to_be_hidden()


async def end(visit: Visit) -> None:
    await visit.is_over()


async def erased(visit: Visit) -> None:
    await visit.is_over()
    await visit.page.locator(".card .erase > button").click()
    await visit.page.locator(".card .erase .answers button").first.click()
    await expect(visit.page.locator("main > h1")).to_be_focused(timeout=WITHIN)


async def came_back(visit: Visit) -> None:
    """Returns with a code, in another window."""
    await visit.talks()
    await opens_menu(visit.page)
    await visit.page.locator("details.later > summary").click()
    await visit.page.locator("details.later button.second").click()
    code = await visit.page.locator("p.code").inner_text()
    await visit.page.locator("details.later button.second").click()
    await visit.page.locator(".code-form input").fill(code)
    await visit.page.locator(".code-form button").click()
    await expect(visit.page.locator("details.later button.quiet")).to_be_visible(timeout=WITHIN)
    await visit.opens()
    await visit.starts()
    await visit.page.locator("#code").click()
    await visit.page.locator(".code-form input").fill(code)
    await visit.page.locator(".code-form button").click()
    await expect(visit.page.locator(".bubble:not(.own)")).to_be_visible(timeout=WITHIN)


async def restored(visit: Visit) -> None:
    await visit.waits()
    await visit.page.goto(ELSEWHERE)
    await visit.page.go_back()
    await expect(visit.page.locator("body.asking h1")).to_be_visible(timeout=WITHIN)


async def closed(visit: Visit) -> None:
    await visit.line_is(open=False, opens="2026-12-01T09:00:00Z")
    await visit.goes_to()
    await expect(visit.page.locator("main > h1")).to_be_focused(timeout=WITHIN)
    await expect(visit.page.locator("#now li").first).to_be_visible()
    await expect(visit.page.locator("#guide a")).to_be_visible()


async def full(visit: Visit) -> None:
    await visit.line_is(full=True)
    await visit.starts()
    await expect(visit.page.locator("#state.full")).to_be_visible()


async def no_javascript(visit: Visit) -> None:
    await visit.goes_to()
    await expect(visit.page.locator("main .warning").first).to_be_visible()


async def a_module_fails(visit: Visit) -> None:
    async def breaks(route: Route) -> None:
        await route.fulfill(status=500)

    await visit.page.route("**/caller/caller.js", breaks)
    await visit.goes_to()
    await expect(visit.page.locator(".late")).to_be_visible(timeout=12_000)
    await expect(visit.page.locator(".late")).to_be_in_viewport(ratio=1)


async def no_webcrypto(visit: Visit) -> None:
    await visit.page.add_init_script(NOTHING_SEALS)
    await visit.goes_to()
    await expect(visit.page.locator("main > h1")).to_be_focused(timeout=WITHIN)
    await expect(visit.page.locator("#now li").first).to_be_visible()


async def nowhere(visit: Visit) -> None:
    await visit.goes_to("nergens/")


async def down(visit: Visit) -> None:
    """Shows what a proxy serves while no process answers."""

    async def shows(route: Route) -> None:
        await route.fulfill(status=502, content_type="text/html; charset=utf-8", body=plain_pages.down())

    await visit.page.route("**/praat/", shows)
    await visit.goes_to()
    await expect(visit.page.locator("#numbers a").first).to_be_visible()


@dataclass(frozen=True)
class State:
    """Describes a state. `acts` is what a person does there next, by keyboard too. `tells` is where it is
    read out."""

    comes: Callable[[Visit], Awaitable[Any]]
    acts: str
    tells: str = ""
    scripts: bool = True

    @property
    def name(self) -> str:
        return self.comes.__name__


WRITES, CALLS, HELP = "#text", "#numbers a", ".help a"
STATES = (
    State(lines, ".lines a"),
    State(start, "#begin", "#state[role=status]"),
    State(intake, "[name=nickname]", "#state[role=status]"),
    State(acute, "#acute a", "[role=status] #acute"),
    State(waiting, WRITES, ".waiting [role=status]"),
    State(your_turn, WRITES, ".company[role=status]"),
    State(talking, WRITES, "[role=log] .bubble:not(.own)"),
    State(consent, ".card.question .answers button", "[role=log] .card.question"),
    State(handoff, WRITES, ".company[role=status]"),
    State(counsellor_lost, WRITES, ".waiting [role=status]"),
    State(frozen, WRITES, ".banner[role=status]"),
    State(offline, WRITES, ".banner[role=status]"),
    State(blocked, CALLS, ".company[role=status]"),
    State(refused, CALLS, ".company[role=status]"),
    State(end, ".card .primary"),
    State(erased, "main .primary"),
    State(came_back, WRITES, "[role=log] .bubble:not(.own)"),
    State(restored, "main .primary"),
    State(closed, HELP),
    State(full, "#begin", "#state[role=status]"),
    State(no_javascript, CALLS, scripts=False),
    State(a_module_fails, CALLS),
    State(no_webcrypto, HELP),
    State(nowhere, "main a"),
    State(referred, ".referral a", "[role=log] .card.told"),
    State(down, CALLS),
)
