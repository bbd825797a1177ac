"""What a case asks of one person today, as a code. Pure: no Django, no clock, no database."""

from dataclasses import dataclass
from datetime import date, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

SOON = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """One person's place in one case, and what the case waits for.

    ``party``/``guardian``: their own part, or a young person's they guard.
    ``consented``: there is a live consent of theirs to this stage. ``council`` and ``draw``: the
    states of the case's council and of its last draw, "" where there is none. ``decided``: its
    decision can be looked at again; ``waits_for_appeal``: somebody asked that it is.
    """

    state: str
    frozen: bool = False
    mediator: bool = False
    coordinator: bool = False
    has_mediator: bool = True
    council: str = ""
    draw: str = ""
    party: bool = False
    guardian: bool = False
    spoken: bool = False
    consented: bool = False
    word_asked: bool = False
    word_given: bool = False
    agreement: str = ""
    waits_for_appeal: bool = False
    decided: bool = False
    signed: bool = False
    owes: bool = False
    confirms: bool = False


def waits_for(facts: PlaceFacts) -> str:
    """Return the code of the one thing this person does next, or "" when others act.

    Consent comes first (principle 1); while a case is frozen nothing else is asked.
    """
    if facts.state == "closed":
        return ""
    if facts.party or facts.guardian:
        return _of_party(facts)
    if facts.mediator:
        return _of_mediator(facts)
    return _of_coordinator(facts) if facts.coordinator else ""


def _of_party(facts: PlaceFacts) -> str:
    to_sign = facts.agreement == "offered" and not facts.signed and not facts.waits_for_appeal
    if facts.state == "council" and to_sign and not facts.frozen:
        return "sign"
    if facts.spoken and not facts.consented:
        return "consent" if facts.party else "consent_as_guardian"
    if facts.frozen:
        return ""
    if to_sign:
        return "sign"
    if facts.state == "council" and facts.decided and not facts.agreement:
        return "read_decision"
    if facts.party and facts.confirms:
        return "confirm"
    if facts.party and facts.owes:
        return "keep_promise"
    if facts.party and facts.word_asked and not facts.word_given:
        return "closing_word"
    return ""


def _of_mediator(facts: PlaceFacts) -> str:
    if facts.frozen:
        return "ask_again"
    if facts.state == "mediation" and facts.agreement in ("offered", "cooling_off"):
        return ""
    return {"reported": "accept", "screening": "screen", "mediation": "mediate"}.get(
        facts.state, ""
    )


def _of_coordinator(facts: PlaceFacts) -> str:
    if facts.state == "reported":
        return "accept"
    if facts.state in ("screening", "mediation") and not facts.has_mediator:
        return "find_mediator"
    if facts.state != "council" or facts.frozen:
        return ""
    if facts.council == "":
        return "council"
    if facts.council == "decided" and facts.waits_for_appeal:
        return "form_appeal"
    if facts.council != "forming" or facts.draw in ("solving", "drawn"):
        return ""
    return "beacon" if facts.draw == "committed" else "prepare_draw"


def lapses_soon(until: date | None, *, today: date) -> bool:
    """Say whether this day has passed or comes within a week."""
    return until is not None and until <= today + SOON


def counted_as(address: str) -> str:
    """Return whom an address counts as: itself, or for IPv6 the network it comes from.

    One household holds a whole /64 (RFC 6177), and could come from a new address each time.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
