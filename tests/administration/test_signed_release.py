"""`helpline upgrade FILE.deb` gives apt only a released package: its bytes, key and number are checked
first."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from helpline.machine import signed_release, upgrade
from helpline.machine.machine import Machine, Stopped
from tests.drills import releases

pytestmark = pytest.mark.skipif(
    not shutil.which("minisign") and os.environ.get("CI") != "true", reason="minisign is not installed here"
)


class NotedApt(Machine):
    """Plays apt with version 1.0.0 installed, and records what it is given."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.installed: list[bytes] = []
        self.options: list[str] = []
        self.write("/usr/lib/helpline/VERSION", "1.0.0\n", 0o644)
        self.path(signed_release.KEYS).mkdir(parents=True)

    def run(self, *words: str, folder: str = "/", environment: Mapping[str, str] | None = None) -> int:  # noqa: ARG002
        assert words[:3] == ("apt-get", "install", "--yes")
        self.installed.append(Path(words[3]).read_bytes())
        self.options.append((environment or {})[upgrade.OPTIONS])
        return 0


@pytest.fixture
def machine(tmp_path: Path) -> NotedApt:
    return NotedApt(tmp_path / "machine")


@pytest.fixture
def key(tmp_path: Path, machine: NotedApt) -> Path:
    """Returns the publisher's key pair. The machine has its public half."""
    (tmp_path / "keys").mkdir()
    secret = releases.make_key(tmp_path / "keys")
    shutil.copy(secret.with_suffix(".pub"), machine.path(signed_release.KEYS))
    return secret


def released(folder: Path, key: Path, version: str = "1.1.0") -> Path:
    """Returns an empty package and its signed manifest."""
    stage = folder / "stage"
    (stage / "DEBIAN").mkdir(parents=True)
    (stage / "DEBIAN").chmod(0o755)
    (stage / "DEBIAN/control").write_text(
        f"Package: helpline\nVersion: {version}\nArchitecture: amd64\nMaintainer: x <x@y.z>\nDescription: x\n"
    )
    package = folder / f"helpline_{version}_amd64.deb"
    words = ["dpkg-deb", "--root-owner-group", "--build", str(stage), str(package)]
    subprocess.run(words, check=True, capture_output=True)
    shutil.rmtree(stage)
    releases.sign(folder, key)
    return package


def refused(machine: NotedApt, package: Path) -> str:
    with pytest.raises(Stopped) as found:
        upgrade.install(machine, package, [])
    assert machine.installed == [], "apt was given nothing"
    assert str(found.value).startswith("Nothing was changed. ")
    return str(found.value)


def test_what_was_released_is_given_to_apt_with_the_options(
    machine: NotedApt, key: Path, tmp_path: Path
) -> None:
    package = released(tmp_path, key)
    upgrade.install(machine, package, ["--without-backup"])
    assert machine.installed == [package.read_bytes()]
    assert machine.options == ["--without-backup"]


def test_a_changed_byte_is_refused(machine: NotedApt, key: Path, tmp_path: Path) -> None:
    package = released(tmp_path, key)
    package.write_bytes(package.read_bytes() + b"\0")
    assert "its bytes differ" in refused(machine, package)


def test_a_changed_manifest_is_refused(machine: NotedApt, key: Path, tmp_path: Path) -> None:
    package = released(tmp_path, key)
    manifest = signed_release.manifest_of(package)
    manifest.write_text(manifest.read_text().replace("a", "b", 1))
    assert "signed by none of the keys" in refused(machine, package)


def test_another_key_is_refused_and_a_second_key_of_the_publisher_is_not(
    machine: NotedApt, key: Path, tmp_path: Path
) -> None:
    other = releases.make_key(tmp_path / "keys", "other")
    package = released(tmp_path, other)
    assert "signed by none of the keys" in refused(machine, package)
    shutil.copy(other.with_suffix(".pub"), machine.path(signed_release.KEYS))
    upgrade.install(machine, package, [])
    assert machine.installed


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9"])
def test_an_older_release_or_the_same_is_refused(
    machine: NotedApt, key: Path, tmp_path: Path, version: str
) -> None:
    assert f"{version} is not newer than 1.0.0" in refused(machine, released(tmp_path, key, version))


def test_who_went_back_from_a_release_and_gives_its_file_hears_how_to_change_to_it(
    machine: NotedApt, key: Path, tmp_path: Path
) -> None:
    machine.write(upgrade.LEFT, "1.0.0\n", 0o644)
    (machine.path(upgrade.RELEASES) / "0.9.0").mkdir()
    (machine.path(upgrade.RELEASES) / "current").symlink_to("0.9.0")
    said = refused(machine, released(tmp_path, key, "1.0.0"))
    assert said.endswith(
        "0.9.0 runs, and 1.0.0 is installed. `helpline upgrade` without a file changes to it."
    )


def test_a_signed_package_under_another_number_is_refused(
    machine: NotedApt, key: Path, tmp_path: Path
) -> None:
    """An attacker offers an old release, which was signed once, as a new one."""
    old = released(tmp_path, key, "0.9.0")
    manifest = signed_release.manifest_of(old)
    for path in (old, manifest, signed_release.signature_of(manifest)):
        path.rename(path.with_name(path.name.replace("0.9.0", "2.0.0")))
    assert "its bytes differ" in refused(machine, tmp_path / "helpline_2.0.0_amd64.deb")


def test_without_a_manifest_or_without_a_key_it_says_what_is_missing(
    machine: NotedApt, key: Path, tmp_path: Path
) -> None:
    package = released(tmp_path, key)
    shutil.rmtree(machine.path(signed_release.KEYS))
    assert "put the publisher's there first" in refused(machine, package)
    signed_release.signature_of(signed_release.manifest_of(package)).unlink()
    assert "helpline_1.1.0.manifest.minisig must lie beside it" in refused(machine, package)
    assert "is not there" in refused(machine, tmp_path / "helpline_9.9.9_amd64.deb")
    assert "is no package of ours" in refused_name(machine, tmp_path / "other.deb")


def refused_name(machine: NotedApt, package: Path) -> str:
    with pytest.raises(Stopped) as found:
        upgrade.install(machine, package, [])
    return str(found.value)


def test_only_the_current_release_and_the_one_before_are_kept(machine: NotedApt) -> None:
    folder = machine.path(upgrade.RELEASES)
    for name in ("0.9.0", "1.0.0", "1.1.0"):
        (folder / name).mkdir(parents=True)
    (folder / "current").symlink_to("1.1.0")
    (folder / "previous").symlink_to("1.0.0")
    upgrade.prune(machine)
    assert sorted(path.name for path in folder.iterdir()) == ["1.0.0", "1.1.0", "current", "previous"]
