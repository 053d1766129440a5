"""Handles requests to read and change a line's settings, to make a new line and to end one."""

from datetime import timedelta

from chat import protocol
from chat.lines.settings import Settings
from chat.lines.templates import Wanted
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import line_settings
from chat.supervision.line_settings import HELD, Shown
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.LineSettings, consumers=CONSOLE, may="line", scope="line")
async def read_line(consumer: consumers.Console, asked: protocol.LineSettings) -> protocol.LineSettingsOk:
    found = await in_database(line_settings.read, consumer.person, asked.line, now=clock.now())
    return _ok(asked.ref, found)


@request(protocol.SetLine, consumers=CONSOLE, may="line", device=APPROVED_NOW, scope="line")
async def set_line(consumer: consumers.Console, asked: protocol.SetLine) -> protocol.LineSettingsOk:
    written = asked.settings
    changed = await in_database(
        line_settings.change,
        consumer.person,
        asked.line,
        Settings(
            name=" ".join(written.name.split()),
            formal=written.formal,
            boost_soon=timedelta(minutes=written.boost_soon),
            boost_acute=timedelta(minutes=written.boost_acute),
            goal_at_once=written.goal_at_once,
            goal_soon=written.goal_soon,
        ),
        {name: getattr(written, name) for name in HELD},
        version=asked.version,
        now=clock.now(),
    )
    return _ok(asked.ref, changed)


@request(protocol.AddLine, consumers=CONSOLE, may="line", device=APPROVED_NOW)
async def add_line(consumer: consumers.Console, asked: protocol.AddLine) -> protocol.AddLineOk:
    wanted = Wanted(
        template=asked.template,
        slug=asked.path.strip().lower(),
        name=" ".join(asked.name.split()),
        phone=" ".join(asked.phone.split()),
    )
    approval = await in_database(line_settings.make, consumer.person, wanted, now=clock.now())
    return protocol.AddLineOk(ref=asked.ref, waits=approval.waits)


@request(protocol.EndLine, consumers=CONSOLE, may="line", device=APPROVED_NOW, scope="line")
async def end_line(consumer: consumers.Console, asked: protocol.EndLine) -> protocol.EndLineOk:
    approval = await in_database(
        line_settings.end, consumer.person, asked.line, ended=asked.ended, now=clock.now()
    )
    return protocol.EndLineOk(ref=asked.ref, waits=approval.waits)


def _ok(ref: str, found: Shown) -> protocol.LineSettingsOk:
    line = found.line
    return copied(
        protocol.LineSettingsOk,
        line,
        ref=ref,
        boost_soon=_minutes(line.boost_soon),
        boost_acute=_minutes(line.boost_acute),
        services=found.services,
        ended=clock.stamp_or_none(line.ended_at),
        templates=found.templates,
        offered=found.offered,
        waits=found.waits,
        inside=copied(protocol.Inside, found.inside),
        asked=found.asked,
    )


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
