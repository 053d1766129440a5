"""Provides template tags for the sentences on the callers' pages that the server renders."""

import re
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
NUMBER = re.compile(r"\b(112|113|0\d{3}-\d{4,7})\b")


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: Any) -> str:
    """Returns a sentence from the page's `words`. Raises KeyError if the sentence is missing, because a page
    must not show a gap instead."""
    sentence: str = context["words"][key]
    return sentence.format(**values)


@register.filter
def with_calls(sentence: str) -> SafeString:
    """Returns the sentence as HTML in which each telephone number is a link."""
    parts = NUMBER.split(sentence)  # every second one is a number
    calls = [format_html('<a href="tel:{}">{}</a>', part.replace("-", ""), part) for part in parts[1::2]]
    return format_html_join("", "{}{}", zip(parts[::2], [*calls, ""], strict=True))
