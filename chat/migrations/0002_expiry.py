"""Keys with a use, initials, and the time at which each conversation ends."""

from django.db import migrations, models
from django.db.models import DateTimeField, ExpressionWrapper, F, Value

from django.conf import settings


def set_expiry(apps, schema_editor):
    """Gives conversations that exist their end: until now it followed from the setting."""
    expires = ExpressionWrapper(F("opened_at") + Value(settings.OPEN_SPAN), output_field=DateTimeField())
    apps.get_model("chat", "Conversation").objects.update(expires_at=expires)


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial"), ("counsellors", "0003_wrong_guesses")]

    operations = [
        migrations.RenameModel("ReviewKey", "LineKey"),
        migrations.RenameModel("ReviewShare", "KeyShare"),
        migrations.RemoveConstraint("Conversation", "one_letter"),
        migrations.RenameField("Conversation", "letter", "initial"),
        migrations.AddField("Conversation", "expires_at", models.DateTimeField(null=True)),
        migrations.RunPython(set_expiry, migrations.RunPython.noop),
    ]
