"""Handles requests to list, add, change and end entries of the referral directory, and to set their hours."""

from datetime import date

from chat import bells, protocol
from chat.handoff import directory, entries
from chat.handoff.entries import NotReadYet, Written
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import APPROVED, APPROVED_NOW, heard, request
from chat.requests.lines.timetables import schedule_of, timetable_frame
from chat.requests.staff import service_cards
from chat.supervision import service_entries
from chat.supervision.service_entries import Saved, Shown
from helpline import languages
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import ALL


@request(protocol.Directory, consumers=CONSOLE, may="directory")
async def list_entries(consumer: consumers.Console, asked: protocol.Directory) -> protocol.DirectoryOk:
    found = await in_database(service_entries.listed, consumer.person, now=clock.now())
    return protocol.DirectoryOk(ref=asked.ref, entries=[_shown(one) for one in found])


@request(protocol.AddService, consumers=CONSOLE, may="directory", device=APPROVED_NOW)
async def add_service(consumer: consumers.Console, asked: protocol.AddService) -> protocol.AddServiceOk:
    saved = await in_database(
        service_entries.make, consumer.person, _written(asked.entry), _held(asked.entry), now=clock.now()
    )
    return _ok(asked.ref, saved)


@request(protocol.ChangeService, consumers=CONSOLE, may="directory", device=APPROVED_NOW, scope=ALL)
async def change_service(consumer: consumers.Console, asked: protocol.ChangeService) -> protocol.AddServiceOk:
    saved = await in_database(
        service_entries.change,
        consumer.person,
        asked.service,
        _written(asked.entry),
        _held(asked.entry),
        version=asked.version,
        now=clock.now(),
    )
    return _ok(asked.ref, saved)


@request(protocol.EndService, consumers=CONSOLE, may="directory", device=APPROVED_NOW, scope=ALL)
async def end_service(consumer: consumers.Console, asked: protocol.EndService) -> protocol.EndServiceOk:
    approval = await in_database(
        service_entries.end, consumer.person, asked.service, ended=asked.ended, now=clock.now()
    )
    return protocol.EndServiceOk(ref=asked.ref, waits=approval.waits)


@request(protocol.ServiceHours, consumers=CONSOLE, may="directory", scope=ALL)
async def service_hours(_consumer: consumers.Console, asked: protocol.ServiceHours) -> protocol.HoursOk:
    return timetable_frame(asked.ref, await in_database(entries.hours, asked.service, now=clock.now()))


def _if_kept(asked: protocol.SetServiceHours) -> str:
    """Returns the state that the device must have. For a request that saves the hours, the database must
    still list the device as approved. A preview saves nothing, so the state known to the socket is enough."""
    return APPROVED_NOW if asked.keep else APPROVED


@request(protocol.SetServiceHours, consumers=CONSOLE, may="directory", device=_if_kept, scope=ALL)
async def set_service_hours(consumer: consumers.Console, asked: protocol.SetServiceHours) -> protocol.HoursOk:
    made = await in_database(
        entries.change_hours,
        consumer.person,
        asked.service,
        schedule_of(asked),
        keep=asked.keep,
        now=clock.now(),
        version=asked.version,
    )
    return timetable_frame(asked.ref, made)


@heard(bells.ServicesChanged, consumers=CONSOLE, missed=True)
async def tell_services(consumer: consumers.Console, _bell: bells.ServicesChanged) -> None:
    await consumer.write(protocol.ServicesOut(services=await in_database(service_cards, consumer.person)))


def _written(entry: protocol.EntrySet) -> Written:
    return Written(
        name=" ".join(entry.name.split()),
        purpose=languages.stripped(entry.purpose),
        for_callers=languages.stripped(entry.for_callers),
        needs=entry.needs.strip(),
        chat=entry.chat,
        free=entry.free,
        languages=" ".join(entry.languages.split()),
        age_from=entry.age_from,
        age_to=entry.age_to,
        always_open=entry.always_open,
        source=entry.source.strip(),
        verified_on=_day(entry.verified),
    )


def _held(entry: protocol.EntrySet) -> dict[str, str]:
    return {"phone": entry.phone, "site": entry.site, "webhook_url": entry.webhook}


def _day(day: str | None) -> date | None:
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:
        raise NotReadYet("verified_on") from None


def _shown(one: Shown) -> protocol.EntryShown:
    service = one.entry.service
    return copied(
        protocol.EntryShown,
        service,
        service=service.pk,
        webhook=service.webhook_url,
        verified=service.verified_on.isoformat() if service.verified_on else None,
        stale=directory.is_stale(service, today=clock.now().date()),
        in_use=one.entry.in_use,
        ended=clock.stamp_or_none(service.ended_at),
        waits=one.waits,
        lines=one.lines,
        other_lines=one.other_lines,
    )


def _ok(ref: str, saved: Saved) -> protocol.AddServiceOk:
    return protocol.AddServiceOk(ref=ref, service=saved.service.pk, asked=saved.asked)
