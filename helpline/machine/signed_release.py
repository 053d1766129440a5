"""Checks that a package is the one that was released. The manifest contains the package's SHA-256. The
manifest is signed (minisign, Ed25519) with a key whose public half an administrator put on this machine."""

import hashlib
import re
from pathlib import Path

from helpline.machine.machine import Machine, Stopped

KEYS = "/etc/helpline/release-keys"
_PACKAGE = re.compile(r"helpline_([0-9][\w.+~-]*)_amd64\.deb")


def verify(machine: Machine, package: Path, manifest: Path) -> str:
    """Returns the version of the package. `manifest` is the list of a release's files; the manifest's
    signature is in the same folder. Raises Stopped unless signature, SHA-256 and version are all correct."""
    if not manifest.is_file() or not signature_of(manifest).is_file():
        raise Stopped(f"{manifest.name} and its signature {signature_of(manifest).name} must lie beside it.")
    _signed(machine, manifest)
    title, _, rows = manifest.read_text().partition("\n")
    sums = {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+)$", rows, re.MULTILINE)}
    with package.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sums.get(package.name):
            raise Stopped(
                f"{package.name} is not the file that was released: its bytes differ. Fetch it anew."
            )
    version = machine.must("dpkg-deb", "--field", str(package), "Version")
    if title != f"# helpline {version}":
        raise Stopped(f"The manifest is that of {title.lstrip('# ')}, and the package says {version}.")
    return version


def require_newer(machine: Machine, version: str, installed: str) -> None:
    """Raises Stopped for an older release. Otherwise somebody who controls the download could install an old
    release with a known vulnerability."""
    if machine.says("dpkg", "--compare-versions", version, "gt", installed)[0]:
        raise Stopped(f"{version} is not newer than {installed}, which is installed.")


def manifest_of(package: Path) -> Path:
    found = _PACKAGE.fullmatch(package.name)
    if not found:
        raise Stopped(f"{package.name} is no package of ours, which is called helpline_VERSION_amd64.deb.")
    return package.with_name(f"helpline_{found[1]}.manifest")


def signature_of(manifest: Path) -> Path:
    return manifest.with_name(f"{manifest.name}.minisig")


def _signed(machine: Machine, manifest: Path) -> None:
    """Raises Stopped unless one of the keys has signed the manifest. One key is enough, so that a publisher
    can change keys over two releases."""
    keys = sorted(machine.path(KEYS).glob("*.pub"))
    if not keys:
        raise Stopped(f"There is no key in {KEYS}: put the publisher's there first (docs/upgrade.md).")
    for key in keys:
        if not machine.says("minisign", "-V", "-q", "-p", str(key), "-m", str(manifest))[0]:
            return
    raise Stopped(f"{manifest.name} was signed by none of the keys in {KEYS}.")
