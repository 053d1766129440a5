import django.db.models.deletion
import helpline.lib.clock
import helpline.lib.encoding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=150, unique=True, verbose_name='admin.person.username')),
                ('alias', models.CharField(max_length=40, verbose_name='admin.person.alias')),
                ('alias_key', models.CharField(editable=False, max_length=160, unique=True)),
                ('handle', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, unique=True)),
                ('languages', models.CharField(blank=True, help_text='as `nl en`; empty: every language', max_length=40, verbose_name='admin.person.languages')),
                ('phone', models.CharField(blank=True, db_default='', default='', editable=False, help_text="where supervisors of the person's lines may call; the person sets it", max_length=20)),
                ('is_active', models.BooleanField(default=True, verbose_name='admin.person.is_active')),
                ('came_at', models.DateTimeField(blank=True, default=helpline.lib.clock.now, help_text='since then they take part; empty: invited', null=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'admin.person.one',
                'verbose_name_plural': 'admin.person.many',
            },
        ),
        migrations.CreateModel(
            name='AuditRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='admin.auditrow.at')),
                ('actor', models.CharField(help_text="a person's handle, or empty for the system", max_length=22, verbose_name='admin.auditrow.actor')),
                ('action', models.CharField(max_length=40, verbose_name='admin.auditrow.action')),
                ('subject', models.CharField(help_text='an opaque id', max_length=64, verbose_name='admin.auditrow.subject')),
                ('detail', models.CharField(help_text='a code, or a field and what it was and is', max_length=200, verbose_name='admin.auditrow.detail')),
                ('previous', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00', help_text='the mac of the row before', max_length=32, verbose_name='admin.auditrow.previous')),
                ('mac', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00', max_length=32, verbose_name='admin.auditrow.mac')),
            ],
            options={
                'verbose_name': 'admin.auditrow.one',
                'verbose_name_plural': 'admin.auditrow.many',
            },
        ),
        migrations.CreateModel(
            name='PasskeyDemand',
            fields=[
                ('role', models.CharField(choices=[('counsellor', 'admin.role.counsellor'), ('supervisor', 'admin.role.supervisor'), ('partner', 'admin.role.partner'), ('administrator', 'admin.role.administrator')], max_length=16, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='WrongGuesses',
            fields=[
                ('key', models.CharField(help_text="a keyed hash; `?` before a made-up name's", max_length=65, primary_key=True, serialize=False)),
                ('wrong', models.PositiveIntegerField()),
                ('last_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('mac', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00', max_length=32)),
                ('count', models.PositiveBigIntegerField(default=0)),
                ('key', models.CharField(blank=True, db_default='', default='', help_text='the name of the key of that link', max_length=8)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_audit_head')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('use', models.CharField(help_text='device, review or letters', max_length=7)),
                ('kind', models.CharField(max_length=7)),
                ('slug', models.CharField(max_length=50)),
                ('key', models.BinaryField(max_length=65)),
                ('not_before', models.PositiveBigIntegerField()),
                ('not_after', models.PositiveBigIntegerField()),
                ('sigs', models.JSONField(default=list)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('use', 'kind', 'slug', 'key', 'not_before', 'not_after'), name='one_certificate')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False, verbose_name='admin.device.id')),
                ('key', models.BinaryField(help_text='uncompressed P-256 point', max_length=65, unique=True, verbose_name='admin.device.key')),
                ('fingerprint', models.CharField(help_text='what others call it', max_length=15, unique=True, verbose_name='admin.device.fingerprint')),
                ('label', models.CharField(max_length=80, verbose_name='admin.device.label')),
                ('state', models.CharField(choices=[('pending', 'admin.device.pending'), ('approved', 'admin.device.approved'), ('revoked', 'admin.device.revoked')], default='pending', max_length=8, verbose_name='admin.device.state')),
                ('enrolled_at', models.DateTimeField(verbose_name='admin.device.enrolled_at')),
                ('used_at', models.DateTimeField(verbose_name='admin.device.used_at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL, verbose_name='admin.device.person')),
            ],
            options={
                'verbose_name': 'admin.device.one',
                'verbose_name_plural': 'admin.device.many',
            },
        ),
        migrations.CreateModel(
            name='EntryLink',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='entry_link', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_organisation')],
            },
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('site', models.CharField(help_text="the host that it was made for: WebAuthn's rp id", max_length=253)),
                ('credential', models.BinaryField(help_text='what the browser calls it', max_length=1023, unique=True)),
                ('public_key', models.BinaryField(help_text='COSE', max_length=2048)),
                ('sign_count', models.PositiveBigIntegerField(default=0, help_text='stays 0 where it does not count')),
                ('made_at', models.DateTimeField(default=helpline.lib.clock.now)),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PasskeyChallenge',
            fields=[
                ('challenge', models.CharField(max_length=43, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('add', 'Add'), ('ask', 'Ask')], max_length=3)),
                ('until', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='line or service', max_length=7)),
                ('slug', models.CharField(max_length=50)),
                ('serial', models.PositiveBigIntegerField(help_text='of the session in which all scopes were signed')),
                ('not_after', models.PositiveBigIntegerField()),
                ('quorum', models.PositiveSmallIntegerField(help_text='signatures under a review key')),
                ('signers', models.JSONField(help_text='points, ascending')),
                ('root', models.CharField(max_length=87)),
                ('sig', models.CharField(max_length=86)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'slug'), name='one_scope')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('session_key', models.CharField(help_text='SHA-256 of the token', max_length=64, primary_key=True, serialize=False)),
                ('used_at', models.DateTimeField()),
                ('device', models.ForeignKey(help_text='proven in this browser', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='counsellors.device')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Signer',
            fields=[
                ('key', models.CharField(help_text='uncompressed P-256 point', max_length=87, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('device', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='signer', to='counsellors.device')),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('off', 'Off'), ('on', 'On'), ('break', 'Break')], default='off', max_length=5)),
                ('slots', models.PositiveSmallIntegerField(default=1)),
                ('renewed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('slots__lte', 4)), name='at_most_four_slots')],
            },
        ),
        migrations.CreateModel(
            name='Replacement',
            fields=[
                ('id', models.CharField(default=helpline.lib.encoding.new_id, max_length=22, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('mark', models.CharField(help_text='what the spoken code is known again by', max_length=80)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('aside', models.JSONField(default=list, help_text='the second factors that open nothing since')),
                ('done_at', models.DateTimeField(help_text='a new second factor was set up', null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replacements', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None), ('undone_at', None)), fields=('person',), name='one_open_replacement')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('counsellor', 'admin.role.counsellor'), ('supervisor', 'admin.role.supervisor'), ('partner', 'admin.role.partner'), ('administrator', 'admin.role.administrator')], max_length=16, verbose_name='admin.role.name')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='role_rows', to=settings.AUTH_USER_MODEL, verbose_name='admin.role.person')),
            ],
            options={
                'verbose_name': 'admin.role.one',
                'verbose_name_plural': 'admin.role.many',
                'constraints': [models.UniqueConstraint(fields=('person', 'name'), name='role_once')],
            },
        ),
    ]
