"""What somebody without an account does: report harm, come back, and add words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import NewParty, open_case, write_note
from cases.models import Case
from cases.writing import day
from communities.models import Community
from desk.models import Receipt, hash_of, new_code
from moves.core import Hidden
from people.models import Person

RECEIPT_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody told us, in their words. Everything but the words may be empty."""

    community: Community
    happened: str
    happened_on: date | None = None
    reporter_is: str = "other"
    name: str = ""
    harmed: str = ""
    others: str = ""
    contact_kind: str = ""
    contact: str = ""
    language: str = "en"
    danger: bool = False


@transaction.atomic
def report(told: Report, *, now: datetime) -> tuple[Case, str]:
    """Open a case from a report; return it and the receipt code, which is shown once.

    Nobody named is told anything. The reporter is a person without an account, who is a
    party of the case only where they say so.
    """
    reporter = Person.objects.create_without_account(
        name=told.name,
        language=told.language,
        contact_kind=told.contact_kind,
        contact=told.contact,
    )
    nobody = _("Not named yet")
    harmed = NewParty(role="harmed", name=told.harmed or nobody, language=told.language)
    if told.reporter_is == "harmed":
        harmed = NewParty(role="harmed", name=told.name, person=reporter)
    parties = [harmed]
    if told.reporter_is == "responsible":
        parties.append(NewParty(role="responsible", name=told.name, person=reporter))
    elif told.others:
        parties.append(NewParty(role="responsible", name=told.others, language=told.language))
    case = open_case(
        community=told.community,
        title=_("Reported without an account"),
        account=told.happened,
        parties=parties,
        by=None,
        now=now,
        happened_on=told.happened_on,
        referred_on=day(now),
        urgent=told.danger,
        referral={
            "reporter_is": told.reporter_is,
            "name": told.name,
            "harmed": told.harmed,
            "others": told.others,
            "contact_kind": told.contact_kind,
            "contact": told.contact,
            "language": told.language,
            "danger_now": told.danger,
        },
    )
    code = new_code()
    Receipt.objects.create(
        case=case,
        reporter=reporter,
        code_hash=hash_of(code),
        until=day(now) + timedelta(days=RECEIPT_DAYS),
    )
    return case, code


def receipt_of(code: str, *, today: date) -> Receipt | None:
    """Return the receipt this code opens today; None when there is none."""
    return (
        Receipt.objects.select_related("case", "reporter")
        .filter(code_hash=hash_of(code), until__gte=today)
        .first()
    )


@transaction.atomic
def add_words(receipt: Receipt, *, text: str, now: datetime) -> None:
    """Add the reporter's words to the referral room. Hidden when the case is closed."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=receipt.case_id)
    if case.state == Case.State.CLOSED:
        raise Hidden
    write_note(case, by=receipt.reporter, now=now, room="referral", text=text)
