"""Refuses to start a production server that is half configured. A demo is exempt, because it runs on one
laptop."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from chat.retention import key_places

ELSEWHERE = "Put the keys on a volume of their own that nothing copies: docs/settings.md."


@register()
def production_is_safe(**_: Any) -> list[Error]:
    if settings.DEMO or not settings.ORIGINS:
        return []  # without an origin no browser can connect, so this is a command and no server
    rules = [
        (len(_secret()) >= 50, "HELPLINE_SECRET_KEY needs 50 characters or more", "E001"),
        (
            all(len(secret) >= 50 for secret in settings.SECRET_KEY_FALLBACKS),
            "HELPLINE_SECRET_KEY_ALSO: each secret needs 50 characters or more",
            "E008",
        ),
        (
            all(origin.startswith("https://") for origin in settings.ORIGINS),
            "HELPLINE_ORIGINS: each origin must be https",
            "E002",
        ),
        (bool(settings.DATABASE_URL), "DATABASE_URL is not set: production runs on PostgreSQL", "E003"),
        (bool(settings.REDIS_URL), "REDIS_URL is not set: production runs on Redis", "E009"),
        (settings.DEVICE_APPROVAL != "any", "HELPLINE_DEVICE_APPROVAL: `any` is for the demo", "E004"),
        (
            not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= 32,
            "HELPLINE_METRICS_TOKEN needs 32 characters or more",
            "E007",
        ),
    ]
    return [Error(text, id=f"helpline.{number}") for holds, text, number in rules if not holds]


def _secret() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # no secret is set
        return ""


@register()
def keys_are_in_no_backup(**_: Any) -> list[Error]:
    return [Error(text, hint=ELSEWHERE, id="helpline.E005") for text in key_places.within_backups()]


@register(Tags.database)
def keys_are_not_in_the_database_s_folder(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """Checks that no key folder is within the database's own folder. Runs with `migrate` and with `check
    --database default`."""
    found = key_places.within_database() if databases else []
    return [Error(text, hint=ELSEWHERE, id="helpline.E006") for text in found]
