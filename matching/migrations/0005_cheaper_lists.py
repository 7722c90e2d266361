import django.db.models.deletion
from django.db import migrations, models

ROOM = ["matching_listed", "matching_recommendation"]


class Migration(migrations.Migration):
    """A change of fit writes one row in its own page, and no index."""

    dependencies = [
        ("matching", "0004_note_floors"),
        ("profiles", "0004_languages_of_finished_programmes"),
        ("vacancies", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="listed", name="listed_best_first"),
        migrations.AlterField(
            model_name="listed",
            name="vacancy",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="vacancies.vacancy"),
        ),
        migrations.RemoveIndex(model_name="recommendation", name="matching_re_cv_id_557bca_idx"),
        migrations.AlterField(
            model_name="recommendation",
            name="cv",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="recommendations",
                to="profiles.cv",
            ),
        ),
        migrations.RemoveField(model_name="recommendation", name="rank"),
        migrations.RemoveField(model_name="recommendation", name="engine_version"),
        migrations.RemoveField(model_name="recommendation", name="computed_at"),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} SET (fillfactor = 70)", f"ALTER TABLE {table} RESET (fillfactor)"
            )
            for table in ROOM
        ),
    ]
