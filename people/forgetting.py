"""What is forgotten of a person whom nothing needs to know any more."""

import uuid
from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from people.models import Licence, NamedTie, Person, Tie


def without_account(people: Collection[UUID]) -> set[UUID]:
    """Return who of these people cannot sign in, never did, and holds no licence."""
    found = Person.objects.filter(
        ~Exists(Licence.objects.filter(person=OuterRef("pk"))),
        pk__in=people, email="", last_login=None, password__startswith="!",
        is_staff=False, is_superuser=False,
    )  # fmt: skip
    return set(found.values_list("pk", flat=True))


def nobody() -> Person:
    """Make somebody without a name, to stand where somebody stood."""
    username = f"forgotten-{uuid.uuid4().hex[:12]}"
    person = Person(username=username, is_active=False)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


def forget_people(people: Collection[UUID]) -> None:
    """Empty these people: name, contact, birth date and ties. Their row stays, as nobody's."""
    for pk in people:
        Person.objects.filter(pk=pk).update(
            username=f"forgotten-{uuid.uuid4().hex[:12]}", name="", name_index="", email="",
            contact_kind="", contact="", born="", reach=Person.Reach.IN_APP, is_active=False,
        )  # fmt: skip
    Tie.objects.filter(Q(one__in=people) | Q(other__in=people)).delete()
    forget_named_ties(people)


def forget_named_ties(people: Collection[UUID]) -> None:
    """Delete the ties these people named: each holds somebody's name."""
    NamedTie.objects.filter(person__in=people).delete()
