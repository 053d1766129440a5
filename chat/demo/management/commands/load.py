"""Simulates a busy evening of callers and counsellors on a running platform, at the requested pace."""

import asyncio
import json
import random
from argparse import SUPPRESS, ArgumentParser
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpline.lib.parent import end_with

MAX_CALLERS, MAX_COUNSELLORS, MAX_MINUTES, MAX_PACE = 5000, 100, 120, 100


class Command(BaseCommand):
    help = "Plays an evening of callers and counsellors and says what became of their messages."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", help="http(s)://host:port; default: this folder's demo")
        parser.add_argument("--people", type=Path, default=settings.DEMO_FILE, help="a file like demo.json")
        parser.add_argument("--callers", type=int, default=20, help=f"at most {MAX_CALLERS}")
        parser.add_argument("--counsellors", type=int, default=4, help=f"at most {MAX_COUNSELLORS}")
        parser.add_argument("--minutes", type=float, default=2, help=f"at most {MAX_MINUTES}")
        parser.add_argument("--pace", type=float, default=10, help="times as fast as people")
        parser.add_argument("--parent", type=int, help=SUPPRESS)
        parser.add_argument("--seed", type=int, help="repeats an evening's chances")

    def handle(self, *_: Any, **options: Any) -> None:
        _require_bounds(options)
        if options["parent"]:
            end_with(options["parent"])
        demo = _people(options["people"])
        seed = options["seed"] if options["seed"] is not None else random.randrange(2**32)  # noqa: S311
        evening, signin = _players()
        plan = evening.Plan(
            url=(options["url"] or demo["url"]).rstrip("/"),
            callers=options["callers"],
            counsellors=_counsellors(demo, signin.Person, options["counsellors"]),
            lines=demo["lines"],
            minutes=options["minutes"],
            pace=options["pace"],
            staff_url=demo.get("staff_url", ""),
        )
        self.stdout.write(
            f"{plan.callers} callers, {len(plan.counsellors)} counsellors, {plan.minutes:g} minutes, "
            f"pace {plan.pace:g}, seed {seed}, against {plan.url}"
        )
        chance = random.Random(seed)  # noqa: S311 – an experiment, no secret
        try:
            tally = asyncio.run(evening.Evening(plan, self.stdout.write, chance).play())
        except OSError as error:
            raise CommandError(f"Nobody answers at {plan.url}: {error}") from error
        self.stdout.write("\n".join(tally.lines()))
        if tally.lost:
            raise CommandError(f"{tally.lost} messages were lost")


def _require_bounds(options: dict[str, Any]) -> None:
    for name, most in (
        ("callers", MAX_CALLERS),
        ("counsellors", MAX_COUNSELLORS),
        ("minutes", MAX_MINUTES),
        ("pace", MAX_PACE),
    ):
        if not 0 < options[name] <= most:
            raise CommandError(f"--{name} is more than 0 and at most {most}")


def _people(file: Path) -> dict[str, Any]:
    if not file.exists():
        raise CommandError(f"{file} is missing: start the demo (`make run`), or name a file with --people")
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _players() -> tuple[Any, Any]:
    """Imports the modules of `benchmarks` that drive the simulation. Raises CommandError if they are missing,
    as in a production image."""
    try:
        return import_module("benchmarks.evening"), import_module("benchmarks.signin")
    except ImportError as error:
        raise CommandError(
            f"`load` needs the whole repository and requirements-dev.txt: there is no {error.name}"
        ) from error


def _counsellors(demo: dict[str, Any], person: Any, many: int) -> list[Any]:
    """Returns `many` counsellors, taken from each line in turn."""
    rows = [row for row in demo["people"] if "counsellor" in row["roles"]]
    if len(rows) < many:
        raise CommandError(
            f"There are {len(rows)} counsellors; HELPLINE_DEMO_COUNSELLORS (per line) makes more"
        )
    by_line = [[row for row in rows if line in row["lines"]] for line in demo["lines"]]
    in_turn = [row for place in zip_longest(*by_line) for row in place if row is not None]
    return [person.from_json(row) for row in in_turn[:many]]
