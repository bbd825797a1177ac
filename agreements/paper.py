"""An agreement as it is printed: the models' words, as plain data."""

from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agreements.actions import guardian_of, minors_of
from agreements.models import Agreement, Commitment, Signature
from agreements.pdf import Paper, PaperCommitment, PaperSignature
from agreements.rules import signatures_needed
from cases.writing import day
from people.models import Person


def paper_of(agreement: Agreement, language: str, today: date) -> Paper:
    """Return what stands on the paper, with its labels in this language."""
    case = agreement.case
    with translation.override(language):
        return Paper(
            reference=case.reference,
            title=case.title,
            version=agreement.version,
            community=case.community.name,
            account=agreement.account,
            commitments=tuple(
                _commitment(one)
                for one in agreement.commitments.select_related(
                    "promised_by__person", "promised_to__person"
                ).order_by("number")
            ),
            signatures=_signatures(agreement, today),
            state_label=str(agreement.get_state_display()),
            step_back_until=agreement.cooling_off_until,
            check_url=f"{settings.BASE_URL}/verify/agreement/?code={agreement.check_code}",
            check_code=agreement.check_code,
            language=_written_in(agreement, language),
            printed_on=today,
            is_minor_note=_minor_note(agreement, today),
            proportion_reason=agreement.proportion_reason,
        )


def _written_in(agreement: Agreement, language: str) -> str:
    # Nobody is asked which language a draft is in. Where all speak one, it is that one.
    spoken = {party.person.language for party in agreement.case.parties.select_related("person")}
    return spoken.pop() if len(spoken) == 1 else language


def _minor_note(agreement: Agreement, today: date) -> str:
    if any(minor for _party, minor in minors_of(agreement.case, today)):
        return _("Somebody who signs is under age; a guardian signs beside them.")
    return ""


def _commitment(one: Commitment) -> PaperCommitment:
    by_mediator = one.confirmed_by == Commitment.ConfirmedBy.MEDIATOR
    return PaperCommitment(
        number=one.number,
        what=one.what,
        promised_by=one.promised_by.person.name,
        promised_to=one.promised_to.person.name,
        amount=_amount(one),
        # Only a draft can lack its day, and a draft is seen by its mediators alone.
        due_on=one.due_on or one.state_since,
        confirmed_by=_("The mediator") if by_mediator else one.promised_to.person.name,
        if_missed=one.if_missed,
    )


def _amount(one: Commitment) -> str:
    if one.amount is None:
        return ""
    number = number_format(one.amount.normalize() if one.unit == "hours" else one.amount)
    if one.unit == "hours":
        return _("%(number)s hours") % {"number": number}
    # A number alone does not say of what.
    return f"{number} ({one.get_unit_display()})"


def _signatures(agreement: Agreement, today: date) -> tuple[PaperSignature, ...]:
    given = {
        (one.party_id, one.for_minor): one
        for one in agreement.signatures.select_related("signed_by", "party__person")
    }
    parties = {party.pk: party for party in agreement.case.parties.select_related("person")}
    # Who has a case of their own by now still signed this one.
    parties |= {one.party_id: one.party for one in given.values() if one.party_id not in parties}
    needed = signatures_needed(minors_of(agreement.case, today)) | set(given)
    order = list(parties)
    places = []
    for pk, for_minor in sorted(needed, key=lambda one: (order.index(one[0]), one[1])):
        party, signature = parties[pk], given.get((pk, for_minor))
        person: Person | None = signature.signed_by if signature else party.person
        if for_minor and signature is None:
            person = guardian_of(party, today)
        places.append(
            PaperSignature(
                name=person.name if person else "",
                role_label=_("Guardian") if for_minor else str(party.get_role_display()),
                on_behalf_of=party.person.name if for_minor else "",
                signed_on=day(signature.at) if signature else None,
                how=_how(signature),
            )
        )
    return tuple(places)


def _how(signature: Signature | None) -> str:
    return str(signature.get_way_display()) if signature else ""
