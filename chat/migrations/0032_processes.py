from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0031_admin_in_two_languages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Process',
            fields=[
                ('id', models.CharField(max_length=22, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=64)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
    ]
