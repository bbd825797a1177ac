"""The printed agreement: is it whole, readable aloud, keepable, and only text?"""

import io
import itertools
import re
import subprocess
import unicodedata
from datetime import date

import pikepdf
import pytest
from django.utils import translation

from agreements.pdf import Words, render, to_html
from tests.documents.papers import arabic, paper, promise, spanish

EVERY_EDITION = [
    (paper, "en", False),
    (paper, "en", True),
    (spanish, "es", False),
    (arabic, "ar", False),
    (arabic, "ar", True),
]


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def words_of(content: bytes) -> str:
    """Return the text as a reader of the file finds it, on one line."""
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    marks = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    return " ".join(unicodedata.normalize("NFKC", marks).split())


def structure(node: pikepdf.Object) -> list[tuple[str, pikepdf.Object]]:
    """Return every structure element with its name, in reading order."""
    found = []
    if isinstance(node, pikepdf.Array):
        for child in node:
            found += structure(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append((str(node.S), node))
        if "/K" in node:
            found += structure(node.K)
    return found


@pytest.mark.parametrize(("made", "language", "large"), EVERY_EDITION)
def test_the_file_declares_and_carries_both_standards(made, language, large):
    with opened(render(made(), language=language, large=large)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        assert re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", metadata)
        assert re.search(r"pdfaid:part=\"2\"", metadata)
        assert re.search(r"pdfaid:conformance=\"A\"", metadata)
        # PDF/A wants the schema of a property that is not its own.
        assert "PDF/UA identification schema" in metadata
        assert metadata.count("<rdf:RDF") == 1
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert pdf.Root.StructTreeRoot.K
        assert str(pdf.Root.Lang) == language
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        assert made().title in str(pdf.docinfo["/Title"])
        assert "/OutputIntents" in pdf.Root
        assert not pdf.attachments


@pytest.mark.parametrize(("made", "language", "large"), EVERY_EDITION)
def test_headings_step_down_one_at_a_time_and_pictures_speak(made, language, large):
    with opened(render(made(), language=language, large=large)) as pdf:
        elements = structure(pdf.Root.StructTreeRoot.K)
        levels = [int(name[2]) for name, _ in elements if re.fullmatch("/H[1-6]", name)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        figures = [node for name, node in elements if name == "/Figure"]
        assert len(figures) == 1
        assert "https://amends.example/verify/agreement/" in str(figures[0].Alt)


@pytest.mark.parametrize(("made", "language", "large"), EVERY_EDITION)
def test_every_font_is_one_of_ours_and_in_the_file(made, language, large):
    with opened(render(made(), language=language, large=large)) as pdf:
        described = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]
        assert described
        for font in described:
            assert any(f"/FontFile{kind}" in font for kind in ("", "2", "3"))
            assert re.search("Serif|Atkinson|Amiri", str(font.FontName)), font.FontName
            assert "DejaVu" not in str(font.FontName)


@pytest.mark.parametrize(("made", "language"), [(paper, "en"), (spanish, "es")])
def test_every_word_of_every_commitment_is_there(made, language):
    text = words_of(render(made(), language=language))
    for item in made().commitments:
        for words in (
            item.what,
            item.promised_by,
            item.promised_to,
            item.amount,
            item.confirmed_by,
            item.if_missed,
        ):
            assert unicodedata.normalize("NFKC", words) in text
    assert made().reference in text
    assert made().check_code in text


def test_dates_are_in_words():
    assert "Friday 18 December 2026" in words_of(render(paper(), language="en"))
    assert "viernes 18 de diciembre de 2026" in words_of(render(spanish(), language="es")).lower()


def test_arabic_can_be_read_back_and_runs_from_right_to_left():
    text = words_of(render(arabic(), language="ar"))
    for word in ("دفع", "قفل", "جديد", "تستطع", "دانيال", "2026"):
        assert word in text
    assert "Daniel Osei" in text
    page = to_html(arabic(), language="ar")
    assert '<html lang="ar" dir="rtl">' in page
    assert '<td dir="ltr">Daniel Osei</td>' in page
    # The page number keeps its order: first page, of how many.
    assert re.search(r"\b1 / \d\b", text)


def test_it_says_what_signing_is_not_and_how_to_step_back():
    with translation.override("en"):
        text = words_of(render(paper(), language="en"))
    assert "Taking part is never used as an admission." in text
    assert "You can step back until the end of Monday 30 November 2026." in text
    assert "Signs for Daniel Osei" in text
    without = words_of(render(paper(step_back_until=None), language="en"))
    assert "You can step back until" not in without
    assert "To step back, tell your mediator" in without


HOSTILE = "<link rel=attachment href=file:///etc/passwd>"


def test_hostile_words_are_printed_as_words():
    content = render(
        paper(
            title=HOSTILE,
            account=f"{HOSTILE}\n\n<img src=file:///etc/hostname> {{{{ paper }}}} {{% debug %}}",
            commitments=(promise(what=HOSTILE, if_missed="<script>x</script>"),),
            check_url=f"javascript:{HOSTILE}",
        ),
        language="en",
    )
    text = words_of(content)
    # Twice as a heading, once in the account: as written, whatever the line breaks.
    assert text.replace(" ", "").count(HOSTILE.replace(" ", "")) >= 3
    assert "{{ paper }} {% debug %}" in text
    assert "<script>x</script>" in text
    assert b"root:" not in content
    with opened(content) as pdf:
        assert not pdf.attachments
        assert "/AF" not in pdf.Root
        assert not any(
            isinstance(thing, pikepdf.Dictionary)
            and (thing.get("/Type") in {"/Filespec", "/EmbeddedFile"} or "/URI" in thing)
            for thing in pdf.objects
        )


def test_nothing_outside_the_file_is_fetched(monkeypatch):
    """Even markup that got through could reach no file and no network."""
    monkeypatch.setattr(
        "agreements.pdf.typesetting.to_html",
        lambda *_, **__: (
            '<html lang="en"><title>x</title><link rel="attachment" href="file:///etc/passwd">'
            "<h1>Still printed</h1></html>"
        ),
    )
    content = render(paper(), language="en")
    assert "Still printed" in words_of(content)
    with opened(content) as pdf:
        assert not pdf.attachments


def test_characters_no_file_can_hold_are_left_out():
    words = "be\x00fore\x0b \ud800and\ufffe \u202eafter\u2066"
    assert "before and after" in words_of(render(paper(account=words), language="en"))


def test_a_sign_no_font_draws_is_named(caplog):
    content = render(paper(account="Sorry \U0001f64f\U0001f3fd, 20 € ✓"), language="en")
    assert "Sorry [person with folded hands], 20 €" in words_of(content)
    # Nobody's words reach the log.
    assert not caplog.records


def test_a_word_without_end_stays_on_the_page():
    endless = "a" * 600
    content = render(paper(commitments=(promise(what=endless),)), language="en")
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    assert all(float(edge) <= 595 - 60 for edge in re.findall(r'xMax="([\d.]+)"', boxes))
    assert endless in words_of(content).replace(" ", "")


def test_thirty_commitments_run_over_pages():
    many = tuple(promise(n, what=f"Promise number {n}.") for n in range(1, 31))
    content = render(paper(commitments=many), language="en")
    text = words_of(content)
    for n in range(1, 31):
        assert f"{n}. Promise number {n}." in text
    with opened(content) as pdf:
        assert len(pdf.pages) > 5
        assert f"{len(pdf.pages)} / {len(pdf.pages)}" in text


def test_the_large_edition_is_eighteen_points():
    def sizes(pdf: pikepdf.Pdf) -> set[float]:
        """Return the sizes of letters in points; the page is drawn at 3/4 point a unit."""
        drawn = "".join(page.Contents.read_bytes().decode("latin-1") for page in pdf.pages)
        return {round(float(size) * 0.75, 1) for size in re.findall(r"/\S+ ([\d.]+) Tf", drawn)}

    with (
        opened(render(paper(), language="en")) as small,
        opened(render(paper(), language="en", large=True)) as large,
    ):
        assert len(large.pages) > len(small.pages)
        # Nothing to be read is smaller than 18; only the page's own footer is.
        assert {size for size in sizes(large) if 0 < size < 18} == {14.0}
        assert 11.0 in sizes(small)


def test_an_empty_agreement_still_prints():
    bare = paper(commitments=(), signatures=(), account="", check_url="", check_code="")
    assert "Nothing is promised yet." in words_of(render(bare, language="en"))


def test_a_language_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="Not a language"):
        render(paper(), language="xx-none")


@pytest.mark.parametrize(
    ("text", "direction"), [("Ana", "ltr"), ("آنا", "rtl"), ("12 ", ""), ("(1) آنا Ana", "rtl")]
)
def test_the_first_letter_says_which_way_words_run(text, direction):
    assert Words(text).dir == direction


def test_the_active_language_is_left_as_it_was():
    with translation.override("es"):
        render(paper(), language="ar")
        assert translation.get_language() == "es"
    assert promise().due_on == date(2026, 12, 18)
