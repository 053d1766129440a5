"""Retention keys: made once, on disk before a row needs them, never for an hour that has passed."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from chat.retention import keys
from helpline.lib import clock, encoding

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "sealing-v1.json").read_text())
OUTER = VECTOR["outer"]


def b64(text: str) -> str:
    return encoding.encode(bytes.fromhex(text))


@pytest.fixture
def folders(tmp_path: Path, settings: Settings) -> list[Path]:
    settings.KEY_FOLDERS = [tmp_path / "one", tmp_path / "two"]
    keys._keys.clear()
    return [tmp_path / "one", tmp_path / "two"]


def an_hour_to_come() -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=37)


def test_the_outer_layer_has_the_bytes_of_the_vectors(folders: list[Path]) -> None:
    purge_at = datetime.fromtimestamp(OUTER["purge_at"], UTC)
    for folder in folders:
        folder.mkdir()
        keys._path(folder, purge_at).write_bytes(bytes.fromhex(OUTER["retention_key"]))
    place: dict[str, Any] = {
        "conversation": b64(VECTOR["conversation"]),
        "member": b64(OUTER["member"]),
        "purge_at": purge_at,
    }
    wrap = keys.open_wrap(bytes.fromhex(OUTER["stored"]), epoch=OUTER["epoch"], **place)
    assert wrap is not None
    assert wrap.hex() == OUTER["wrap"]
    assert keys.open_wrap(bytes.fromhex(OUTER["stored"]), epoch=OUTER["epoch"] + 1, **place) is None


def test_a_key_is_a_private_file_in_every_folder_and_the_same_in_all(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    keys.ensure_key(hour)
    paths = [keys._path(folder, hour) for folder in folders]
    assert len({path.read_bytes() for path in paths}) == 1
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600, 0o600]
    assert [path.name for folder in folders for path in folder.iterdir()] == [paths[0].name] * 2


def test_of_many_who_make_one_key_at_once_all_get_the_same(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: keys._create(hour), range(32)))
    sealed = keys.seal_shelf(b"s" * 32, conversation=encoding.encode(bytes(16)), purge_at=hour)
    keys._keys.clear()
    assert keys.open_shelf(sealed, conversation=encoding.encode(bytes(16)), purge_at=hour) == b"s" * 32


def test_an_hour_that_has_passed_gets_no_key(folders: list[Path]) -> None:
    with pytest.raises(ValueError, match="passed"):
        keys.ensure_key(clock.now() - timedelta(seconds=1))
    assert not any(folder.exists() for folder in folders)


def test_without_its_key_a_wrap_opens_no_more(folders: list[Path]) -> None:
    hour = an_hour_to_come()
    keys.ensure_key(hour)
    place: dict[str, Any] = {
        "conversation": encoding.encode(bytes(16)),
        "member": encoding.encode(bytes(8)),
        "purge_at": hour,
    }
    sealed = keys.seal_wrap(b"w" * 113, epoch=3, **place)
    assert keys.open_wrap(sealed, epoch=3, **place) == b"w" * 113
    for folder in folders:
        keys._path(folder, hour).unlink()
    keys._keys.clear()
    assert keys.open_wrap(sealed, epoch=3, **place) is None


@given(
    opened=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.integers(0, 90),
)
def test_the_purge_instant_is_a_full_hour_after_the_longest_span_and_the_retention(
    opened: datetime, days: int
) -> None:
    least = opened + timedelta(hours=12, days=days)
    purge_at = keys.purge_instant(opened, timedelta(days=days))
    assert least <= purge_at < least + timedelta(hours=1)
    assert purge_at.timestamp() % 3600 == 0
