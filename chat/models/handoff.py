"""Stores the referral directory, and invitations to a consult, transfer or handoff."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chat import states
from chat.models.conversation import Conversation
from chat.models.lines import Line
from chat.models.texts import TextByLanguage
from counsellors.models import Person
from helpline.lib import clock, encoding
from helpline.lib.signed_post import https_only, validate_secret


class Services(models.QuerySet["Service"]):
    def offered(self) -> "Services":
        """Returns the services that have not ended."""
        return self.filter(ended_at=None)


class Service(models.Model):
    """Represents an entry of the referral directory, with or without a desk on this platform."""

    slug = models.SlugField(_("admin.service.slug"), max_length=32, primary_key=True)
    name = models.CharField(_("admin.service.name"), max_length=80)
    since = models.DateTimeField(
        null=True,
        default=clock.now,
        editable=False,
        help_text="empty: since before it was noted",
    )
    # Both texts say what the service is for: one is written for the staff, the other for callers.
    purpose = TextByLanguage(_("admin.service.purpose"), max_length=160, blank=True)
    for_callers = TextByLanguage(_("admin.service.for_callers"), max_length=160, blank=True)
    needs = models.CharField(
        _("admin.service.needs"), max_length=300, blank=True, help_text="words to find it by"
    )
    phone = models.CharField(_("admin.service.phone"), max_length=20, blank=True)
    chat = models.BooleanField(_("admin.service.chat"), default=False)
    site = models.URLField(_("admin.service.site"), blank=True, validators=[https_only])
    free = models.BooleanField(_("admin.service.free"), null=True, blank=True, help_text="empty: not known")
    languages = models.CharField(
        _("admin.service.languages"), max_length=40, blank=True, help_text="as `nl en`; empty: not known"
    )
    age_from = models.PositiveSmallIntegerField(_("admin.service.age_from"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(
        _("admin.service.age_to"), null=True, blank=True, help_text="the last age that is welcome"
    )
    always_open = models.BooleanField(
        _("admin.service.always_open"),
        default=False,
        help_text="day and night, whatever the weekly hours say",
    )
    desk = models.BooleanField(_("admin.service.desk"), default=False)
    webhook_url = models.URLField(
        _("admin.service.webhook_url"),
        blank=True,
        validators=[https_only],
        help_text="told when a handoff rings",
    )
    webhook_secret = models.CharField(
        _("admin.service.webhook_secret"),
        max_length=100,
        blank=True,
        validators=[validate_secret],
        help_text="made anew with each address",
    )
    contact_mail = models.EmailField(
        _("admin.service.contact_mail"), blank=True, help_text="gets a guest's link; set by two persons"
    )
    contact_url = models.URLField(
        _("admin.service.contact_url"),
        blank=True,
        validators=[https_only],
        help_text="a webhook, told likewise",
    )
    contact_secret = models.CharField(
        _("admin.service.contact_secret"), max_length=100, blank=True, validators=[validate_secret]
    )
    source = models.CharField(_("admin.service.source"), max_length=120, blank=True)
    verified_on = models.DateField(_("admin.service.verified_on"), null=True, blank=True)
    version = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="counts changes: of two at once the second is told"
    )
    ended_at = models.DateTimeField(
        null=True, editable=False, help_text="nobody is newly referred to it; open invitations go on"
    )

    objects = Services.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("admin.service.one"), _("admin.service.many")
        constraints = [
            models.CheckConstraint(
                condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_from__lte=F("age_to")),
                name="ages_in_order",
                violation_error_message=_("service.ages"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ended(self) -> bool:
        return self.ended_at is not None

    @property
    def is_a_line(self) -> bool:
        """Returns whether the service has the slug of a line. An invitation to such a service rings for that
        line's counsellors. Partners use it to hand a conversation back."""
        return Line.objects.filter(pk=self.pk).exists()


class Invitation(models.Model):
    """Represents a request to join a conversation. Each conversation has at most one open invitation. Each
    change of an invitation's state is a log entry."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="invitations")
    how = models.CharField(max_length=8, choices=[(how, how) for how in states.How])
    inviter = models.ForeignKey("Member", on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    brief = models.CharField(max_length=22, null=True, help_text="id of a message")  # noqa: DJ001
    history = models.BooleanField(null=True, help_text="the caller's answer; empty before it")
    state = models.CharField(max_length=9, choices=[(state, state) for state in states.Invitation])
    since = models.DateTimeField(help_text="of the present state")
    expires_at = models.DateTimeField(null=True)
    guest = models.BooleanField(default=False, help_text="comes by a link")
    contact = models.CharField(
        max_length=7,
        blank=True,
        choices=[(contact, contact) for contact in states.Contact],
        help_text="what became of that link",
    )
    pin_tries = models.PositiveSmallIntegerField(default=0)
    member = models.OneToOneField("Member", on_delete=models.SET_NULL, null=True, related_name="came_by")
    silenced = models.ManyToManyField(Person, related_name="+", help_text="said no")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state__in=states.INVITED), name="one_open_invitation"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state__in=states.INVITED), name="invitations_by_deadline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.state}"

    @property
    def is_way_back(self) -> bool:
        """Returns whether this is a handoff back to the conversation's own line, whose counsellors then join
        as counsellors."""
        return self.service_id == self.conversation.line_id

    @property
    def target(self) -> str:
        """Returns the name of the person, line or service that is invited."""
        if self.person is not None:
            return self.person.alias
        return str((self.line or self.service or self.conversation.line).name)
