"""Over sockets, somebody who practises is told whom they may ask, and both see the made-up callers of their
lines."""

from tests.support.cast import counsellors, floor, staff
from tests.support.platform import Platform


async def test_a_trainee_and_a_supervisor_are_told_the_ten_callers_with_their_checklists(
    laptop: Platform,
) -> None:
    laptop.end_everything()  # who has a conversation of an earlier test cannot practise
    trainee = await staff(laptop, counsellors(laptop, "helpwanted")[1], duty="")
    begun = (await trainee.request("practise", line="helpwanted"))["practising"]
    supervisor = await floor(laptop)
    assert supervisor.me["id"] in [one["id"] for one in begun["trainers"]]
    assert begun["letters"] == 0
    for client in (trainee, supervisor):
        lines = (await client.request("practicelines"))["lines"]
        (line,) = [one for one in lines if one["line"] == begun["line"]]
        assert (line["practice_for"], len(line["callers"])) == ("helpwanted", 10)
        assert all(3 <= len(one["points"]) <= 6 for one in line["callers"])
    await trainee.request("practise", line=None)


async def test_a_supervisor_of_another_line_is_told_nothing_of_this_one(laptop: Platform) -> None:
    laptop.end_everything()  # who has a conversation of an earlier test cannot practise
    trainee = await staff(laptop, counsellors(laptop, "helpwanted")[1], duty="")
    begun = (await trainee.request("practise", line="helpwanted"))["practising"]
    otto = await staff(laptop, laptop.people("supervisor", line="stopitnow")[0], duty="")
    lines = (await otto.request("practicelines"))["lines"]
    assert begun["line"] not in [one["line"] for one in lines]
    await trainee.request("practise", line=None)
