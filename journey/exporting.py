"""What Amends holds of one person, as a ZIP: JSON for programs, HTML for people, PDFs.

A case is exported as its page: the same function makes both, so nothing is here that the page
would not show. Cases that somebody reaches by an office of their community, and not by a place
of their own, are the community's and are left out. Who mediates, or serves on a council or in a
house, takes their own words and not what others told them there: an office ends, and its reading
with it, but nobody takes a file back.
"""

import io
import json
import zipfile
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agreements import pdf
from agreements.models import Agreement, Commitment, Suggestion
from agreements.paper import paper_of
from cases.access import Standing
from cases.keeping import keep_facts
from cases.models import Case, Consent, Party
from cases.writing import day
from communities.models import Membership
from councils import papers
from councils.models import (
    Appeal,
    Challenge,
    Council,
    Decision,
    Draw,
    Hearing,
    Packet,
    PoolPlace,
    Recall,
    Seat,
    Sharing,
)
from councils.reading import seat_for
from journey import own_words
from journey.export_index import sections
from journey.moves import who_and_parts
from journey.news import news_for
from journey.page import page_of
from journey.reading import opened_by
from mediation.models import Mediation
from people.models import Licence, NamedTie, Person, Tie
from records.actions import append, note_access
from rehabilitation import exporting as rehabilitation
from rehabilitation.models import Placement

ALL_OPENINGS = 10_000
# Words of others, read for an office: they stay with it. Somebody's own are in "said".
READ_IN_OFFICE = (
    Agreement, Appeal, Challenge, Commitment, Decision, Hearing, Party, Placement, Recall, Sharing,
    Suggestion,
)  # fmt: skip


def export(person: Person, *, now: datetime) -> bytes:
    """Return the ZIP, in the person's language; their own chain notes that it was made.

    What they read by an office is noted as opened, as on the page.
    """
    known = {code for code, _name in settings.LANGUAGES}
    with translation.override(person.language if person.language in known else "en"):
        files = _files(person, now=now)
    with transaction.atomic():
        append("person", str(person.pk), "data_exported", at=now)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def _files(person: Person, *, now: datetime) -> dict[str, str | bytes]:
    frame = {"base_url": settings.BASE_URL, "no_admission": no_admission()}
    data: dict[str, Any] = {
        "no_admission": no_admission(),
        "made_at": now.isoformat(timespec="seconds"),
        **_own(person, now=now),
        "cases": [],
    }
    files: dict[str, str | bytes] = {}
    # A stranger's cases are not among them, and a case opened by an office alone neither.
    for case in Case.objects.held_by(person, today=day(now)).select_related(
        "community", "charter_version", "steering"
    ):
        shown = _case(case, person, now=now)
        if shown is None:
            continue
        said, page, papers, written = shown
        data["cases"].append(said)
        data["said"] += written
        files[f"cases/{case.reference}.html"] = render_to_string(
            "cases/detail.html",
            {**page, **frame, "layout": "export/base.html", "consents": said["consents"]},
        )
        files |= papers
    made = date_format(timezone.localtime(now), _("j F Y, H:i"))
    index = render_to_string(
        "export/index.html", {**frame, "made_at": made, "sections": sections(data)}
    )
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return {"index.html": index, "data.json": text, **files}


def no_admission() -> str:
    """Return what stands at the top of everything exported. Source: "Rooms" of the product."""
    return _(
        "Taking part in a case is never an admission of anything, and nothing in here may be "
        "used as one."
    )


# ── What is their own, outside any case ──────────────────────────────────────


def _own(person: Person, *, now: datetime) -> dict[str, Any]:
    """Return who they are, what they hold and what they said of themselves."""
    today = day(now)
    memberships = Membership.objects.filter(person=person).select_related("community")
    seats = Seat.objects.of(person).select_related("council__case", "council__charter_version")
    return {
        "person": {
            "username": person.username, "name": person.name, "email": person.email,
            "contact_kind": person.contact_kind, "contact": person.contact, "born": person.born,
            "language": person.language, "reach": person.reach, "joined_on": person.joined_on,
            "organisation": person.is_organisation,
        },
        "licences": [
            {
                "from_on": one.from_on, "until": one.until, "covers_minors": one.covers_minors,
                "covers_violence": one.covers_violence, "recalled_on": one.recalled_on,
            }
            for one in Licence.objects.filter(person=person).order_by("from_on")
        ],
        "memberships": [
            {
                "community": one.community.name, "role": one.role, "from_on": one.from_on,
                "until": one.until, "recalled_on": one.recalled_on,
            }
            for one in memberships.order_by("from_on", "pk")
        ],
        "ties": _ties(person),
        "pool": [
            {
                "community": one.community.name, "since": one.since, "until": one.until,
                "away_until": one.away_until, "left_on": one.left_on, "of_age": one.of_age,
                "said": json.loads(one.features) if one.features else {},
            }
            for one in PoolPlace.objects.of(person).select_related("community").order_by("since")
        ],
        "seats": [
            {
                "state": one.state, "drawn_on": one.drawn_on, "answer_by": one.answer_by,
                "accepted_on": one.accepted_on, "ended_on": one.ended_on,
                "who_it_is_about": seat_for(one, today).names,
            }
            for one in seats.order_by("drawn_on", "pk")
        ],
        "news": [
            {"at": one.notice.at, "text": one.text, "case": one.reference}
            for one in news_for(person, now=now)
        ],
        "placements": rehabilitation.own_placements(person, today=today),
        "said": own_words.outside_cases(person, today=today),
    }  # fmt: skip


def _ties(person: Person) -> list[dict[str, Any]]:
    """Return the ties they declared, and not those that others declared with them."""
    declared = Tie.objects.filter(one=person).select_related("other").order_by("pk")
    named = NamedTie.objects.filter(person=person).order_by("from_on", "pk")
    found = [(one.kind, one.other.name, one.from_on, one.until) for one in declared]
    found += [(one.kind, one.name, one.from_on, one.until) for one in named]
    return [
        {"kind": kind, "with": name, "from_on": from_on, "until": until}
        for kind, name, from_on, until in found
    ]


# ── A case, as its page ──────────────────────────────────────────────────────


def _case(
    case: Case, person: Person, *, now: datetime
) -> tuple[dict[str, Any], dict[str, Any], dict[str, bytes], list[dict[str, Any]]] | None:
    """Return a case as data, the context of its page, its papers, and what they wrote there.

    None for who sees nothing of it.
    """
    today = day(now)
    keep_facts(case)
    who, parts = who_and_parts(case, person, today=today)
    if not who.may_see:
        return None
    if who.mediates or who.coordinates or who.only_serves:
        note_access(str(person.pk), case.reference, "case", now=now)
    page = page_of(case, person, who, parts, today=today)
    page["openings"] = opened_by(case, who, limit=ALL_OPENINGS)
    # What can be done belongs to the page; what is there belongs to the person.
    page["groups"] = [{**group, "moves": []} for group in page["groups"]]
    in_office = who.mediates or who.only_serves
    if in_office:
        page = without_what_others_told(page)
    said = {
        "reference": case.reference,
        "community": case.community.name,
        "title": case.title,
        "state": case.state,
        "outcome": case.outcome,
        "opened_on": case.opened_on,
        "closed_on": case.closed_on,
        "account": case.account if page["office"] else "",
        "lines": asdict(page["lines"]),
        "stages": [asdict(one) for one in page["stages"]],
        "rooms": [asdict(one) for one in page["rooms"]],
        "people": [asdict(one) for one in page["people"]],
        "history": [asdict(one) for one in page["events"]],
        "harms": [
            {"what": one.what, "unit": one.unit, "amount": one.amount} for one in page["harms"]
        ],
        "closing_words": [
            {"role": one.role, "text": one.closing_word} for one in page["closing_words"]
        ],
        "opened_by": [asdict(one) for one in page["openings"]],
        "parts": [
            {"part": group["part"], **_facts(group)}
            for group in page["groups"]
            if group["part"] not in ("case", "party")
        ],
        "consents": _consents(who),
    }
    printed = {
        f"cases/{case.reference}-agreement-{one.version}.pdf": _paper(one, today)
        for one in (part.thing for part in parts)
        if isinstance(one, Agreement) and not in_office
    }
    if who.sides():
        # Theirs because it is about them; who served on the council read it in that office alone.
        printed |= {
            f"cases/{case.reference}-packet-{one.council.public_id}.pdf": _packet(one, case, today)
            for one in (part.thing for part in parts)
            if isinstance(one, Packet)
        }
    written = own_words.in_case(person, case, who, parts, today=today)
    return said, page, printed, written


def without_what_others_told(page: dict[str, Any]) -> dict[str, Any]:
    """Return the page of somebody in an office without the words of others that it shows."""
    kept = [one for one in page["groups"] if not isinstance(one["thing"], READ_IN_OFFICE)]
    nothing: dict[str, Any] = {"rooms": [], "harms": [], "closing_words": [], "office": False}
    return {**page, **nothing, "groups": kept}


def _facts(group: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says of one part of a case, as data."""
    thing = group["thing"]
    if isinstance(thing, Mediation):
        meetings = [
            {"at": one.at, "place": one.place, "held_on": one.held_on, "cancelled": one.cancelled}
            for one in thing.meetings.all()
        ]
        return {"state": thing.state, "due_on": thing.due_on, "meetings": meetings}
    if isinstance(thing, Agreement):
        return {"state": thing.state, "version": thing.version, "account": thing.account}
    if isinstance(thing, Commitment):
        return {
            "state": thing.state, "number": thing.number, "what": thing.what, "unit": thing.unit,
            "amount": thing.amount, "due_on": thing.due_on, "if_missed": thing.if_missed,
            "promised_by": thing.promised_by.person.name, "confirmed_by": thing.confirmed_by,
            "promised_to": thing.promised_to.person.name, "category": thing.category,
            # Theirs alone: whether it helped, and the sentence they let others read.
            "said": [
                {"helped": one.helped, "word": one.word, "shared": one.share_word, "at": one.at}
                for one in group.get("said", ())
            ],
        }  # fmt: skip
    if isinstance(thing, Suggestion):
        return {
            "state": thing.state, "category": thing.category, "unit": thing.unit,
            "amount": thing.amount, "evidence": thing.evidence, "why": thing.why,
            "reason": thing.reason,
        }  # fmt: skip
    if isinstance(thing, Council):
        own = [{"at": one.at, "text": one.text} for one in group["own_words"]]
        return {"state": thing.state, "size": thing.size, "own_words": own}
    if isinstance(thing, Hearing):
        return {**asdict(group["hearing"]), "at": thing.at}
    if isinstance(thing, Sharing):
        return asdict(group["sharing"])
    if isinstance(thing, Packet):
        return {"made_at": thing.made_at}
    if isinstance(thing, Draw):
        return {"state": thing.state, "number": thing.number, "draw": thing.public_id}
    if isinstance(thing, Placement):
        return {
            "state": thing.state, "house": thing.house.name, "starts_on": thing.starts_on,
            "review_on": thing.review_on, "ends_on": thing.ends_on, "ended_on": thing.ended_on,
            "why_ended": thing.why_ended,
        }  # fmt: skip
    if isinstance(thing, Seat):
        return {"state": thing.state, "member": thing.person.name}
    if isinstance(thing, Decision):
        return {key: one for key, one in asdict(group["decision"]).items() if key != "url"}
    if isinstance(thing, Appeal):
        return {"state": thing.state, "ground": thing.ground, "words": thing.words}
    if isinstance(thing, Challenge):
        answers = [{"uphold": one.uphold, "reason": one.reason} for one in group["answers"]]
        return {"state": thing.state, "reason": thing.reason, "answers": answers}
    return {}


def _consents(who: Standing) -> list[dict[str, Any]]:
    """Return what they said yes to, in the exact text: their own, and a guardian's for a minor.

    Who stopped a stage stands nowhere: no page shows it, not even to whoever it was.
    """
    found = Consent.objects.none()
    if isinstance(who.party, Party):
        found = Consent.objects.filter(party=who.party)
    elif who.guards:
        found = Consent.objects.filter(party__in=who.guards, by_guardian=True)
    return [
        {
            "stage": one.stage, "text": one.text, "text_version": one.text_version,
            "language": one.language, "way": one.get_way_display(), "given_at": one.given_at,
            "ended_at": one.ended_at, "by_guardian": one.by_guardian,
        }
        for one in found.order_by("given_at", "pk")
    ]  # fmt: skip


def _paper(agreement: Agreement, today: date) -> bytes:
    language = translation.get_language() or "en"
    return pdf.render(paper_of(agreement, language, today), language=language)


def _packet(packet: Packet, case: Case, today: date) -> bytes:
    language = translation.get_language() or "en"
    return papers.render(papers.packet_paper(packet, case, language, today), language=language)
