from django.db import migrations

SAYS = {"nl": "Is er nu gevaar? Bel dan meteen.", "en": "Is anyone in danger now? Call right away."}


def say_it(apps, _schema):
    for edition in apps.get_model("chat", "Edition").objects.all():
        if edition.wording:
            edition.wording.setdefault("danger", SAYS)
            edition.save(update_fields=["wording"])


class Migration(migrations.Migration):
    dependencies = [("chat", "0025_ready_sentences")]

    operations = [migrations.RunPython(say_it, migrations.RunPython.noop)]
