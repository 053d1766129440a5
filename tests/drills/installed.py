"""An installation that was typed from docs/install.md, and people who talk through its proxy."""

import asyncio
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.signin import Person, SignIn
from tests.drills.document import Block, blocks
from tests.drills.root import NAMES, Root
from tests.faults.pairs import Console, Pair, Phone
from tests.support.platform import status_and_body

CALLERS, STAFF = f"https://{NAMES[0]}", f"https://{NAMES[1]}"
PASSWORD = "vier woorden op straat"
PORTS = (8001, 8002)


@dataclass
class Installed:
    """Holds the machine, and what `setup` printed: the links of the first people."""

    root: Root
    said: list[str] = field(default_factory=list)

    def type(self, block: Block) -> None:
        self.said.append(self.root.run(block.text))

    def link_of(self, username: str) -> str:
        found = re.search(rf"^\s*{username}\s+(https://\S+/join/#\S+)$", "\n".join(self.said), re.MULTILINE)
        assert found, "setup shows a link for each of the first people"
        return found[1]


def from_page(machine: Root, release: Path, **settings: str) -> tuple[Installed, list[Block]]:
    """Types everything up to the point at which the first person joins. Returns the blocks that are left.
    `settings` are written to the machine's file before anything is set up."""
    installed = with_release(machine, release)
    left = [block for block in blocks("install.md") if not block.mark]
    while left and not left[0].heading.startswith("6."):
        if left[0].heading.startswith("4."):
            _key_of_backups(machine)
            if settings:
                rows = "".join(f'{name}="{value}"\n' for name, value in settings.items())
                machine.run(f"cat >> /etc/helpline/helpline.env <<'END'\n{rows}END")
        installed.type(left.pop(0))
    return installed, left


def with_release(machine: Root, release: Path) -> Installed:
    """Makes a machine on which nothing is installed yet, with the files of the release and a certificate."""
    shutil.copytree(release, machine.folder / "root/release")
    (machine.folder / "root/release/helpline.pub").rename(machine.folder / "root/helpline.pub")
    _certificates(machine)
    return Installed(machine)


def type_steps(installed: Installed, *numbers: int, more: str = "") -> None:
    """Types these steps of docs/install.md, with more options at the end."""
    for block in blocks("install.md"):
        if not block.mark and block.heading.partition(".")[0] in map(str, numbers):
            installed.said.append(installed.root.run(f"{block.text.rstrip()} {more}"))


def _key_of_backups(machine: Root) -> None:
    """Makes the key that step 3 makes on another machine. docs/backup.md brings it when it is needed."""
    machine.run("cd /root; age-keygen -o backup-key.txt; age-keygen -y backup-key.txt > backup-recipient.txt")


def comes_in(username: str, link: str, roles: tuple[str, ...] = ("supervisor",)) -> Person:
    """Joins by the link, as a browser without scripts does: a password, a second factor, the recovery
    codes."""
    visit = SignIn(STAFF, Person(username, PASSWORD, "", roles, (), None))
    answer = visit.submit(visit.get("/join/"), "link", link=link)
    answer = visit.submit(visit.get(answer.address), "password", password=PASSWORD, again=PASSWORD)
    page = visit.get(answer.address)
    shown = re.search(r'class="secret".*?<code[^>]*>([A-Z2-7 ]+)<', page.body, re.DOTALL)
    assert shown, page.body[:2000]
    secret = shown[1].replace(" ", "")
    person = Person(username, PASSWORD, secret, roles, (), None)
    visit.person = person
    visit.submit(page, "code", code=visit.next_code())
    return person


async def console(person: Person) -> Console:
    """Opens the person's browser, with a key that may still wait for approval."""
    client = Console(STAFF, name=person.username, cookie=await SignIn(STAFF, person).run(), stays=True)
    await client.hello()
    await client.enrol()
    return client


async def invited(floor: Console, username: str) -> str:
    """Returns the link of a newcomer, which a supervisor made on the page for it."""
    visit = SignIn(STAFF, Person(floor.name, "", "", (), (), None))
    visit.cookies = dict(row.split("=", 1) for row in floor.cookie.split("; "))
    page = visit.get("/people/invite/")
    answer = visit.submit(
        page, "alias", alias=username.title(), username=username, roles="counsellor", lines="helpwanted"
    )
    body = answer.body if answer.status == 200 else visit.get(answer.address).body
    found = re.search(r"https://\S+?/join/#[\w.:~-]+", body)
    assert found, body[:3000]
    return found[0]


async def pair(counsellor: Console, slots: int = 4) -> Pair:
    """Returns a caller who came by the callers' host name, and the counsellor who took them."""
    await counsellor.duty("on", slots)
    caller = Phone(CALLERS, name="caller", stays=True)
    await caller.start("helpwanted")
    await counsellor.take()
    return Pair(caller, counsellor)


async def lets_talk(floor: Console, username: str = "noor") -> Pair:
    """Opens the line, invites a counsellor and approves their device. A caller comes, and both write."""
    await floor.request("line", line="helpwanted", state="open", most=None, reason=None)
    link = await invited(floor, username)
    person = await asyncio.to_thread(comes_in, username, link, ("counsellor",))
    noor = await console(person)
    (waits,) = [one for one in (await floor.request("devices"))["devices"] if one["state"] == "pending"]
    await floor.request("approve", device=waits["id"])
    await noor.until(lambda frame: frame["type"] == "device" and frame["state"] == "approved", 30)
    await noor.reopen()
    both = await pair(noor)
    for number in range(3):
        await both.exchange(f"zin {number}", within=10)
    both.compare()
    return both


@dataclass(frozen=True)
class Module:
    """Represents a file of the caller's page, as a stranger downloads it."""

    address: str
    text: str


def module_of_page(name: str) -> Module:
    """Returns a module of the page that is served now."""
    page = SignIn(CALLERS, Person("", "", "", (), (), None)).get("/nl/praat/").body
    release = re.search(r"/app/([0-9a-f]{16})/", page)
    assert release, page[:2000]
    return fetched(f"/app/{release[1]}/{name.removeprefix('frontend/')}")


def fetched(address: str) -> Module:
    return Module(address, SignIn(CALLERS, Person("", "", "", (), (), None)).get(address).body)


def asked(port: int, path: str) -> tuple[int, str]:
    """Returns status and body of a request that the machine sends to one of its own processes."""
    return status_and_body(f"http://127.0.0.1:{port}", path)


def is_ready(port: int) -> bool:
    return asked(port, "/readyz")[0] == 200


def wait_until_ready(machine: Root) -> None:
    until = time.monotonic() + 60
    while not all(is_ready(port) for port in PORTS):
        assert time.monotonic() < until, machine.run("tail -n 50 /var/log/units/*.log")
        time.sleep(0.2)


def trust(machine: Root) -> None:
    """Makes the clients in this drill trust its own certificate authority, and no other."""
    os.environ["SSL_CERT_FILE"] = str(machine.folder / "root/authority.pem")
    assert ssl.create_default_context().cert_store_stats()["x509_ca"] >= 1


def _certificates(machine: Root) -> None:
    """Makes a private authority that this machine trusts, and certificates for both names."""
    work = Path(tempfile.mkdtemp(prefix="helpline-tls-"))
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    extensions = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
    added = [word for extension in extensions for word in ("-addext", extension)]
    made = ["-x509", "-days", "365", "-subj", "/CN=Drill", "-keyout", "ca.key", "-out", "ca.pem"]
    _openssl(work, "req", *key, *made, *added)
    _openssl(work, "req", *key, "-subj", f"/CN={NAMES[0]}", "-keyout", "site.key", "-out", "site.csr")
    (work / "site.ext").write_text(
        f"subjectAltName={','.join(f'DNS:{name}' for name in NAMES)}\nextendedKeyUsage=serverAuth\n"
    )
    _openssl(work, "x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "90",
             "-extfile", "site.ext", "-out", "site.pem")  # fmt: skip
    for name, text in (("pem", (work / "site.pem").read_text()), ("key", (work / "site.key").read_text())):
        machine.put(f"root/hulp.example.{name}", text, 0o600)
    authority = (work / "ca.pem").read_text()
    machine.put("root/authority.pem", authority)
    machine.put("usr/local/share/ca-certificates/drill.crt", authority)
    machine.run("apt-get update && apt-get install -y --no-install-recommends ca-certificates")
    machine.run("update-ca-certificates")
    shutil.rmtree(work)
    trust(machine)


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
