"""What a council reads and what it decided, as they are printed: plain data, then one page.

The type, the cleaning of people's words and the two standards are those of the printed agreement
(``agreements.pdf``).
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from agreements import pdf
from cases.models import Case
from councils.models import Decision, Finding, Packet, PlannedPromise
from councils.reading import answers_of_communities, packet_for
from moves.days import in_full, on_paper

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """One item: its heading, what is said about it in our words, theirs, and a table."""

    heading: str
    about: tuple[str, ...] = ()
    words: str = ""
    facts: Facts = ()


@dataclass(frozen=True)
class Section:
    """A part of a paper. ``ours`` are sentences of the house; ``words`` are somebody's own."""

    heading: str
    ours: tuple[str, ...] = ()
    words: str = ""
    entries: tuple[Entry, ...] = ()
    facts: Facts = ()


@dataclass(frozen=True)
class CouncilPaper:
    """Everything that stands on one paper of a council. Empty strings leave their part out."""

    kind: str
    reference: str
    title: str
    community: str
    printed_on: date
    sections: tuple[Section, ...]


def packet_paper(packet: Packet, case: Case, language: str, today: date) -> CouncilPaper:
    """Return a packet as it is printed, with its labels in this language."""
    with translation.override(language), on_paper():
        shown = packet_for(packet, case, today)
        assert shown is not None
        items = tuple(
            Entry(
                heading=f"{one.number}. {one.label}",
                about=tuple(filter(None, (f"{one.source} · {one.when}".strip(" ·"), one.consent))),
                words=one.words,
                facts=tuple(one.facts),
            )
            for one in shown.items
        )
        later = tuple(
            Entry(heading=one.when, about=(one.source,), words=one.words) for one in shown.later
        )
        sections = [
            Section(
                _("What the council reads"),
                ours=(
                    _("The council's members and both sides read the same words."),
                    _("What was said in the talks is not in here, but for what all agreed to."),
                ),
                entries=items,
            )
        ]
        if later:
            sections.append(Section(_("Written after the packet was made"), entries=later))
        return _paper(_("Packet of a Justice Council"), case, today, sections)


def decision_paper(decision: Decision, language: str, today: date) -> CouncilPaper:
    """Return an adopted decision as it is printed, with its labels in this language."""
    council = decision.council
    with translation.override(language), on_paper():
        sections = [
            _findings(decision),
            Section(
                _("What the council decided"),
                ours=(f"{_('What follows')}: {decision.get_course_display()}",),
                words=decision.proposal.text,
            ),
            _answers(decision),
            Section(_("What happened"), words=decision.account),
            Section(_("What each person would promise"), entries=_plan(decision)),
            Section(_("Why this is in proportion"), words=decision.proportion_reason),
            Section(_("Support"), words=decision.support),
            _safety(decision),
            _appeal(decision, council.case),
            Section(
                _("What this decision does not mean"),
                ours=(
                    _("Nothing binds a person who has not accepted it."),
                    _("It is about this case alone, and is no precedent for another."),
                    _("Taking part is never used as an admission of anything."),
                ),
            ),
        ]
        return _paper(_("Decision of a Justice Council"), council.case, today, sections)


def _paper(kind: str, case: Case, today: date, sections: list[Section]) -> CouncilPaper:
    return CouncilPaper(
        kind=kind,
        reference=case.reference,
        title=case.title or case.reference,
        community=case.community.name,
        printed_on=today,
        sections=tuple(one for one in sections if one != Section(one.heading)),
    )


def _findings(decision: Decision) -> Section:
    found = Finding.objects.filter(council=decision.council, adopted_on__isnull=False)
    return Section(
        _("What the council found"),
        entries=tuple(
            Entry(
                heading=str(one.get_kind_display()).capitalize(),
                words=one.proposal.text,
                facts=((_("Its grounds"), one.grounds),),
            )
            for one in found.select_related("proposal")
            if one.adopted_on is not None
            and decision.adopted_on is not None
            and one.adopted_on <= decision.adopted_on
        ),
    )


def _plan(decision: Decision) -> tuple[Entry, ...]:
    promises = decision.promises.select_related("promised_by__person", "promised_to__person")
    return tuple(
        Entry(heading=f"{number}. {one.what}", facts=_promise(one))
        for number, one in enumerate(promises, start=1)
    )


def _promise(one: PlannedPromise) -> Facts:
    amount = ""
    if one.amount is not None:
        amount = f"{number_format(one.amount)} ({one.get_unit_display()})"
    facts = (
        (_("Who"), one.promised_by.person.name),
        (_("For whom"), one.promised_to.person.name),
        (_("How much"), amount),
        (_("By when"), _day(one.due_on)),
        (_("If it is missed"), one.if_missed),
    )
    return tuple(fact for fact in facts if fact[1])


def _answers(decision: Decision) -> Section:
    said = tuple(one.words for one in answers_of_communities(decision))
    return Section(_("What each community says"), ours=said)


def _safety(decision: Decision) -> Section:
    safety = getattr(decision, "safety", None)
    if safety is None:
        return Section(_("Safety"))
    weighed = json.loads(safety.alternatives) if safety.alternatives else []
    facts = (
        (_("The threat"), safety.threat),
        (_("How the community protects itself"), safety.limits),
        (_("Looked at again"), _day(safety.review_on)),
        (_("Ends"), _day(safety.ends_on)),
        (_("Holds before an appeal is over, until"), _day(safety.interim_until)),
    )
    return Section(
        _("Safety"),
        ours=(
            _("Every measure has an end of its own. It is not a punishment."),
            *((_("A place is asked for. It needs the person's acceptance."),)
              if safety.placement else ()),
        ),
        entries=tuple(
            Entry(
                heading=_("Considered instead: %(what)s") % {"what": one.get("what", "")},
                facts=((_("Why not"), one.get("why_not", "")),),
            )
            for one in weighed
        ),
        facts=tuple(fact for fact in facts if fact[1]),
    )  # fmt: skip


def _appeal(decision: Decision, case: Case) -> Section:
    heading = _("If you do not agree")
    if decision.appeal_until is None or decision.adopted_on is None:
        return Section(heading, ours=(_("This council was the last to look at it."),))
    following = decision.appeal_until + timedelta(days=1)
    until = case.moved_on(following, since=decision.adopted_on) - timedelta(days=1)
    return Section(
        heading,
        ours=(
            _("You can ask that it is looked at again until the end of %(day)s.")
            % {"day": _day(until)},
            _(
                "Say so on your own page, or tell your mediator, in writing or by word of mouth. "
                "You can ask because of the way it was decided, because something new has come "
                "up, or because it asks for more than the harm."
            ),
            _("Other people, drawn by lot one level up, then look at it. It costs nothing."),
        ),
    )


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


# ── The page ─────────────────────────────────────────────────────────────────


def to_html(paper: CouncilPaper, *, language: str, large: bool = False) -> str:
    """Return the page that is printed: people's words in it are always text."""
    paper = pdf.clean(paper)
    with translation.override(language):
        return render_to_string(
            "councils/paper.html",
            {
                "paper": paper,
                "language": language,
                "dir": "rtl" if translation.get_language_bidi() else "ltr",
                "large": large,
                "title": pdf.Words(paper.title),
                "community": pdf.Words(paper.community),
                "reference": pdf.isolated(paper.reference),
                "printed_on": in_full(paper.printed_on),
                "sections": [
                    {
                        "heading": one.heading,
                        "ours": one.ours,
                        "words": pdf.paragraphs(one.words),
                        "facts": _in_direction(one.facts),
                        "entries": [
                            {
                                "heading": pdf.Words(entry.heading),
                                "about": [pdf.Words(said) for said in entry.about],
                                "words": pdf.paragraphs(entry.words),
                                "facts": _in_direction(entry.facts),
                            }
                            for entry in one.entries
                        ],
                    }
                    for one in paper.sections
                ],
            },
        )


def _in_direction(facts: Facts) -> list[tuple[str, pdf.Words]]:
    return [(label, pdf.Words(value)) for label, value in facts]


def render(paper: CouncilPaper, *, language: str, large: bool = False) -> bytes:
    """Return a paper as PDF/UA-1 and PDF/A-2a; the language is that of its labels."""
    return pdf.typeset(
        lambda: to_html(paper, language=language, large=large), language=language, large=large
    )
