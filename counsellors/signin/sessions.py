"""Stores the sessions of the staff: the browser's cookie holds a token, and the database its hash.

Somebody who copies the rows, or last night's backup, cannot sign in with them. A session ends SIGNED_IN after
the sign-in, however much it is used, and SIGNED_IN_IDLE after the last page or frame of a console.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.dispatch import Signal

from counsellors.models import Device, EntryLink, Person, Session
from helpline.lib import clock, encoding, signed_links, tokens

HALF = "half_signed_in"  # the session's key for the result of the password step
OWES = "owes_a_passkey"  # the key for the roles that demanded a passkey when the session began without one
PURPOSE = "session"
# Sent after the commit when somebody signed out, or was signed out by somebody else. `person` is a primary
# key; `device` is the device that was authenticated in the session, or None if every session of the person
# ended.
signed_out = Signal()
USE_NOTED_EVERY = min(timedelta(minutes=3), settings.SIGNED_IN_IDLE / 10)  # at most one UPDATE in this time


def is_ours(token: str) -> bool:
    """Returns whether this server issued the token, which it does only after a correct password or a valid
    link. The session may have ended in the meantime."""
    return signed_links.is_ours(PURPOSE, token)


def living(given: Collection[str], **also: Combinable) -> dict[str, Session]:
    """Returns the running sessions by their tokens, each with its person; `also` adds annotations to each
    row."""
    names = {_name(token): token for token in given}
    rows = _running(clock.now()).filter(pk__in=names).select_related("person").annotate(**also)
    return {names[row.pk]: row for row in rows}


def keep(row: Session, *, used_at: datetime) -> None:
    """Records that the session was used, unless a use was recorded a short time ago. A row that has been
    deleted since it was read stays deleted."""
    if used_at - row.used_at >= USE_NOTED_EVERY:
        Session.objects.filter(pk=row.pk, used_at__lt=used_at).update(used_at=used_at)


def who_signed_in() -> set[int]:
    """Returns the primary keys of the people who are signed in somewhere with both factors."""
    rows = _running(clock.now()).exclude(person=None)
    return {row.person_id for row in rows if row.person_id and SESSION_KEY in row.get_decoded()}


def note_proven(token: str, device: Device) -> None:
    """Records that the browser of this session has the device's key. Its pages may then do everything that a
    console may."""
    Session.objects.filter(pk=_name(token), person=device.person_id).update(device=device)


def proven_device(token: str | None) -> Device | None:
    """Returns the device that was authenticated in this session, if it is approved now; otherwise None."""
    if token is None:
        return None
    row = _running(clock.now()).filter(pk=_name(token))
    approved = Device.objects.filter(state=Device.State.APPROVED)
    return approved.filter(pk__in=row.values("device"), person__in=row.values("person")).first()


def end_where_proven(device: Device) -> None:
    """Ends the sessions that were authenticated with this device."""
    _end(Session.objects.filter(device=device))


def end(token: str) -> None:
    """Ends one session because its person signs out."""
    _end(Session.objects.filter(pk=_name(token)))


def end_all(person: Person, *, comes_back: bool = False) -> None:
    """Ends every session of the person, also those that wait for the second factor; their sockets close
    within seconds.

    `comes_back` means that the person changed something in their own account and will sign in again: their
    conversations wait for them as after a lost connection.
    """
    Session.objects.filter(person=person).delete()
    if not comes_back:
        _tell(person.pk, None)


def end_everybodys() -> None:
    """Ends all sessions and entry links, after a backup was restored: the copy may have those of a person who
    lost access after it was made."""
    Session.objects.all().delete()
    EntryLink.objects.all().delete()


def _end(rows: QuerySet[Session]) -> None:
    proven = list(rows.exclude(device=None).values_list("person", "device"))
    rows.delete()
    for person, device in proven:
        _tell(person, device)


def _tell(person: int, device: str | None) -> None:
    # `robust`, because the session has ended even if a receiver fails. Duty and seats that such a receiver
    # left open end with their leases.
    transaction.on_commit(partial(signed_out.send, sender=Session, person=person, device=device), robust=True)


def elsewhere(person: int, device: str | None) -> set[str]:
    """Returns the ids of the person's approved devices, other than `device`, that were authenticated in a
    session which is still running."""
    rows = _running(clock.now()).filter(person=person, device__state=Device.State.APPROVED)
    return set(rows.exclude(device=device).values_list("device", flat=True))


def forget_ended(now: datetime) -> None:
    Session.objects.exclude(pk__in=_running(now)).delete()


def _running(now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=now, used_at__gt=now - settings.SIGNED_IN_IDLE)


def _name(token: str) -> str:
    return tokens.digest(token).hex()


def _as_stored(row: Any, data: dict[str, Any]) -> Session:
    return Session(
        session_key=_name(row.session_key),
        session_data=row.session_data,
        expire_date=row.expire_date,
        used_at=clock.now(),
        person_id=data.get(SESSION_KEY) or data.get(HALF, {}).get("person"),
    )


class SessionStore(db.SessionStore):
    """Works like Django's session store, but `session_key` is the token, and the database holds its hash."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_new_session_key(self) -> str:
        return signed_links.token(PURPOSE, encoding.new_id())

    async def _aget_new_session_key(self) -> str:
        return self._get_new_session_key()

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=_name(session_key)).exists()

    def load(self) -> dict[str, Any]:
        row = living([self.session_key]).get(self.session_key) if self.session_key else None
        if row is None:
            self._session_key = None  # a token that somebody else chose is not used for the new session
            return {}
        keep(row, used_at=clock.now())
        facts: dict[str, Any] = self.decode(row.session_data)
        return facts

    def delete(self, session_key: str | None = None) -> None:
        if token := session_key or self.session_key:
            Session.objects.filter(pk=_name(token)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        return _as_stored(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        return _as_stored(await super().acreate_model_instance(data), data)

    @classmethod
    def clear_expired(cls) -> None:
        forget_ended(clock.now())

    # In these methods Django's database store would look up the token, but a row holds only the token's hash.
    aexists, aload, adelete = SessionBase.aexists, SessionBase.aload, SessionBase.adelete
    aclear_expired = SessionBase.aclear_expired
