"""A process's connections work as soon as PostgreSQL is back, however long it was away."""

import threading
import time

from psycopg import Error
from psycopg_pool import ConnectionPool, PoolTimeout

from helpline.lib import store_urls
from tests.faults import stores
from tests.support.servers import Postgres

AWAY = 8.0  # seconds: the pool by itself would try again after fifteen
WHOLE_AGAIN = 2.0
THREADS = 8


def test_nobody_waits_as_long_again_as_the_database_was_away(breakable_postgres: Postgres) -> None:
    options = store_urls.pool(THREADS) | {"check": ConnectionPool.check_connection}
    refused: list[float] = []
    over = threading.Event()

    with ConnectionPool(breakable_postgres.url, open=True, **options) as pool:

        def ask_again_and_again() -> None:
            while not over.wait(0.1):
                try:
                    with pool.connection() as connection:
                        connection.execute("SELECT 1")
                except (Error, PoolTimeout):
                    refused.append(time.monotonic())

        threads = [threading.Thread(target=ask_again_and_again) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        breakable_postgres.kill()
        time.sleep(AWAY)
        assert refused
        stores.start(breakable_postgres)
        back = time.monotonic()
        time.sleep(WHOLE_AGAIN)
        over.set()
        for thread in threads:
            thread.join()
    assert max(refused) < back + WHOLE_AGAIN / 2
