"""Asks questions that only the organisation can answer, and checks each answer before anything on the machine
changes."""

import re
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from helpline.machine.environment_file import UNFIT
from helpline.machine.machine import Machine, Stopped

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})+")
_MAIL = re.compile(r"(mailto:)?[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
PROXIES = ("caddy", "nginx")
FROM_CADDY = "none"


class Wrong(Exception):
    """Reports, in a sentence, what is wrong with an answer."""


@dataclass(frozen=True)
class Question:
    """Describes a question. `name` is also the option that answers it, and `allowed` describes the option's
    value in the help. `check` takes what was typed and the answers so far, and returns the answer as it is
    stored, or raises Wrong."""

    name: str
    allowed: str
    words: str
    check: Callable[[str, Mapping[str, str]], str]


def host(said: str, _found: Mapping[str, str]) -> str:
    found = said.strip().lower().removesuffix(".")
    if not _HOST.fullmatch(found) or _is_address(found):
        raise Wrong(
            f"{said!r} is no host name. Write it without https:// and without a path: chat.example.org"
        )
    return found


def contact(said: str, _found: Mapping[str, str]) -> str:
    found = said.strip()
    if _MAIL.fullmatch(found):
        return f"mailto:{found.removeprefix('mailto:')}"
    if re.fullmatch(r"https://[^\s/]+\.[^\s/]+\S*", found):
        return found
    raise Wrong(f"{said!r} is neither a mail address nor the address of a page that begins with https://")


def questions(machine: Machine) -> list[Question]:
    """Returns the questions in the order in which they are asked."""
    return [
        Question("callers-host", "HOST", "Host name that callers type (such as chat.example.org)", host),
        Question("staff-host", "HOST", "Host name for staff, which callers never see", host),
        Question(
            "security-contact", "ADDRESS", "Mail address or page for who finds a security hole", contact
        ),
        Question(
            "backup-recipient",
            "age1…",
            "Public key for backups (age1…, printed by `age-keygen -o backup-key.txt` on ANOTHER machine)",
            lambda said, _found: recipient(machine, said),
        ),
        Question(
            "proxy",
            "{caddy,nginx}",
            "Web server (caddy or nginx)",
            lambda said, _found: proxy(machine, said),
        ),
        Question(
            "certificate",
            "{FILE,none}",
            "File with your own TLS certificate for both names, or `none` if Caddy shall fetch one",
            lambda said, found: certificate(machine, said, [found["callers-host"], found["staff-host"]]),
        ),
        Question(
            "certificate-key",
            "FILE",
            "File with the certificate's private key",
            lambda said, _found: key(machine, said),
        ),
    ]


def ask(
    asked: list[Question],
    given: Mapping[str, str],
    before: Mapping[str, str],
    read: Callable[[str], str] = input,
) -> dict[str, str]:
    """Returns an answer to each question. A question whose option is given is not asked. For the others, an
    empty answer means the value in `before`. Raises Stopped for a wrong option, or if the input ends before a
    question is answered."""
    found: dict[str, str] = {}
    for question in asked:
        if question.name == "certificate-key" and found["certificate"] == FROM_CADDY:
            continue
        if given.get(question.name):
            found[question.name] = _option(question, given[question.name], found)
        else:
            found[question.name] = _typed(question, before.get(question.name, ""), found, read)
    return found


def _option(question: Question, said: str, found: Mapping[str, str]) -> str:
    try:
        return _checked(question, said, found)
    except Wrong as error:
        raise Stopped(f"Nothing was changed. --{question.name}: {error}") from None


def _typed(question: Question, before: str, found: Mapping[str, str], read: Callable[[str], str]) -> str:
    """Asks until the answer is valid. If the input has ended (no terminal), takes `before` as the answer;
    raises Stopped if `before` is empty or not valid."""
    while True:
        shown = f" [{before}]" if before else ""
        try:
            said = read(f"{question.words}{shown}: ").strip() or before
        except EOFError:
            if not before:
                raise Stopped(f"Nothing was changed: nobody answers. Use --{question.name}.") from None
            said = before
        try:
            return _checked(question, said, found)
        except Wrong as error:
            sys.stdout.write(f"  {error}\n")
            before = "" if said == before else before


def _checked(question: Question, said: str, found: Mapping[str, str]) -> str:
    if not said.strip():
        raise Wrong("This needs an answer.")
    if UNFIT.search(said):
        raise Wrong("An answer cannot contain a quote, a dollar sign or a backslash.")
    answer = question.check(said, found)
    together = {**found, question.name: answer}
    if together.get("staff-host") == together["callers-host"]:
        raise Wrong("Staff need another name than callers: by it the proxy keeps the two apart.")
    if together.get("proxy") == "nginx" and together.get("certificate") == FROM_CADDY:
        raise Wrong("nginx fetches no certificate. Name a file; certbot or your provider makes one.")
    return answer


def recipient(machine: Machine, said: str) -> str:
    """Returns the public key if `age` accepts it: a mistyped letter does not fit the key's checksum."""
    found = said.strip()
    if (
        not found.startswith("age1")
        or machine.says("age", "--encrypt", "--recipient", found, "-o", "/dev/null")[0]
    ):
        raise Wrong(
            "This is no public key of age. It begins with age1; its secret half stays on the other machine."
        )
    return found


def proxy(machine: Machine, said: str) -> str:
    found = said.strip().lower()
    if found not in PROXIES:
        raise Wrong("Write caddy or nginx.")
    if not machine.has(found):
        raise Wrong(f"{found} is not installed: apt-get install {found}")
    return found


def certificate(machine: Machine, said: str, hosts: Sequence[str]) -> str:
    if said.strip() == FROM_CADDY:
        return FROM_CADDY
    found = _file(machine, said, "BEGIN CERTIFICATE")
    if machine.has("openssl") and (why := why_refused(machine, found, hosts)):
        raise Wrong(why)
    return found


def why_refused(machine: Machine, certificate: str, hosts: Sequence[str]) -> str:
    """Returns why browsers would refuse the certificate at one of these hosts, or "". It does not look at who
    signed it."""
    read = ("openssl", "x509", "-noout", "-in", str(machine.path(certificate)))
    if machine.says(*read, "-checkend", "0")[0]:
        return f"{certificate} has expired, or is no certificate."
    for name in hosts:
        if "NOT match" in machine.says(*read, "-checkhost", name)[1]:
            return f"{certificate} is not for {name}."
    return ""


def key(machine: Machine, said: str) -> str:
    return _file(machine, said, "PRIVATE KEY")


def leads_nowhere(name: str) -> bool:
    try:
        socket.getaddrinfo(name, 443)
    except OSError:
        return True
    return False


def _file(machine: Machine, said: str, wanted: str) -> str:
    path = machine.path(said.strip())
    try:
        text = Path(path).read_text()
    except (OSError, UnicodeError):
        raise Wrong(f"{said} cannot be read.") from None
    if wanted not in text:
        raise Wrong(f"{said} has no line with {wanted}.")
    return said.strip()


def _is_address(said: str) -> bool:
    try:
        ip_address(said)
    except ValueError:
        return False
    return True
