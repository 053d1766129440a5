"""Letters, and the keys of lines that open them."""

import chat.states
import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0002_expiry'),
        ('counsellors', '0003_wrong_guesses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GivenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='chat.conversation')),
                ('ends_at', models.DateTimeField(help_text='the end of its life as a letter')),
                ('due_at', models.DateTimeField(help_text='the promise; empty unless it is to be answered', null=True)),
                ('answered_upto', models.PositiveIntegerField(default=0, help_text='the last message of the caller that an answer was for')),
                ('answer_seq', models.PositiveIntegerField(default=0, help_text="the last answer's own number")),
                ('messages', models.PositiveSmallIntegerField(default=0, help_text='of the caller since the last answer')),
                ('takes', models.PositiveIntegerField(default=0, help_text='numbers the takes; the newest counts')),
                ('timed_out', models.BooleanField(default=False, help_text='the last take ended for silence alone')),
                ('heard_at', models.DateTimeField(help_text='the last request of its taker about it', null=True)),
                ('chat_at', models.DateTimeField(help_text='when its caller asked to talk, while that counts', null=True)),
                ('returned_at', models.DateTimeField(help_text='the last `returned` entry', null=True)),
                ('alarmed_at', models.DateTimeField(help_text='when it was told that the promise breaks soon', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReplacedCode',
            fields=[
                ('hash', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='linekey',
            name='generation_once_a_line',
        ),
        migrations.RemoveConstraint(
            model_name='linekey',
            name='one_present_review_key',
        ),
        migrations.RemoveConstraint(
            model_name='linekey',
            name='one_review_key_that_waits',
        ),
        migrations.AddField(
            model_name='conversation',
            name='written',
            field=models.CharField(blank=True, choices=[(chat.states.Written['DRAFT'], chat.states.Written['DRAFT']), (chat.states.Written['NEW'], chat.states.Written['NEW']), (chat.states.Written['TAKEN'], chat.states.Written['TAKEN']), (chat.states.Written['ANSWERED'], chat.states.Written['ANSWERED'])], db_default='', default='', help_text='of a letter, until it becomes a chat; else empty', max_length=8),
        ),
        migrations.AddField(
            model_name='line',
            name='answer_within',
            field=models.DurationField(editable=False, help_text="the promise to whoever writes a letter; 4 to 72 hours; empty: the server's", null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='letter_span',
            field=models.DurationField(editable=False, help_text="the longest life of a letter; 3 to 30 days; empty: the server's", null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='letters',
            field=models.CharField(choices=[('never', 'Never'), ('closed', 'Closed'), ('always', 'Always')], db_default='never', default='never', editable=False, max_length=6),
        ),
        migrations.AddField(
            model_name='line',
            name='letters_acute_told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='letters_key',
            field=models.BinaryField(help_text='of the present generation; new letters name it', max_length=65, null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='letters_overdue_told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='letters_expired',
            field=models.PositiveIntegerField(default=0, editable=False, help_text='letters that ended unanswered, until a supervisor has seen it'),
        ),
        migrations.AddField(
            model_name='line',
            name='letters_expired_told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='people_of_the_day',
            field=models.JSONField(blank=True, default=list, editable=False, help_text='an alias a weekday, Monday first, for letters'),
        ),
        migrations.AddField(
            model_name='linekey',
            name='until',
            field=models.DateTimeField(help_text='no new letter names it afterwards: somebody who could open it has left', null=True),
        ),
        migrations.AddField(
            model_name='linekey',
            name='use',
            field=models.CharField(choices=[('review', 'Review'), ('letters', 'Letters')], db_default='review', default='review', max_length=7),
        ),
        migrations.AlterField(
            model_name='approvalrequest',
            name='kind',
            field=models.CharField(choices=[('review_key', 'Review Key'), ('retention', 'Retention'), ('read_alone', 'Read Alone'), ('contact', 'Contact'), ('role', 'Role'), ('line_of_supervisor', 'Line Of Supervisor'), ('revoke_device', 'Revoke Device'), ('leave', 'Leave'), ('passkey', 'Passkey'), ('take_role', 'Take Role'), ('take_line', 'Take Line'), ('give_service', 'Give Service'), ('take_service', 'Take Service'), ('hosts', 'Hosts'), ('path', 'Path'), ('template', 'Template'), ('line_phone', 'Line Phone'), ('line_services', 'Line Services'), ('letters_key', 'Letters Key'), ('letters_closed', 'Letters Closed'), ('letters_always', 'Letters Always'), ('alert_mail', 'Alert Mail'), ('alert_url', 'Alert Url'), ('service_phone', 'Service Phone'), ('service_site', 'Service Site'), ('service_webhook', 'Service Webhook')], max_length=20),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='expires_at',
            field=models.DateTimeField(help_text='it ends then, whatever happens'),
        ),
        migrations.AlterField(
            model_name='keyshare',
            name='device',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_shares', to='counsellors.device'),
        ),
        migrations.AlterField(
            model_name='linekey',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='line_keys', to='chat.line'),
        ),
        migrations.AlterField(
            model_name='member',
            name='role',
            field=models.CharField(choices=[(chat.states.SeatRole['CALLER'], chat.states.SeatRole['CALLER']), (chat.states.SeatRole['COUNSELLOR'], chat.states.SeatRole['COUNSELLOR']), (chat.states.SeatRole['COLLEAGUE'], chat.states.SeatRole['COLLEAGUE']), (chat.states.SeatRole['PARTNER'], chat.states.SeatRole['PARTNER']), (chat.states.SeatRole['REVIEW'], chat.states.SeatRole['REVIEW']), (chat.states.SeatRole['LETTERS'], chat.states.SeatRole['LETTERS'])], max_length=10),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state__in', (chat.states.Conversation['WAITING'], chat.states.Conversation['ACTIVE']))), fields=['expires_at'], name='by_expiry'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('written', ''), _negated=True), fields=['line'], name='letters_of_a_line'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', (chat.states.Conversation['WAITING'], chat.states.Conversation['ACTIVE']))), fields=('line', 'initial'), name='one_initial'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('letter_span__gte', datetime.timedelta(days=3)), ('letter_span__lte', datetime.timedelta(days=30))), name='letter_span_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('answer_within__gte', datetime.timedelta(seconds=14400)), ('answer_within__lte', datetime.timedelta(days=3))), name='answer_within_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='linekey',
            constraint=models.UniqueConstraint(fields=('line', 'use', 'generation'), name='generation_once_a_line'),
        ),
        migrations.AddConstraint(
            model_name='linekey',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at__isnull', False), ('retired_at', None)), fields=('line', 'use'), name='one_present_key'),
        ),
        migrations.AddConstraint(
            model_name='linekey',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at', None)), fields=('line', 'use'), name='one_key_that_waits'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('role', chat.states.SeatRole['LETTERS'])), fields=('conversation',), name='one_letters_seat'),
        ),
        migrations.AddField(
            model_name='givenback',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='letter',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='letter',
            name='device',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counsellors.device'),
        ),
        migrations.AddField(
            model_name='letter',
            name='taker',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='givenback',
            name='letter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='given_back', to='chat.letter'),
        ),
        migrations.AddField(
            model_name='replacedcode',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replaced_codes', to='chat.conversation'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='promises'),
        ),
    ]
