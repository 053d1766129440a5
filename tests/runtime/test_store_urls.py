"""A URL may have one address, or several for failover, as PostgreSQL's and Redis' own clients accept them."""

import socket
import time

import psycopg
import pytest
import redis
from psycopg.conninfo import make_conninfo
from redis.sentinel import MasterNotFoundError

from helpline.lib import store_urls, stores
from tests.support.servers import Postgres, free_ports


def test_one_database_is_one_address() -> None:
    found = store_urls.database("postgresql://anna:a%40b@db.example:5433/helpline")
    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.example", 5433, "a@b")
    assert "target_session_attrs" not in found["OPTIONS"]
    assert found["OPTIONS"]["tcp_user_timeout"] == 10_000


def test_what_libpq_is_told_of_tls_stays() -> None:
    found = store_urls.database("postgresql://a@one,two/helpline?sslmode=verify-full&sslrootcert=/x.pem")
    assert (found["OPTIONS"]["sslmode"], found["OPTIONS"]["sslrootcert"]) == ("verify-full", "/x.pem")
    assert found["NAME"] == "helpline"


def test_a_socket_is_an_address_too() -> None:
    found = store_urls.database("postgresql://helpline@%2Frun%2Fpostgresql/helpline")
    assert (found["HOST"], found["USER"], found["NAME"]) == ("/run/postgresql", "helpline", "helpline")


def test_of_several_databases_the_one_counts_that_may_be_written() -> None:
    found = store_urls.database("postgresql://anna:word@one:5433,two/helpline")
    assert (found["HOST"], found["PORT"]) == ("one,two", "5433,5432")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("anna", "word", "helpline")
    assert found["OPTIONS"]["target_session_attrs"] == "read-write"


@pytest.mark.stack
def test_an_address_where_nobody_listens_is_passed_over(postgres: Postgres) -> None:
    found = store_urls.database(
        f"postgresql://helpline@127.0.0.1:{free_ports()},127.0.0.1:{postgres.port}/postgres"
    )
    names = {"host": found["HOST"], "port": found["PORT"], "user": found["USER"], "dbname": found["NAME"]}
    with psycopg.connect(make_conninfo(**names | found["OPTIONS"])) as connection:
        assert connection.info.port == postgres.port


def test_one_redis_is_its_address() -> None:
    url = "redis://:word@bells.example:6380/2"
    assert store_urls.layer(url) == {"address": url}


def test_sentinels_are_asked_for_the_master() -> None:
    found = store_urls.layer("redis+sentinel://:w%2Frd@one:26380,two/mymaster/3")
    asked = found.pop("sentinel_kwargs")
    assert found == {
        "sentinels": [("one", 26380), ("two", 26379)],
        "master_name": "mymaster",
        "db": 3,
        "password": "w/rd",
    }
    assert 2 * asked["socket_connect_timeout"] < 2, "a bell that is sent within two seconds reaches the third"
    assert asked["retry"].get_retries() == 0


def test_without_a_sentinel_that_answers_there_is_no_master() -> None:
    with pytest.raises(MasterNotFoundError):
        store_urls.bells(f"redis+sentinel://127.0.0.1:{free_ports()}/mymaster", timeout=0.5).ping()
    assert issubclass(MasterNotFoundError, redis.RedisError), "a check says it in words"


@pytest.mark.parametrize("url", ["redis+sentinel://{silent},{silent},{nobody}/mymaster", "redis://{silent}"])
def test_a_host_that_says_nothing_keeps_nobody_longer_than_the_time_that_was_given(url: str) -> None:
    """A worker asks between two rounds: after five seconds without one, it begins each lease anew."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        places = {"silent": f"127.0.0.1:{silent.getsockname()[1]}", "nobody": f"127.0.0.1:{free_ports()}"}
        begun = time.monotonic()
        with pytest.raises(redis.RedisError):
            store_urls.bells(url.format(**places), timeout=stores.LAYER_SECONDS).ping()
    assert time.monotonic() - begun < 4
