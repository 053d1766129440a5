"""The image of deploy/container is built from a Debian made here, and what the compose file starts answers
requests. No container runtime works everywhere (a sandbox has no cgroups). So each command runs as a process
in the image's file system, with the image's account and environment."""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from tests.conftest import started
from tests.drills import root
from tests.drills.root import Root
from tests.support.platform import ROOT, status
from tests.support.servers import Postgres, Redis

CONTAINER = ROOT / "deploy/container"
OURS = ("callers", "staff", "worker")
WITHIN = 60


class Image:
    """Holds the image, which buildah built from the Containerfile into a store of its own, and its file
    system."""

    def __init__(self, base: Root, release: Path) -> None:
        if not shutil.which("buildah"):
            pytest.fail("buildah is missing: apt-get install buildah")
        self.store = Path(tempfile.mkdtemp(prefix="helpline-images-"))
        context = self.store / "context"
        shutil.copytree(release, context)
        shutil.copy(CONTAINER / "Containerfile", context)
        self._import(base)
        limits = [
            f"--ulimit={name}={number}:{number}"
            for name, kind in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC))
            for number in [resource.getrlimit(kind)[1]]
        ]
        # This works without a container runtime, by the network that reaches the registries.
        words = ["build", "--isolation=chroot", "--network=host", "--pull=never", *limits, "-t", "helpline"]
        self._buildah(*words, str(context), outside=True)
        self.facts: dict[str, Any] = json.loads(self._buildah("inspect", "--type=image", "helpline"))[
            "OCIv1"
        ]["config"]
        self.folder = Path(self._buildah("mount", self._buildah("from", "--pull=never", "helpline")))

    def start(self, words: list[str], environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
        """Runs one command of the compose file."""
        owner, group = self.facts["User"].split(":")
        told = dict(row.split("=", 1) for row in self.facts["Env"]) | environment
        inside = ["setpriv", f"--reuid={owner}", f"--regid={group}", "--clear-groups", "--no-new-privs"]
        place = ["env", "-C", self.facts["WorkingDir"], *self.facts["Entrypoint"], *words]
        with output.open("ab") as file:
            return subprocess.Popen(
                ["/usr/sbin/chroot", str(self.folder), *inside, *place],
                env=told, stdout=file, stderr=file, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def close(self) -> None:
        self._buildah("rm", "--all")
        self._buildah("rmi", "--all", "--force")
        shutil.rmtree(self.store, ignore_errors=True)

    def _import(self, base: Root) -> None:
        """Imports that Debian, without what is mounted in it, under the name that the Containerfile asks
        for."""
        name = re_named((CONTAINER / "Containerfile").read_text())
        made = self._buildah("from", "scratch")
        place = self._buildah("mount", made)
        copy = f"tar --one-file-system -C {base.folder} -c . | tar -C {place} -x"
        subprocess.run(copy, shell=True, check=True)  # noqa: S602
        self._buildah("umount", made)
        self._buildah("commit", "--quiet", made, name)

    def _buildah(self, *words: str, outside: bool = False) -> str:
        store = ["--root", str(self.store / "images"), "--runroot", str(self.store / "run")]
        prefix = root.outside_net() if outside else []
        done = subprocess.run(
            [*prefix, "buildah", *store, *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (
            f"buildah {' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        )
        return done.stdout.strip()


def re_named(containerfile: str) -> str:
    (name,) = {row.split()[1] for row in containerfile.splitlines() if row.startswith("FROM ")}
    return name


@pytest.fixture
def image(empty_machine: Root, release: Path) -> Iterator[Image]:
    made = Image(empty_machine, release)
    for kind in ("dev", "proc"):
        subprocess.run(["mount", "--rbind", f"/{kind}", str(made.folder / kind)], check=True)
    try:
        yield made
    finally:
        for kind in ("dev", "proc"):
            subprocess.run(["umount", "--recursive", "--lazy", str(made.folder / kind)], check=False)
        made.close()


def test_the_image_is_built_and_its_services_answer_as_its_account(
    image: Image, redis: Redis, tmp_path: Path
) -> None:
    services = yaml.safe_load((CONTAINER / "compose.yaml").read_text())["services"]
    for postgres in started(Postgres()):
        environment = told(services, postgres.fresh_database("template1"), redis.url)
        prepared = image.start(services["prepare"]["command"], environment, tmp_path / "prepare")
        assert prepared.wait(WITHIN * 2) == 0, (tmp_path / "prepare").read_text()
        running = {
            name: image.start(services[name]["command"], environment, tmp_path / name) for name in OURS
        }
        try:
            for port in (8001, 8002):
                wait_until_ready(port, running, tmp_path)
            for name, process in running.items():
                assert process.poll() is None, (tmp_path / name).read_text()
                assert str(psutil.Process(process.pid).uids().real) == image.facts["User"].split(":")[0]
        finally:
            for process in running.values():
                process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in running.values()] == [0, 0, 0], "SIGTERM drains"


def told(services: dict[str, Any], database: str, bells: str) -> dict[str, str]:
    """Returns the content of `.env`, with the addresses of this machine's servers."""
    known = {
        "DATABASE_URL": database,
        "REDIS_URL": bells,
        "HELPLINE_ORIGINS": "https://staf.hulp.example https://hulp.example",
        "HELPLINE_SECRET_KEY": os.urandom(32).hex(),
        "HELPLINE_PROXY_SSL_HEADER": "X-Forwarded-Proto",
    }
    return known | {str(name): str(value) for name, value in services["callers"]["environment"].items()}


def wait_until_ready(port: int, running: dict[str, subprocess.Popen[bytes]], logs: Path) -> None:
    until = time.monotonic() + WITHIN
    while True:
        with contextlib.suppress(OSError):
            if status(f"http://127.0.0.1:{port}", "/readyz") == 200:
                return
        dead = [name for name, process in running.items() if process.poll() is not None]
        assert not dead, (logs / dead[0]).read_text()
        assert time.monotonic() < until, "".join(path.read_text() for path in logs.iterdir())
        time.sleep(0.2)
