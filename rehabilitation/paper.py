"""The papers of a placement: what the person is told, the packet of a review, a letter of release.

Each is in the language of who it is printed for; people's own words stay as they wrote them.
"""

from dataclasses import dataclass, field
from datetime import date

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from agreements import pdf
from agreements.pdf import Words, paragraphs
from moves.days import in_full, on_paper
from rehabilitation import texts
from rehabilitation.models import Placement, Review
from rehabilitation.moves import Part
from rehabilitation.reading import days_of, lines_of, said_of, threat_of

KINDS = ("placement", "review", "release")


@dataclass(frozen=True)
class Section:
    """One part of a letter: ``ours`` are printed sentences, ``theirs`` somebody's words."""

    title: str
    ours: list[str] = field(default_factory=list)
    theirs: list[Words] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Letter:
    """A paper of a placement, as plain data."""

    title: str
    community: Words
    reference: str
    printed_on: str
    sections: list[Section]


def letter_of(placement: Placement, kind: str, *, language: str, today: date) -> Letter:
    """Return what stands on a paper, in this language."""
    with translation.override(language), on_paper():
        titles = {
            "placement": _("A place in a Rehabilitation Community"),
            "review": _("Packet for the review of a placement"),
            "release": _("Letter of release"),
        }
        made = {"placement": _placement, "review": _review, "release": _release}[kind]
        return Letter(
            title=titles[kind],
            community=theirs(placement.house.community.name),
            reference=placement.case.reference,
            printed_on=in_full(today),
            sections=made(placement, language, today),
        )


def render(placement: Placement, kind: str, *, language: str, today: date) -> bytes:
    """Return a paper of a placement as a PDF. ValueError for a language we cannot print."""
    letter = letter_of(placement, kind, language=language, today=today)
    with translation.override(language):
        page = render_to_string(
            "rehabilitation/letter.html",
            {
                "letter": letter,
                "language": language,
                "dir": "rtl" if translation.get_language_bidi() else "ltr",
            },
        )
    return pdf.typeset(lambda: page, language=language)


def theirs(text: str) -> Words:
    """Return somebody's own words for one line, cleaned, with the direction they are written in."""
    return Words(pdf.clean_text(text))


def _who(placement: Placement) -> Section:
    return Section(
        _("Who and where"),
        rows=[
            (_("For whom"), theirs(placement.person.name)),
            (_("House"), theirs(placement.house.name)),
        ],
    )


def _days(placement: Placement, today: date) -> Section:
    rows = [(one.label, one.day) for one in days_of(placement, today)]
    return Section(
        _("Its days"), rows=rows,
        ours=[
            _("Nothing makes it longer. When a day passes without what it asks for, the person "
              "is free.")
        ],
    )  # fmt: skip


def _found(placement: Placement) -> list[Section]:
    threat = threat_of(placement)
    if threat is None:
        return []
    weighed: list[tuple[str, str]] = [
        (theirs(what), theirs(why)) for what, why in threat.alternatives
    ]
    return [
        Section(_("Why the council asks for it"), theirs=paragraphs(threat.threat)),
        Section(_("What else was considered"), rows=weighed),
        Section(_("What is hoped for"), theirs=paragraphs(threat.aims)),
    ]


def _placement(placement: Placement, language: str, today: date) -> list[Section]:
    found = [_who(placement), *_found(placement), _days(placement, today)]
    if placement.order_number:
        found.append(
            Section(
                _("The order it stands on"),
                rows=[
                    (_("Number"), theirs(placement.order_number)),
                    (_("Given by"), theirs(placement.order_by)),
                ],
            )
        )
    said = placement.accepted_text or texts.acceptance_text(placement, language)
    found += [
        Section(_("What saying yes means"), theirs=paragraphs(said)),
        Section(_("How to challenge it"), ours=[texts.challenge_words(language)]),
        Section(
            _("You can leave"),
            ours=[_("Who said yes can leave at any time, without a reason. Amends holds nobody.")],
        ),
    ]
    return found


def _review(placement: Placement, language: str, today: date) -> list[Section]:
    found = [_who(placement), *_found(placement), _days(placement, today)]
    for review in Review.objects.filter(placement=placement, challenge=None).select_related(
        "council"
    ):
        found += _of_thing(Part("review", str(review.pk), review), today)
    for part, things in (
        ("measure", placement.measures.all()),
        ("check_in", placement.check_ins.all()),
        ("incident", placement.incidents.all()),
    ):
        for thing in things:
            thing.placement = placement
            found += _of_thing(Part(part, str(thing.pk), thing), today)
    return found


def _of_thing(part: Part, today: date) -> list[Section]:
    """Return one thing with the resident's own word beside it; where there is none, it says so."""
    shown = said_of(part, (), today=today)
    nothing = [Words(_("Nothing yet."))]
    found = [Section(shown.title, ours=[shown.note] if shown.note else [])]
    if shown.text_by:
        found.append(Section(shown.text_by, theirs=paragraphs(shown.text) or nothing))
    if shown.own_label:
        found.append(Section(shown.own_label, theirs=paragraphs(shown.own) or nothing))
    return found


def _release(placement: Placement, language: str, today: date) -> list[Section]:
    plan = getattr(placement, "transition_plan", None)
    found = [
        _who(placement),
        Section(_("You are free"), ours=[lines_of(placement, today).where]),
        _days(placement, today),
    ]
    if plan is not None:
        found.append(Section(_("The time after"), theirs=paragraphs(plan.words)))
    found.append(
        Section(
            _("What this does not say"),
            ours=[
                _("A placement is no punishment and no title. It says nothing of who somebody is.")
            ],
        )
    )
    return found
