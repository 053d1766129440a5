"""Lists the holds and readings that wait for a second supervisor, on all of the supervisor's lines."""

from datetime import datetime

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import request
from chat.requests.retention.holds import hold_row
from chat.requests.retention.readings import reading_row
from chat.retention import holds, readings
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database

type Rows = tuple[list[protocol.HoldRow], list[protocol.ReadingRow]]


@request(protocol.ReviewApprovals, consumers=CONSOLE, may="review")
async def list_review_approvals(
    consumer: consumers.Console, asked: protocol.ReviewApprovals
) -> protocol.ReviewApprovalsOk:
    to_hold, to_read = await in_database(_rows, consumer.person, now=clock.now())
    return protocol.ReviewApprovalsOk(ref=asked.ref, holds=to_hold, readings=to_read)


def _rows(person: Person, *, now: datetime) -> Rows:
    to_hold = [hold_row(one, person, now=now) for one in holds.approvals(person, now=now)]
    return to_hold, [reading_row(one, person) for one in readings.approvals(person, now=now)]
