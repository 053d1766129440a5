"""Somebody who guesses learns nothing, neither from the text of a refusal nor from its time."""

import statistics
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from tests.faults.pairs import phone
from tests.support.people import CallerClient, Refused
from tests.support.platform import Platform
from tests.support.sealing import b64url

pytestmark = pytest.mark.stack
TRIES, EACH = 200, 25
WITHIN = 0.002  # seconds between the medians that load alone may cause
MOST = 0.6  # of the rounds in which one case may be the slowest; by chance it is a third


def rounds(times: dict[str, list[float]]) -> Iterator[dict[str, float]]:
    """Returns what each case took, round by round."""
    for took in zip(*times.values(), strict=True):
        yield dict(zip(times, took, strict=True))


async def test_a_foreign_token_a_guessed_id_and_one_that_was_purged_are_refused_alike(
    steady: Platform,
) -> None:
    here, other, gone = [await phone(steady, name) for name in ("here", "other", "gone")]
    gone.stays = False
    purged = gone.conversation, gone.token
    await gone.erase()
    cases = {
        "a foreign token": (here.conversation, other.token),
        "a guessed id": (b64url(bytes(16)), here.token),
        "a token after the purge": purged,
    }
    times: dict[str, list[float]] = {name: [] for name in cases}
    sentences = set()
    for number in range(TRIES):
        if number % EACH == 0:  # more requests from one socket would be throttled
            stranger = await CallerClient(steady.urls[0]).connect()
            steady.guests.append(stranger)
        for name, (conversation, token) in cases.items():  # in turn, so that other load affects all of them
            begun = time.perf_counter()
            with pytest.raises(Refused) as refused:
                await stranger.request("resume", conversation=conversation, token=token, since=0)
            times[name].append(time.perf_counter() - begun)
            sentences.add((refused.value.code, str(refused.value.frame.get("detail"))))
    assert [code for code, _ in sentences] == ["not_found"], sentences
    medians = {name: statistics.median(values) for name, values in times.items()}
    slowest = Counter(max(took, key=lambda name: took[name]) for took in rounds(times))
    # Load moves a median, but it does not choose the same case each time.
    apart = max(medians.values()) - min(medians.values())
    assert apart < WITHIN or max(slowest.values()) < MOST * TRIES, (medians, slowest)
    with psycopg.connect(steady.stores["DATABASE_URL"]) as connection:
        found = connection.execute(
            b"SELECT count(*) FROM chat_conversation WHERE id = %s", (purged[0],)
        ).fetchone()
    assert found == (0,)
