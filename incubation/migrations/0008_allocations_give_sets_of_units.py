import django.db.models.deletion
from django.db import migrations, models


def to_rows(apps, schema_editor):
    rows = apps.get_model("incubation", "AllocationRow").objects.filter(unit__isnull=False)
    allocated = apps.get_model("incubation", "AllocatedUnit")
    allocated.objects.bulk_create(
        (
            allocated(row_id=row, allocation_id=allocation, unit_id=unit)
            for row, allocation, unit in rows.order_by("pk").values_list("pk", "allocation", "unit")
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("incubation", "0007_reviews_written_bit_by_bit"),
        ("parks", "0006_notice_mailed_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllocatedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("allocation", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="incubation.allocation")),
                ("row", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="places", to="incubation.allocationrow")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="parks.unit")),
            ],
            options={
                "verbose_name": "unit of an allocation",
                "verbose_name_plural": "units of allocations",
                "ordering": ["row", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("allocation", "unit"), name="allocated_unit_once")
                ],
            },
        ),
        migrations.RunPython(to_rows, migrations.RunPython.noop),
        migrations.RemoveConstraint("allocationrow", "allocation_unit_once"),
        migrations.RemoveField("allocationrow", "unit"),
        migrations.AddField(
            "allocationrow", "units",
            models.ManyToManyField(related_name="+", through="incubation.AllocatedUnit", to="parks.unit"),
        ),
    ]
