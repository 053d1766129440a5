"""Nobody is without a key of their alias: an empty one was outside the constraint that no two are the same."""

from django.db import migrations, models

from counsellors.models import alias_key


def fill(apps, _editor):
    person = apps.get_model("counsellors", "Person")
    for one in person.objects.filter(alias_key=None):
        person.objects.filter(pk=one.pk).update(alias_key=alias_key(one.alias))


class Migration(migrations.Migration):

    dependencies = [
        ('counsellors', '0004_use_of_a_key'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='person',
            name='alias_key',
            field=models.CharField(editable=False, max_length=160, unique=True),
        ),
    ]
