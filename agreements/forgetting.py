"""What is forgotten of the agreements of a case: all words. States, days and amounts stay.

The check code stays too, so that who holds the paper can still check that it is genuine; the
page that checks it names nobody.
"""

from collections.abc import Mapping
from uuid import UUID

from agreements.models import Agreement, Commitment, Entry, Signature, Suggestion
from cases.models import Case
from people.models import Person


def people_who_signed(case: Case) -> set[UUID]:
    """Return the ids of who signed an agreement of this case, for themselves or a minor."""
    signed = Signature.objects.filter(agreement__case=case)
    return set(signed.values_list("signed_by_id", flat=True))


def forget(case: Case, nobodies: Mapping[UUID, Person]) -> None:
    """Empty every version of a locked case's agreement; ``nobodies`` stand for who lives on."""
    entries = Entry.objects.filter(commitment__agreement__case=case)
    signatures = Signature.objects.filter(agreement__case=case)
    Agreement.objects.filter(case=case).update(account="", proportion_reason="")
    Commitment.objects.filter(agreement__case=case).update(what="", if_missed="")
    # Whether it helped stays, as a figure does; the sentence is read nowhere any more.
    entries.update(note="", word="", share_word=False)
    Suggestion.objects.filter(harm__case=case).update(reason="", sentences="")
    signatures.update(witness="")
    for pk, nobody in nobodies.items():
        entries.filter(by_id=pk).update(by=nobody)
        signatures.filter(signed_by_id=pk).update(signed_by=nobody)
