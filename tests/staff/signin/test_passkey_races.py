"""If a passkey's answer is sent eight times at once, it counts once, on both databases."""

import json

import pytest

from tests.support.platform import Platform

EIGHT_AT_ONCE = """
import functools, json, threading
from django.db import connection
from counsellors.models import Person
from counsellors.signin import passkeys
from tests.support import passkeys as own
from tests.support.authenticator import Authenticator as Phone

def at_once(acts):
    gate, answers = threading.Barrier(len(acts)), []
    def run(act):
        gate.wait()
        try:
            answers.append(act())
        except passkeys.NotAdded:
            answers.append(None)
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers

def accepted(acts):
    return sum(checked.accepted is not None for checked in at_once(acts))

carla = Person.objects.create_user("carla van de nacht", "een lange zin", "Carla van de nacht")
phone = Phone(counts=False)
challenge, options = passkeys.begin_to_add(carla, own.SITE)
made = phone.make(options)
add = functools.partial(passkeys.add, carla, own.SITE, challenge, made, "telefoon")
added = sum(one is not None for one in at_once([add] * 8))

challenge, options = passkeys.begin_to_ask(carla, own.SITE)
answer = phone.sign(options)
replayed = accepted([functools.partial(passkeys.check, carla, own.SITE, challenge, answer)] * 8)

floor = Person.objects.create_user("floor van de nacht", "een lange zin", "Floor")
key = own.phone_of(floor)
asked = [passkeys.begin_to_ask(floor, own.SITE) for _ in range(8)]
before = key.count
answers = []
for _, options in asked:
    key.count = before
    answers.append(key.sign(options))
cloned = accepted(
    [functools.partial(passkeys.check, floor, own.SITE, asked[i][0], answers[i]) for i in range(8)]
)
print(json.dumps([added, replayed, cloned]))
"""


@pytest.mark.timeout(240)
def test_added_once_signed_in_once_and_a_count_used_once(platform: Platform) -> None:
    run = platform.manage("shell", "-v", "0", "-c", EIGHT_AT_ONCE)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == [1, 1, 1]
