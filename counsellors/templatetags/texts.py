"""Provides a template tag for sentences of the catalogue with blanks to fill in."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def say(key: str, **facts: object) -> str:
    """Returns the sentence with its blanks filled in; it is escaped like any other value of a template."""
    return gettext(key) % facts
