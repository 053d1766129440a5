"""Handles approval requests: listing, confirming and dropping them. It also handles two changes that always
need approval: of a service's contact, and of the address for a line's alerts."""

from chat import bells, protocol
from chat.handoff import contacts
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.declared import APPROVED_NOW, heard, request
from chat.supervision import approval_requests, needs_approval
from chat.supervision.approval_requests import Approvers, OpenApproval
from helpline.lib import clock
from helpline.lib.bridge import in_database
from helpline.lib.scopes import ALL


@request(protocol.Approvals, consumers=CONSOLE, may="approvals")
async def list_approvals(consumer: consumers.Console, asked: protocol.Approvals) -> protocol.ApprovalsOk:
    now = clock.now()
    found = await in_database(approval_requests.open_approvals, consumer.person, now=now)
    approvers = await in_database(approval_requests.approvers_by_line, consumer.person, now=now)
    return protocol.ApprovalsOk(
        ref=asked.ref,
        approvals=[_row(one) for one in found],
        approvers=[_approvers(one) for one in approvers],
    )


@request(protocol.ConfirmApproval, consumers=CONSOLE, may="approvals", device=APPROVED_NOW, scope="approval")
async def confirm_approval(consumer: consumers.Console, asked: protocol.ConfirmApproval) -> None:
    await in_database(approval_requests.confirm, consumer.person, asked.approval, now=clock.now())


@request(protocol.DropApproval, consumers=CONSOLE, may="approvals", device=APPROVED_NOW, scope="approval")
async def drop_approval(consumer: consumers.Console, asked: protocol.DropApproval) -> None:
    await in_database(approval_requests.drop, consumer.person, asked.approval, now=clock.now())


@request(protocol.Contacts, consumers=CONSOLE, may="approvals")
async def list_contacts(consumer: consumers.Console, asked: protocol.Contacts) -> protocol.ContactsOk:
    found = await in_database(contacts.with_contacts)
    mails = await in_database(needs_approval.alert_mails, consumer.person)
    return protocol.ContactsOk(
        ref=asked.ref,
        services=[protocol.ContactRow(one.pk, one.name, one.contact_mail, one.contact_url) for one in found],
        alerts=[protocol.AlertMailRow(line, mail) for line, mail in mails.items()],
    )


@request(protocol.SetContact, consumers=CONSOLE, may="approvals", device=APPROVED_NOW, scope=ALL)
async def set_contact(consumer: consumers.Console, asked: protocol.SetContact) -> protocol.SetContactOk:
    approval = await in_database(
        needs_approval.set_contact,
        consumer.person,
        asked.service,
        mail=asked.mail,
        url=asked.url,
        now=clock.now(),
    )
    return protocol.SetContactOk(ref=asked.ref, waits=approval.waits)


@request(protocol.SetAlertMail, consumers=CONSOLE, may="approvals", device=APPROVED_NOW, scope="line")
async def set_alert_mail(
    consumer: consumers.Console, asked: protocol.SetAlertMail
) -> protocol.SetAlertMailOk:
    now = clock.now()
    approval = await in_database(
        needs_approval.set_alert_mail, consumer.person, asked.line, asked.mail.strip(), now=now
    )
    return protocol.SetAlertMailOk(ref=asked.ref, waits=approval.waits)


@heard(bells.ApprovalsChanged, consumers=CONSOLE, missed=True, may="approvals")
async def tell_approvals(consumer: consumers.Console, _bell: bells.ApprovalsChanged) -> None:
    await consumer.write(protocol.ApprovalsOut())


def _row(one: OpenApproval) -> protocol.ApprovalRow:
    approval = one.approval
    return protocol.ApprovalRow(
        approval=approval.pk,
        kind=approval.kind,
        line=approval.line_id,
        name=one.about.name,
        value=one.about.value,
        mail=one.about.contact.get("mail", ""),
        url=one.about.contact.get("url", ""),
        asked=approval.asked_by.alias,
        own=one.own,
        at=clock.stamp(approval.asked_at),
        until=clock.stamp(one.until),
        rests=clock.stamp_or_none(one.rests),
        may=one.may,
        may_drop=one.may_drop,
        others=[person.alias for person in one.others],
        lacking=one.about.lacking,
    )


def _approvers(one: Approvers) -> protocol.ApproversRow:
    return protocol.ApproversRow(one.line, one.alone, [person.alias for person in one.others])
