"""People: who signs in, who does not yet, their licences and their ties."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people import rules
from people.querysets import LicenceQuerySet, NamedTieQuerySet, PersonQuerySet, TieQuerySet
from records.sealed import SealedTextField, blind_index


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Make people, with an account or without one yet."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Make a person who signs in; without a password they use a one-time code."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str, **fields: Any) -> "Person":
        """Make an administrator of the server, who sees no case."""
        return self.create_user(username, password, is_superuser=True, **fields)

    def create_without_account(self, *, name: str, **fields: Any) -> "Person":
        """Make a person who cannot sign in yet."""
        return self.create_user(f"person-{uuid.uuid4().hex[:12]}", None, name=name, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """One human being, or an organisation that speaks through one.

    Their name and how to reach them are sealed; ``email`` is only the address they
    sign in with, and is empty for who has no account. ``reach`` is how they chose to
    be told that there is news.
    """

    class Contact(models.TextChoices):
        NONE = "", _("not known yet")
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("telephone")
        LETTER = "letter", _("letter")

    class Reach(models.TextChoices):
        IN_APP = "in_app", _("only when I sign in")
        EMAIL = "email", _("by e-mail")
        LETTER = "letter", _("by letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    name = SealedTextField(blank=True)
    name_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    contact_kind = models.CharField(max_length=8, choices=Contact, blank=True)
    contact = SealedTextField(blank=True)
    reach = models.CharField(max_length=8, choices=Reach, default=Reach.IN_APP)
    born = SealedTextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    is_organisation = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_on = models.DateField(default=timezone.localdate)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        # No name here: __str__ ends up in logs and error reports.
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_index = blind_index(self.name) if self.name else ""
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = [*kwargs["update_fields"], "name_index"]
        super().save(*args, **kwargs)

    @property
    def born_on(self) -> date | None:
        return date.fromisoformat(self.born) if self.born else None

    def is_minor(self, today: date) -> bool:
        return rules.is_minor(self.born_on, today=today)


class Licence(models.Model):
    """A mediator's licence. It ends; nothing renews it but a new licence.

    ``recalled_on`` is the day from which it is valid no more, because a community recalled it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="licences")
    from_on = models.DateField()
    until = models.DateField()
    covers_minors = models.BooleanField(default=True)
    covers_violence = models.BooleanField(default=True)
    recalled_on = models.DateField(null=True, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="licence_ends_after_it_begins", condition=Q(until__gt=F("from_on"))
            )
        ]

    def __str__(self) -> str:
        return f"licence until {self.until}"


class Tie(models.Model):
    """A declared relationship that makes a conflict of interest, in both directions."""

    class Kind(models.TextChoices):
        KIN = "kin", _("family")
        HOUSEHOLD = "household", _("same household")
        WORK = "work", _("work together")
        FRIENDSHIP = "friendship", _("friends")
        DISPUTE = "dispute", _("in a dispute")
        MONEY = "money", _("money between them")
        WITNESS = "witness", _("witness")

    one = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ties_declared")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ties_named")
    kind = models.CharField(max_length=12, choices=Kind)
    from_on = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)

    objects = TieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "kind"], name="tie_declared_once"),
            models.CheckConstraint(name="tie_is_between_two", condition=~Q(one=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class NamedTie(models.Model):
    """A tie to somebody who is only named: nobody shows who that is, or whether they are here.

    Matched by the exact name through its blind index. Only the check for conflicts of
    interest, and the one who named it, ever read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="named_ties")
    name = SealedTextField()
    name_index = models.CharField(max_length=64, db_index=True, editable=False)
    kind = models.CharField(max_length=12, choices=Tie.Kind)
    from_on = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)

    objects = NamedTieQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name_index", "kind"], name="tie_named_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_index = self.index_of(self.name)
        super().save(*args, **kwargs)

    @staticmethod
    def index_of(name: str) -> str:
        """Return what a name is matched by: the same for every way to write its spaces and case."""
        return blind_index(name)
