"""Defines the models of second factors, whose secrets are sealed under a key that is not in the database.

The rows are those of django-otp, which accepts each code only one time and locks the row while it checks a
code. Without the key, the content of the rows is not enough to sign in. Only the public half of a passkey is
stored. It is not encrypted, because nobody can sign in with it.
"""

import secrets

from django.db import models
from django_otp.models import Device as SecondFactor
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from counsellors.models.people import Person
from helpline.lib import clock, keyring

SEED_BYTES = 20
SEED, CODE = b"totp seed ", b"recovery code "


class KeyMissing(Exception):
    """The key of this second factor is gone."""


class Authenticator(TOTPDevice):  # type: ignore[misc]
    """Stores an authenticator app of a person. `key` holds its seed, sealed for the person."""

    key: str

    class Meta:
        proxy = True

    @classmethod
    def of(
        cls, person: Person, *, seed: bytes | None = None, name: str = "totp", confirmed: bool = True
    ) -> "Authenticator":
        sealed = keyring.seal(seed or secrets.token_bytes(SEED_BYTES), SEED + person.handle.encode())
        made: Authenticator = cls.objects.create(user=person, name=name, key=sealed, confirmed=confirmed)
        return made

    @property
    def bin_key(self) -> bytes:
        seed = keyring.unseal(self.key, self.place)
        if seed is None:
            raise KeyMissing
        return seed

    def verify_token(self, token: str) -> bool:
        """Checks a code. If the seed is sealed under an older key, also seals it again, under the newest
        one."""
        if keyring.unseal(self.key, self.place) is None:
            return False
        if not keyring.is_newest(self.key):
            self.key = keyring.seal(self.bin_key, self.place)
        return bool(super().verify_token(token))

    @property
    def place(self) -> bytes:
        return SEED + bytes(self.user.handle.encode())


class RecoveryCodes(StaticDevice):  # type: ignore[misc]
    """Stores a person's recovery codes, which they have on paper. Each token is a keyed hash of one code,
    valid only for this person."""

    class Meta:
        proxy = True

    @classmethod
    def of(cls, person: Person, codes: list[str]) -> "RecoveryCodes":
        made: RecoveryCodes = cls.objects.create(user=person, name="recovery")
        place = CODE + person.handle.encode()
        StaticToken.objects.bulk_create(
            StaticToken(device=made, token=keyring.mark(code, place)) for code in codes
        )
        return made

    def verify_token(self, token: str) -> bool:
        """Checks a code. For a wrong code, passes a token that is in no row to django-otp, so that django-otp
        counts a failure."""
        known = keyring.marks(token, CODE + self.user.handle.encode())
        found = self.token_set.filter(token__in=known).first()
        return bool(super().verify_token(found.token if found else ""))


class Passkey(SecondFactor):  # type: ignore[misc]
    """Stores the public half of a key pair in a phone, a computer or a security key, for one person and one
    site. `name` is its label."""

    user = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    site = models.CharField(max_length=253, help_text="the host that it was made for: WebAuthn's rp id")
    credential = models.BinaryField(max_length=1023, unique=True, help_text="what the browser calls it")
    public_key = models.BinaryField(max_length=2048, help_text="COSE")
    sign_count = models.PositiveBigIntegerField(default=0, help_text="stays 0 where it does not count")
    made_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)


KINDS = (Authenticator, RecoveryCodes, Passkey)
