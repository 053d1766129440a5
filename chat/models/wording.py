"""Stores the texts of lines, and the ready sentences of lines and people."""

from django.db import models
from django.db.models import Q

from chat.models.lines import Line
from chat.models.texts import TextByLanguage
from counsellors.models import Person


class Edition(models.Model):
    """Holds a line's own texts, which apply from a given time on. The newest edition that has begun applies.
    If no edition has begun, the texts of the release apply."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="editions")
    since = models.DateTimeField()
    wording = models.JSONField(null=True, help_text="empty: as the release has it")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["line", "-since", "-id"], name="newest_edition")]

    def __str__(self) -> str:
        return f"{self.line_id} since {self.since:%Y-%m-%d %H:%M}"


class ReadySentence(models.Model):
    """Holds a text that the staff of a line can insert instead of typing it. A change ends the row and adds a
    new row with the same name."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="ready_sentences")
    name = models.CharField(max_length=32)
    folder = models.CharField(max_length=40)
    says = TextByLanguage(max_length=1000)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "name"], condition=Q(ended=None), name="a_ready_sentence_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.folder} {self.name}"


class OwnSentence(models.Model):
    """Holds a ready sentence of one person, which is offered to this person in every browser."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_sentences")
    language = models.CharField(max_length=16)
    text = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return f"{self.person} {self.language}"
