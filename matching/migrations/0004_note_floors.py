from django.db import migrations

from core.changes import noted


class Migration(migrations.Migration):
    """Floors that processes hold follow the changes of lists; the number of a ranking is no longer needed for that."""

    dependencies = [
        ("core", "0003_changes"),
        ("matching", "0003_standing_lists"),
    ]

    operations = [
        migrations.RemoveField(model_name="standing", name="turn"),
        noted("matching_standing", "floor", "SELECT vacancy_id FROM {changed} changed"),
    ]
