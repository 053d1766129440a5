"""Turns an installed package into a helpline that runs. An interrupted run may be repeated: each step first
checks what has been done already."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from helpline.lib import phone_numbers
from helpline.machine import answers, environment_file, proxies, services
from helpline.machine.answers import FROM_CADDY
from helpline.machine.machine import ACCOUNT, Machine, Stopped

TEMPLATES = Path(__file__).parents[2] / "chat/data/lines"
A_PERSON = "NAME[=ALIAS]"
# Options that are passed on to the program's own `setup`, which asks for those that are missing. Each has the
# form of its value, and the sentence about it in the help.
REPEATED = {
    "line": ("TEMPLATE[=SLUG]", "a line of this template ({templates}); again for each further line"),
    "name": ("NAME", "what callers read as the name of each line, in the same order"),
    "phone": ("NUMBER", "each line's own telephone number, in the same order; may be left out"),
    "administrator": (A_PERSON, "the first one's name to sign in with; ALIAS is what colleagues read"),
    "supervisor": (A_PERSON, "the first one's name to sign in with; ALIAS is what callers read"),
}
EXAMPLE = """\
What is not given is asked. An example, to be typed in one line:
{prog} --callers-host hulp.example --staff-host staf.hulp.example \
--security-contact post@hulp.example --backup-recipient age1… --proxy caddy --certificate none \
--organisation "Veilig Praten" --line young-victims --administrator ilse --supervisor floor=Floor \
--uncertified"""
NEXT = """
The helpline runs. Each link above works once, for 24 hours: give it to that person alone.
Staff sign in at https://{staff}/. `helpline check` says what is missing, and what to do about it.
What comes next: /usr/share/doc/helpline/install.md, "The first supervisor signs in".
"""

SITES = (
    "The proxy's file now has the two hosts that were asked for: copy the sites of the others from the file "
    "beside it that has .before in its name, and restart the proxy."
)


def _templates() -> str:
    return ", ".join(sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir()))


def _line(said: str) -> str:
    """Refuses a mistyped template before anything changes. Without this check, the program would refuse it in
    the last step."""
    if not (TEMPLATES / said.partition("=")[0].strip() / "line.json").is_file():
        raise argparse.ArgumentTypeError(f"there is no template {said!r}. Write one of {_templates()}")
    return said


def _phone(said: str) -> str:
    if not phone_numbers.fits(said):
        raise argparse.ArgumentTypeError(f"{said!r} is no telephone number, such as 020-1234567")
    return said


CHECKED: dict[str, Callable[[str], str]] = {"line": _line, "phone": _phone}


def add_options(parser: argparse.ArgumentParser, machine: Machine) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLE.format(prog=parser.prog)
    for question in answers.questions(machine):
        parser.add_argument(f"--{question.name}", help=question.words, metavar=question.allowed)
    parser.add_argument("--organisation", metavar="NAME", help="its name, as staff read it")
    for name, (allowed, words) in REPEATED.items():
        help_text, kind = words.format(templates=_templates()), CHECKED.get(name, str)
        parser.add_argument(f"--{name}", action="append", metavar=allowed, help=help_text, type=kind)
    parser.add_argument("--uncertified", action="store_true", help="makes no root now")
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="settings, database, Valkey and proxy alone: for restoring a backup",
    )


def run(machine: Machine, given: argparse.Namespace) -> None:
    settings = environment_file.read(machine)
    environment_file.names_its_stores(settings)
    asked = {name.replace("_", "-"): value for name, value in vars(given).items() if isinstance(value, str)}
    found = answers.ask(answers.questions(machine), asked, before(machine, settings))
    for name in (found["callers-host"], found["staff-host"]):
        if answers.leads_nowhere(name):
            _say(
                f"Note: {name} leads nowhere yet. Nobody reaches it before its DNS entry names this machine."
            )
    _say("Writing the settings, setting up PostgreSQL and Valkey …")
    environment_file.make(machine)
    environment_file.change(machine, as_settings(found, settings))
    if others := other_origins(settings):
        _say(f"HELPLINE_ORIGINS keeps {' '.join(others)}. {SITES}")
    settings = environment_file.read(machine)
    services.database(machine, settings["DATABASE_URL"])
    services.bells(machine, settings["REDIS_URL"])
    # The proxy is set up before `_program` asks more questions: if the run is interrupted there, the
    # certificate exists already.
    _say(f"Setting up {found['proxy']} …")
    proxies.set_up(machine, found, settings.get("HELPLINE_RELEASES", proxies.RELEASES))
    if given.prepare:
        _say("Prepared. Restore the backup (docs/backup.md), then run `helpline setup` to start.")
        return
    _program(machine, settings, "organisation or root are not made", "setup", "--resume", *_founding(given))
    _say("Starting the processes …")
    services.start(machine)
    if not services.has_backup(machine, settings.get("HELPLINE_BACKUP_FOLDER", "")):
        _program(machine, settings, "the first backup could not be made", "backup")
    _say(NEXT.format(staff=found["staff-host"]))


def before(machine: Machine, settings: dict[str, str]) -> dict[str, str]:
    """Returns the answers in the settings of an earlier run or of another host. If the settings have no key
    for backups, their host names are still those of the example, and are ignored."""
    found = {}
    staff, callers, *_ = hosts(settings)
    if staff and settings.get("HELPLINE_BACKUP_RECIPIENT", "").startswith("age1"):
        found = {"staff-host": staff, "callers-host": callers}
        found["security-contact"] = settings.get("HELPLINE_SECURITY_CONTACT", "")
        found["backup-recipient"] = settings["HELPLINE_BACKUP_RECIPIENT"]
    chosen = next((name for name in answers.PROXIES if machine.has(name)), "")
    if machine.path(proxies.SITE).exists() and machine.has("nginx"):
        chosen = "nginx"
    found["proxy"] = chosen
    found["certificate"] = FROM_CADDY if chosen == "caddy" else ""
    return found | proxies.own_certificate(machine)


def hosts(settings: dict[str, str]) -> list[str]:
    """Returns the host names of HELPLINE_ORIGINS: the staff's, the callers', and the others. The callers' is
    the last one that is not a line's own."""
    names = [origin.partition("://")[2] for origin in settings.get("HELPLINE_ORIGINS", "").split()]
    if not names:
        return ["", ""]
    staff, *rest = names
    own = settings.get("HELPLINE_OWN_HOSTS", "").split()
    callers = next((name for name in reversed(rest) if name not in own), staff)
    return [staff, callers, *(name for name in rest if name != callers)]


def other_origins(settings: dict[str, str]) -> list[str]:
    """Returns the origins about which nothing is asked, such as those of lines with a host of their own."""
    others = hosts(settings)[2:]
    return [one for one in settings.get("HELPLINE_ORIGINS", "").split() if one.partition("://")[2] in others]


def as_settings(found: dict[str, str], earlier: dict[str, str]) -> dict[str, str]:
    """Returns the settings. The staff's host name comes first, because invitation links lead to the first
    host name."""
    asked = [f"https://{found['staff-host']}", f"https://{found['callers-host']}"]
    kept = [origin for origin in other_origins(earlier) if origin not in asked]
    return {
        "HELPLINE_ORIGINS": " ".join([*asked, *kept]),
        "HELPLINE_SECURITY_CONTACT": found["security-contact"],
        "HELPLINE_BACKUP_RECIPIENT": found["backup-recipient"],
    }


def _founding(given: argparse.Namespace) -> list[str]:
    words = ["--uncertified"] if given.uncertified else []
    if given.organisation:
        words += [f"--organisation={given.organisation}"]
    for name in REPEATED:
        words += [f"--{name}={value}" for value in getattr(given, name) or []]
    return words


def _program(machine: Machine, settings: dict[str, str], trouble: str, *words: str) -> None:
    """Runs a command of the program as its account, at this terminal. Raises Stopped if it fails."""
    command = ("runuser", "-u", ACCOUNT, "--", str(services.program(machine)), *words)
    sys.stdout.flush()
    if machine.run(*command, folder="/var/lib/helpline", environment=settings):
        raise Stopped(
            f"Stopped here: {trouble}. Mend it, and run `helpline setup` again; it goes on from here."
        )


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
