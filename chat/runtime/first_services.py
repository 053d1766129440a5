"""Fills the referral directory of a new installation with the services that come with a release."""

import json
from datetime import time
from pathlib import Path

from django.db import transaction

from chat.models import Service, WeeklyHours
from helpline import languages

DIRECTORY = Path(__file__).parent.parent / "data" / "services.json"


@transaction.atomic
def fill() -> None:
    """Stores the release's referral directory. Each row names the source of its facts. Existing rows stay
    unchanged."""
    for row in json.loads(DIRECTORY.read_text()):
        slug, daily = row.pop("slug"), row.pop("daily", None)
        row |= {
            "purpose": languages.all_of("services", f"service.{slug}.purpose"),
            "for_callers": languages.all_of("services", f"service.{slug}.callers"),
        }
        service, made = Service.objects.get_or_create(slug=slug, defaults=row)
        if made and daily:
            opens, closes = (time.fromisoformat(moment) for moment in daily)
            WeeklyHours.objects.bulk_create(
                WeeklyHours(service=service, weekday=day, opens=opens, closes=closes) for day in range(7)
            )
