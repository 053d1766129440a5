"""Stores people, their roles, and the organisation they work for."""

import unicodedata
from hashlib import sha256
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpline.lib import clock, encoding


def alias_key(alias: str) -> str:
    """Returns a key for comparing aliases. Aliases that differ only in capitals, spaces or the Unicode form
    of letters have the same key, because people would confuse them."""
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
    """Represents a person who signs in. `alias` is the name that callers see; `handle` identifies the person
    in frames and in the audit."""

    username = models.CharField(_("admin.person.username"), max_length=150, unique=True)
    alias = models.CharField(_("admin.person.alias"), max_length=40)
    # The alias key is unique, so that no two people have one name in a chat, on a rota or in the audit.
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

    inactive_since = models.DateTimeField(
        null=True, editable=False, help_text="noted by the worker (forgetting.py); empty: active"
    )
    forgotten_at = models.DateTimeField(
        null=True, editable=False, help_text="since then the row names nobody"
    )

    objects: ClassVar[People] = People()
    roles_read: list[str] | None = None  # set if the query for the person has read the roles, too

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["alias"]

    class Meta:
        verbose_name, verbose_name_plural = _("admin.person.one"), _("admin.person.many")

    def __str__(self) -> str:
        return self.username

    def save(self, **how: Any) -> None:
        self.alias_key = alias_key(self.alias)
        if self.is_active:
            self.inactive_since = None  # if the person leaves again, the full term begins again
        follow = {"alias": "alias_key", "is_active": "inactive_since"}
        if fields := how.get("update_fields"):
            how["update_fields"] = [*fields, *(follow[name] for name in follow if name in fields)]
        super().save(**how)

    def get_session_auth_hash(self) -> str:
        """Returns a hash that changes with the password, and so ends the person's sessions.

        Django's own hash also depends on the server's secret: when that secret changes, Django gives every
        session a new key, and consoles would lose their sockets. The secret is not needed here, because the
        row of a session is signed with it anyway.
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


class Role(models.Model):
    """Records that one person has one role. What a role may do is in permissions.py."""

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


class Organisation(models.Model):
    """Holds the organisation of this installation, in one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_organisation")]

    def __str__(self) -> str:
        return self.name
