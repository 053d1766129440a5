"""A sentence that callers read, in a page that the server writes."""

from typing import Any

from django import template
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: Any) -> str:
    """From the page's `words`; a missing one is a mistake of ours, not a blank."""
    sentence: str = context["words"][key]
    return sentence.format(**values)
