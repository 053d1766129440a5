"""Every secret of an installation is changed while two people talk, by the commands of docs/secrets.md. Then
a stranger opens the helpline on an empty machine by those of docs/takeover.md, with a copy and its key."""

import asyncio
import re
from pathlib import Path

import psutil

from benchmarks.signin import Person, SignIn
from tests.drills import installed
from tests.drills.document import Block, blocks
from tests.drills.installed import STAFF, Installed
from tests.drills.root import Root
from tests.faults.pairs import Console, Pair, nothing_is_lost

LATER, BY_HAND = "two days later", "by hand"
SECRETS = (
    "HELPLINE_SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "HELPLINE_METRICS_TOKEN",
    "HELPLINE_BACKUP_RECIPIENT",
)
WITH_PASSWORD = "postgresql://helpline:the-first-one@127.0.0.1:5432/helpline"


def test_every_secret_is_changed_and_a_stranger_takes_over(empty_machine: Root, release: Path) -> None:
    here, _ = installed.from_page(empty_machine, release)
    _gives_the_database_a_password(here)
    installed.wait_until_ready(here.root)
    person = installed.comes_in("floor", here.link_of("floor"))
    asyncio.run(_both(here, person, release))


async def _both(here: Installed, person: Person, release: Path) -> None:
    floor = await installed.console(person)
    copies = await _secrets_are_changed(here, person, floor)
    kept = await asyncio.to_thread(_taken_to_the_safes, here, copies)
    with Root() as empty:
        await _is_taken_over(installed.with_release(empty, release), kept, floor)


async def _secrets_are_changed(here: Installed, person: Person, floor: Console) -> str:
    """Changes the secrets. Returns where the key of the newest copy is."""
    pair = await installed.lets_talk(floor)
    link = await installed.invited(floor, "lotte")
    before = _written(here)
    copies = await asyncio.to_thread(_another_key_of_backups, here)
    told = blocks("secrets.md")
    await _is_typed(here, pair, [one for one in told if not one.mark.startswith((LATER, BY_HAND))])
    assert _is_in(floor)
    await asyncio.to_thread(installed.comes_in, "lotte", link, ("counsellor",))

    now = _written(here)
    assert [name for name in SECRETS if now[name] == before[name]] == [], "each is another one"
    said = await asyncio.to_thread(here.root.run, "helpline audit verify")
    assert said.strip() == "the chain is whole"
    await asyncio.to_thread(
        here.root.run, f"age -d -i {copies} $(ls /var/backups/helpline/*.age | tail -n 1) > /dev/null"
    )
    await _old_ones_open_nothing(here, before)

    for block in told:
        if block.mark.startswith(LATER):
            await asyncio.to_thread(here.type, block)
    await asyncio.to_thread(installed.wait_until_ready, here.root)
    assert not _is_in(floor), "only now is the old secret worth nothing"
    await SignIn(STAFF, person).run()
    for client in (floor, *pair.talks):
        await client.disconnect()
    return copies


def _taken_to_the_safes(here: Installed, copies: str) -> dict[str, bytes]:
    """Copies the newest copy and its key, under the names that they have on the new machine. The old machine
    is gone."""
    root = here.root.folder
    newest = max((root / "var/backups/helpline").glob("helpline-*.age"))
    kept = {newest.name: newest.read_bytes(), "backup-key.txt": (root / copies[1:]).read_bytes()}
    for process in here.root.processes():
        process.kill()
    psutil.wait_procs(here.root.processes(), timeout=10)
    return kept


async def _is_taken_over(here: Installed, kept: dict[str, bytes], floor: Console) -> None:
    """Lets a caller and a new counsellor talk. The supervisor uses the same laptop as before."""
    for name, data in kept.items():
        (here.root.folder / "root" / name).write_bytes(data)
    await asyncio.to_thread(_opens, here)
    link = here.link_of("floor")
    person = await asyncio.to_thread(installed.comes_in, "floor", link)
    floor.cookie = await SignIn(STAFF, person).run()
    await floor.hello()
    pair = await installed.lets_talk(floor, "sanne")
    await pair.exchange("weer open", within=20)
    said = "\n".join(here.said)
    assert "WRONG" not in said
    assert re.search(r"^the chain is whole after row \d+;", said, re.MULTILINE)
    looked = await asyncio.to_thread(here.root.run, "helpline check || true")
    wrong = [row.partition(":")[0] for row in looked.splitlines() if row.startswith(("WRONG", "STOP"))]
    assert wrong == ["WRONG second factors"], "those of the others, whose key was on the old machine"
    for client in (floor, *pair.talks):
        await client.disconnect()


def _opens(here: Installed) -> None:
    """Types what docs/takeover.md says, in its order: the steps of docs/install.md that it names, and its
    own."""
    recipient, restore, *last = [block for block in blocks("takeover.md") if not block.mark]
    installed.type_steps(here, 1, 2)
    here.type(recipient)
    installed.type_steps(here, 4, more="--prepare")
    here.type(restore)
    installed.type_steps(here, 4)
    installed.wait_until_ready(here.root)
    for block in last:
        here.type(block)


async def _is_typed(here: Installed, pair: Pair, told: list[Block]) -> None:
    stop = asyncio.Event()
    talking = asyncio.create_task(pair.chat(stop, pause=4))  # a caller may send one a second
    for block in told:
        await asyncio.to_thread(here.type, block)
        await asyncio.to_thread(installed.wait_until_ready, here.root)
    await asyncio.sleep(3)
    stop.set()
    await talking
    await nothing_is_lost([pair])
    assert {*pair.caller.refusals, *pair.counsellor.refusals} <= {"try_again"}
    assert "WRONG" not in "\n".join(here.said)


def _gives_the_database_a_password(here: Installed) -> None:
    """Gives the database a password, which it has if it is on another machine."""
    here.root.put("root/role.sql", "ALTER ROLE helpline PASSWORD 'the-first-one'\n", 0o644)
    here.root.run("cd / && runuser -u postgres -- psql -q < /root/role.sql")
    here.root.run(
        f"""sed -i 's|^DATABASE_URL=.*|DATABASE_URL="{WITH_PASSWORD}"|' /etc/helpline/helpline.env"""
    )
    here.root.run("systemctl restart helpline-staff helpline-callers helpline-worker")


def _another_key_of_backups(here: Installed) -> str:
    """Makes another backup key, as on another machine, and returns its public half."""
    here.root.run(
        "age-keygen -o /root/next-key.txt && age-keygen -y /root/next-key.txt > /root/backup-recipient.txt"
    )
    return "/root/next-key.txt"


async def _old_ones_open_nothing(here: Installed, before: dict[str, str]) -> None:
    psql = f"PGCONNECT_TIMEOUT=5 psql '{before['DATABASE_URL']}' -c 'SELECT 1' 2>&1 || true"
    assert "password authentication failed" in await asyncio.to_thread(here.root.run, psql)
    word = re.search(r"//:([^@]+)@", before["REDIS_URL"])
    assert word
    ping = f"valkey-cli --no-auth-warning -a {word[1]} PING 2>&1 || true"
    said = await asyncio.to_thread(here.root.run, ping)
    assert "WRONGPASS" in said
    assert "PONG" not in said


def _written(here: Installed) -> dict[str, str]:
    """Returns the settings of the machine, by name."""
    rows = (here.root.folder / "etc/helpline/helpline.env").read_text().splitlines()
    return {name: value.strip('"') for name, _, value in (row.partition("=") for row in rows)}


def _is_in(floor: Console) -> bool:
    """Returns whether the board is shown to the browser of somebody who signed in before."""
    visit = SignIn(STAFF, Person(floor.name, "", "", (), (), None))
    visit.cookies = dict(row.split("=", 1) for row in floor.cookie.split("; "))
    return visit.get("/board/").status == 200
