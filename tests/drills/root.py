"""Makes an empty Debian 13 in a folder, with a network of its own that ends at this machine. The drill's
process runs in its own namespaces (`alone`). Only the commands that install packages use the network of
whoever started it. Nothing stays: the mounts end with the process, and the folder with the drill."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psutil

from tests.support.platform import ROOT

OUTSIDE = "HELPLINE_DRILL_OUTSIDE"  # the pid whose network reaches the package registries
NAMES = ("hulp.example", "staf.hulp.example")
SERVER = "127.0.0.2"  # where the names lead
CLIENT = "127.77.13.9"  # the source address of connections to those names: no other connection has it
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
FETCHES = re.compile(r"\bapt-get\b|\bpip install\b")


def alone(words: list[str]) -> list[str]:
    """Returns a command that runs with its own network and mounts. The tests' own servers need `lo` first."""
    own = ["unshare", "--net", "--mount", "--propagation", "private"]
    return [*own, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *words]


def prepare_network() -> None:
    """Makes both names resolve to this machine, at an address that nothing else uses."""
    _do("ip", "route", "replace", "local", SERVER, "dev", "lo", "table", "local", "src", CLIENT)
    hosts = Path(tempfile.mkdtemp(prefix="helpline-hosts-")) / "hosts"
    hosts.write_text(f"127.0.0.1 localhost\n::1 localhost\n{SERVER} {' '.join(NAMES)}\n")
    _do("mount", "--bind", str(hosts), "/etc/hosts")


class Root:
    """Represents the installed system. `run` runs shell commands in it as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="helpline-root-"))
        self.folder.chmod(0o755)  # its accounts open it from /, too

    def __enter__(self) -> Self:
        mirror, sources = _sources()
        self._outside("debootstrap", "--variant=minbase", "trixie", str(self.folder), mirror)
        shutil.rmtree(self.folder / "etc/apt/sources.list.d", ignore_errors=True)
        (self.folder / "etc/apt/sources.list").unlink(missing_ok=True)
        (self.folder / "etc/apt/sources.list.d").mkdir()
        shutil.copy(sources, self.folder / "etc/apt/sources.list.d")
        for path in map(str, Path("/etc/apt/apt.conf.d").glob("99*")):
            shutil.copy(path, self.folder / path[1:])
        for path in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(path, self.folder / path[1:])
        # pip in there trusts the certificates that this machine trusts to reach the registries.
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", self.folder / "etc/outside.pem")
        self.put("etc/pip.conf", "[global]\ncert = /etc/outside.pem\n")
        for kind in ("dev", "sys"):
            _do("mount", "--rbind", f"/{kind}", str(self.folder / kind))
        _do("mount", "-t", "proc", "proc", str(self.folder / "proc"))
        # It replaces the real one, because what apt runs looks in no other place; systemd's own is moved.
        self.run("dpkg-divert --local --rename --add /usr/bin/systemctl")
        self.put("usr/bin/systemctl", (ROOT / "tests/drills/systemctl.py").read_text(), 0o755)
        # No package starts anything by itself: what runs here was started as the document says.
        self.put("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes():
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs(self.processes(), timeout=5)
        for place in ("proc", "sys", "dev"):
            subprocess.run(["umount", "--recursive", "--lazy", str(self.folder / place)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def run(self, script: str, within: float = 600, **more: str) -> str:
        """Runs the command and returns its output. Raises CalledProcessError, with the output, if it
        fails."""
        words = ["chroot", str(self.folder), "/bin/bash", "-euo", "pipefail", "-c", script]
        environment = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        environment |= {name: word for name, word in os.environ.items() if name.upper().endswith("_PROXY")}
        if FETCHES.search(script):
            words = [*outside_net(), *words]
        done = subprocess.run(
            words, env=environment | more, capture_output=True, text=True, check=False, timeout=within,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{script}\n→ {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def processes(self) -> list[psutil.Process]:
        """Returns the processes that run in it."""
        found = []
        for process in psutil.process_iter():
            try:
                if Path(f"/proc/{process.pid}/root").resolve() == self.folder.resolve():
                    found.append(process)
            except (OSError, psutil.Error):
                continue
        return found

    def _outside(self, *words: str) -> None:
        subprocess.run([*outside_net(), *words], check=True, capture_output=True, timeout=600)


def outside_net() -> list[str]:
    return ["nsenter", f"--net=/proc/{os.environ[OUTSIDE]}/ns/net"]


def _sources() -> tuple[str, Path]:
    """Returns where this machine gets its Debian packages, and the file that says so, because no registry is
    named here."""
    for path in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        if found := re.search(r"^URIs: (\S+/debian/?)$", path.read_text(), re.MULTILINE):
            return found[1], path
    raise RuntimeError("no Debian mirror is named in /etc/apt/sources.list.d")


def _do(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
