"""Writing very many rows of one model in one prepared statement.

``bulk_create`` compiles an INSERT for every few dozen rows, which is half of its time. Values
go through their field here too, sealed ones are sealed, and every constraint holds.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

from records.sealed import SealedTextField

AS_THEY_ARE = (models.CharField, models.TextField, models.BooleanField, models.IntegerField)
Reader = Callable[[Any], Any]


def insert(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert rows of one model; their keys are set, or are counted by the database.

    A row is an instance, or, where nothing is sealed, anything with the same attributes.
    """
    fields = [
        field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    readers = [_reader(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})",
            [tuple([read(row) for read in readers]) for row in rows],
        )


def _reader(field: Any) -> Reader:
    """Return what takes a column's value from a row, as the database is given it."""
    value: Reader = attrgetter(field.attname)
    if isinstance(field, SealedTextField):
        return lambda row: field.get_prep_value(field.pre_save(row, True))
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.UUIDField) and not connection.features.has_native_uuid_field:
        return lambda row: found.hex if (found := value(row)) is not None else None
    if isinstance(target, AS_THEY_ARE):
        return value
    return lambda row: field.get_db_prep_save(value(row), connection)
