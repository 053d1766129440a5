import chat.models.texts
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chat', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40)),
                ('says', chat.models.texts.TextByLanguage(max_length=60)),
                ('question', models.CharField(max_length=16)),
                ('codes', models.JSONField(default=list)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='chat.line')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('line', 'slug'), name='a_theme_once')],
            },
        ),
    ]
