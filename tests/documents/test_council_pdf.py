"""A council's packet and decision on paper: whole, readable aloud, keepable, and only text."""

import itertools
import re
from datetime import date

import pikepdf
import pytest

from councils.papers import CouncilPaper, Entry, Section, render, to_html
from tests.documents.test_agreement_pdf import opened, structure, words_of


def paper(**changes: object) -> CouncilPaper:
    """Return a paper with something of everything; name what should differ."""
    words: dict[str, object] = {
        "kind": "Packet of a Justice Council",
        "reference": "RJ-7KQ2-94DD",
        "title": "The bicycle on Mill Street",
        "community": "Riverside Commons",
        "printed_on": date(2026, 11, 24),
        "sections": (
            Section(
                "What the council reads",
                ours=("The council's members and both sides read the same words.",),
                entries=(
                    Entry(
                        "1. What was lost",
                        about=(
                            "Ana Quintero · person harmed · 20 November 2026",
                            "They stated it.",
                        ),
                        words="A bicycle.\n\nAnd the way to work.",
                        facts=(("How much", "180.00 (money)"),),
                    ),
                    Entry("2. A word for the council", words="I was angry. " * 400),
                ),
            ),
            Section("If you do not agree", ours=("You can ask until the end of 30 November.",)),
        ),
    }
    return CouncilPaper(**(words | changes))


def arabic() -> CouncilPaper:
    return paper(
        title="الدراجة والقفل",
        sections=(
            Section(
                "ما يقرؤه المجلس",
                entries=(Entry("1. كلمة للمجلس", about=("دانيال",), words="كنت غاضبا " * 300),),
                facts=(("المبلغ", "180 €"),),
            ),
        ),
    )


EDITIONS = [(paper, "en", False), (paper, "en", True), (paper, "es", False), (arabic, "ar", False)]


@pytest.mark.parametrize(("made", "language", "large"), EDITIONS)
def test_both_standards_and_headings_that_step_down_one_at_a_time(made, language, large):
    with opened(render(made(), language=language, large=large)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", metadata)
        assert re.search(r"pdfaid:part=\"2\"", metadata)
        assert re.search(r"pdfaid:conformance=\"A\"", metadata)
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang) == language
        assert made().title in str(pdf.docinfo["/Title"])
        elements = structure(pdf.Root.StructTreeRoot.K)
        levels = [int(name[2]) for name, _ in elements if re.fullmatch("/H[1-6]", name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        fonts = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        for font in fonts:
            assert re.search("Serif|Atkinson|Amiri", str(font.FontName)), font.FontName


@pytest.mark.parametrize(("made", "language", "large"), EDITIONS)
def test_every_page_says_which_it_is_of_how_many_and_of_which_case(made, language, large):
    content = render(made(), language=language, large=large)
    with opened(content) as pdf:
        count = len(pdf.pages)
    assert count >= 2
    text = words_of(content)
    for number in range(1, count + 1):
        assert f"{number} / {count}" in text
    assert text.count("RJ-7KQ2-94DD") >= count


def test_a_long_item_begins_under_its_heading_and_is_not_pushed_to_a_page_of_its_own():
    with opened(render(paper(), language="en")) as pdf:
        assert len(pdf.pages) <= 3


def test_hostile_words_are_printed_as_they_were_written():
    said = '</p><script>x</script> {{ 1 }} {% now "Y" %} %(x)s & "q" \u202egnorw\x00'
    entry = Entry(heading=said, about=(said,), words=said, facts=((said, said),))
    hostile = paper(title=said, sections=(Section(said, ours=(said,), words=said, facts=(),
                                                  entries=(entry,)),))  # fmt: skip
    page = to_html(hostile, language="en")
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
    text = words_of(render(hostile, language="en"))
    assert text.count("{{ 1 }} {% now") >= 6


def test_an_empty_part_is_left_out():
    page = to_html(paper(sections=()), language="en")
    assert "<section" not in page
    assert "<table" not in page
