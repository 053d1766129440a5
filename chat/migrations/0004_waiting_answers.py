import django.db.models.deletion
from django.db import migrations, models

import helpline.lib.encoding


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0003_what_works_once'),
    ]

    operations = [
        migrations.DeleteModel(name='WaitingAnswer'),
        migrations.CreateModel(
            name='WaitingAnswer',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('hour', models.DateTimeField(help_text='of the slot whose key it lies under; the same for a whole month')),
                ('slot_file', models.PositiveIntegerField()),
                ('slot_number', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.line')),
            ],
        ),
    ]
