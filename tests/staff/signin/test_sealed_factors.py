"""A thief of the database alone has nobody's second factor; `helpline check` reports a lost key."""

import base64
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from time_machine import TimeMachineFixture

from chat.administration import health, trust
from counsellors.models import Authenticator, Person, RecoveryCodes
from counsellors.signin import factors, second_factor
from helpline.lib import key_files, keyring
from tests.support import admin_pages as staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Settings) -> list[Path]:
    """Provides two folders for this test alone."""
    both = [tmp_path / "keys", tmp_path / "mirror"]
    settings.KEY_FOLDERS = both
    return both


@pytest.fixture
def carla() -> Person:
    return staff.carla()


def is_in(person: Person, code: str) -> bool:
    return second_factor.check(person, code).accepted is not None


def whole_database() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                yield from (str(cell).encode() for cell in row)


def test_a_copy_of_the_database_alone_yields_no_code_that_signs_in(carla: Person) -> None:
    seed = Authenticator.objects.get().bin_key
    codes = [staff.recovery_code(carla, number).replace("-", "") for number in range(8)]
    cells = list(whole_database())
    forms = (seed, seed.hex().encode(), base64.b32encode(seed), base64.b64encode(seed).rstrip(b"="))
    for kept_back in (*forms, *(code.encode() for code in codes)):
        assert not [cell for cell in cells if kept_back in cell]
    for token in StaticToken.objects.values_list("token", flat=True):
        assert StaticToken.objects.filter(token=token).exists(), "the search can find"
        TOTPDevice.objects.update(throttling_failure_count=0)
        RecoveryCodes.objects.update(throttling_failure_count=0)
        assert not is_in(carla, token)
    for guess in (Authenticator.objects.get().key.encode(), base64.urlsafe_b64decode(_sealed() + b"==")):
        Authenticator.objects.update(throttling_failure_count=0)
        assert not is_in(carla, _code_of_seed(guess))


def test_who_owns_them_signs_in_by_both(carla: Person) -> None:
    assert is_in(carla, staff.code_of(carla))
    assert is_in(carla, staff.recovery_code(carla))
    assert not is_in(carla, staff.recovery_code(carla)), "once"


def test_a_seed_put_into_another_one_s_row_opens_nothing(carla: Person) -> None:
    """Otherwise somebody who has a factor and can write rows would sign in as an administrator."""
    ilse = staff.ilse()
    hers = Authenticator.objects.get(user=carla)
    code = staff.code_of(carla)
    Authenticator.objects.filter(user=ilse).update(key=hers.key)
    StaticToken.objects.filter(device__user=ilse).update(token=StaticToken.objects.first().token)
    assert not is_in(ilse, code)
    assert not is_in(ilse, staff.recovery_code(carla))


def test_a_new_key_takes_over_every_seed_and_the_old_file_may_go_with_the_old_recovery_codes(
    carla: Person, folders: list[Path], time_machine: TimeMachineFixture
) -> None:
    (old,) = folders[0].glob("*.seal")
    out = StringIO()
    call_command("reseal", stdout=out)
    assert out.getvalue() == "1 seeds sealed anew\n8 recovery codes stay under older keys\n"
    assert is_in(carla, staff.recovery_code(carla)), "an older key still opens"
    second_factor.new_recovery_codes(carla)
    assert factors.under_older_keys() == 0
    for folder in folders:
        (folder / old.name).unlink()
    assert factors.without_key() == 0
    assert is_in(carla, staff.code_of(carla))


def test_a_seed_under_an_older_key_is_sealed_anew_when_it_signs_in(carla: Person) -> None:
    before = Authenticator.objects.get().key
    keyring.make_key()
    assert is_in(carla, staff.code_of(carla))
    after = Authenticator.objects.get().key
    assert not keyring.is_newest(before)
    assert keyring.is_newest(after)


def test_one_folder_of_keys_is_enough(carla: Person, folders: list[Path]) -> None:
    for path in folders[0].glob("*.seal"):
        path.unlink()
    assert is_in(carla, staff.code_of(carla))


def test_only_the_server_s_account_may_read_the_key(carla: Person, folders: list[Path]) -> None:
    (path,) = folders[0].glob("*.seal")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert [finding.about for finding in health.key_folders() if not finding.is_well] == ["keys"]


def test_a_check_counts_what_no_key_opens_and_nobody_signs_in_by_it(
    carla: Person, folders: list[Path]
) -> None:
    assert trust.second_factors().is_well
    code, paper = staff.code_of(carla), staff.recovery_code(carla)
    for folder in folders:
        for path in folder.glob("*.seal"):
            path.unlink()
    found = trust.second_factors()
    assert not found.is_well
    assert found.words.startswith("9 seeds")
    assert not is_in(carla, code)
    assert not is_in(carla, paper)
    client = Client()
    staff.give_password(client, "carla")
    assert staff.give_code(client, code).status_code == 200


def _sealed() -> bytes:
    return bytes(Authenticator.objects.get().key[key_files.NAME_CHARACTERS :].encode())


def _code_of_seed(seed: bytes) -> str:
    totp = TOTP(seed)
    totp.time = time.time()
    return str(totp.token()).zfill(6)
