"""`make audit` reports which packages it could not ask about, and does not call them safe."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.drills import advisories
from tests.drills.advisories import Answers

needs_npm = pytest.mark.skipif(
    os.environ.get("CI") != "true" and shutil.which("npm") is None, reason="npm is not installed"
)
NOBODY = "http://127.0.0.1:9"  # the port of `discard`: nobody listens
ADVISORY = {"id": "PYSEC-1", "affected": [], "summary": "made up"}


class Osv(BaseHTTPRequestHandler):
    """Plays OSV: it knows a vulnerability of `ill`, fails when asked about `broken`, and otherwise knows
    none."""

    def do_POST(self) -> None:
        name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]["name"]
        body = json.dumps({"vulns": [ADVISORY]} if name == "ill" else {}).encode()
        self.send_response(503 if name == "broken" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Npm(BaseHTTPRequestHandler):
    """Plays npm's registry, which knows no vulnerability."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def osv() -> Iterator[str]:
    yield from _serving(Osv)


@pytest.fixture
def npm() -> Iterator[str]:
    yield from _serving(Npm)


def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def audited(folder: Path, osv: str, npm: str, *names: str) -> tuple[int, str]:
    """Returns status and output of the command for a list with these packages and one package for
    browsers."""
    pinned = (f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in names)
    (folder / "requirements.txt").write_text("".join(pinned))
    root = {"name": "page", "version": "1.0.0", "dependencies": {"lit": "3.0.0"}}
    lit = {"version": "3.0.0", "resolved": f"{npm}/lit.tgz"}
    lock = {"lockfileVersion": 3, "name": "page", "packages": {"": root, "node_modules/lit": lit}}
    (folder / "package.json").write_text(json.dumps(root))
    (folder / "package-lock.json").write_text(json.dumps(lock))
    words = ("--requirements", folder / "requirements.txt", "--frontend", folder, "--osv-url", osv)
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills.advisories", *map(str, words)],
        cwd=advisories.ROOT,
        env=os.environ | {"npm_config_registry": npm, "npm_config_cache": str(folder / "npm")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@needs_npm
def test_where_nobody_answers_every_package_is_named_and_the_status_is_3(tmp_path: Path) -> None:
    names = ("one", "two", "three", "four", "five")
    status, said = audited(tmp_path, NOBODY, NOBODY, *names)
    assert status == 3, said
    assert "asked about 0 of 5 packages" in said
    assert "did not answer (ConnectionError): one 1.0, two 1.0, three 1.0\n" in said
    assert "since the service was silent: four 1.0, five 1.0\n" in said
    assert "NOT ASKED, the service did not answer: lit\n" in said


@needs_npm
def test_one_package_that_could_not_be_asked_about_is_named_alone(tmp_path: Path, osv: str, npm: str) -> None:
    status, said = audited(tmp_path, osv, npm, "well", "broken")
    assert status == 3, said
    assert "asked about 1 of 2 packages" in said
    assert "did not answer (ServiceError): broken 1.0\n" in said
    assert "package-lock.json: asked about 1 of 1 packages" in said


@needs_npm
def test_what_is_known_makes_it_1_also_where_others_could_not_be_asked(
    tmp_path: Path, osv: str, npm: str
) -> None:
    status, said = audited(tmp_path, osv, npm, "ill", "broken")
    assert status == 1, said
    assert "KNOWN ill 1.0: PYSEC-1" in said
    assert "broken 1.0" in said


@needs_npm
def test_it_is_0_only_if_each_was_asked_about(tmp_path: Path, osv: str, npm: str) -> None:
    status, said = audited(tmp_path, osv, npm, "well", "sound")
    assert status == 0, said
    assert "NOT ASKED" not in said
    assert "asked about 2 of 2 packages" in said


def test_a_package_that_the_service_does_not_know_was_not_asked_about() -> None:
    class Skipped:
        name, version = "own", "1.0"

        def is_skipped(self) -> bool:
            return True

    class Service:
        def query(self, package: Skipped) -> tuple[Skipped, list[object]]:
            return package, []

    answers = advisories.of_python([Skipped()], Service(), "requirements.txt")
    assert answers.unasked == {"own 1.0": "the service does not know it"}
    assert advisories.status([Answers("x"), answers]) == 3
