"""The three papers of a placement: readable aloud, in the reader's language and words."""

import itertools
import re
from datetime import timedelta

import pytest

from cases.writing import day
from rehabilitation import paper
from rehabilitation.actions import living, reviewing, staying
from tests.documents.test_agreement_pdf import opened, structure, words_of
from tests.rehabilitation.houses import World, adopt, make_world, placed, prepare_review

pytestmark = pytest.mark.django_db

TITLES = {
    ("placement", "en"): "A place in a Rehabilitation Community",
    ("review", "en"): "Packet for the review of a placement",
    ("release", "en"): "Letter of release",
    ("placement", "es"): "Una plaza en una Comunidad de Rehabilitación",
}


@pytest.fixture
def world() -> World:
    """Somebody who lived in a house, whose review released them, with a plan for the time after."""
    world = make_world()
    placed(world)
    one, people, now = world.placement, world.people, world.now
    said = living.check_in(one, by=people["sten"], now=now, words="It goes slowly.")
    living.say_own_word(said, by=people["rosa"], now=now, words="I sleep badly.")
    staying.plan_transition(one, by=people["rosa"], now=now, words="A room in Harbour.")
    adopt(world, prepare_review(world, now=now), "release", now=now)
    return world


def printed(world: World, kind: str, language: str = "en") -> bytes:
    return paper.render(world.placement, kind, language=language, today=day(world.now))


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_each_paper_is_tagged_and_in_the_language_of_who_it_is_for(
    world: World, language: str
) -> None:
    for kind in paper.KINDS:
        letter = paper.letter_of(world.placement, kind, language=language, today=day(world.now))
        with opened(printed(world, kind, language)) as pdf:
            metadata = pdf.Root.Metadata.read_bytes().decode()
            assert re.search(r"pdfuaid:part>1<|pdfuaid:part=\"1\"", metadata), kind
            assert bool(pdf.Root.MarkInfo.Marked) is True
            assert str(pdf.Root.Lang) == language
            assert letter.title in str(pdf.docinfo["/Title"])
            assert letter.title == TITLES.get((kind, language), letter.title)
            names = [name for name, _node in structure(pdf.Root.StructTreeRoot.K)]
            levels = [int(name[2]) for name in names if re.fullmatch("/H[1-6]", name)]
            assert (levels[0], levels.count(1)) == (1, 1)
            assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
            assert levels.count(2) == len(letter.sections)
            # The facts are a table that says what each row is of.
            assert names.count("/TH") == sum(len(one.rows) for one in letter.sections)


@pytest.mark.parametrize(
    ("language", "away"), [("en", r"\bago\b|\bin \d+ day"), ("es", r"\bhace \d")]
)
def test_a_day_on_paper_is_whole_for_it_is_read_on_another(
    world: World, language: str, away: str
) -> None:
    later = day(world.now) + timedelta(days=40)
    for kind in paper.KINDS:
        letter = paper.letter_of(world.placement, kind, language=language, today=later)
        said = repr(letter)
        assert str(world.today.year) in said
        assert re.search(away, said) is None, said


def test_words_in_a_row_keep_their_own_direction_and_labels_their_meaning(world: World) -> None:
    letter = paper.letter_of(world.placement, "placement", language="ar", today=day(world.now))
    rows = dict(row for section in letter.sections for row in section.rows)
    assert rows["Live with a relative"].dir == "ltr"
    assert rows["لمن"] == world.people["rosa"].name


def test_a_placement_order_says_why_until_when_how_to_challenge_and_that_one_may_leave(
    world: World,
) -> None:
    said = words_of(printed(world, "placement"))
    for words in (
        "They said they would come back.", "Everybody can sleep.",
        "Stay at home, with a promise", "The promise was broken twice.",
        "How to challenge it", "You can challenge this at any time", "Amends holds nobody.",
        "Nothing makes it longer.",
    ):  # fmt: skip
        assert words in said, words


def test_a_packet_holds_both_words_side_by_side(world: World) -> None:
    said = words_of(printed(world, "review"))
    order = ["It goes well.", "I would like to go home.", "It goes slowly.", "I sleep badly."]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


def test_a_letter_of_release_says_nothing_against_anybody(world: World) -> None:
    reviewing.release(world.placement, by=world.people["sten"], now=world.now)
    said = words_of(printed(world, "release"))
    assert "A room in Harbour." in said
    assert "It says nothing of who somebody is." in said
    for words in ("They said they would come back.", "It goes slowly.", "Hana"):
        assert words not in said, words
