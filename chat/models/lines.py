"""Defines the model of a line."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat import states
from counsellors.models import Person
from helpline.lib.signed_post import https_only, validate_secret

LONGEST_KEPT = timedelta(days=90)
MANY_WAIT, LONG_WAIT = 5, timedelta(minutes=10)  # default limits for an alert; a supervisor can set others
LETTER_SPAN_IN_BOUNDS = Q(letter_span__gte=timedelta(days=3), letter_span__lte=timedelta(days=30))
ANSWER_IN_BOUNDS = Q(answer_within__gte=timedelta(hours=4), answer_within__lte=timedelta(hours=72))
IN_BOUNDS = Q(retention__gte=timedelta(), retention__lte=LONGEST_KEPT)


class Lines(models.QuerySet["Line"]):
    def real(self) -> "Lines":
        """Returns lines for real callers, without practice lines."""
        return self.filter(practice_for=None)

    def offered(self) -> "Lines":
        """Returns the lines for real callers that have not ended."""
        return self.real().filter(ended_at=None)


class Line(models.Model):
    """Represents a helpline with its own name, hours, staff, texts and retention, or the hidden practice line
    of a helpline."""

    class State(models.TextChoices):
        HOURS = "hours", _("admin.line.state.hours")  # the line follows its hours
        OPEN = "open", _("admin.line.state.open")  # a supervisor opened it
        CLOSED = "closed", _("admin.line.state.closed")  # a supervisor closed it

    class Letters(models.TextChoices):
        NEVER = "never"
        CLOSED = "closed"  # letters are taken while the line is closed, full or slow
        ALWAYS = "always"

    slug = models.SlugField(_("admin.line.slug"), max_length=32, primary_key=True)
    name = models.CharField(_("admin.line.name"), max_length=60)
    practice_for = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, editable=False, related_name="practice"
    )
    path = models.SlugField(
        _("admin.line.path"),
        max_length=32,
        unique=True,
        blank=True,
        help_text="of the callers' page; empty: the slug",
    )
    hosts = models.CharField(
        _("admin.line.hosts"),
        max_length=200,
        blank=True,
        help_text="of its own, as `praat.example.org`, separated by spaces",
    )
    template = models.CharField(
        _("admin.line.template"),
        max_length=32,
        default="young-victims",
        db_default="young-victims",
        editable=False,
        help_text="whose words its callers read",
    )
    services = models.ManyToManyField(
        "chat.Service",
        blank=True,
        related_name="+",
        help_text="that its callers are shown; none: all",
        verbose_name=_("admin.line.services"),
    )
    formal = models.BooleanField(
        _("admin.line.formal"), default=False, help_text="Dutch with `u` instead of `je`"
    )
    phone = models.CharField(_("admin.line.phone"), max_length=20, blank=True)
    on_call_phone = models.CharField(
        _("admin.line.on_call_phone"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="of the supervisor on call, for the line's staff when nobody is there; never for callers",
    )
    state = models.CharField(_("admin.line.state"), max_length=6, choices=State, default=State.HOURS)
    steered_at = models.DateTimeField(
        null=True, editable=False, help_text="since when it is open or closed by hand"
    )
    steered_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    steered_until = models.DateTimeField(
        null=True, editable=False, help_text="when a line that is open by hand follows its hours again"
    )
    reason = models.CharField(
        _("admin.line.reason"), max_length=200, blank=True, help_text="shown to callers when closed"
    )
    unstaffed_since = models.DateTimeField(null=True, blank=True, help_text="closed, and no counsellor there")
    cases = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="keeps removal cases beside conversations",
    )
    most_waiting = models.PositiveIntegerField(
        _("admin.line.most_waiting"), null=True, blank=True, help_text="empty: the server's limit"
    )
    retention = models.DurationField(_("admin.line.retention"), help_text="after the end; 0 to 90 days")
    alert_waiting = models.PositiveIntegerField(
        _("admin.line.alert_waiting"),
        null=True,
        blank=True,
        default=MANY_WAIT,
        help_text="so many wait; empty: never",
    )
    alert_wait = models.DurationField(
        _("admin.line.alert_wait"),
        null=True,
        blank=True,
        default=LONG_WAIT,
        help_text="somebody waits so long; empty: never",
    )
    alert_mail = models.EmailField(
        _("admin.line.alert_mail"), blank=True, help_text="told when an alert begins; no content"
    )
    alert_url = models.URLField(
        _("admin.line.alert_url"), blank=True, validators=[https_only], help_text="a webhook, told likewise"
    )
    alert_secret = models.CharField(
        _("admin.line.alert_secret"),
        max_length=100,
        blank=True,
        validators=[validate_secret],
        help_text="signs it; made anew with each address",
    )
    numbers_read_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="a supervisor read the numbers that callers are shown",
    )
    words_read_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="a supervisor read the texts that callers are shown",
    )
    alerting_since = models.DateTimeField(null=True, blank=True, help_text="the alert that goes on now")
    alerting_for = models.CharField(
        max_length=120, default="", db_default="", blank=True, editable=False, help_text="the causes told"
    )
    boost_soon = models.DurationField(_("admin.line.boost_soon"), default=timedelta())
    boost_acute = models.DurationField(_("admin.line.boost_acute"), default=timedelta(minutes=15))
    most_talks = models.PositiveSmallIntegerField(
        _("admin.line.most_talks"), null=True, blank=True, help_text="enough for one shift"
    )
    most_heavy = models.PositiveSmallIntegerField(
        _("admin.line.most_heavy"), null=True, blank=True, help_text="heavy ones, likewise"
    )
    goal_at_once = models.PositiveSmallIntegerField(
        _("admin.line.goal_at_once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text="per cent of all who come, helped within a minute; empty: 80",
    )
    goal_soon = models.PositiveSmallIntegerField(
        _("admin.line.goal_soon"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text="within five minutes; empty: 95",
    )
    review_key = models.BinaryField(
        _("admin.line.review_key"),
        max_length=65,
        null=True,
        blank=True,
        help_text="of the present generation; new conversations name it",
    )
    letters_key = models.BinaryField(
        max_length=65,
        null=True,
        editable=False,
        help_text="of the present generation; new letters name it",
    )
    letters = models.CharField(
        max_length=6, choices=Letters, default=Letters.NEVER, db_default="never", editable=False
    )
    letter_span = models.DurationField(
        null=True,
        editable=False,
        help_text="the longest life of a letter; 3 to 30 days; empty: the server's",
    )
    answer_within = models.DurationField(
        null=True,
        editable=False,
        help_text="the promise to whoever writes a letter; 4 to 72 hours; empty: the server's",
    )
    letters_acute_told_at = models.DateTimeField(null=True, editable=False)
    letters_overdue_told_at = models.DateTimeField(null=True, editable=False)
    letters_closed_told_at = models.DateTimeField(null=True, editable=False)
    letters_expired = models.PositiveIntegerField(
        default=0, editable=False, help_text="letters that ended unanswered, until a supervisor has seen it"
    )
    letters_expired_told_at = models.DateTimeField(null=True, editable=False)
    people_of_the_day = models.JSONField(
        default=list, blank=True, editable=False, help_text="an alias a weekday, Monday first, for letters"
    )
    review_needs_two = models.BooleanField(
        _("admin.line.review_needs_two"),
        default=False,
        help_text="a second supervisor says yes before a transcript is read",
    )

    version = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="counts changes: of two at once the second is told"
    )
    ended_at = models.DateTimeField(
        null=True, editable=False, help_text="it takes no callers and no letters; what it keeps it keeps on"
    )

    objects = Lines.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("admin.line.one"), _("admin.line.many")
        constraints = [
            models.CheckConstraint(
                condition=Q(practice_for=None) ^ Q(slug__startswith=states.PRACTICE), name="practice_by_name"
            ),
            models.CheckConstraint(condition=LETTER_SPAN_IN_BOUNDS, name="letter_span_in_bounds"),
            models.CheckConstraint(condition=ANSWER_IN_BOUNDS, name="answer_within_in_bounds"),
            models.CheckConstraint(
                condition=IN_BOUNDS,
                name="line_retention_in_bounds",
                violation_error_message=_("line.retention"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = self.path or self.slug
        self.hosts = " ".join(self.hosts.lower().split())
        super().save(*args, **kwargs)

    def state_at(self, now: datetime) -> str:
        """Returns the state that applies at `now`. If a line was opened by hand until a time that has passed,
        the line follows its hours, even if the worker has not stored this change yet."""
        over = self.steered_until is not None and self.steered_until <= now
        return self.State.HOURS if over and self.state == self.State.OPEN else self.state

    @property
    def letters_last(self) -> timedelta:
        """Returns how long a letter stays open at most."""
        return self.letter_span or settings.LETTER_SPAN

    @property
    def answers_within(self) -> timedelta:
        """Returns the time within which the line promises to answer a letter."""
        return self.answer_within or settings.ANSWER_WITHIN

    @property
    def ended(self) -> bool:
        return self.ended_at is not None

    @property
    def is_practice(self) -> bool:
        return states.is_practice(self.pk)
