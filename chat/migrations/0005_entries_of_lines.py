"""Gives each line that lacks one an entry in the referral directory, by which partners hand callers back."""

from typing import Any

from django.db import migrations


def add(apps: Any, schema_editor: Any) -> None:
    service = apps.get_model("chat", "Service")
    for line in apps.get_model("chat", "Line").objects.filter(practice_for=None):
        facts = {"name": line.name, "phone": line.phone, "chat": True, "ended_at": line.ended_at}
        service.objects.get_or_create(slug=line.pk, defaults=facts)


class Migration(migrations.Migration):
    dependencies = [("chat", "0004_alarms")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
