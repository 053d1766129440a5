"""The field's words: since when somebody is here or away, and a rate limit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0008_one_index_less_a_message")]

    operations = [
        migrations.RemoveIndex("member", "present_seats"),
        migrations.RenameField("member", "turned_at", "presence_since"),
        migrations.AddIndex(
            "member",
            models.Index(
                fields=["here", "presence_since"], condition=models.Q(left_seq=None), name="present_seats"
            ),
        ),
        migrations.RenameField("conversation", "paced_until", "rate_limited_until"),
    ]
