"""Implements passkeys (WebAuthn) as a second factor: a key that never leaves its device signs our challenge.

People can be talked into giving away a code. A browser, however, signs only for the site that it shows, and
for no look-alike (phishing).
"""

from datetime import timedelta

import webauthn
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from webauthn.helpers import options_to_json, parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from counsellors import audit
from counsellors.models import Passkey, PasskeyChallenge, Person
from counsellors.signin import demands, locks, second_factor
from counsellors.signin.second_factor import Checked, Tried
from counsellors.signin.sites import Site
from helpline.lib import clock, encoding, tokens
from helpline.lib.errors import Conflict, Forbidden, NotFound

CHALLENGE_TTL = timedelta(minutes=2)
MAX_PASSKEYS = 10
_BY_PERSON = UserVerificationRequirement.REQUIRED  # by finger, face or PIN, so that a lost key is not enough
_ADD, _ASK = PasskeyChallenge.Purpose.ADD, PasskeyChallenge.Purpose.ASK


class NotAdded(Conflict):
    """This passkey was not added."""


class CodeTooLittle(Forbidden):
    """Your role needs a passkey or a recovery code for this."""


def of(person: Person, site: Site | None = None) -> QuerySet[Passkey]:
    """Returns a person's passkeys, oldest first; with `site`, only those that work there. A passkey that a
    replacement has set aside opens nothing, and stays for the undoing of that replacement."""
    found: QuerySet[Passkey] = Passkey.objects.filter(user=person, confirmed=True).order_by("pk")
    return found.filter(site=site.host) if site else found


def begin_to_add(person: Person, site: Site) -> tuple[str, str]:
    """Returns the challenge, to be kept in the session, and the options (JSON) with which the browser makes a
    passkey."""
    challenge = _new_challenge(person, _ADD)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=settings.OTP_TOTP_ISSUER,
        user_id=person.handle.encode(),
        user_name=person.username,
        user_display_name=person.alias,
        challenge=encoding.decode(challenge),
        timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_BY_PERSON
        ),
        exclude_credentials=_descriptors(person, site),
    )
    return challenge, options_to_json(options)


def add(person: Person, site: Site, challenge: str, answer: str, label: str) -> Passkey:
    """Verifies the passkey that the browser made and stores it as a second factor of the person. Raises
    NotAdded if the passkey is invalid, late or already known, or if the person has too many passkeys."""
    if not _is_answered(person, challenge, _ADD):
        raise NotAdded
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=encoding.decode(challenge),
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
    except Exception as error:  # a made-up answer can make the library raise anything
        raise NotAdded from error
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if of(person).count() >= MAX_PASSKEYS:
            raise NotAdded
        passkey = _store(
            user=person,
            name=label,
            site=site.host,
            credential=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
        )
        audit.record(person, "passkey_added", subject=str(passkey.pk))
    return passkey


def begin_to_ask(person: Person, site: Site) -> tuple[str, str]:
    """Returns the challenge, to be kept in the session, and the options (JSON) with which the browser gets
    the challenge signed."""
    challenge = _new_challenge(person, _ASK)
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=encoding.decode(challenge),
        timeout=_milliseconds(),
        allow_credentials=_descriptors(person, site),
        user_verification=_BY_PERSON,
    )
    return challenge, options_to_json(options)


def check(person: Person, site: Site, challenge: str, answer: str, browser: str = "") -> Checked:
    """Checks a passkey's answer. Each challenge can be answered only one time. A refusal is audited.
    `browser` is the number of a known browser, or ""."""
    wrong = locks.guesses(locks.PASSKEYS, person.handle, browser)
    return second_factor.attempt(person, wrong, lambda: _try(person, site, challenge, answer))


def check_code(person: Person, typed: str) -> Checked:
    """Checks a fresh code instead of a passkey, so that a stolen session alone is not enough to add or remove
    passkeys. Raises CodeTooLittle if this person must use a passkey or a recovery code and not six digits."""
    if second_factor.is_six_digits(typed) and demands.wants_more_than_digits(person):
        audit.record(None, "code_refused", subject=person.handle, detail="digits")
        raise CodeTooLittle
    return second_factor.check(person, typed)


def remove(person: Person, number: int) -> None:
    """Removes a passkey, which ends the person's sessions (withdrawals.py). Raises NotFound if it is not
    theirs."""
    with transaction.atomic():
        gone, _ = of(person).filter(pk=number).delete()
        if not gone:
            raise NotFound
        audit.record(person, "passkey_removed", subject=str(number))


def _try(person: Person, site: Site, challenge: str, answer: str) -> Tried:
    if not _is_answered(person, challenge, _ASK):
        return Tried(None)
    given = _read(answer)
    passkey = of(person, site).filter(credential=given.raw_id).first() if given else None
    count = _count_signed(passkey, site, challenge, given) if given and passkey else None
    if passkey is None or count is None:
        return Tried(None)
    # A sign count that is not higher than the stored one shows that the key was copied. Keys without a count
    # always send 0.
    goes_on = Q(sign_count__lt=count) if count else Q(sign_count=0)
    if not Passkey.objects.filter(goes_on, pk=passkey.pk).update(sign_count=count, used_at=clock.now()):
        return Tried(None, "counter")
    return Tried(passkey)


def _read(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except Exception:  # a made-up answer can make the library raise anything
        return None


def _count_signed(
    passkey: Passkey, site: Site, challenge: str, given: AuthenticationCredential
) -> int | None:
    """Returns the sign count in a valid answer of this passkey, or None for any other answer."""
    try:
        signed = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=encoding.decode(challenge),
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,  # compared in the UPDATE
            require_user_verification=True,
        )
    except Exception:  # as above
        return None
    return signed.new_sign_count


def _store(**facts: object) -> Passkey:
    try:
        with transaction.atomic():
            passkey: Passkey = Passkey.objects.create(**facts)
    except IntegrityError as error:  # the credential is stored already
        raise NotAdded from error
    return passkey


def _new_challenge(person: Person, purpose: PasskeyChallenge.Purpose) -> str:
    now = clock.now()
    PasskeyChallenge.objects.filter(until__lte=now).delete()
    made = PasskeyChallenge.objects.create(
        challenge=tokens.new_token(), person=person, purpose=purpose, until=now + CHALLENGE_TTL
    )
    return made.challenge


def _is_answered(person: Person, challenge: str, purpose: PasskeyChallenge.Purpose) -> bool:
    """Returns whether the challenge was still open. It deletes the challenge's row, so that of two
    simultaneous answers only one succeeds."""
    open_one = PasskeyChallenge.objects.filter(pk=challenge, person=person, purpose=purpose)
    return open_one.filter(until__gt=clock.now()).delete()[0] == 1


def _descriptors(person: Person, site: Site) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(each.credential)) for each in of(person, site)]


def _milliseconds() -> int:
    return int(CHALLENGE_TTL.total_seconds() * 1000)
