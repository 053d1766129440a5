"""Collects the models of the staff by subject."""

from counsellors.models.audit import AuditHead, AuditRow
from counsellors.models.certificates import Certificate, Scope, Signer
from counsellors.models.devices import MAX_SLOTS, Device, Duty
from counsellors.models.factors import Authenticator, Passkey, RecoveryCodes
from counsellors.models.people import Organisation, Person, Role, alias_key
from counsellors.models.signin import (
    EntryLink,
    PasskeyChallenge,
    PasskeyDemand,
    Replacement,
    Session,
    WrongGuesses,
)
