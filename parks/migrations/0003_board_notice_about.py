from django.db import migrations, models


def from_key(apps, schema_editor):
    """Keys are ``<kind>:<row>:<day>`` and ``own:<user>:<row>:<day>``."""
    notice = apps.get_model("parks", "Notice")
    rows = list(notice.objects.all())
    for row in rows:
        number = row.key.rsplit(":", 2)[-2] if row.key.count(":") > 1 else ""
        row.about = int(number) if number.isdecimal() else None
    notice.objects.bulk_update(rows, ["about"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("parks", "0002_uploads_notices_thresholds")]

    operations = [
        migrations.AddField(
            "notice", "about", models.BigIntegerField(blank=True, null=True)
        ),
        migrations.RunPython(from_key, migrations.RunPython.noop),
    ]
