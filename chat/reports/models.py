"""Stores the themes of funders."""

from django.db import models

from chat.models import Line
from chat.models.texts import TextByLanguage


class Theme(models.Model):
    """Represents a funder's theme: several answers to one question of the wrap-up form, which are counted
    together."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="themes")
    slug = models.SlugField(max_length=40)
    says = TextByLanguage(max_length=60)
    question = models.CharField(max_length=16)
    codes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "slug"], name="a_theme_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.slug}"
