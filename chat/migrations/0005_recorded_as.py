from django.db import migrations, models
from django.db.models.functions import UUID4, Cast

import helpline.lib.encoding


class Migration(migrations.Migration):
    """The database draws a number for each row that there is, and for what the release before still opens."""

    dependencies = [
        ('chat', '0004_waiting_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='recorded_as',
            field=models.CharField(db_default=Cast(UUID4(), models.CharField(max_length=36)), default=helpline.lib.encoding.new_id, help_text="its number in what outlives it: the audit, the journal. No caller's browser is sent it", max_length=36, unique=True),
        ),
        migrations.AlterField(
            model_name='purged',
            name='conversation_hash',
            field=models.CharField(help_text='SHA-256 of its number on record, hex', max_length=64),
        ),
    ]
