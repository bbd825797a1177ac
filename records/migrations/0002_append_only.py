from django.db import migrations

from records.triggers import lift_triggers, set_triggers


class Migration(migrations.Migration):
    """The database refuses to change or delete events and seals."""

    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: set_triggers(editor.connection),
            lambda apps, editor: lift_triggers(editor.connection),
        )
    ]
