from typing import Any

from django.db import migrations, models


def path_is_the_slug(apps: Any, _editor: Any) -> None:
    apps.get_model("chat", "Line").objects.update(path=models.F("slug"))


class Migration(migrations.Migration):
    dependencies = [("chat", "0012_service_contact")]

    operations = [
        migrations.AddField(
            model_name="line",
            name="path",
            field=models.CharField(default="", max_length=32),
            preserve_default=False,
        ),
        migrations.RunPython(path_is_the_slug, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="line",
            name="path",
            field=models.SlugField(
                blank=True, help_text="of the callers' page; empty: the slug", max_length=32, unique=True
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="services",
            field=models.ManyToManyField(
                blank=True,
                help_text="that its callers are shown; none: all",
                related_name="+",
                to="chat.service",
            ),
        ),
    ]
