"""Makes Helpwanted take letters: its keys are certified, and Carla and Daan have shares of the letters
key."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from chat.models import KeyShare, Line, LineKey
from chat.retention.line_keys import NAMED_IN
from counsellors.certificates import signing
from counsellors.certificates.signed_bytes import DAY, LINE
from counsellors.models import Session
from helpline.lib import clock
from tests.support.domain import certifying
from tests.support.domain.cast import Counsellor, a_point
from tests.support.domain.certifying import Installation
from tests.support.domain.supervisors import a_share


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    yield certifying.an_installation(settings, tmp_path)
    certifying.forget()


@pytest.fixture
def post_box(
    installation: Installation, helpwanted: Line, floor: Counsellor, carla: Counsellor, daan: Counsellor
) -> Line:
    """Makes a line that always takes letters."""
    installation.names_its_root()
    point = installation.signs_with(floor)
    installation.signs_scopes(point)
    for who in (carla, daan):
        installation.certifies(floor, who.device)
    at = int(clock.now().timestamp()) - 60
    for use, days in ((LineKey.Use.REVIEW, 300), (LineKey.Use.LETTERS, 34)):
        key = LineKey.objects.create(
            line=helpwanted,
            use=use,
            generation=1,
            public=a_point(),
            made_at=clock.now(),
            confirmed_at=clock.now(),
        )
        signed = installation.signature(
            floor, LINE, "helpwanted", bytes(key.public), at, at + days * DAY, use
        )
        signing.store(floor.person, point, use, bytes(key.public), signed, now=clock.now())
        setattr(helpwanted, NAMED_IN[use], bytes(key.public))
    for who in (carla, daan):
        KeyShare.objects.create(key=LineKey.objects.get(use="letters"), device=who.device, sealed=a_share())
    helpwanted.letters, helpwanted.alert_mail = Line.Letters.ALWAYS, "wacht@example.org"
    helpwanted.people_of_the_day = ["Carla"] * 7
    helpwanted.answer_within = timedelta(hours=24)
    helpwanted.save()
    certifying.forget()
    return helpwanted


@pytest.fixture
def signed_in(carla: Counsellor, daan: Counsellor) -> None:
    """Signs Carla and Daan in, because somebody who signs out loses their letters."""
    for who in (carla, daan):
        Session.objects.create(
            session_key=who.person.username,
            session_data="",
            expire_date=clock.now() + timedelta(days=30),
            used_at=clock.now(),
            person=who.person,
        )
