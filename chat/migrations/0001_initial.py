import chat.models.conversation
import chat.models.texts
import chat.states
import datetime
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.uuid
import helpline.lib.clock
import helpline.lib.encoding
import helpline.lib.signed_post
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('counsellors', '0002_second_factors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('recorded_as', models.CharField(db_default=django.db.models.functions.comparison.Cast(django.db.models.functions.uuid.UUID4(), models.CharField(max_length=36)), default=helpline.lib.encoding.new_id, help_text="its number in what outlives it: the audit, the journal. No caller's browser is sent it", max_length=36, unique=True)),
                ('locale', models.CharField(max_length=16)),
                ('urgency', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[(chat.states.Conversation['WAITING'], chat.states.Conversation['WAITING']), (chat.states.Conversation['ACTIVE'], chat.states.Conversation['ACTIVE']), (chat.states.Conversation['ENDED'], chat.states.Conversation['ENDED']), (chat.states.Conversation['ABANDONED'], chat.states.Conversation['ABANDONED'])], max_length=9)),
                ('opened_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(help_text='it ends then, whatever happens')),
                ('written', models.CharField(blank=True, choices=[(chat.states.Written['DRAFT'], chat.states.Written['DRAFT']), (chat.states.Written['NEW'], chat.states.Written['NEW']), (chat.states.Written['TAKEN'], chat.states.Written['TAKEN']), (chat.states.Written['ANSWERED'], chat.states.Written['ANSWERED'])], db_default='', default='', help_text='of a letter, until it becomes a chat; else empty', max_length=8)),
                ('active_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('purge_at', models.DateTimeField(help_text='D: its retention key ends here, whatever happens')),
                ('slot_file', models.PositiveIntegerField(help_text='of hour D; empty once its keys were lost', null=True)),
                ('slot_number', models.PositiveIntegerField(null=True)),
                ('hold_file', models.PositiveIntegerField(help_text='of the hour of `review_until`', null=True)),
                ('hold_number', models.PositiveIntegerField(null=True)),
                ('rank', models.BigIntegerField(help_text='microseconds; the smallest is served first')),
                ('requeued', models.BooleanField(default=False)),
                ('requeued_at', models.DateTimeField(help_text='the last time; since then it waits', null=True)),
                ('moved', models.CharField(blank=True, help_text='why a supervisor moved it to the front', max_length=16)),
                ('promised_low', models.PositiveIntegerField(help_text='minutes of waiting first shown, from', null=True)),
                ('promised_high', models.PositiveIntegerField(help_text='and to', null=True)),
                ('passed_over_at', models.DateTimeField(help_text='its browser did not grant; not handed out before the next frame', null=True)),
                ('token_hash', models.BinaryField(max_length=32, null=True)),
                ('tab', models.PositiveIntegerField(default=1, help_text="the newest tab's number; older ones are refused")),
                ('shelf', models.BinaryField(help_text='under the retention key', null=True)),
                ('retention', models.DurationField(default=datetime.timedelta(days=1), help_text="the line's when this opened: a later one only shortens it")),
                ('answered', models.BooleanField(default=False, help_text='a staff seat was let in at some time')),
                ('coded', models.BooleanField(db_default=False, default=False, help_text='a form about it was sent')),
                ('held_until', models.DateTimeField(help_text='on hold: its rows stay until then', null=True)),
                ('gone_at', models.DateTimeField(help_text="gone for everybody but the hold: erased by the caller, or past its rows' date", null=True)),
                ('grants_limited_until', models.BigIntegerField(default=0, help_text='microseconds; when a full burst of grants is allowed again')),
                ('sealed_bytes', models.PositiveIntegerField(default=0, help_text='of its messages and notes together')),
                ('epoch', models.PositiveIntegerField(default=0)),
                ('last_seq', models.PositiveIntegerField(default=0)),
                ('initial', models.PositiveSmallIntegerField(help_text='A is 1; from the first `next` on', null=True)),
                ('risk', models.PositiveSmallIntegerField(default=0, help_text='flagged by a counsellor, 0 to 2')),
                ('acute_at', models.DateTimeField(help_text='first flagged as acute', null=True)),
                ('risk_known_at', models.DateTimeField(help_text='a supervisor has seen that flag', null=True)),
                ('last_public_seq', models.PositiveIntegerField(default=0, help_text='the last entry that everybody sees')),
            ],
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Process',
            fields=[
                ('id', models.CharField(max_length=22, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=64)),
                ('seen_at', models.DateTimeField()),
                ('does', models.CharField(blank=True, choices=[('callers', 'Callers'), ('staff', 'Staff'), ('both', 'Both'), ('worker', 'Worker')], db_default='', max_length=7)),
                ('port', models.PositiveIntegerField(help_text='on which a web process listens', null=True)),
                ('release', models.CharField(blank=True, db_default='', max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='UsedWork',
            fields=[
                ('mark', models.CharField(help_text='SHA-256 of what was used', max_length=64, primary_key=True, serialize=False)),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReturnCode',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='chat.conversation')),
                ('hash', models.BinaryField(help_text='SHA-256 of the half that is shown us', max_length=32, unique=True)),
                ('sealed', models.BinaryField(help_text="the caller's secrets in a box, under the retention key")),
                ('user', models.BinaryField(help_text='used: SHA-256 of what the browser drew that may ask once more', max_length=32, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='JournalHead',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_head')],
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('slug', models.SlugField(max_length=32, primary_key=True, serialize=False, verbose_name='admin.line.slug')),
                ('name', models.CharField(max_length=60, verbose_name='admin.line.name')),
                ('path', models.SlugField(blank=True, help_text="of the callers' page; empty: the slug", max_length=32, unique=True, verbose_name='admin.line.path')),
                ('hosts', models.CharField(blank=True, help_text='of its own, as `praat.example.org`, separated by spaces', max_length=200, verbose_name='admin.line.hosts')),
                ('template', models.CharField(db_default='young-victims', default='young-victims', editable=False, help_text='whose words its callers read', max_length=32, verbose_name='admin.line.template')),
                ('formal', models.BooleanField(default=False, help_text='Dutch with `u` instead of `je`', verbose_name='admin.line.formal')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='admin.line.phone')),
                ('on_call_phone', models.CharField(blank=True, db_default='', default='', help_text="of the supervisor on call, for the line's staff when nobody is there; never for callers", max_length=20, verbose_name='admin.line.on_call_phone')),
                ('state', models.CharField(choices=[('hours', 'admin.line.state.hours'), ('open', 'admin.line.state.open'), ('closed', 'admin.line.state.closed')], default='hours', max_length=6, verbose_name='admin.line.state')),
                ('steered_at', models.DateTimeField(editable=False, help_text='since when it is open or closed by hand', null=True)),
                ('steered_until', models.DateTimeField(editable=False, help_text='when a line that is open by hand follows its hours again', null=True)),
                ('reason', models.CharField(blank=True, help_text='shown to callers when closed', max_length=200, verbose_name='admin.line.reason')),
                ('unstaffed_since', models.DateTimeField(blank=True, help_text='closed, and no counsellor there', null=True)),
                ('cases', models.BooleanField(db_default=False, default=False, editable=False, help_text='keeps removal cases beside conversations')),
                ('most_waiting', models.PositiveIntegerField(blank=True, help_text="empty: the server's limit", null=True, verbose_name='admin.line.most_waiting')),
                ('retention', models.DurationField(help_text='after the end; 0 to 90 days', verbose_name='admin.line.retention')),
                ('alert_waiting', models.PositiveIntegerField(blank=True, default=5, help_text='so many wait; empty: never', null=True, verbose_name='admin.line.alert_waiting')),
                ('alert_wait', models.DurationField(blank=True, default=datetime.timedelta(seconds=600), help_text='somebody waits so long; empty: never', null=True, verbose_name='admin.line.alert_wait')),
                ('alert_mail', models.EmailField(blank=True, help_text='told when an alert begins; no content', max_length=254, verbose_name='admin.line.alert_mail')),
                ('alert_url', models.URLField(blank=True, help_text='a webhook, told likewise', validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='admin.line.alert_url')),
                ('alert_secret', models.CharField(blank=True, help_text='signs it; made anew with each address', max_length=100, validators=[helpline.lib.signed_post.validate_secret], verbose_name='admin.line.alert_secret')),
                ('numbers_read_at', models.DateTimeField(blank=True, editable=False, help_text='a supervisor read the numbers that callers are shown', null=True)),
                ('words_read_at', models.DateTimeField(blank=True, editable=False, help_text='a supervisor read the texts that callers are shown', null=True)),
                ('alerting_since', models.DateTimeField(blank=True, help_text='the alert that goes on now', null=True)),
                ('boost_soon', models.DurationField(default=datetime.timedelta(0), verbose_name='admin.line.boost_soon')),
                ('boost_acute', models.DurationField(default=datetime.timedelta(seconds=900), verbose_name='admin.line.boost_acute')),
                ('most_talks', models.PositiveSmallIntegerField(blank=True, help_text='enough for one shift', null=True, verbose_name='admin.line.most_talks')),
                ('most_heavy', models.PositiveSmallIntegerField(blank=True, help_text='heavy ones, likewise', null=True, verbose_name='admin.line.most_heavy')),
                ('goal_at_once', models.PositiveSmallIntegerField(blank=True, help_text='per cent of all who come, helped within a minute; empty: 80', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='admin.line.goal_at_once')),
                ('goal_soon', models.PositiveSmallIntegerField(blank=True, help_text='within five minutes; empty: 95', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='admin.line.goal_soon')),
                ('review_key', models.BinaryField(blank=True, help_text='of the present generation; new conversations name it', max_length=65, null=True, verbose_name='admin.line.review_key')),
                ('letters_key', models.BinaryField(help_text='of the present generation; new letters name it', max_length=65, null=True)),
                ('letters', models.CharField(choices=[('never', 'Never'), ('closed', 'Closed'), ('always', 'Always')], db_default='never', default='never', editable=False, max_length=6)),
                ('letter_span', models.DurationField(editable=False, help_text="the longest life of a letter; 3 to 30 days; empty: the server's", null=True)),
                ('answer_within', models.DurationField(editable=False, help_text="the promise to whoever writes a letter; 4 to 72 hours; empty: the server's", null=True)),
                ('letters_acute_told_at', models.DateTimeField(editable=False, null=True)),
                ('letters_overdue_told_at', models.DateTimeField(editable=False, null=True)),
                ('letters_expired', models.PositiveIntegerField(default=0, editable=False, help_text='letters that ended unanswered, until a supervisor has seen it')),
                ('letters_expired_told_at', models.DateTimeField(editable=False, null=True)),
                ('people_of_the_day', models.JSONField(blank=True, default=list, editable=False, help_text='an alias a weekday, Monday first, for letters')),
                ('review_needs_two', models.BooleanField(default=False, help_text='a second supervisor says yes before a transcript is read', verbose_name='admin.line.review_needs_two')),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False, help_text='counts changes: of two at once the second is told')),
                ('ended_at', models.DateTimeField(editable=False, help_text='it takes no callers and no letters; what it keeps it keeps on', null=True)),
                ('practice_for', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='practice', to='chat.line')),
                ('steered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'admin.line.one',
                'verbose_name_plural': 'admin.line.many',
            },
        ),
        migrations.AddField(
            model_name='conversation',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='chat.line'),
        ),
        migrations.CreateModel(
            name='Carried',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(help_text='local')),
                ('talks', models.PositiveIntegerField(default=0)),
                ('heavy', models.PositiveIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='carried', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('review_key', 'Review Key'), ('retention', 'Retention'), ('read_alone', 'Read Alone'), ('contact', 'Contact'), ('role', 'Role'), ('line_of_supervisor', 'Line Of Supervisor'), ('revoke_device', 'Revoke Device'), ('leave', 'Leave'), ('passkey', 'Passkey'), ('take_role', 'Take Role'), ('take_line', 'Take Line'), ('give_service', 'Give Service'), ('take_service', 'Take Service'), ('new_line', 'New Line'), ('hosts', 'Hosts'), ('path', 'Path'), ('template', 'Template'), ('line_phone', 'Line Phone'), ('line_on_call', 'Line On Call'), ('line_services', 'Line Services'), ('letters_key', 'Letters Key'), ('letters_closed', 'Letters Closed'), ('letters_always', 'Letters Always'), ('alert_mail', 'Alert Mail'), ('alert_url', 'Alert Url'), ('line_ended', 'Line Ended'), ('service_phone', 'Service Phone'), ('service_site', 'Service Site'), ('service_webhook', 'Service Webhook'), ('service_ended', 'Service Ended')], max_length=20)),
                ('subject', models.CharField(blank=True, help_text="a handle, a slug, a role, a device's id", max_length=32)),
                ('value', models.JSONField(default=str, help_text='what for: hours, a role, a contact')),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('how', models.CharField(blank=True, choices=[('done', 'Done'), ('lost', 'Lost'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], max_length=9)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(help_text='nobody: there was none', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='LineKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use', models.CharField(choices=[('review', 'Review'), ('letters', 'Letters')], db_default='review', default='review', max_length=7)),
                ('generation', models.PositiveIntegerField()),
                ('public', models.BinaryField(help_text='uncompressed P-256 point', max_length=65, unique=True)),
                ('made_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(help_text='empty while a second supervisor has to say yes', null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(help_text='no new letter names it afterwards: somebody who could open it has left', null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='line_keys', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='KeyShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField(max_length=113)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_shares', to='counsellors.device')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='chat.linekey')),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.CharField(default=chat.models.conversation._member_id, max_length=11, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[(chat.states.SeatRole['CALLER'], chat.states.SeatRole['CALLER']), (chat.states.SeatRole['COUNSELLOR'], chat.states.SeatRole['COUNSELLOR']), (chat.states.SeatRole['COLLEAGUE'], chat.states.SeatRole['COLLEAGUE']), (chat.states.SeatRole['PARTNER'], chat.states.SeatRole['PARTNER']), (chat.states.SeatRole['REVIEW'], chat.states.SeatRole['REVIEW']), (chat.states.SeatRole['LETTERS'], chat.states.SeatRole['LETTERS'])], max_length=10)),
                ('alias', models.CharField(blank=True, max_length=40)),
                ('key', models.BinaryField(max_length=65, null=True)),
                ('joined_seq', models.PositiveIntegerField()),
                ('joined_at', models.DateTimeField()),
                ('granted_at', models.DateTimeField(help_text='the first grant that named this seat', null=True)),
                ('epoch', models.PositiveIntegerField(default=0, help_text='the last epoch that named this seat')),
                ('left_seq', models.PositiveIntegerField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('here', models.BooleanField(default=True)),
                ('presence_since', models.DateTimeField(help_text='since when it is here, or away')),
                ('seen_seq', models.PositiveIntegerField(default=0)),
                ('rate_limited_until', models.BigIntegerField(default=0, help_text='microseconds; when it may send a full burst again')),
                ('history', models.BooleanField(default=True, help_text='is sent what was written before it joined')),
                ('wrapped_up', models.BooleanField(default=False, help_text='the coded form was sent')),
                ('resume_hash', models.BinaryField(help_text="of a guest's token", max_length=32, null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='chat.conversation')),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='counsellors.device')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('socket', models.CharField(max_length=22, primary_key=True, serialize=False)),
                ('heard_at', models.DateTimeField()),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='leases', to='counsellors.device')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='leases', to='chat.member')),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('how', models.CharField(choices=[(chat.states.How['CONSULT'], chat.states.How['CONSULT']), (chat.states.How['TRANSFER'], chat.states.How['TRANSFER']), (chat.states.How['HANDOFF'], chat.states.How['HANDOFF'])], max_length=8)),
                ('brief', models.CharField(help_text='id of a message', max_length=22, null=True)),
                ('history', models.BooleanField(help_text="the caller's answer; empty before it", null=True)),
                ('state', models.CharField(choices=[(chat.states.Invitation['ASKED'], chat.states.Invitation['ASKED']), (chat.states.Invitation['RINGING'], chat.states.Invitation['RINGING']), (chat.states.Invitation['JOINED'], chat.states.Invitation['JOINED']), (chat.states.Invitation['REFUSED'], chat.states.Invitation['REFUSED']), (chat.states.Invitation['DECLINED'], chat.states.Invitation['DECLINED']), (chat.states.Invitation['EXPIRED'], chat.states.Invitation['EXPIRED']), (chat.states.Invitation['WITHDRAWN'], chat.states.Invitation['WITHDRAWN'])], max_length=9)),
                ('since', models.DateTimeField(help_text='of the present state')),
                ('expires_at', models.DateTimeField(null=True)),
                ('guest', models.BooleanField(default=False, help_text='comes by a link')),
                ('contact', models.CharField(blank=True, choices=[(chat.states.Contact['SENDING'], chat.states.Contact['SENDING']), (chat.states.Contact['FAILING'], chat.states.Contact['FAILING']), (chat.states.Contact['TAKEN'], chat.states.Contact['TAKEN'])], help_text='what became of that link', max_length=7)),
                ('pin_tries', models.PositiveSmallIntegerField(default=0)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='chat.conversation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('silenced', models.ManyToManyField(help_text='said no', related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chat.line')),
                ('inviter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='chat.member')),
                ('member', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='came_by', to='chat.member')),
            ],
        ),
        migrations.CreateModel(
            name='Missed',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('call', 'Call'), ('left', 'Left')], max_length=4)),
                ('acute', models.BooleanField(help_text='the conversation was acute')),
                ('since', models.DateTimeField(help_text='to the minute: it rang, or the caller waited')),
                ('at', models.DateTimeField(db_index=True, help_text='to the minute: nobody came, or the caller had left')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('way', models.CharField(choices=[('mail', 'Mail'), ('webhook', 'Webhook')], max_length=7)),
                ('to', models.EmailField(blank=True, help_text='of somebody who is invited; kept nowhere else', max_length=254)),
                ('to_contact', models.BooleanField(default=False, help_text="a guest's link, for the service's own contact")),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField()),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='stored then')),
                ('due_at', models.DateTimeField(help_text='of the next try')),
                ('until', models.DateTimeField(help_text='afterwards nobody wants to hear it')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('entry_link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='counsellors.entrylink')),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.invitation')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='OwnCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=16)),
                ('code', models.SlugField(max_length=40)),
                ('says', chat.models.texts.TextByLanguage(max_length=60)),
                ('since', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_codes', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='OwnSentence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=16)),
                ('text', models.CharField(max_length=1000)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_sentences', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Practising',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='practising', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('since', models.DateTimeField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practising', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='Puncture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('file', models.PositiveIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('since', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'file', 'number'), name='puncture_once')],
            },
        ),
        migrations.CreateModel(
            name='Purged',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('conversation_hash', models.CharField(help_text='SHA-256 of its number on record, hex', max_length=64)),
                ('hour', models.DateTimeField(help_text='of the slot; D of the conversation, or the end of its hold')),
                ('slot_file', models.PositiveIntegerField(help_text='empty where its keys were lost before', null=True)),
                ('slot_number', models.PositiveIntegerField(null=True)),
                ('held', models.BooleanField(default=False, help_text='erased by its caller, and kept for a hold only')),
                ('written', models.BooleanField(default=False, help_text='it stands in the file')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('written', False)), fields=['number'], name='not_yet_in_the_file')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=16)),
                ('asked_at', models.DateTimeField()),
                ('allowed_at', models.DateTimeField(help_text='empty while a second supervisor has to say yes', null=True)),
                ('allowed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='chat.conversation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ReadySentence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32)),
                ('folder', models.CharField(max_length=40)),
                ('says', chat.models.texts.TextByLanguage(max_length=1000)),
                ('since', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ready_sentences', to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='ReplacedCode',
            fields=[
                ('hash', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replaced_codes', to='chat.conversation')),
            ],
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('waiting', models.PositiveIntegerField()),
                ('active', models.PositiveIntegerField()),
                ('on', models.PositiveIntegerField(help_text='counsellors on duty')),
                ('longest', models.PositiveIntegerField(help_text='seconds that the first of those waiting has waited')),
                ('open', models.BooleanField(db_default=False, default=False, help_text='callers could come in')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='chat.line')),
            ],
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('slug', models.SlugField(max_length=32, primary_key=True, serialize=False, verbose_name='admin.service.slug')),
                ('name', models.CharField(max_length=80, verbose_name='admin.service.name')),
                ('since', models.DateTimeField(default=helpline.lib.clock.now, editable=False, help_text='empty: since before it was noted', null=True)),
                ('purpose', chat.models.texts.TextByLanguage(blank=True, max_length=160, verbose_name='admin.service.purpose')),
                ('for_callers', chat.models.texts.TextByLanguage(blank=True, max_length=160, verbose_name='admin.service.for_callers')),
                ('needs', models.CharField(blank=True, help_text='words to find it by', max_length=300, verbose_name='admin.service.needs')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='admin.service.phone')),
                ('chat', models.BooleanField(default=False, verbose_name='admin.service.chat')),
                ('site', models.URLField(blank=True, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='admin.service.site')),
                ('free', models.BooleanField(blank=True, help_text='empty: not known', null=True, verbose_name='admin.service.free')),
                ('languages', models.CharField(blank=True, help_text='as `nl en`; empty: not known', max_length=40, verbose_name='admin.service.languages')),
                ('age_from', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='admin.service.age_from')),
                ('age_to', models.PositiveSmallIntegerField(blank=True, help_text='the last age that is welcome', null=True, verbose_name='admin.service.age_to')),
                ('always_open', models.BooleanField(default=False, help_text='day and night, whatever the weekly hours say', verbose_name='admin.service.always_open')),
                ('desk', models.BooleanField(default=False, verbose_name='admin.service.desk')),
                ('webhook_url', models.URLField(blank=True, help_text='told when a handoff rings', validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='admin.service.webhook_url')),
                ('webhook_secret', models.CharField(blank=True, help_text='made anew with each address', max_length=100, validators=[helpline.lib.signed_post.validate_secret], verbose_name='admin.service.webhook_secret')),
                ('contact_mail', models.EmailField(blank=True, help_text="gets a guest's link; set by two persons", max_length=254, verbose_name='admin.service.contact_mail')),
                ('contact_url', models.URLField(blank=True, help_text='a webhook, told likewise', validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='admin.service.contact_url')),
                ('contact_secret', models.CharField(blank=True, max_length=100, validators=[helpline.lib.signed_post.validate_secret], verbose_name='admin.service.contact_secret')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='admin.service.source')),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='admin.service.verified_on')),
                ('version', models.PositiveIntegerField(db_default=0, default=0, editable=False, help_text='counts changes: of two at once the second is told')),
                ('ended_at', models.DateTimeField(editable=False, help_text='nobody is newly referred to it; open invitations go on', null=True)),
            ],
            options={
                'verbose_name': 'admin.service.one',
                'verbose_name_plural': 'admin.service.many',
                'constraints': [models.CheckConstraint(condition=models.Q(('age_from__isnull', True), ('age_to__isnull', True), ('age_from__lte', models.F('age_to')), _connector='OR'), name='ages_in_order', violation_error_message='service.ages')],
            },
        ),
        migrations.AddField(
            model_name='member',
            name='service',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='chat.service'),
        ),
        migrations.AddField(
            model_name='line',
            name='services',
            field=models.ManyToManyField(blank=True, help_text='that its callers are shown; none: all', related_name='+', to='chat.service', verbose_name='admin.line.services'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='service',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chat.service'),
        ),
        migrations.CreateModel(
            name='HolidayHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='hours.opens')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='hours.closes')),
                ('holiday', models.CharField(choices=[('any', 'hours.holiday.any'), ('Nieuwjaarsdag', 'Nieuwjaarsdag'), ('Goede vrijdag', 'Goede vrijdag'), ('Eerste paasdag', 'Eerste paasdag'), ('Tweede paasdag', 'Tweede paasdag'), ('Koningsdag', 'Koningsdag'), ('Bevrijdingsdag', 'Bevrijdingsdag'), ('Hemelvaartsdag', 'Hemelvaartsdag'), ('Eerste pinksterdag', 'Eerste pinksterdag'), ('Tweede pinksterdag', 'Tweede pinksterdag'), ('Eerste kerstdag', 'Eerste kerstdag'), ('Tweede kerstdag', 'Tweede kerstdag')], max_length=30, verbose_name='hours.holiday')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s', to='chat.line')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s', to='chat.service')),
            ],
            options={
                'verbose_name': 'hours.holidays',
                'verbose_name_plural': 'hours.holidays',
                'ordering': ['holiday', 'opens'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DatedHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='hours.opens')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='hours.closes')),
                ('date', models.DateField(verbose_name='hours.date')),
                ('reason', models.CharField(max_length=120, verbose_name='hours.reason')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s', to='chat.line')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s', to='chat.service')),
            ],
            options={
                'verbose_name': 'hours.exceptions',
                'verbose_name_plural': 'hours.exceptions',
                'ordering': ['date', 'opens'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SlotFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(help_text='the purge hour at which the file is destroyed')),
                ('file', models.PositiveIntegerField(help_text='its number within the hour')),
                ('given', models.PositiveIntegerField(help_text='slots below this number are given out, or lost, for ever')),
                ('folders', models.PositiveSmallIntegerField(help_text='in how many key folders it was made')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'file'), name='slot_file_once')],
            },
        ),
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
        migrations.CreateModel(
            name='WeeklyHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='hours.opens')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='hours.closes')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='hours.weekday')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s', to='chat.line')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(class)s', to='chat.service')),
            ],
            options={
                'verbose_name': 'hours.weekly',
                'verbose_name_plural': 'hours.weekly',
                'ordering': ['weekday', 'opens'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='work', to='chat.line', verbose_name='admin.work.line')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='work', to=settings.AUTH_USER_MODEL, verbose_name='admin.work.person')),
                ('service', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='work', to='chat.service', verbose_name='admin.work.service')),
            ],
            options={
                'verbose_name': 'admin.work.one',
                'verbose_name_plural': 'admin.work.many',
            },
        ),
        migrations.CreateModel(
            name='Wrap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grant', models.PositiveIntegerField(help_text='the epoch of the grant that brought it')),
                ('epoch', models.PositiveIntegerField(help_text='whose secret it holds; below `grant`: history')),
                ('sealed', models.BinaryField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='chat.conversation')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wraps', to='chat.member')),
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
                ('case_boxes', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='likewise')),
                ('takes', models.PositiveIntegerField(default=0, help_text='numbers the takes; the newest counts')),
                ('timed_out', models.BooleanField(default=False, help_text='the last take ended for silence alone')),
                ('heard_at', models.DateTimeField(help_text='the last request of its taker about it', null=True)),
                ('chat_at', models.DateTimeField(help_text='when its caller asked to talk, while that counts', null=True)),
                ('returned_at', models.DateTimeField(help_text='the last `returned` entry', null=True)),
                ('alarmed_at', models.DateTimeField(help_text='when it was told that the promise breaks soon', null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counsellors.device')),
                ('taker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='GivenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='given_back', to='chat.letter')),
            ],
        ),
        migrations.CreateModel(
            name='AcuteStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16)),
                ('how', models.CharField(choices=[('done', 'Done'), ('not_needed', 'Not Needed'), ('caller_gone', 'Caller Gone'), ('danger', 'Danger')], max_length=11)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acute_steps', to='chat.conversation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('conversation', 'code'), name='a_step_once')],
            },
        ),
        migrations.CreateModel(
            name='CountedResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=16)),
                ('name', models.CharField(max_length=8)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counted_results', to='chat.conversation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('conversation', 'item', 'name'), name='counted_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('by', models.CharField(blank=True, help_text='a member, or empty', max_length=11)),
                ('at', models.DateTimeField()),
                ('audience', models.PositiveSmallIntegerField(choices=[(0, 'All'), (1, 'Line')], default=0)),
                ('facts', models.JSONField(default=dict, help_text="the kind's own fields; never text of people")),
                ('message', models.CharField(help_text='id of a message or note', max_length=22, null=True)),
                ('epoch', models.PositiveIntegerField(null=True)),
                ('box', models.BinaryField(help_text='sealed in a browser', null=True)),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='chat.conversation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('conversation', 'seq'), name='dense_log'), models.UniqueConstraint(fields=('conversation', 'by', 'message'), name='id_once_a_seat')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=16)),
                ('until', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('slot_file', models.PositiveIntegerField(help_text='of the hour of its end, or of a later D', null=True)),
                ('slot_number', models.PositiveIntegerField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='chat.conversation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('confirmed_at', None)), fields=('conversation',), name='one_open_request_to_hold')],
            },
        ),
        migrations.CreateModel(
            name='LastProven',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='last_proven', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.line')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('line', 'person'), name='once_a_line_and_person')],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=64)),
                ('hour', models.DateTimeField()),
                ('value', models.PositiveBigIntegerField(default=0)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='chat.line')),
            ],
            options={
                'indexes': [models.Index(fields=['line', 'hour'], name='counters_of_a_while')],
                'constraints': [models.UniqueConstraint(fields=('name', 'key', 'line', 'hour'), name='one_counter')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('wording', models.JSONField(help_text='empty: as the release has it', null=True)),
                ('made_at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='chat.line')),
            ],
            options={
                'indexes': [models.Index(fields=['line', '-since', '-id'], name='newest_edition')],
            },
        ),
        migrations.CreateModel(
            name='Debrief',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('why', models.CharField(choices=[('asked', 'Asked'), ('acute', 'Acute')], max_length=5)),
                ('asked_at', models.DateTimeField()),
                ('held_at', models.DateTimeField(null=True)),
                ('held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='debriefs', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.line')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('held_at', None)), fields=('person', 'line'), name='one_open_debrief')],
            },
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state', chat.states.Conversation['WAITING'])), fields=['line', 'rank'], name='the_queue'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['state', 'opened_at'], name='by_state'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('state__in', (chat.states.Conversation['WAITING'], chat.states.Conversation['ACTIVE']))), fields=['expires_at'], name='by_expiry'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('written', ''), _negated=True), fields=['line'], name='letters_of_a_line'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('ended_at__isnull', False)), fields=['ended_at'], name='by_end'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['purge_at'], name='by_purge_hour'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(('retention__gte', datetime.timedelta(0)), ('retention__lte', datetime.timedelta(days=90))), name='retention_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='conversation',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', (chat.states.Conversation['WAITING'], chat.states.Conversation['ACTIVE']))), fields=('line', 'initial'), name='one_initial'),
        ),
        migrations.AddConstraint(
            model_name='carried',
            constraint=models.UniqueConstraint(fields=('line', 'person', 'day'), name='once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('line__isnull', False)), fields=('kind', 'line', 'subject'), name='one_open_request_of_a_line'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('line', None)), fields=('kind', 'subject'), name='one_open_request'),
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
            model_name='keyshare',
            constraint=models.UniqueConstraint(fields=('key', 'device'), name='one_share_a_device'),
        ),
        migrations.AddIndex(
            model_name='lease',
            index=models.Index(fields=['heard_at'], name='oldest_lease'),
        ),
        migrations.AddIndex(
            model_name='outgoing',
            index=models.Index(fields=['due_at'], name='outgoing_by_time'),
        ),
        migrations.AddConstraint(
            model_name='outgoing',
            constraint=models.CheckConstraint(condition=models.Q(('invitation__isnull', True), ('line__isnull', True), _connector='OR'), name='outgoing_to_one'),
        ),
        migrations.AddConstraint(
            model_name='owncode',
            constraint=models.UniqueConstraint(fields=('line', 'code'), name='a_code_once'),
        ),
        migrations.AddConstraint(
            model_name='readysentence',
            constraint=models.UniqueConstraint(condition=models.Q(('ended', None)), fields=('line', 'name'), name='a_ready_sentence_once'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.UniqueConstraint(fields=('line', 'at'), name='one_sample'),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(condition=models.Q(('left_seq', None)), fields=['person'], name='seats_of_a_person'),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(condition=models.Q(('left_seq', None)), fields=['here', 'presence_since'], name='present_seats'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('role', chat.states.SeatRole['CALLER'])), fields=('conversation',), name='one_caller_for_ever'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('role', chat.states.SeatRole['LETTERS'])), fields=('conversation',), name='one_letters_seat'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('left_seq', None)), fields=('conversation', 'person'), name='one_seat_a_person'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('practice_for', None), ('slug__startswith', 'practice-'), _connector='XOR'), name='practice_by_name'),
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
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('retention__gte', datetime.timedelta(0)), ('retention__lte', datetime.timedelta(days=90))), name='line_retention_in_bounds', violation_error_message='line.retention'),
        ),
        migrations.AddIndex(
            model_name='invitation',
            index=models.Index(condition=models.Q(('state__in', (chat.states.Invitation['ASKED'], chat.states.Invitation['RINGING']))), fields=['expires_at'], name='invitations_by_deadline'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', (chat.states.Invitation['ASKED'], chat.states.Invitation['RINGING']))), fields=('conversation',), name='one_open_invitation'),
        ),
        migrations.AddConstraint(
            model_name='holidayhours',
            constraint=models.CheckConstraint(condition=models.Q(('line__isnull', True), ('service__isnull', True), _connector='XOR'), name='holidayhours_of_one'),
        ),
        migrations.AddConstraint(
            model_name='holidayhours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False), models.Q(models.Q(('opens', models.F('closes')), _negated=True), ('opens', datetime.time(0, 0)), _connector='OR')), _connector='OR'), name='holidayhours_last_a_while'),
        ),
        migrations.AddConstraint(
            model_name='datedhours',
            constraint=models.CheckConstraint(condition=models.Q(('line__isnull', True), ('service__isnull', True), _connector='XOR'), name='datedhours_of_one'),
        ),
        migrations.AddConstraint(
            model_name='datedhours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False), models.Q(models.Q(('opens', models.F('closes')), _negated=True), ('opens', datetime.time(0, 0)), _connector='OR')), _connector='OR'), name='datedhours_last_a_while'),
        ),
        migrations.AddConstraint(
            model_name='weeklyhours',
            constraint=models.CheckConstraint(condition=models.Q(('line__isnull', True), ('service__isnull', True), _connector='XOR'), name='weeklyhours_of_one'),
        ),
        migrations.AddConstraint(
            model_name='weeklyhours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False), models.Q(models.Q(('opens', models.F('closes')), _negated=True), ('opens', datetime.time(0, 0)), _connector='OR')), _connector='OR'), name='weeklyhours_last_a_while'),
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.CheckConstraint(condition=models.Q(('line__isnull', True), ('service__isnull', True), _connector='XOR'), name='a_line_or_a_service'),
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.UniqueConstraint(fields=('person', 'line'), name='line_once'),
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.UniqueConstraint(fields=('person', 'service'), name='service_once'),
        ),
        migrations.AddConstraint(
            model_name='wrap',
            constraint=models.UniqueConstraint(fields=('member', 'grant', 'epoch'), name='one_wrap_a_grant'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='promises'),
        ),
    ]
