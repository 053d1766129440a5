"""Seeds and recovery codes go under a key outside the database."""

from django.db import migrations


def close(apps, _schema) -> None:
    from counsellors.signin.factors import CODE, SEED
    from helpline.lib import keyring

    for seed in apps.get_model("otp_totp", "TOTPDevice").objects.select_related("user"):
        seed.key = keyring.seal(bytes.fromhex(seed.key), SEED + seed.user.handle.encode())
        seed.save(update_fields=["key"])
    for code in apps.get_model("otp_static", "StaticToken").objects.select_related("device__user"):
        code.token = keyring.mark(code.token, CODE + code.device.user.handle.encode())
        code.save(update_fields=["token"])


class Migration(migrations.Migration):

    dependencies = [
        ('counsellors', '0006_sessions'),
        ('otp_static', '0003_add_timestamps'),
        ('otp_totp', '0003_add_timestamps'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authenticator',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('otp_totp.totpdevice',),
        ),
        migrations.CreateModel(
            name='RecoveryCodes',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('otp_static.staticdevice',),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
