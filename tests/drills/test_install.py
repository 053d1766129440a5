"""An administrator gets from an empty Debian 13 to a conversation by the commands of docs/install.md
alone."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

from benchmarks.signin import Person, SignIn
from tests.drills import installed, releases
from tests.drills.document import Block, blocks
from tests.drills.installed import CALLERS, Installed
from tests.drills.root import CLIENT, Root
from tests.faults.pairs import Pair, nothing_is_lost
from tests.support.platform import ROOT

RUNS_AS = {"serve --only=callers": "helpline", "serve --only=staff": "helpline", "worker": "helpline"}
MOST_EXPOSED = 2.5
SCREENED = ("var/lib", "var/log", "run", "tmp", "etc", "root")


def test_the_page_leads_from_an_empty_machine_to_a_conversation(
    empty_machine: Root, release: Path, next_release: Path
) -> None:
    machine = empty_machine
    here, left = installed.from_page(machine, release)
    installed.wait_until_ready(machine)
    floor = installed.comes_in("floor", here.link_of("floor"))
    asyncio.run(_talk(here, left, floor, next_release))

    told = "\n".join(here.said)
    assert "WRONG" not in told
    _another_answer_is_given_later(machine)
    _each_unit_runs_as_its_account(machine)
    _each_unit_is_closed(machine)
    _a_page_breaks(machine)
    _nobody_wrote_the_address_down(machine)


async def _talk(here: Installed, left: list[Block], person: Person, next_release: Path) -> None:
    """Lets the supervisor's browser join first. The rest of the page is typed, and two people talk. They go
    on while docs/upgrade.md is typed in both directions, and after the restore of docs/backup.md."""
    floor = await installed.console(person)
    for block in left:
        await asyncio.to_thread(here.type, block)
    pair = await installed.lets_talk(floor)
    await floor.disconnect()
    await _is_upgraded(here, pair, next_release)
    await _is_brought_back(here, pair)
    for page in ("operations.md", "trust.md"):
        for block in blocks(page):
            if not block.mark:
                await asyncio.to_thread(here.type, block)
    await _is_verified(here)


async def _is_verified(here: Installed) -> None:
    """Verifies the manifest with the printed key, through the proxy, as somebody elsewhere does."""
    (key,) = re.findall(r"^public key: (\S+)$", "\n".join(here.said), re.MULTILINE)
    await asyncio.to_thread(installed.wait_until_ready, here.root)
    said = await asyncio.to_thread(here.root.run, f"helpline verify {CALLERS} --key={key}")
    assert "as they were signed" in said


async def _is_upgraded(here: Installed, pair: Pair, next_release: Path) -> None:
    shutil.copytree(next_release, here.root.folder / "root/release", dirs_exist_ok=True)
    page = await asyncio.to_thread(installed.module_of_page, releases.CHANGED)
    stop = asyncio.Event()
    talking = asyncio.create_task(pair.chat(stop, pause=4))
    for block in blocks("upgrade.md"):
        await asyncio.to_thread(here.type, block)
        await asyncio.to_thread(installed.wait_until_ready, here.root)
        again = await asyncio.to_thread(installed.fetched, page.address)
        assert again == page, "a page goes on with the bytes with which it was opened"
    assert "1.1.0 runs" in "\n".join(here.said)
    assert (here.root.folder / "opt/helpline/current").readlink().name == "1.0.0", "and back again"
    await asyncio.sleep(3)
    stop.set()
    await talking
    await nothing_is_lost([pair])
    assert pair.caller.refusals + pair.counsellor.refusals == []


async def _is_brought_back(here: Installed, pair: Pair) -> None:
    """Checks the restore: the caller can read what was said before the copy, and the counsellor signs in
    anew."""
    said = pair.caller.talk.texts()
    for block in blocks("backup.md"):
        await asyncio.to_thread(here.type, block)
    await asyncio.to_thread(installed.wait_until_ready, here.root)
    tab = pair.caller.another_tab()
    await tab.reopen()
    assert tab.talk.texts() == said
    await tab.post("hier ben ik weer")
    for client in (tab, *pair.talks):
        await client.disconnect()


def _another_answer_is_given_later(machine: Root) -> None:
    """Changes the proxy and changes it back. All other answers stay as they were, and nobody is added."""
    machine.run("apt-get install -y --no-install-recommends nginx")
    for name in ("nginx", "caddy"):
        assert "nobody was added" in machine.run(f"helpline setup --proxy {name}")
        serving = {process.name() for process in machine.processes()} & {"nginx", "caddy"}
        assert serving == {name}
        assert SignIn(CALLERS, Person("", "", "", (), (), None)).get("/nl/praat/").status == 200


def _each_unit_runs_as_its_account(machine: Root) -> None:
    known = (machine.folder / "etc/passwd").read_text().splitlines()
    accounts = {int(row.split(":")[2]): row.split(":")[0] for row in known}
    found = {" ".join(one.cmdline()): accounts[one.uids().real] for one in machine.processes()}
    for words, account in RUNS_AS.items():
        (who,) = {who for command, who in found.items() if f"/bin/helpline {words}" in command}
        assert who == account, words
    assert {who for command, who in found.items() if "caddy run" in command} == {"caddy"}


def _each_unit_is_closed(machine: Root) -> None:
    # A bare root lacks the system's own units, on which ours depend; this machine's are used instead.
    system = Path("/usr/lib/systemd/system")
    shutil.copytree(system, machine.folder / str(system)[1:], symlinks=True, dirs_exist_ok=True)
    units = sorted(Path(ROOT, "deploy/systemd").glob("*"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"--root={machine.folder}", *(unit.name for unit in units)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [
        row
        for row in (checked.stdout + checked.stderr).splitlines()
        if any(unit.name in row for unit in units)
    ]
    assert ours == []


def _a_page_breaks(machine: Root) -> None:
    """Causes an unhandled error: the page reads a table that does not exist."""
    rename = "runuser -u postgres -- psql -q helpline -c 'ALTER TABLE {} RENAME TO {}'"
    machine.run(rename.format("chat_line", "chat_elsewhere"))
    try:
        visit = SignIn(CALLERS, Person("", "", "", (), (), None))
        assert visit.get("/nl/praat/").status == 503, "the page of what broke, with telephone numbers"
    finally:
        machine.run(rename.format("chat_elsewhere", "chat_line"))


def _nobody_wrote_the_address_down(machine: Root) -> None:
    """Checks that no file of the machine, database, Redis or metric contains the address."""
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
