"""What takes two persons: listed, confirmed, dropped; and a service's contact, which is nothing else."""

from chat import bells, protocol
from chat.handoff import contacts
from chat.protocol import CONSOLE
from chat.requests import doors
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.supervision import needs_two, two_persons
from chat.supervision.two_persons import OpenWish
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import ALL


@request(protocol.Wishes, doors=CONSOLE, may="wishes")
async def list_wishes(door: doors.Console, asked: protocol.Wishes) -> protocol.WishesOk:
    found = await in_database(two_persons.open_wishes, door.person, now=clock.now())
    return protocol.WishesOk(ref=asked.ref, wishes=[_row(one) for one in found])


@request(protocol.ConfirmWish, doors=CONSOLE, may="wishes", device=APPROVED_NOW, scope="wish")
async def confirm_wish(door: doors.Console, asked: protocol.ConfirmWish) -> None:
    await in_database(two_persons.confirm, door.person, asked.wish, now=clock.now())


@request(protocol.DropWish, doors=CONSOLE, may="wishes", device=APPROVED_NOW, scope="wish")
async def drop_wish(door: doors.Console, asked: protocol.DropWish) -> None:
    await in_database(two_persons.drop, door.person, asked.wish, now=clock.now())


@request(protocol.Contacts, doors=CONSOLE, may="wishes")
async def list_contacts(_door: doors.Console, asked: protocol.Contacts) -> protocol.ContactsOk:
    found = await in_database(contacts.with_contacts)
    rows = [protocol.ContactRow(one.pk, one.name, one.contact_mail, one.contact_url) for one in found]
    return protocol.ContactsOk(ref=asked.ref, services=rows)


@request(protocol.SetContact, doors=CONSOLE, may="wishes", device=APPROVED_NOW, scope=ALL)
async def set_contact(door: doors.Console, asked: protocol.SetContact) -> protocol.SetContactOk:
    wish = await in_database(
        needs_two.set_contact, door.person, asked.service, mail=asked.mail, url=asked.url, now=clock.now()
    )
    return protocol.SetContactOk(ref=asked.ref, waits=wish.waits)


@heard(bells.WishesChanged, doors=CONSOLE)
async def tell_wishes(door: doors.Console, _bell: bells.WishesChanged) -> None:
    await door.write(protocol.WishesOut())


def _row(one: OpenWish) -> protocol.WishRow:
    wish = one.wish
    return protocol.WishRow(
        wish=wish.pk,
        kind=wish.kind,
        line=wish.line_id,
        name=one.about.name,
        value=one.about.value,
        mail=one.about.contact.get("mail", ""),
        url=one.about.contact.get("url", ""),
        asked=wish.asked_by.alias,
        own=one.own,
        at=clock.stamp(wish.asked_at),
        until=clock.stamp(one.until),
        rests=clock.stamp(one.rests) if one.rests else None,
        may=one.may,
        others=[person.alias for person in one.others],
        lacking=one.about.lacking,
    )
