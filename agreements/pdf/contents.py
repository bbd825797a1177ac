"""What stands on the paper, as plain data: no model, no markup."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PaperCommitment:
    """One promise, in the words the people chose."""

    number: int
    what: str
    promised_by: str
    promised_to: str
    amount: str
    due_on: date
    confirmed_by: str
    if_missed: str


@dataclass(frozen=True)
class PaperSignature:
    """One place to sign; `signed_on` is None while it is still to be signed by pen."""

    name: str
    role_label: str
    on_behalf_of: str
    signed_on: date | None
    how: str


@dataclass(frozen=True)
class Paper:
    """Everything that stands on the page.

    `language` is the language the people wrote in; the printed labels follow
    `render(language=…)`, which may differ. Empty strings leave their part out.
    """

    reference: str
    title: str
    version: int
    community: str
    account: str
    commitments: tuple[PaperCommitment, ...]
    signatures: tuple[PaperSignature, ...]
    state_label: str
    step_back_until: date | None
    check_url: str
    check_code: str
    language: str
    printed_on: date
    is_minor_note: str = ""
    proportion_reason: str = ""
