"""What a person reads of what a council hears: its packet, its hearings, what was shared.

Made for one viewer; what they may not know is not made. The items of a packet keep codes, and
get their labels here, in the language of who reads.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from agreements.models import Agreement, Commitment
from cases.access import Standing
from cases.keeping import kept
from cases.models import Case, Harm, Party
from councils import rules
from councils.actions.sharing import is_shared, sharings_of
from councils.actions.sitting import (
    convenes,
    interprets,
    may_know_hearing,
    may_read,
    serves,
    speaks_for,
)
from councils.models import (
    Appeal,
    Council,
    Decision,
    Finding,
    Hearing,
    Invitation,
    Packet,
    PacketItem,
    Sharing,
    Word,
)
from moves.days import in_words

A_PAGE = 10
Kind = PacketItem.Kind


def heard_things(councils: Sequence[Council], case: Case, who: Standing) -> list[tuple[str, Any]]:
    """Return the packets and hearings this person may know of, and what they are asked to share."""
    found: list[tuple[str, Any]] = []
    for council in councils:
        if hasattr(council, "packet") and may_read(council, who):
            council.packet.council = council
            found.append(("packet", council.packet))
        for hearing in council.hearings.all():
            hearing.council = council
            if may_know_hearing(hearing, who):
                found.append(("hearing", hearing))
    if who.mediates or who.party is not None:
        for one in kept(case, "sharings", lambda: sharings_of(case, who.party)):
            one.hearer = newest_live(councils)
            found.append(("sharing", one))
    return found


def newest_live(councils: Iterable[Council]) -> Council | None:
    """Return the council that hears the case now; an appeal's before the one it hears it from."""
    live = [one for one in councils if one.state in rules.LIVE_COUNCILS]
    return max(live, key=lambda one: (one.formed_on, one.appeal_of_id is not None), default=None)


# ── The packet ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ShownItem:
    """One item as it is read: what it is, whose, by which consent, and what stands beside it."""

    number: int
    label: str
    source: str
    consent: str
    when: str
    words: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownWord:
    """A word to the council that came after its packet was made."""

    source: str
    when: str
    words: str


@dataclass(frozen=True)
class ShownPacket:
    """One page of a packet; ``later`` stands beside its last page."""

    made_on: str
    items: list[ShownItem]
    later: list[ShownWord]
    page: int
    pages: int


def packet_for(
    packet: Packet, case: Case, today: date, *, page: int | None = None
) -> ShownPacket | None:
    """Return a page of a packet, or all of it; None for a page it does not have.

    Callers have asked whether this person may read it.
    """
    items = list(packet.items.all())
    pages = max(1, -(-len(items) // A_PAGE))
    if page is not None and not 1 <= page <= pages:
        return None
    on_page = items if page is None else items[(page - 1) * A_PAGE : page * A_PAGE]
    names = {str(party.pk): party.person.name for party in case.parties.all()}
    last = page is None or page == pages
    return ShownPacket(
        made_on=in_words(timezone.localtime(packet.made_at).date(), today),
        items=[_item(one, names) for one in on_page if one.text],
        later=later_words(packet, names) if last else [],
        page=page or 1,
        pages=pages,
    )


def later_words(packet: Packet, names: dict[str, str]) -> list[ShownWord]:
    """Return what was written to the council after its packet was made, dated."""
    words = Word.objects.filter(council=packet.council, at__gt=packet.made_at)
    return [
        ShownWord(
            _whose(one.party, names), date_format(timezone.localtime(one.at), _("j F Y")), one.text
        )
        for one in words.select_related("party")
        if one.text
    ]


def _whose(party: Party | None, names: dict[str, str]) -> str:
    if party is None:
        return ""
    role, name = str(party.get_role_display()), names.get(str(party.pk), "")
    return f"{name} · {role}" if name else role


def _item(one: PacketItem, names: dict[str, str]) -> ShownItem:
    said = json.loads(one.text)
    return ShownItem(
        number=one.number,
        label=str(one.get_kind_display()),
        source=_source(one, said, names),
        consent=consent_of(one.kind),
        when=date_format(one.said_on, _("j F Y")),
        words=said.get("words", ""),
        facts=[fact for fact in _facts(one.kind, said, names) if fact[1]],
    )


def _source(one: PacketItem, said: dict[str, Any], names: dict[str, str]) -> str:
    if one.kind == Kind.SHARED:
        return _("The talks of both sides")
    if one.kind == Kind.AGREEMENT:
        return _("Both sides")
    if one.kind in (Kind.FINDING, Kind.DECISION):
        return _("The council before")
    whose = _whose(one.party, names)
    if said.get("told"):
        return _("%(whose)s, written down for them") % {"whose": whose}
    return whose


def consent_of(kind: str) -> str:
    """Return by which consent an item of this kind is in the packet."""
    return {
        Kind.HARM: _("They stated it as what was lost."),
        Kind.WORD: _("It was said for this council."),
        Kind.SHARED: _("Everybody asked agreed to share it."),
        Kind.AGREEMENT: _("Both sides signed it."),
        Kind.PROMISE: _("It is part of what both sides signed."),
        Kind.FINDING: _("The council before adopted it, for both sides to read."),
        Kind.DECISION: _("The council before adopted it, for both sides to read."),
        Kind.APPEAL: _("They wrote it for this council."),
    }[Kind(kind)]


def _facts(kind: str, said: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    """Return what stands beside the words, labelled; an empty value says that there is none."""
    if kind == Kind.HARM:
        return [(_("How much"), _amount(said))]
    if kind == Kind.AGREEMENT:
        return [(_("What became of it"), _label(Agreement.State, said["state"]))]
    if kind == Kind.PROMISE:
        return [
            *_promised(said, names),
            (_("What became of it"), _label(Commitment.State, said["state"])),
        ]
    if kind == Kind.FINDING:
        return [
            (_("It says"), _label(Finding.Kind, said["kind"])),
            (_("Its grounds"), said["grounds"]),
        ]
    if kind == Kind.APPEAL:
        return [(_("What it is about"), _label(Appeal.Ground, said["ground"]))]
    if kind == Kind.DECISION:
        return _decided(said, names)
    return []


def _decided(said: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    facts = [(_("What follows"), _label(Decision.Course, said["course"]))]
    for number, one in enumerate(said["plan"], start=1):
        beside = [value for _name, value in _promised(one, names) if value]
        by = names.get(one["by"], "")
        text = " · ".join(filter(None, [one["what"], by, *beside]))
        facts.append((_("Promise %(number)d") % {"number": number}, text))
    facts.append((_("Support"), said["support"]))
    if safety := said.get("safety"):
        facts += [
            (_("The threat"), safety["threat"]),
            (_("How the community protects itself"), safety["limits"]),
            (_("Looked at again"), _day(safety["review_on"])),
            (_("Ends"), _day(safety["ends_on"])),
        ]
    return facts


def _promised(said: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (_("For whom"), names.get(said["to"], "")),
        (_("How much"), _amount(said)),
        (_("By when"), _day(said["due_on"])),
    ]


def _day(iso: str | None) -> str:
    return date_format(date.fromisoformat(iso), _("j F Y")) if iso else ""


def _amount(said: dict[str, Any]) -> str:
    if not said.get("amount"):
        return ""
    return f"{number_format(said['amount'])} ({_label(Harm.Unit, said['unit'])})"


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


# ── Words before the packet, and sharing ─────────────────────────────────────


def own_words(council: Council, who: Standing) -> list[Word]:
    """Return what this person, or whom they guard, has written to this council."""
    mine = speaks_for(who)
    return [one for one in council.words.all() if one.party_id in mine and one.text]


@dataclass(frozen=True)
class ShownSharing:
    """What is asked, one's own answer, and, once the packet is made, what came of it."""

    text: str
    mine: str
    outcome: str


def sharing_for(sharing: Sharing, case: Case, who: Standing) -> ShownSharing:
    """Return what one viewer may know of it: nobody else's answer, ever."""
    said = {True: _("You agreed."), False: _("You said no."), None: _("You have not answered.")}
    return ShownSharing(
        text=sharing.note.text,
        mine=said[sharing.mine] if who.party is not None else "",
        outcome=_outcome(sharing, case),
    )


def _outcome(sharing: Sharing, case: Case) -> str:
    council = sharing.hearer
    if council is not None and not hasattr(council, "packet"):
        return _("Each is asked alone. Until the packet is made, nobody learns what was said.")
    if is_shared(sharing, case):
        return _("Shared with the council.")
    return _("Not shared with the council.")


# ── The hearings ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ShownInvitation:
    """One party asked to a hearing, as who serves sees them; ``needs`` only for who runs it."""

    name: str
    role: str
    answer: str
    came: str
    beside: str
    needs: str


@dataclass(frozen=True)
class ShownHearing:
    """One hearing as one viewer may know it; ``calendar`` is where its ``.ics`` is, or ""."""

    when: str
    minutes: int
    place: str
    state: str
    planned: bool
    who_comes: list[ShownInvitation]
    together: str
    own: list[str]
    calendar: bool


def hearings_for(
    council: Council, case: Case, who: Standing, today: date
) -> list[tuple[Hearing, ShownHearing]]:
    """Return the hearings of a council that this person may know of, the earliest first.

    Each beside what they may know of it.
    """
    return [
        (one, hearing_for(one, case, who, today))
        for one in council.hearings.all()
        if may_know_hearing(one, who)
    ]


def hearing_for(hearing: Hearing, case: Case, who: Standing, today: date) -> ShownHearing:
    """Return one hearing as this person may know it. Callers have asked whether they may."""
    council, invitations = hearing.council, list(hearing.invitations.all())
    at = timezone.localtime(hearing.at)
    # Who runs it prepares the room; the guardian also after the case has gone on.
    runs = convenes(case, council, who) or (serves(council, who) and who.guards_process)
    serving = runs or serves(council, who) or who.coordinates
    mine = {party.pk for party in who.sides()}
    asked = [one for one in invitations if one.party_id in mine]
    return ShownHearing(
        when=f"{in_words(at.date(), today)} · {date_format(at, 'H:i')}",
        minutes=hearing.minutes,
        place=hearing.place,
        state=str(hearing.get_state_display()),
        planned=hearing.state == Hearing.State.PLANNED,
        who_comes=[_invited(one, runs=runs) for one in invitations] if serving else [],
        together=_together(invitations) if asked else "",
        own=[_own(one) for one in asked if one.party_id in speaks_for(who)],
        calendar=serves(council, who) or bool(asked) or interprets(who),
    )


def _together(invitations: Sequence[Invitation]) -> str:
    if len({one.party.role for one in invitations}) > 1:
        return _("Both sides are asked to this hearing.")
    return _("The council hears everybody. Here it hears your side.")


def _own(one: Invitation) -> str:
    answer = str(one.get_answer_display()) if one.answer else _("has not answered")
    return f"{one.party.person.name}: {answer}"


def _invited(one: Invitation, *, runs: bool) -> ShownInvitation:
    came = {True: _("came"), False: _("did not come"), None: ""}[one.came]
    beside = [
        _("with a supporter") if one.with_supporter else "",
        _("needs an interpreter") if one.with_interpreter and runs else "",
    ]
    return ShownInvitation(
        name=one.party.person.name,
        role=str(one.party.get_role_display()),
        answer=str(one.get_answer_display()) if one.answer else _("has not answered"),
        came=came,
        beside=" · ".join(filter(None, beside)),
        needs=one.needs if runs else "",
    )
