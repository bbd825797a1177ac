"""No field that may hold people's words, or say who somebody is, is without a stated fate."""

from django.apps import apps
from django.db import models

from people.models import Person
from tests.journey.fates import EMPTIED, FATES, GOES, NOBODY

KINDS = (
    models.TextField, models.CharField, models.JSONField, models.FileField, models.BinaryField,
    models.GenericIPAddressField,
)  # fmt: skip


def may_tell(field: models.Field) -> bool:
    """Say whether a field can hold somebody's words, or says who somebody is."""
    if field.is_relation:
        return field.related_model is Person
    if isinstance(field, models.UUIDField):
        # A row's own number says nothing; another's may be a person's.
        return not field.primary_key
    of_words = isinstance(field, KINDS) and not field.primary_key
    return of_words and not field.choices


def telling() -> dict[str, set[str]]:
    found = {
        model._meta.label: {one.name for one in model._meta.concrete_fields if may_tell(one)}
        for model in apps.get_models(include_auto_created=True)
        if model is not Person.groups.through and model is not Person.user_permissions.through
    }
    return {label: names for label, names in found.items() if names}


def test_every_field_that_may_hold_words_or_names_has_a_fate() -> None:
    here = {label: set(fields) for label, fields in FATES.items()}
    assert here == telling()


def test_a_fate_says_what_becomes_of_it_whose_it_is_and_why() -> None:
    for label, fields in FATES.items():
        for name, (forgotten, exported) in fields.items():
            stated = forgotten in (EMPTIED, GOES, NOBODY) or len(forgotten) > len("stays: why")
            assert stated, (label, name, forgotten)
            whose, _colon, said = exported.partition(": ")
            assert whose in ("theirs", "on paper", "none"), (label, name)
            assert said, (label, name)


def test_who_somebody_is_is_never_emptied_and_words_are_nobodys_person() -> None:
    for label, fields in FATES.items():
        for name, (forgotten, _exported) in fields.items():
            field = apps.get_model(label)._meta.get_field(name)
            if field.is_relation:
                assert forgotten != EMPTIED, (label, name)
            else:
                assert forgotten != NOBODY, (label, name)


class Diary(models.Model):
    """A model nobody stated the fate of; never installed."""

    words = models.TextField()
    mood = models.CharField(max_length=8, choices=[("good", "good")])
    whose = models.ForeignKey(Person, models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()

    class Meta:
        app_label = "not_installed"

    def __str__(self) -> str:
        return "a diary"


def test_a_new_field_of_words_would_be_asked_for_its_fate() -> None:
    assert [one.name for one in Diary._meta.concrete_fields if may_tell(one)] == ["words", "whose"]
