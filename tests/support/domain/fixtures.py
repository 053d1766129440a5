"""Provides one line with its two counsellors and two supervisors, and another line beside it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from chat import bells
from chat.bells import Bell, ringing
from chat.figures import batches
from chat.keys import slots
from chat.models import Line
from chat.queue import estimates, signs
from chat.retention import clock_guard
from tests.support.domain.cast import Counsellor, a_counsellor, a_line
from tests.support.domain.receivers import Receiver, make_certificate, receiving
from tests.support.domain.supervisors import a_supervisor, long_there

type Rung = Callable[[Callable[[], object]], list[Bell]]

STAFF_NEWS = (
    bells.RestAsked,
    bells.ListenAsked,
    bells.ListenRefused,
    bells.QueueChanged,
    bells.LineChanged,
    bells.ReviewChanged,
    bells.CodesChanged,
    bells.SentencesChanged,
    bells.CareChanged,
    bells.DebriefsChanged,
    bells.HandoverAsked,
    bells.InvitationChanged,
)


@pytest.fixture(autouse=True)
def _nothing_foretold() -> None:
    """Forgets the expected waits of an earlier test."""
    estimates.forget()
    signs.forget()


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line("helpwanted")


@pytest.fixture
def stopitnow(db: None) -> Line:
    return a_line("stopitnow")


@pytest.fixture
def carla(helpwanted: Line) -> Counsellor:
    return a_counsellor("Carla", helpwanted)


@pytest.fixture
def daan(helpwanted: Line) -> Counsellor:
    return a_counsellor("Daan", helpwanted)


@pytest.fixture
def esra(stopitnow: Line) -> Counsellor:
    return a_counsellor("Esra", stopitnow)


@pytest.fixture
def floor(helpwanted: Line) -> Counsellor:
    return a_supervisor("Floor", helpwanted)


@pytest.fixture
def hanna(helpwanted: Line) -> Counsellor:
    return a_supervisor("Hanna", helpwanted)


@pytest.fixture
def otto(stopitnow: Line) -> Counsellor:
    """Returns the supervisor of the other line."""
    return a_supervisor("Otto", stopitnow)


@pytest.fixture
def all_long_there(floor: Counsellor, hanna: Counsellor, otto: Counsellor) -> None:
    """Makes each of them count as a second person, so that what needs two needs two."""
    long_there(floor, hanna, otto)


@pytest.fixture
def every_bell(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> Rung:
    """Records the bells that an action rings."""
    heard: list[Bell] = []
    monkeypatch.setattr(ringing._tower, "ring", heard.append)

    def listen(action: Callable[[], object]) -> list[Bell]:
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action()
        return list(heard)

    return listen


@pytest.fixture
def rung(every_bell: Rung) -> Rung:
    """Returns those bells that tell the staff something."""
    return lambda action: [bell for bell in every_bell(action) if isinstance(bell, STAFF_NEWS)]


@pytest.fixture(autouse=True)
def _a_clock_that_was_not_checked_yet() -> None:
    """Forgets the time that an earlier test has moved to; the guard would call the return from it a jump."""
    clock_guard._run = clock_guard._Run()
    clock_guard._file().unlink(missing_ok=True)


@pytest.fixture
def own_keys(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """Provides a key folder and a journal of this test's own."""
    settings.KEY_FOLDERS = [tmp_path / "keys"]
    settings.JOURNAL = tmp_path / "purged.log"
    slots.forget()
    yield tmp_path
    slots.forget()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("receiver") / "both.pem")


@pytest.fixture
def receiver(certificate: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Receiver]:
    """Makes the receiver's certificate trusted and its address allowed, as an honest receiver's would be."""
    settings.RECEIVERS_INSIDE = ["127.0.0.1"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with receiving(certificate) as running:
        yield running


@pytest.fixture
def counted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes answers count at once, without waiting for others."""
    monkeypatch.setattr(batches, "MIN_COUNT", 1)
