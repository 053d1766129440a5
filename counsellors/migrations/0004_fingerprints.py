"""What others call a device: the first 88 bits of a hash of its key."""

from django.db import migrations, models


def compute(apps, _schema) -> None:
    from counsellors.devices import fingerprint_of

    device_model = apps.get_model("counsellors", "Device")
    for device in device_model.objects.all():
        device.fingerprint = fingerprint_of(bytes(device.key))
        device.save(update_fields=["fingerprint"])


class Migration(migrations.Migration):
    dependencies = [("counsellors", "0003_languages")]

    operations = [
        migrations.AddField("device", "fingerprint", models.CharField(max_length=15, null=True)),
        migrations.RunPython(compute, migrations.RunPython.noop),
        migrations.AlterField(
            "device",
            "fingerprint",
            models.CharField(max_length=15, unique=True, help_text="what others call it"),
        ),
    ]
