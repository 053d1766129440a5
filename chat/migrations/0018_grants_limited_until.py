from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0017_used_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='grants_limited_until',
            field=models.BigIntegerField(default=0, help_text='microseconds; when a full burst of grants is allowed again'),
        ),
    ]
