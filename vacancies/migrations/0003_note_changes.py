from django.db import migrations

from core.changes import noted

OWN = "SELECT id FROM {changed} changed"
PARTS = ("requirement", "languagerequirement", "certificaterequirement")
OF_FIRM = """SELECT v.id FROM vacancies_vacancy v JOIN new_rows now ON now.id = v.organisation_id
    JOIN old_rows was ON was.id = now.id WHERE now.name <> was.name"""
AT_PLACE = """SELECT v.id FROM vacancies_vacancy v JOIN new_rows now ON now.postcode = v.place_id
    JOIN old_rows was ON was.postcode = now.postcode WHERE (now.latitude, now.longitude) <> (was.latitude, was.longitude)"""


class Migration(migrations.Migration):
    """What the open market in memory stands on (matching/open_market.py)."""

    dependencies = [
        ("core", "0003_changes"),
        ("accounts", "0002_unused_and_staffing"),
        ("vacancies", "0002_open_stamp"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="vacancy", name="vacancy_open_stamp"),
        noted("vacancies_vacancy", "vacancy", OWN),
        *(noted(f"vacancies_{part}", "vacancy", "SELECT vacancy_id FROM {changed} changed", "INSERT UPDATE DELETE") for part in PARTS),
        noted("accounts_organisation", "vacancy", OF_FIRM, "UPDATE"),
        noted("core_place", "vacancy", AT_PLACE, "UPDATE"),
    ]
