"""Ilse types a benchmark's command."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
AS_TYPED = """
import importlib, pathlib
for path in sorted(pathlib.Path("benchmarks").glob("[a-z]*.py")):
    importlib.import_module(f"benchmarks.{path.stem}")
from tests.support import folders
print(folders.environment(pathlib.Path("/nowhere"))["HELPLINE_VAR"])
"""


def test_every_benchmark_is_imported_and_its_platform_described_without_settings_of_django() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", AS_TYPED],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "/nowhere\n"), done.stderr
