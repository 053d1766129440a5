"""Who went back to the release before stays there when dpkg configures the newer package again."""

import argparse
import fcntl
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpline.machine import environment_file, upgrade
from helpline.machine.__main__ import parser_of
from helpline.machine.machine import Machine, Stopped

NEW, OLD = "1.1.0", "1.0.0"


class TwoReleases(Machine):
    """1.1.0 is installed and current, 1.0.0 is the one before. `upgrade` of the program moves the links."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write("/usr/lib/helpline/VERSION", f"{NEW}\n", 0o644)
        environment_file.make(self)
        self.folder = self.path(upgrade.RELEASES)
        for name in (OLD, NEW):
            (self.folder / name).mkdir(parents=True)
            (self.folder / name / upgrade.COMPLETE).touch()
        self.lead(NEW, OLD)
        self.fails = False
        self.is_interrupted = False

    def own(self, path: Path, group: str) -> None:
        pass

    def lead(self, current: str, previous: str) -> None:
        for name, target in (("current", current), ("previous", previous)):
            (self.folder / name).unlink(missing_ok=True)
            (self.folder / name).symlink_to(target)

    def run(self, *words: str, folder: str = "/", environment: Mapping[str, str] | None = None) -> int:  # noqa: ARG002
        now = upgrade.running(self)
        if self.is_interrupted:  # in the middle: only the link to the release that runs was moved
            self.lead(OLD, OLD)
            raise KeyboardInterrupt
        if not self.fails and ("--back" in words or now != NEW):
            self.lead((self.folder / "previous").readlink().name if "--back" in words else NEW, now)
        return int(self.fails)


@pytest.fixture
def machine(tmp_path: Path) -> TwoReleases:
    return TwoReleases(tmp_path)


def types(machine: Machine, *words: str) -> argparse.Namespace:
    given = parser_of(machine).parse_args(["upgrade", *words])
    upgrade.run(machine, given)
    return given


def configures(machine: Machine) -> None:
    """As `postinst` does."""
    types(machine, "--configuring")


def test_after_going_back_dpkg_changes_nothing_and_says_how_to_go_forward(
    machine: TwoReleases, capsys: pytest.CaptureFixture[str]
) -> None:
    types(machine, "--back")
    configures(machine)
    assert upgrade.running(machine) == OLD
    said = capsys.readouterr().out
    assert f"{OLD} goes on" in said
    assert f"`helpline upgrade` changes to {NEW} again" in said
    types(machine)
    assert upgrade.running(machine) == NEW


def test_without_a_newer_release_nothing_is_restarted_and_it_says_what_to_give(
    machine: TwoReleases, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.fails = True  # if anything is run
    types(machine)
    assert f"Nothing was changed: {NEW} is installed, and runs." in capsys.readouterr().out
    (machine.folder / "unfinished").symlink_to(OLD)
    with pytest.raises(Stopped):
        types(machine)


@pytest.mark.parametrize("words", [[], ["--back"], ["helpline_1.2.0_amd64.deb"]])
def test_two_upgrades_at_once_are_one(machine: TwoReleases, words: list[str]) -> None:
    """Each would restart what the other has just started."""
    lock = machine.path(upgrade.LOCK)
    lock.parent.mkdir(parents=True)
    machine.fails = True  # if anything is run
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Stopped, match=r"Nothing was changed. Another"):
            types(machine, *words)
        machine.fails = False
        configures(machine)  # by apt, which the first one runs
    types(machine, "--back")
    assert upgrade.running(machine) == OLD


def test_who_types_the_way_back_twice_stays_there(machine: TwoReleases) -> None:
    types(machine, "--back")
    with pytest.raises(Stopped, match=rf"{OLD} runs already. `helpline upgrade` changes to {NEW} again"):
        types(machine, "--back")
    assert (upgrade.running(machine), upgrade.was_left(machine)) == (OLD, True)


def test_a_release_that_is_not_wholly_there_is_said_to_need_dpkg(machine: TwoReleases) -> None:
    machine.lead(OLD, OLD)
    (machine.folder / NEW / upgrade.COMPLETE).unlink()
    with pytest.raises(Stopped, match=rf"{NEW} is not wholly installed. Type: dpkg --configure helpline"):
        types(machine)


def test_after_an_upgrade_that_was_refused_that_release_and_one_between_may_be_given(
    machine: TwoReleases,
) -> None:
    assert upgrade._in_use(machine) == NEW
    machine.lead(OLD, OLD)
    assert upgrade._in_use(machine) == OLD, "the new one is only unpacked"
    machine.lead(NEW, OLD)
    types(machine, "--back")
    assert upgrade._in_use(machine) == NEW, "`helpline upgrade` changes to it again"


def test_who_came_forward_again_goes_forward_with_dpkg(machine: TwoReleases) -> None:
    types(machine, "--back")
    types(machine)
    machine.lead(OLD, NEW)
    configures(machine)
    assert upgrade.running(machine) == NEW


def test_a_still_newer_package_goes_forward(machine: TwoReleases) -> None:
    types(machine, "--back")
    machine.write("/usr/lib/helpline/VERSION", "1.2.0\n", 0o644)
    assert not upgrade.was_left(machine)


def test_after_an_upgrade_that_failed_there_is_no_way_back_past_the_release_that_runs(
    machine: TwoReleases,
) -> None:
    machine.write("/usr/lib/helpline/VERSION", "1.2.0\n", 0o644)
    with pytest.raises(Stopped, match=rf"{NEW} runs already: the upgrade to 1.2.0 did not happen"):
        types(machine, "--back")
    assert upgrade.running(machine) == NEW


def test_a_way_back_that_failed_is_none(machine: TwoReleases) -> None:
    machine.fails = True
    with pytest.raises(Stopped):
        types(machine, "--back")
    assert not upgrade.was_left(machine)


def test_a_way_back_that_was_interrupted_goes_on_from_there(machine: TwoReleases) -> None:
    machine.is_interrupted = True
    with pytest.raises(KeyboardInterrupt):
        types(machine, "--back")
    machine.is_interrupted = False
    assert upgrade.running(machine) == OLD
    types(machine, "--back")
    assert (upgrade.running(machine), upgrade.was_left(machine)) == (OLD, True)


def test_what_dpkg_cannot_configure_is_said_to_be_unpacked_with_what_to_type(machine: TwoReleases) -> None:
    machine.fails = True
    with pytest.raises(Stopped, match=rf"{NEW} is unpacked, and not configured.*dpkg --configure helpline"):
        configures(machine)


def test_the_package_s_script_says_that_dpkg_asks() -> None:
    script = Path(__file__).parents[2] / "deploy/debian/postinst"
    assert "-m helpline.machine upgrade --configuring $UPGRADE_OPTIONS" in script.read_text()
