"""Stores the rota: shifts, how many people are wanted on each, the people on them, their preferences, and
their calendar feeds."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from chat.models.lines import Line
from counsellors.models import Person
from helpline.lib import encoding


class Shift(models.Model):
    """Represents a shift of a line: its time, and how many people are wanted on it."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_shift_lasts"),
            models.UniqueConstraint(fields=["line", "starts_at", "ends_at"], name="a_shift_once"),
        ]
        indexes = [models.Index(fields=["line", "ends_at"], name="shifts_of_a_line")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.starts_at:%F %H:%M}"


class Place(models.Model):
    """Represents a person's place on a shift."""

    class State(models.TextChoices):
        PLANNED = "planned"
        OFFERED = "offered"  # the person keeps the place until a colleague takes it
        SICK = "sick"  # the person cannot come, and the shift is one person short

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="places")
    state = models.CharField(max_length=7, choices=State, default=State.PLANNED)
    reminded = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shift", "person"], name="on_a_shift_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.shift_id} {self.state}"


class Swap(models.Model):
    """Represents a person's request to exchange their place `given` for the place `wanted` of somebody else.
    The request is deleted when one of the two places is deleted."""

    id = models.CharField(max_length=22, primary_key=True, default=encoding.new_id)
    given = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="swaps_asked")
    wanted = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="swaps_wanted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["given", "wanted"], name="a_swap_once")]

    def __str__(self) -> str:
        return f"{self.given_id} for {self.wanted_id}"


class UsualShift(models.Model):
    """Represents a shift of a line's usual week, in local time. It ends the next day if `closes` is not later
    than `opens`."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="usual_shifts")
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0")
    opens = models.TimeField()
    closes = models.TimeField()
    wanted = models.PositiveSmallIntegerField()
    people = models.ManyToManyField(Person, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "weekday", "opens", "closes"], name="a_usual_shift_once")
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.weekday} {self.opens:%H:%M}"


class RotaPreferences(models.Model):
    """Holds a person's preferences for the rota, and the address for their reminders. Preferences are shown,
    never enforced."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="rota_preferences"
    )
    most_hours = models.PositiveSmallIntegerField(null=True, help_text="a week; empty: no limit")
    no_two_lates = models.BooleanField(default=False, help_text="no two late shifts in a row")
    rest_after_heavy = models.BooleanField(default=False, help_text="no shift the day after a heavy one")
    rather_not = models.JSONField(default=list, help_text="weekdays; Monday is 0")
    mail = models.EmailField(blank=True, help_text="where to remind; empty: nowhere")

    def __str__(self) -> str:
        return f"preferences of {self.person}"


class CalendarFeed(models.Model):
    """Stores the digest of the URL at which a person's calendar program reads their shifts. Anybody who has
    the URL can read them."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="calendar")
    mark = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret in the address")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.person}"
