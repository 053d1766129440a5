"""Plays supervisors: a second one for a line of the demo, and what their page does with the review key."""

import base64
import json
import secrets
from typing import Any

from benchmarks.signin import Person
from tests.support import sealing
from tests.support.counsellor import CounsellorClient
from tests.support.platform import Platform
from tests.support.sealing import DeviceKey, b64url, unb64url
from tests.support.transcript import Transcript

ADD = """import json
from chat.demo import people
from counsellors.models import Person
row = json.loads({row!r})
for one in Person.objects.filter(alias=row["alias"]):  # of an earlier test, or of the demo
    one.alias = one.username
    one.save(update_fields=["alias"])
people.add(row)"""
LONG_AGO = """from datetime import timedelta
from counsellors.models import Person
from helpline.lib import clock
Person.objects.update(came_at=clock.now() - timedelta(days=90))"""


def a_second_supervisor(platform: Platform, alias: str = "Hanna", line: str = "helpwanted") -> Person:
    """Adds a second supervisor, whom a hold and a reading by two need. The demo has one for each line."""
    row = {
        "username": f"{alias.lower()}-{secrets.token_hex(3)}",
        "password": secrets.token_urlsafe(15),
        "alias": alias,
        "totp_secret": base64.b32encode(secrets.token_bytes(20)).decode(),
        "roles": ["supervisor"],
        "lines": [line],
        "service": None,
    }
    made = platform.manage("shell", "-v", "0", "-c", ADD.format(row=json.dumps(row)))
    if made.returncode:
        raise RuntimeError(made.stderr)
    return Person.from_json(row)


def all_came_long_ago(platform: Platform) -> None:
    """Makes everybody who is there count as a second person, once their device is proven."""
    made = platform.manage("shell", "-v", "0", "-c", LONG_AGO)
    if made.returncode:
        raise RuntimeError(made.stderr)


async def keys_of(client: CounsellorClient, line: str) -> dict[str, Any]:
    """Returns the row of a line in the answer of `keys`."""
    return next(row for row in (await client.request("keys"))["lines"] if row["line"] == line)


async def make_key(client: CounsellorClient, line: str) -> DeviceKey:
    """Makes the next generation of the line's review key in this client."""
    keys = (await keys_of(client, line))["keys"]
    generation = keys[0]["generation"] + 1 if keys else 1
    review = DeviceKey.fresh()
    sealed = sealing.seal_review(review, client.key.public, line, generation)
    public = b64url(review.public)
    await client.request("makekey", line=line, generation=generation, public=public, sealed=b64url(sealed))
    return review


async def give_key(client: CounsellorClient, line: str, other: CounsellorClient) -> None:
    """Shares the present key of the line, opened from the own share, with another supervisor's browser."""
    row = await keys_of(client, line)
    key, theirs = row["keys"][0], b64url(other.key.public)
    device = next(one["id"] for one in row["devices"] if one["key"] == theirs)
    generation, public = key["generation"], unb64url(key["public"])
    review = sealing.open_review(client.key, unb64url(key["share"]), line, generation, public)
    sealed = b64url(sealing.seal_review(review, other.key.public, line, generation))
    await client.request("sharekey", line=line, generation=generation, device=device, sealed=sealed)


async def read(client: CounsellorClient, conversation: str, reading: str) -> list[Transcript]:
    """Opens a reading. Returns the transcript as each review seat opens it."""
    page = await client.request("transcript", reading=reading, since=0)
    public = unb64url(page["public"])
    review = sealing.open_review(
        client.key, unb64url(page["share"]), page["line"], page["generation"], public
    )
    seats = {entry["member"] for entry in page["entries"] if entry.get("role") == "review"}
    return [_as_seat(conversation, seat, review, page) for seat in seats]


def _as_seat(conversation: str, seat: str, review: DeviceKey, page: dict[str, Any]) -> Transcript:
    talk = Transcript(conversation, seat, review)
    for entry in page["entries"]:
        wraps = [row for row in page["wraps"] if (row["member"], row["grant"]) == (seat, entry.get("epoch"))]
        if entry["kind"] == "granted":
            own = next((row["wrap"] for row in wraps if row["epoch"] == row["grant"]), None)
            entry |= {"wrap": own, "history": [row for row in wraps if row["epoch"] < row["grant"]]}
        talk.add(entry)
    return talk
