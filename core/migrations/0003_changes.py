from django.db import migrations, models

# The counter belongs to no column, so that emptying tables does not start it anew.
MAKE = [
    "CREATE SEQUENCE core_change_seq",
    """
    CREATE FUNCTION core_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        EXECUTE format(
            'INSERT INTO core_change (kind, row_id, "transaction", seq)
             SELECT %L, id, pg_current_xact_id()::text::bigint, nextval(''core_change_seq'')
             FROM (SELECT DISTINCT id FROM (%s) AS noted (id) ORDER BY id) AS ordered
             ON CONFLICT (kind, row_id) DO UPDATE SET "transaction" = EXCLUDED."transaction", seq = EXCLUDED.seq',
            TG_ARGV[0], TG_ARGV[1]
        );
        RETURN NULL;
    END $$
    """,
]


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "row_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("row_id", models.BigIntegerField()),
                ("transaction", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["kind", "transaction"], name="change_since")]},
        ),
        migrations.RunSQL(MAKE, ["DROP FUNCTION core_note_change", "DROP SEQUENCE core_change_seq"]),
    ]
