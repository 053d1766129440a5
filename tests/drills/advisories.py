"""`make audit` reports the known vulnerabilities of our dependencies, and which of them it could not ask
about. It exits with 0 if each package was asked about and nothing is known, 1 if something is known, and 3 if
nothing is known but some packages could not be asked about; make prints `Error 3` then, and exits with its
own 2."""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pip_audit._dependency_source import RequirementSource
from pip_audit._service import OsvService, PyPIService

ROOT = Path(__file__).parents[2]
SOUND, FOUND, NOT_ASKED = 0, 1, 3
TIMEOUT = 15  # seconds
ENOUGH = 3  # after this many packages in a row without an answer the others are not tried


@dataclass
class Answers:
    """Holds the answers about one list of packages."""

    of: str
    asked: int = 0
    known: list[str] = field(default_factory=list)
    unasked: dict[str, str] = field(default_factory=dict)  # package: why

    def tell(self) -> None:
        print(f"{self.of}: asked about {self.asked} of {self.asked + len(self.unasked)} packages.")
        for advisory in self.known:
            print(f"  KNOWN {advisory}")
        for why in dict.fromkeys(self.unasked.values()):
            names = [name for name, reason in self.unasked.items() if reason == why]
            print(f"  NOT ASKED, {why}: {', '.join(names)}")


def of_python(packages: Iterable[Any], service: Any, of: str) -> Answers:
    """Sends one question for each package. A package counts as unasked if the answer is broken."""
    answers, silent = Answers(of), 0
    for package in packages:
        name = f"{package.name} {package.version}"
        if silent == ENOUGH:
            answers.unasked[name] = "since the service was silent"
            continue
        try:
            found, advisories = service.query(package)
        except Exception as error:
            answers.unasked[name] = f"the service did not answer ({type(error).__name__})"
            silent += 1
            continue
        silent = 0
        if found.is_skipped():
            answers.unasked[name] = "the service does not know it"
            continue
        answers.asked += 1
        answers.known += [f"{name}: {one.id}, mended in {_versions(one)}" for one in advisories]
    return answers


def of_browser(folder: Path) -> Answers:
    """Sends one question for the whole lock file."""
    answers = Answers("frontend/package-lock.json")
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    names = sorted({path.rpartition("node_modules/")[2] for path in locked if path})
    try:
        said = subprocess.run(
            ["npm", "audit", "--json", "--fetch-retries=0", f"--fetch-timeout={TIMEOUT * 1000}"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        found = json.loads(said.stdout)["vulnerabilities"]
    except FileNotFoundError:
        answers.unasked = dict.fromkeys(names, "npm is not installed")
    except (ValueError, KeyError):
        answers.unasked = dict.fromkeys(names, "the service did not answer")
    else:
        answers.asked = len(names)
        answers.known = [f"{name} {one['range']}: {one['severity']}" for name, one in found.items()]
    return answers


def status(all_answers: Iterable[Answers]) -> int:
    known = unasked = False
    for answers in all_answers:
        known, unasked = known or bool(answers.known), unasked or bool(answers.unasked)
    return FOUND if known else NOT_ASKED if unasked else SOUND


def _versions(advisory: Any) -> str:
    return ", ".join(map(str, advisory.fix_versions)) or "no version yet"


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--requirements", type=Path, default=ROOT / "requirements.txt")
    read.add_argument("--frontend", type=Path, default=ROOT / "frontend")
    read.add_argument("--osv-url", help="ask a service that speaks OSV, instead of the registry")
    told = read.parse_args()
    service = (
        OsvService(timeout=TIMEOUT, osv_url=told.osv_url) if told.osv_url else PyPIService(timeout=TIMEOUT)
    )
    packages = RequirementSource([told.requirements], require_hashes=True, disable_pip=True).collect()
    both = [of_python(packages, service, told.requirements.name), of_browser(told.frontend)]
    for answers in both:
        answers.tell()
    return status(both)


if __name__ == "__main__":
    sys.exit(main())
