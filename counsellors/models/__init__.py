"""Defines the models of the staff: people and their roles, sessions, devices, duty and the audit."""

import unicodedata
from hashlib import sha256
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counsellors.models.certificates import Certificate, Scope, Signer
from counsellors.models.factors import Authenticator, Passkey, RecoveryCodes
from helpline.lib import clock, encoding

__all__ = [
    "AuditHead",
    "AuditRow",
    "Authenticator",
    "Certificate",
    "Device",
    "Duty",
    "EntryLink",
    "Organisation",
    "Passkey",
    "PasskeyChallenge",
    "PasskeyDemand",
    "Person",
    "RecoveryCodes",
    "Replacement",
    "Role",
    "Scope",
    "Session",
    "Signer",
    "WrongGuesses",
    "alias_key",
]

DETAIL = 200


def alias_key(alias: str) -> str:
    """Returns a key that is the same for aliases which people would confuse, because they differ only in
    capitals, spaces or the composition of letters."""
    return unicodedata.normalize("NFKC", " ".join(alias.split())).casefold()


class People(BaseUserManager["Person"]):
    def create_user(self, username: str, password: str | None, alias: str, **fields: object) -> "Person":
        person = self.model(username=username, alias=alias, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def invite(
        self, username: str, alias: str, *, by: "Person | None" = None, languages: str = ""
    ) -> "Person":
        """Creates an inactive person, who joins later by a link."""
        return self.create_user(
            username, None, alias, invited_by=by, languages=languages, is_active=False, came_at=None
        )

    def is_named(self, alias: str, *, but: int = 0) -> bool:
        """Returns whether somebody else has this alias, or had it before they left."""
        return self.filter(alias_key=alias_key(alias)).exclude(pk=but).exists()

    def create_superuser(self, username: str, password: str | None, alias: str = "admin") -> "Person":
        person = self.create_user(username, password, alias, is_superuser=True)
        Role.objects.create(person=person, name=Role.Name.ADMINISTRATOR)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Represents a person who signs in. `alias` is the name that callers see; `handle` is the person's name
    on the wire."""

    username = models.CharField(_("admin.person.username"), max_length=150, unique=True)
    alias = models.CharField(_("admin.person.alias"), max_length=40)
    # It is unique, so that callers, rotas and the audit never confuse two people.
    alias_key = models.CharField(max_length=160, unique=True, editable=False)
    handle = models.CharField(max_length=22, unique=True, default=encoding.new_id)
    languages = models.CharField(
        _("admin.person.languages"), max_length=40, blank=True, help_text="as `nl en`; empty: every language"
    )
    phone = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="where supervisors of the person's lines may call; the person sets it",
    )
    is_active = models.BooleanField(_("admin.person.is_active"), default=True)
    invited_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    came_at = models.DateTimeField(
        default=clock.now, null=True, blank=True, help_text="since then they take part; empty: invited"
    )

    objects: ClassVar[People] = People()
    roles_read: list[str] | None = None  # set if the query for the person has read them, too

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["alias"]

    class Meta:
        verbose_name, verbose_name_plural = _("admin.person.one"), _("admin.person.many")

    def __str__(self) -> str:
        return self.username

    def save(self, **how: Any) -> None:
        self.alias_key = alias_key(self.alias)
        if "alias" in (how.get("update_fields") or ()):
            how["update_fields"] = [*how["update_fields"], "alias_key"]
        super().save(**how)

    def get_session_auth_hash(self) -> str:
        """Returns a hash that changes with the password, and so ends the person's sessions.

        Django derives it from the server's secret as well, and gives every session a new key when that secret
        changes: consoles would lose their sockets. The row of a session is signed with that secret anyway.
        """
        return sha256(b"helpline session " + self.password.encode()).hexdigest()

    @property
    def has_come_in(self) -> bool:
        """Returns whether the person used their invitation."""
        return self.came_at is not None

    @property
    def is_staff(self) -> bool:
        """Returns whether the person may enter Django's admin."""
        return Role.Name.ADMINISTRATOR in self.roles

    def speaks(self, language: str) -> bool:
        return not self.languages or language in self.languages.split()

    @property
    def roles(self) -> list[str]:
        if self.roles_read is not None:
            return self.roles_read
        return sorted(role.name for role in self.role_rows.all())


class Organisation(models.Model):
    """Holds the organisation of this installation, in one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """Gives one role to one person. What a role may do is in permissions.py."""

    class Name(models.TextChoices):
        COUNSELLOR = "counsellor", _("admin.role.counsellor")
        SUPERVISOR = "supervisor", _("admin.role.supervisor")
        PARTNER = "partner", _("admin.role.partner")
        ADMINISTRATOR = "administrator", _("admin.role.administrator")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="role_rows", verbose_name=_("admin.role.person")
    )
    name = models.CharField(_("admin.role.name"), max_length=16, choices=Name)

    class Meta:
        verbose_name, verbose_name_plural = _("admin.role.one"), _("admin.role.many")
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"


class Session(AbstractBaseSession):
    """Stores a session of somebody who is signing in or has signed in. Its token is only in the browser's
    cookie."""

    session_key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the token")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    used_at = models.DateTimeField()
    device = models.ForeignKey(
        "Device", null=True, on_delete=models.SET_NULL, related_name="+", help_text="proven in this browser"
    )

    def __str__(self) -> str:
        return f"session of {self.person}"

    def save(self, **how: Any) -> None:
        """Writes, on an update, only what a page may have changed, so that a device that a socket proved
        meanwhile is kept."""
        if how.get("force_update"):
            how["update_fields"] = ["session_data", "expire_date", "used_at", "person"]
        super().save(**how)

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class EntryLink(models.Model):
    """Stores a one-time link by which a person joins. Its token is derived from `id` and is in no table."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="entry_link")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.person}"


class Replacement(models.Model):
    """Records the replacement of a lost second factor, which is set aside for a day. Within that day any
    supervisor can undo the replacement."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="replacements")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mark = models.CharField(max_length=80, help_text="what the spoken code is known again by")
    tries = models.PositiveSmallIntegerField(default=0)
    aside = models.JSONField(default=list, help_text="the second factors that open nothing since")
    done_at = models.DateTimeField(null=True, help_text="a new second factor was set up")
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, undone_at=None),
                name="one_open_replacement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.at:%F %T}"


class PasskeyChallenge(models.Model):
    """Stores a challenge for a passkey to sign. The first answer deletes the row, so that only one of two
    answers succeeds."""

    class Purpose(models.TextChoices):
        ADD = "add"
        ASK = "ask"

    challenge = models.CharField(max_length=43, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=3, choices=Purpose)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purpose} {self.person}"


class PasskeyDemand(models.Model):
    """Names a role whose people have to sign in with a passkey."""

    role = models.CharField(max_length=16, choices=Role.Name, primary_key=True)

    def __str__(self) -> str:
        return self.role


class WrongGuesses(models.Model):
    """Counts the wrong passwords or codes in a row, under one name, by one known browser or by all others
    together."""

    key = models.CharField(
        max_length=65, primary_key=True, help_text="a keyed hash; `?` before a made-up name's"
    )
    wrong = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.wrong} until {self.last_at:%F %T}"


class Device(models.Model):
    """Stores a browser's public key. Only an approved device takes callers; a revoked one stays as a
    record."""

    class State(models.TextChoices):
        PENDING = "pending", _("admin.device.pending")
        APPROVED = "approved", _("admin.device.approved")
        REVOKED = "revoked", _("admin.device.revoked")

    id = models.CharField(_("admin.device.id"), max_length=22, primary_key=True, default=encoding.new_id)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="devices", verbose_name=_("admin.device.person")
    )
    key = models.BinaryField(
        _("admin.device.key"), max_length=65, unique=True, help_text="uncompressed P-256 point"
    )
    fingerprint = models.CharField(
        _("admin.device.fingerprint"), max_length=15, unique=True, help_text="what others call it"
    )
    label = models.CharField(_("admin.device.label"), max_length=80)
    state = models.CharField(_("admin.device.state"), max_length=8, choices=State, default=State.PENDING)
    enrolled_at = models.DateTimeField(_("admin.device.enrolled_at"))
    used_at = models.DateTimeField(_("admin.device.used_at"))

    class Meta:
        verbose_name, verbose_name_plural = _("admin.device.one"), _("admin.device.many")

    def __str__(self) -> str:
        return f"{self.label} ({self.state})"


class Duty(models.Model):
    """Stores whether somebody takes callers now. It is a lease: the console renews it, and without that it
    ends."""

    class State(models.TextChoices):
        OFF = "off"
        ON = "on"
        BREAK = "break"

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True)
    state = models.CharField(max_length=5, choices=State, default=State.OFF)
    slots = models.PositiveSmallIntegerField(default=1)
    renewed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(slots__lte=4), name="at_most_four_slots")]

    def __str__(self) -> str:
        return f"{self.person}: {self.state}"


class AuditRow(models.Model):
    """Records something that has to be traceable later. It holds no content, no address, and nothing of a
    caller but a number.

    Each row's `mac` covers the row and the `mac` before it, so changing or removing a row breaks the chain.
    """

    at = models.DateTimeField(_("admin.auditrow.at"))
    actor = models.CharField(
        _("admin.auditrow.actor"), max_length=22, help_text="a person's handle, or empty for the system"
    )
    action = models.CharField(_("admin.auditrow.action"), max_length=40)
    subject = models.CharField(_("admin.auditrow.subject"), max_length=64, help_text="an opaque id")
    detail = models.CharField(
        _("admin.auditrow.detail"), max_length=DETAIL, help_text="a code, or a field and what it was and is"
    )
    previous = models.BinaryField(
        _("admin.auditrow.previous"), max_length=32, default=bytes(32), help_text="the mac of the row before"
    )
    mac = models.BinaryField(_("admin.auditrow.mac"), max_length=32, default=bytes(32))

    class Meta:
        verbose_name, verbose_name_plural = _("admin.auditrow.one"), _("admin.auditrow.many")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.action}"


class AuditHead(models.Model):
    """Holds the newest link of the chain, in one row. Writers take its lock, so they write one after
    another."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mac = models.BinaryField(max_length=32, default=bytes(32))
    count = models.PositiveBigIntegerField(default=0)
    key = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="the name of the key of that link"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_audit_head")]

    def __str__(self) -> str:
        return f"{self.count} {bytes(self.mac).hex()}"
