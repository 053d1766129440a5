"""From an empty Debian 13 to a conversation, by the words of docs/install.md alone."""

import asyncio
import re
import subprocess
import time
from pathlib import Path

from benchmarks.signin import Person, SignIn
from tests.drills import installed
from tests.drills.document import Block
from tests.drills.installed import CALLERS, Installed
from tests.drills.root import CLIENT, Root
from tests.faults.pairs import Console
from tests.support.platform import ROOT

RUNS_AS = {"serve --only=callers": "helpline", "serve --only=staff": "helpline", "worker": "helpline"}
MOST_EXPOSED = 2.5
SCREENED = ("var/lib", "var/log", "run", "tmp", "etc", "root")


def test_the_page_leads_from_an_empty_machine_to_a_conversation(empty_machine: Root, release: Path) -> None:
    machine = empty_machine
    here, left = installed.from_page(machine, release)
    _wait_until_ready(machine)
    floor = installed.comes_in("floor", here.link_of("floor"))
    asyncio.run(_talk(here, left, floor))

    told = "\n".join(here.said)
    assert "WRONG" not in told
    _each_unit_runs_as_its_account(machine)
    _each_unit_is_closed(machine)
    _a_page_breaks(machine)
    _nobody_wrote_the_address_down(machine)


async def _talk(here: Installed, left: list[Block], person: Person) -> None:
    """The supervisor's browser is the first; then the rest of the page is typed."""
    floor = await installed.console(person)
    for block in left:
        await asyncio.to_thread(here.type, block)
    await _lets_talk(floor)
    await floor.disconnect()


async def _lets_talk(floor: Console) -> None:
    """Opens the line, invites a counsellor, approves their device; a caller comes, and both write."""
    await floor.request("line", line="helpwanted", state="open", most=None, reason=None)
    link = await installed.invited(floor, "noor")
    person = await asyncio.to_thread(installed.comes_in, "noor", link, ("counsellor",))
    noor = await installed.console(person)
    (waits,) = [one for one in (await floor.request("devices"))["devices"] if one["state"] == "pending"]
    await floor.request("approve", device=waits["id"])
    pair = await installed.pair(noor)
    for number in range(3):
        await pair.exchange(f"zin {number}", within=10)
    pair.compare()
    await pair.counsellor.close(pair.conversation)


def _wait_until_ready(machine: Root) -> None:
    until = time.monotonic() + 60
    while not all(installed.is_ready(port) for port in installed.PORTS):
        assert time.monotonic() < until, machine.run("tail -n 50 /var/log/units/*.log")
        time.sleep(0.2)


def _each_unit_runs_as_its_account(machine: Root) -> None:
    known = (machine.folder / "etc/passwd").read_text().splitlines()
    accounts = {int(row.split(":")[2]): row.split(":")[0] for row in known}
    found = {" ".join(one.cmdline()): accounts[one.uids().real] for one in machine.processes()}
    for words, account in RUNS_AS.items():
        (who,) = {who for command, who in found.items() if words in command and "helpline" in command}
        assert who == account, words
    assert {who for command, who in found.items() if "caddy run" in command} == {"caddy"}


def _each_unit_is_closed(machine: Root) -> None:
    units = sorted(Path(ROOT, "deploy/systemd").glob("*"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"--root={machine.folder}", *(unit.name for unit in units)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [row for row in (checked.stdout + checked.stderr).splitlines() if "helpline" in row]
    assert ours == []


def _a_page_breaks(machine: Root) -> None:
    """A true 500: the page asks for a table that is not there."""
    rename = "runuser -u postgres -- psql -q helpline -c 'ALTER TABLE {} RENAME TO {}'"
    machine.run(rename.format("chat_line", "chat_elsewhere"))
    try:
        visit = SignIn(CALLERS, Person("", "", "", (), (), None))
        assert visit.get("/nl/praat/").status == 500
    finally:
        machine.run(rename.format("chat_elsewhere", "chat_line"))


def _nobody_wrote_the_address_down(machine: Root) -> None:
    """Not in a file of the machine, the database, the doorbells, the numbers."""
    machine.put("root/control", f"here it is: {CLIENT}\n")
    places = " ".join(f"/{place}" for place in SCREENED)
    found = machine.run(f"grep -rlaF {CLIENT} {places} || true").split()
    assert found == ["/root/control"], "the search finds it where it is, and nowhere else"
    dump = machine.run("runuser -u postgres -- pg_dump helpline")
    password = re.search(
        r"^requirepass (\S+)$", (machine.folder / "etc/valkey/helpline.conf").read_text(), re.MULTILINE
    )
    assert password
    bells = machine.run(f"valkey-cli -a {password[1]} --no-auth-warning --scan | head -100; true")
    numbers = "".join(installed.asked(port, "/metrics")[1] for port in installed.PORTS)
    assert "helpline_" in numbers
    for text in (dump, bells, numbers):
        assert CLIENT not in text
    assert "helpwanted" in dump
