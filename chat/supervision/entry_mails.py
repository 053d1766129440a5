"""Mails an invited person their link. The outbox inserts the link when it sends the mail."""

from datetime import datetime

from django.utils.translation import gettext

from chat import outbox
from counsellors import organisation
from counsellors.models import EntryLink


def send(link: EntryLink, to: str, *, now: datetime) -> None:
    facts = {"name": link.person.alias, "organisation": organisation.name(), "link": outbox.LINK}
    subject, body = gettext("entry.subject") % facts, gettext("entry.body") % facts
    outbox.mail_entry_link(link, to, subject, body, now=now)
