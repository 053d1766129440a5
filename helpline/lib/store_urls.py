"""Parses the URLs of the database and of Redis, with one host or, for failover, several.

`postgresql://name:word@one:5432,two:5432/helpline` names a primary and its standbys. Each new connection
tries these hosts in order and uses the one that accepts writes (libpq's `target_session_attrs`, PostgreSQL
10). Parameters after `?` go to libpq, such as `?sslmode=verify-full&sslrootcert=/etc/helpline/db.pem` for TLS
between hosts. `redis+sentinel://:word@one:26379,two:26379,three:26379/mymaster/0` names Sentinels, which know
the current master.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
import redis
from redis.asyncio.retry import Retry as LayerRetry
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

SENTINEL = "redis+sentinel"
# A host that is gone without a word must hold up neither the question to the next Sentinel, nor a worker that
# asks: its rounds have to follow each other within seconds. By default a client tries eleven times.
SENTINEL_SECONDS = 0.5
ONCE: dict[str, Any] = {"retry": Retry(NoBackoff(), 0)}
DATABASES, A_DATABASE = ("postgresql", "postgres", "pgsql"), "postgresql://user:password@host:5432/name"
LAYERS, A_LAYER = ("redis", "rediss", "unix", SENTINEL), "redis://:password@host:6379/0"
POSTGRES_PORT, SENTINEL_PORT = "5432", 26379
# A host that vanished sends nothing, so only the kernel can notice it. Times are in seconds, except
# `tcp_user_timeout`, which is in milliseconds.
FINDS_OUT = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database(url: str) -> dict[str, Any]:
    """Returns Django's settings of the database, with libpq's in OPTIONS."""
    places = urlsplit(url).netloc.rpartition("@")[2]
    found: dict[str, Any] = {**dj_database_url.parse(url.replace(places, places.split(",")[0], 1))}
    found |= {
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**found.get("OPTIONS", {}), **FINDS_OUT},
    }
    if "," in places:
        pairs = [place.partition(":") for place in places.split(",")]
        found["HOST"] = ",".join(unquote(host) for host, _, _ in pairs)
        found["PORT"] = ",".join(port or POSTGRES_PORT for _, _, port in pairs)
        found["OPTIONS"]["target_session_attrs"] = "read-write"
    return found


def pool(most: int) -> dict[str, Any]:
    """Returns psycopg_pool's options for at most this many connections. Times are in seconds.

    The pool tries to replace a lost connection for two seconds, and after that whenever a request needs one.
    By default the pool doubles its wait after each failure, so that after an outage its wait could be as long
    as the outage.
    """
    return {"min_size": 1, "max_size": most, "timeout": 2, "reconnect_timeout": 2}


def layer(url: str) -> dict[str, Any]:
    """Returns the Redis host in the form that channels_redis expects. Raises ValueError for an invalid
    URL."""
    if urlsplit(url).scheme != SENTINEL:
        redis.ConnectionPool.from_url(url)  # raises ValueError for an invalid URL; it does not connect
        return {"address": url}
    sentinels, master, options = _sentinels(url)
    asked = _patience(SENTINEL_SECONDS) | {"retry": LayerRetry(NoBackoff(), 0)}
    return {"sentinels": sentinels, "master_name": master, "sentinel_kwargs": asked, **options}


def bells(url: str, timeout: float) -> "redis.Redis":
    """Returns a client of the current Redis master, to check whether it answers within `timeout` seconds. To
    find that master takes up to SENTINEL_SECONDS for each Sentinel that is away."""
    if urlsplit(url).scheme != SENTINEL:
        return redis.Redis.from_url(url, **_patience(timeout), **ONCE)
    sentinels, master, options = _sentinels(url)
    sentinel: Any = Sentinel
    asked = sentinel(sentinels, sentinel_kwargs=_patience(SENTINEL_SECONDS) | ONCE)
    found: redis.Redis = asked.master_for(master, **_patience(timeout), **ONCE, **options)
    return found


def _patience(seconds: float) -> dict[str, Any]:
    return {"socket_timeout": seconds, "socket_connect_timeout": seconds}


def _sentinels(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    """Returns the Sentinels' addresses, the master's name, and Redis's own password and database number."""
    place = urlsplit(url)
    pairs = [one.partition(":") for one in place.netloc.rpartition("@")[2].split(",")]
    master, _, number = place.path.strip("/").partition("/")
    options: dict[str, Any] = {"db": int(number or 0)}
    if "@" in place.netloc:
        name, _, word = place.netloc.rpartition("@")[0].partition(":")
        options |= {key: unquote(value) for key, value in (("username", name), ("password", word)) if value}
    return [(host, int(port or SENTINEL_PORT)) for host, _, port in pairs], master, options
