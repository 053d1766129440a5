"""Some content must not be in any file of the repository."""

import re
import subprocess
import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[2]
# They are put together here, so that this file does not contain them.
HOSTS = [
    ".".join(parts)
    for parts in (("registry", "npmjs"), ("pypi", "org"), ("files", "pythonhosted"), ("deb", "debian"))
]


def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_registry() -> None:
    for path in files():
        text = path.read_text(errors="replace")
        assert not [host for host in HOSTS if host in text], path.relative_to(ROOT)


def test_dependencies_are_locked_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        pinned = [line for line in (ROOT / name).read_text().splitlines() if "==" in line]
        assert pinned
        assert "find-links" not in (ROOT / name).read_text(), "a folder of whoever locked them"
        assert all(line.rstrip().endswith("\\") for line in pinned), "a pin without a hash"


def test_every_dependency_is_chosen_in_writing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    chosen = (ROOT / "docs" / "decisions" / "dependencies.md").read_text()
    for group in (project["dependencies"], project["optional-dependencies"]["dev"]):
        for requirement in group:
            name = requirement.split(">")[0].split("[")[0]
            assert f"`{name}`" in chosen, f"docs/decisions/dependencies.md says nothing about {name}"


def test_every_setting_of_the_environment_is_documented_and_no_other() -> None:
    table = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert documented == settings.ENVIRONMENT.known, "mend docs/settings.md"
