"""Tell people things, in the transaction in which they became true, and send them later."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from notices.models import Delivery, Notice
from people.models import Person

MOST_ATTEMPTS = 8
BATCH = 500


def tell(
    person: Person,
    code: str,
    *,
    case_reference: str,
    key: str,
    now: datetime,
    outside: bool = True,
    **params: str,
) -> Notice | None:
    """Write a notice once (by ``key``), and an outbox row if they chose a way outside.

    ``outside=False`` keeps it in the app. Returns None when it was written before.
    """
    notice, made = Notice.objects.get_or_create(
        key=key,
        defaults={
            "person": person,
            "code": code,
            "params": params,
            "case_reference": case_reference,
            "at": now,
        },
    )
    if not made:
        return None
    if outside and person.reach == Person.Reach.EMAIL and (person.email or person.contact):
        Delivery.objects.create(notice=notice, way="email", next_attempt=now)
    return notice


def tell_many(
    people: Iterable[Any], code: str, *, reference: str, key: str, now: datetime, **params: str
) -> int:
    """Write the same notice to many, by their ids, in a few statements; return to how many.

    Each once (by ``key`` and person), with an outbox row for who chose e-mail.
    """
    told = 0
    for some in batched(sorted(set(people)), BATCH):
        keys = {f"{key}:{pk}": pk for pk in some}
        there = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
        notices = [
            Notice(
                person_id=pk, code=code, params=params, case_reference=reference, key=one, at=now
            )
            for one, pk in keys.items()
            if one not in there
        ]
        # Another process may be writing the same news now: only one of the two then sends it.
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        ours = Notice.objects.filter(pk__in=[one.pk for one in notices]).values_list(
            "pk", flat=True
        )
        written = set(ours) if notices else set()
        by_mail = Person.objects.filter(pk__in=some, reach=Person.Reach.EMAIL)
        outside = {one.pk for one in by_mail if one.email or one.contact}
        Delivery.objects.bulk_create(
            Delivery(notice=one, way="email", next_attempt=now)
            for one in notices
            if one.person_id in outside and one.pk in written
        )
        told += len(written)
    return told


def batched(things: list[Any], size: int) -> Iterator[list[Any]]:
    """Yield the things in lists of at most this many."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def send_due(now: datetime) -> int:
    """Send what waits in the outbox; a failure waits twice as long each time. Return how many."""
    sent = 0
    waiting = Delivery.objects.filter(sent_at=None, given_up=False, next_attempt__lte=now)
    for pk in list(waiting.values_list("pk", flat=True)[:500]):
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update()
                .select_related("notice__person")
                .filter(pk=pk, sent_at=None, given_up=False)
                .first()
            )
            if delivery is None:
                continue
            delivery.attempts += 1
            try:
                _send(delivery.notice.person)
            except (OSError, ValueError) as error:
                # ValueError: no letter can go to such an address, so it stops no other either.
                hopeless = isinstance(error, ValueError)
                delivery.given_up = hopeless or delivery.attempts >= MOST_ATTEMPTS
                delivery.next_attempt = now + timedelta(minutes=5 * 2**delivery.attempts)
            else:
                delivery.sent_at = now
                sent += 1
            delivery.save()
    return sent


def _send(person: Person) -> None:
    # The words give nothing away: somebody else may read this person's screen.
    with translation.override(person.language):
        address = person.email or person.contact
        text = _("There is news for you. Sign in to read it: %(url)s") % {"url": settings.BASE_URL}
        send_mail(_("There is news for you"), text, None, [address])


def forget_case(case_reference: str) -> int:
    """Delete what was ever told of a case, and what still waits to be sent; return how many."""
    found = Notice.objects.filter(case_reference=case_reference)
    count = found.count()
    found.delete()
    return count


def forget_told(person: Person, about: str) -> None:
    """Delete what somebody was ever told of one thing: ``about`` is how the keys of it begin."""
    Notice.objects.filter(person=person, key__startswith=f"{about}:").delete()
