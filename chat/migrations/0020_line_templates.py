from django.db import migrations, models


def take_the_formal_words(apps, _schema_editor):
    """Until now a line that says `u` was one for worried adults, and there was no other."""
    apps.get_model("chat", "Line").objects.filter(formal=True).update(template="worried-adults")


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0019_one_rule_of_posting"),
    ]

    operations = [
        migrations.AddField(
            model_name="line",
            name="template",
            field=models.CharField(
                default="young-victims",
                editable=False,
                help_text="whose words its callers read",
                max_length=32,
            ),
        ),
        migrations.RunPython(take_the_formal_words, migrations.RunPython.noop),
    ]
