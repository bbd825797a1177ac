"""The receipt: how somebody without an account comes back to what they reported."""

import secrets
import uuid

from django.conf import settings
from django.db import models

from records.sealed import blind_index

# No 0/O, 1/I/L: a code is read aloud over the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """Return a code nobody can guess, such as 7K3F-92QD-HM4T-WX6B (78 bits)."""
    parts = ["".join(secrets.choice(LETTERS) for _n in range(4)) for _p in range(4)]
    return "-".join(parts)


def hash_of(code: str) -> str:
    """Return what is stored for a code; blanks, hyphens and case make no difference.

    Keyed with the record keys, so that a copy of the database alone tests no guess.
    """
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return blind_index(f"receipt:{plain}")


class Receipt(models.Model):
    """Opens the status of one report to whoever holds the code, until its last day.

    ``reporter`` is a person without an account: the author of what is added later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="receipts")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    until = models.DateField()

    def __str__(self) -> str:
        return f"receipt #{self.pk}"


class Tries(models.Model):
    """How often somebody tried something in one hour; whom it counts stands in a digest.

    Deleted by the next who tries when the hour is over.
    """

    digest = models.CharField(max_length=64, unique=True)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"tries #{self.pk}"
