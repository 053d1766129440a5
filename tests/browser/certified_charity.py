"""An installation whose `setup` made a root, whose 24 words somebody wrote down and types in."""

import json
import subprocess
import sys
from pathlib import Path

from tests.browser.charity import Charity
from tests.support.platform import ROOT, NotReady

SETUP = (
    "setup", "--organisation", "Veilig Praten", "--line", "young-victims",
    "--administrator", "ilse", "--supervisor", "floor=Floor",
)  # fmt: skip


class CertifiedCharity(Charity):
    """Represents an installation whose root is named from the start. `words` are what is kept in the safe."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    @property
    def roots(self) -> Path:
        return self.var / "roots.json"

    def set_up(self) -> str:
        said, self.words = self.types_back(*SETUP)
        return said

    def types_back(self, *command: str) -> tuple[str, str]:
        """Runs the command that shows 24 words once, and types them back. Returns its output and the
        words."""
        process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", *command],
            cwd=ROOT, env=self._environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        said, shown = "", list[str]()
        while len(shown) < 24:
            line = process.stdout.readline()
            if not line:
                raise NotReady(f"{said}\n{process.communicate()[1]}")
            said += line
            if line.strip()[:1].isdigit():
                shown += line.split()[1::2]
        rest, problem = process.communicate(" ".join(shown) + "\n", timeout=60)
        if process.returncode:
            raise NotReady(problem)
        return said + rest, " ".join(shown)

    def signs_scopes(self, words: str = "", *more: str) -> str:
        """Types the signers' words back after comparing them, as the holder of the root does. Returns the
        output."""
        done = subprocess.run(
            [sys.executable, "manage.py", "root", "scope", "--yes", *more],
            cwd=ROOT, env=self._environment(), input=f"{words or self.words}\n", capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise NotReady(done.stderr)
        assert (words or self.words) not in done.stdout, "what was typed is not shown"
        return done.stdout

    def ages_its_roots(self, seconds: int) -> None:
        """Changes the roots as if they had been made that long ago."""
        file = json.loads(self.roots.read_text())
        for root in file["roots"]:
            root["since"] -= seconds
        self.roots.write_text(json.dumps(file))
