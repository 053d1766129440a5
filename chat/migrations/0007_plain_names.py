import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("chat", "0006_fields_by_two"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="wish", name="one_open_wish_of_a_line"),
        migrations.RemoveConstraint(model_name="wish", name="one_open_wish"),
        migrations.RemoveConstraint(model_name="hold", name="one_open_wish_to_hold"),
        migrations.RenameModel(old_name="Wish", new_name="ApprovalRequest"),
        migrations.RenameModel(old_name="PlanningWishes", new_name="RotaPreferences"),
        migrations.AlterField(
            model_name="approvalrequest",
            name="line",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="chat.line"
            ),
        ),
        migrations.AlterField(
            model_name="rotapreferences",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="rota_preferences",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="swap",
            name="wanted",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="swaps_wanted", to="chat.place"
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalrequest",
            constraint=models.UniqueConstraint(
                condition=Q(ended_at=None, line__isnull=False),
                fields=("kind", "line", "subject"),
                name="one_open_request_of_a_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalrequest",
            constraint=models.UniqueConstraint(
                condition=Q(ended_at=None, line=None), fields=("kind", "subject"), name="one_open_request"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=Q(confirmed_at=None), fields=("conversation",), name="one_open_request_to_hold"
            ),
        ),
    ]
