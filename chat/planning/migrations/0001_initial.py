import django.core.validators
import django.db.models.deletion
import helpline.lib.encoding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chat', '0001_initial'),
        ('counsellors', '0002_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='calendar', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('mark', models.CharField(help_text='SHA-256 of the secret in the address', max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RotaPreferences',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rota_preferences', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('most_hours', models.PositiveSmallIntegerField(help_text='a week; empty: no limit', null=True)),
                ('no_two_lates', models.BooleanField(default=False, help_text='no two late shifts in a row')),
                ('rest_after_heavy', models.BooleanField(default=False, help_text='no shift the day after a heavy one')),
                ('rather_not', models.JSONField(default=list, help_text='weekdays; Monday is 0')),
                ('mail', models.EmailField(blank=True, help_text='where to remind; empty: nowhere', max_length=254)),
            ],
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('wanted', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)])),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('offered', 'Offered'), ('sick', 'Sick')], default='planned', max_length=7)),
                ('reminded', models.BooleanField(default=False)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to=settings.AUTH_USER_MODEL)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='planning.shift')),
            ],
        ),
        migrations.CreateModel(
            name='Swap',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('given', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps_asked', to='planning.place')),
                ('wanted', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps_wanted', to='planning.place')),
            ],
        ),
        migrations.CreateModel(
            name='UsualShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(help_text='Monday is 0')),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('wanted', models.PositiveSmallIntegerField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='usual_shifts', to='chat.line')),
                ('people', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='shift',
            index=models.Index(fields=['line', 'ends_at'], name='shifts_of_a_line'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='a_shift_lasts'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.UniqueConstraint(fields=('line', 'starts_at', 'ends_at'), name='a_shift_once'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('shift', 'person'), name='on_a_shift_once'),
        ),
        migrations.AddConstraint(
            model_name='swap',
            constraint=models.UniqueConstraint(fields=('given', 'wanted'), name='a_swap_once'),
        ),
        migrations.AddConstraint(
            model_name='usualshift',
            constraint=models.UniqueConstraint(fields=('line', 'weekday', 'opens', 'closes'), name='a_usual_shift_once'),
        ),
    ]
