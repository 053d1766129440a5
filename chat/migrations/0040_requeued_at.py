from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0039_service_purposes'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='requeued_at',
            field=models.DateTimeField(help_text='the last time; since then it waits', null=True),
        ),
    ]
