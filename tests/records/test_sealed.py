"""Sealed fields: what the database holds, and what happens when it was touched."""

import uuid
from collections.abc import Iterator

import pytest
from django.core import checks, serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.db.models import Value

from records import actions, sealed

OLD = "old:" + "22" * 32
NEW = "new:" + "33" * 32


class Letter(models.Model):
    """A model of the tests' own; its table exists only while they run."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=20, default="")
    body = sealed.SealedTextField(default="")
    note = sealed.SealedTextField(null=True)

    class Meta:
        app_label = "records_tests"  # not in the registry of installed models
        managed = False

    def __str__(self) -> str:
        return str(self.pk)


@pytest.fixture
def letters(transactional_db: None, settings) -> Iterator[None]:
    settings.RECORD_KEYS = OLD
    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Letter)


def stored(letter: Letter, column: str = "body") -> str:
    return Letter.objects.filter(pk=letter.pk).values_list(column, flat=True).get()


def test_text_is_plain_on_the_instance_and_sealed_in_the_database(letters: None) -> None:
    letter = Letter.objects.create(body="Sana broke the window", note=None)
    assert letter.body == "Sana broke the window"
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM records_tests_letter")
        (raw,) = cursor.fetchone()
    assert raw.startswith("v1.old.")
    assert "Sana" not in raw
    assert stored(letter) == raw
    found = Letter.objects.get()
    assert isinstance(found.__dict__["body"], sealed.Token)  # lazy: not opened yet
    assert found.body == "Sana broke the window"
    assert found.note is None
    for name in ("body", "title"):
        assert Letter.objects.only(name).get().body == letter.body
    assert Letter.objects.defer("body").get().body == letter.body
    letter.body = "changed"
    letter.refresh_from_db()
    assert letter.body == "Sana broke the window"


def test_saving_without_reading_keeps_the_text(letters: None) -> None:
    letter = Letter.objects.create(body="one")
    before = stored(letter)
    unread = Letter.objects.get()
    unread.title = "t"
    unread.save()
    assert stored(letter) == before
    unread.body = "v1.looks.like.atoken"
    unread.save()
    assert Letter.objects.get().body == "v1.looks.like.atoken"
    Letter.objects.bulk_create([Letter(body="b"), Letter(body="")])
    assert sorted(x.body for x in Letter.objects.all()) == ["", "b", "v1.looks.like.atoken"]


def test_empty_is_stored_as_empty_and_can_be_set_at_once(letters: None) -> None:
    letter = Letter.objects.create(body="story")
    Letter.objects.update(body="")
    assert stored(letter) == ""
    assert Letter.objects.get().body == ""


def test_plain_text_cannot_slip_through(letters: None) -> None:
    letter = Letter.objects.create(body="story")
    for value in (
        "plain",
        Value("plain"),
        models.F("title"),
        Value("plain", output_field=Letter._meta.get_field("body")),
    ):
        with pytest.raises(sealed.NotSealed):
            Letter.objects.update(body=value)
    letter.body = "other"
    with pytest.raises(sealed.NotSealed):
        Letter.objects.bulk_update([letter], ["body"])
    with pytest.raises(sealed.NotSealed):
        Letter.objects.create(body=Value("plain"))
    with pytest.raises(sealed.NotSealed, match="UUID key"):
        Letter(id=None, body="x")._meta.get_field("body").pre_save(Letter(id=None, body="x"), True)
    assert "story" not in serializers.serialize("json", Letter.objects.all())
    assert Letter.objects.get().body == "story"


def test_look_ups_are_refused(letters: None) -> None:
    for lookup in ("body", "body__contains", "body__in", "body__lower__exact"):
        with pytest.raises(FieldError, match="sealed"):
            Letter.objects.filter(**{lookup: "x"})
    assert not Letter.objects.filter(note__isnull=False).exists()


def test_a_value_moved_to_another_row_or_column_is_unreadable(letters: None) -> None:
    one, two = Letter.objects.create(body="one"), Letter.objects.create(body="two")
    Letter.objects.filter(pk=two.pk).update(body=sealed.Token(stored(one)), note=stored(two))
    moved = Letter.objects.get(pk=two.pk)
    for name in ("body", "note"):
        with pytest.raises(sealed.Unreadable, match=f"records_tests_letter.{name}"):
            getattr(moved, name)
    copy = Letter.objects.get(pk=one.pk)
    copy.pk = uuid.uuid4()
    with pytest.raises(sealed.Unreadable):
        copy.save()


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB"),
        lambda token: token.replace("v1.", "v2.", 1),
        lambda token: "plain text put there by hand",
        lambda token: token + "!",
    ],
)
def test_a_changed_value_is_unreadable(letters: None, change) -> None:
    letter = Letter.objects.create(body="one")
    Letter.objects.update(body=sealed.Token(change(stored(letter))))
    with pytest.raises(sealed.Unreadable):
        _ = Letter.objects.get().body


def test_a_wrong_or_missing_key_fails_loudly(letters: None, settings) -> None:
    Letter.objects.create(body="one")
    settings.RECORD_KEYS = "old:" + "44" * 32
    with pytest.raises(sealed.Unreadable, match="another key"):
        _ = Letter.objects.get().body
    settings.RECORD_KEYS = NEW
    with pytest.raises(sealed.Unreadable, match="'old', not in RECORD_KEYS"):
        _ = Letter.objects.get().body
    settings.RECORD_KEYS = f"{NEW},{OLD}"
    assert Letter.objects.get().body == "one"


@pytest.mark.parametrize(
    "text",
    ["", "  ", "k1", "k1:abc", "k.1:" + "11" * 32, f"{OLD},{OLD}", f"{OLD},", "k1:" + "zz" * 32],
)
def test_a_malformed_keyring_stops_everything(settings, text: str) -> None:
    settings.RECORD_KEYS = text
    with pytest.raises(ImproperlyConfigured, match="RECORD_KEYS"):
        sealed.keyring()
    assert [found.id for found in sealed.check_keys()] == ["records.E001"]


def test_the_keyring_is_no_copy_of_the_secret_key(settings) -> None:
    settings.SECRET_KEY = "55" * 32
    settings.RECORD_KEYS = "k1:" + "55" * 32
    assert [found.id for found in sealed.check_keys()] == ["records.E002"]


def test_a_sealed_field_needs_a_uuid_key_and_no_index() -> None:
    class Numbered(models.Model):
        body = sealed.SealedTextField(unique=True)

        class Meta:
            app_label = "records_tests"  # not in the registry of installed models
            managed = False

        def __str__(self) -> str:
            return ""

    found = {
        message.id
        for message in Numbered._meta.get_field("body").check()
        if isinstance(message, checks.Error)
    }
    assert {"records.E003", "records.E004"} <= found
    name, path, args, kwargs = Letter._meta.get_field("note").deconstruct()
    assert (name, path, args, kwargs) == (
        "note",
        "records.sealed.SealedTextField",
        [],
        {"null": True},
    )


def test_a_blind_index_finds_the_same_name_and_survives_a_new_key(settings) -> None:
    settings.RECORD_KEYS = OLD
    index = sealed.blind_index("  José STRAẞE ")
    assert len(index) == 64
    assert index == sealed.blind_index("jose\u0301 strasse")
    assert index != sealed.blind_index("jose strasse")
    settings.RECORD_KEYS = f"{NEW},{OLD}"
    assert sealed.blind_index("josé strasse") == index
    settings.RECORD_KEYS = NEW
    assert sealed.blind_index("josé strasse") != index


def test_a_new_key_takes_over_row_by_row_and_twice_is_once(letters: None, settings) -> None:
    one = Letter.objects.create(body="one", note="n")
    two = Letter.objects.create(body="two")
    Letter.objects.filter(pk=two.pk).update(body=sealed.Token(stored(one)))
    settings.RECORD_KEYS = f"{NEW},{OLD}"
    first, second = actions.rotate_keys([Letter]), actions.rotate_keys([Letter])
    assert first["resealed"] == 2
    assert first["unreadable"] == [f"records_tests_letter|body|{two.pk}"]
    assert second["resealed"] == 0
    settings.RECORD_KEYS = NEW
    found = Letter.objects.get(pk=one.pk)
    assert (found.body, found.note) == ("one", "n")
