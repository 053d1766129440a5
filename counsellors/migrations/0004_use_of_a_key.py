"""A certificate's use may be letters."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('counsellors', '0003_wrong_guesses'),
    ]

    operations = [
        migrations.AlterField(
            model_name='certificate',
            name='use',
            field=models.CharField(help_text='device, review or letters', max_length=7),
        ),
    ]
