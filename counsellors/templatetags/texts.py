"""Sentences of the catalogue with something filled in."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def say(key: str, **facts: object) -> str:
    """The sentence, its blanks filled; escaped as any other value of a template."""
    return gettext(key) % facts
