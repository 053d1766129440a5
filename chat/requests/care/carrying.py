"""Handles requests about how many conversations each person has had, and about the limits that a line agreed
on."""

from chat import bells, protocol
from chat.care import carrying, debriefs
from chat.care.carrying import Limits, Load
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import APPROVED_NOW, heard, request
from counsellors.models import Person
from helpline.lib import clock
from helpline.lib.bridge import in_database


@request(protocol.Carried, consumers=CONSOLE, may="care", scope="line")
async def carried(consumer: consumers.Console, asked: protocol.Carried) -> protocol.CarriedOk:
    return await in_database(_of_line, consumer.person, asked.line, asked.ref)


@request(protocol.SetLimits, consumers=CONSOLE, may="care", device=APPROVED_NOW, scope="line")
async def set_limits(consumer: consumers.Console, asked: protocol.SetLimits) -> protocol.CarriedOk:
    await in_database(carrying.set_limits, consumer.person, asked.line, Limits(asked.talks, asked.heavy))
    return await in_database(_of_line, consumer.person, asked.line, asked.ref)


@heard(bells.CareChanged, consumers=CONSOLE, missed=True)
async def tell_own(consumer: consumers.Console, _bell: bells.CareChanged) -> None:
    await consumer.write(protocol.CareOut(loads=await in_database(own_loads, consumer.person)))


def own_loads(person: Person) -> list[protocol.OwnLoad]:
    return [
        protocol.OwnLoad(
            line=load.line.pk,
            talks=load.talks_today,
            heavy=load.heavy_today,
            most_talks=load.line.most_talks,
            most_heavy=load.line.most_heavy,
            wants=debriefs.why_wanted(person, load.line.pk),
        )
        for load in carrying.own(person, now=clock.now())
    ]


def _of_line(supervisor: Person, line: str, ref: str) -> protocol.CarriedOk:
    limits, loads = carrying.of_line(supervisor, line, now=clock.now())
    return protocol.CarriedOk(
        ref=ref, most_talks=limits.talks, most_heavy=limits.heavy, people=[_by(load) for load in loads]
    )


def _by(load: Load) -> protocol.CarriedBy:
    return copied(
        protocol.CarriedBy,
        load,
        person=load.person.handle,
        alias=load.person.alias,
        wants=debriefs.why_wanted(load.person, load.line.pk) != "",
    )
