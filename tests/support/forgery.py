"""Plays somebody who reaches Redis and knows the code, but not the server's secret."""

import secrets
import time
from typing import Any

import msgspec
from redis import Redis as Wire

from chat.bells import Bell, ringing
from tests.support.servers import Redis


def plain(*bells: Bell, channel: str) -> bytes:
    """Returns a packet as it would be in a Redis whose layer is not sealed."""
    packet = {
        "type": ringing.GROUP,
        "from": "forger",
        "listens": True,
        "number": 1,
        "bells": msgspec.msgpack.encode(list(bells)),
        "__asgi_channel__": [channel],
    }
    return secrets.token_bytes(12) + msgspec.msgpack.encode(packet)


def forge(redis: Redis, *bells: Bell, garbage: int = 5) -> int:
    """Sends these bells, and meaningless bytes, to every process. Returns the number of processes."""
    wire: Any = Wire.from_url(redis.url)
    channels = [name.decode() for name in wire.zrange(f"helpline:group:{ringing.GROUP}", 0, -1)]
    for channel in channels:
        box = "helpline" + channel.split("!")[0] + "!"
        wire.zadd(box, {plain(*bells, channel=channel): time.time()})
        for length in range(garbage):
            wire.zadd(box, {secrets.token_bytes(5 + 20 * length): time.time()})
    wire.close()
    return len(channels)
