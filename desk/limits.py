"""How often one address, and everybody together, may do what needs no account.

Counted by the hour in the database, so that neither another browser nor another process
starts anew. Of an address only a keyed digest is kept, another one each hour, and only until
somebody tries in a later hour: it says nothing to who holds a copy of the database.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from desk.models import Tries
from desk.rules import counted_as
from records.sealed import blind_index

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Limit:
    """How often in an hour: from one address, and from everybody (None: without end)."""

    what: str
    each: int
    everybody: int | None = None


# One address can be a whole school or workplace behind one router.
REPORTS = Limit("reports", each=10, everybody=200)
# Only wrong codes count. A code has 78 bits: what protects it is its length, and no cap on
# everybody, with which somebody could keep every other person from their report.
RECEIPTS = Limit("receipts", each=20)


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from, as the last of our own proxies saw it."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    behind = settings.PROXIES
    if 0 < behind <= len(hops) and _is_address(hops[-behind]):
        return hops[-behind]
    return str(request.META.get("REMOTE_ADDR", ""))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _digest(limit: Limit, whom: str, hour: datetime) -> str:
    return blind_index(f"tries:{limit.what}:{hour.isoformat()}:{whom}")


def _hour(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def is_over(limit: Limit, request: HttpRequest, *, now: datetime) -> bool:
    """Say whether this address has already tried too often in this hour. Counts nothing."""
    mine = _digest(limit, counted_as(address_of(request)), _hour(now))
    return Tries.objects.filter(digest=mine, count__gte=limit.each).exists()


def one_more(limit: Limit, request: HttpRequest, *, now: datetime) -> bool:
    """Count one more try and say whether it is one too many. Forgets the hours that are over.

    What one address tries beyond its own limit does not count for everybody: otherwise one
    could shut out all others.
    """
    hour = _hour(now)
    with transaction.atomic():
        Tries.objects.filter(hour__lt=hour).delete()
        mine = _count(_digest(limit, counted_as(address_of(request)), hour), hour)
        if mine > limit.each or limit.everybody is None:
            return mine > limit.each
        return _count(_digest(limit, EVERYBODY, hour), hour) > limit.everybody


def _count(digest: str, hour: datetime) -> int:
    row, _new = Tries.objects.get_or_create(digest=digest, defaults={"hour": hour})
    Tries.objects.filter(pk=row.pk).update(count=F("count") + 1)
    row.refresh_from_db(fields=["count"])
    return row.count


def seconds_left(now: datetime) -> int:
    """Return the seconds until the hour is over and counting begins anew."""
    return 3600 - int((now - _hour(now)).total_seconds())
