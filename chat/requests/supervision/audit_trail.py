"""Lists the newest rows of the audit about a supervisor's lines."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from chat.supervision import audit_trail
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Trail, consumers=CONSOLE, may="review")
async def trail(consumer: consumers.Console, asked: protocol.Trail) -> protocol.TrailOk:
    rows = await in_database(_rows, consumer.person)
    return protocol.TrailOk(ref=asked.ref, rows=rows)


def _rows(supervisor: Person) -> list[protocol.TrailRow]:
    rows = audit_trail.trail(supervisor)
    about = audit_trail.about(supervisor, (row for row, _ in rows))
    return [
        protocol.TrailRow(
            at=clock.stamp(row.at),
            alias=alias,
            action=row.action,
            about=about[row.pk],
            detail=row.detail,
        )
        for row, alias in rows
    ]
