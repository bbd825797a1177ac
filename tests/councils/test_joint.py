"""Councils of several communities at once, and of an appeal."""

import json

import pytest

from cases.models import Case
from communities.models import Community, Membership
from councils.actions import beacons, forming
from councils.models import Draw, RosterEntry, Seat, Verdict
from councils.papers import decision_paper
from councils.reading import answers_of_communities
from councils.scheme import checks
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import NOW, TODAY, harmed, make_community, responsible

pytestmark = pytest.mark.django_db
LATER = p.timedelta(hours=3) + NOW


def make_town() -> tuple[Community, Community, Community, Community]:
    """A town with three communities, each with people in its hat."""
    town = make_community()
    here, there, beyond = (make_community(parent=town) for _n in range(3))
    for community in (there, beyond):
        p.make_pool(community, 20)
    return town, here, there, beyond


def drawn(council_draw: Draw) -> list[str]:
    """Return the community of everybody a draw seated."""
    entries = RosterEntry.objects.filter(draw=council_draw, token__in=council_draw.panel)
    return sorted(json.loads(entry.described)["community"] for entry in entries)


def test_a_case_between_two_communities_draws_from_both_and_from_no_other() -> None:
    town, here, there, beyond = make_town()
    p.make_pool(here, 20)
    case, cole = p.make_case_for_council(town, people=0)
    for party, home in ((harmed(case), here), (responsible(case), there)):
        Membership.objects.create(community=home, person=party.person, from_on=TODAY)
    council = p.begin(case, cole)
    draw = p.throw(p.commit(council, cole), cole, now=LATER)
    assert sorted(draw.drawn_from) == sorted([here.slug, there.slug])
    found = drawn(draw)
    assert len(found) == 5
    assert {2, 3} == {found.count(here.slug), found.count(there.slug)}
    assert all(one.ok for one in checks(beacons.document_of(draw)))
    assert beyond.slug not in draw.published.body


def test_an_appeal_goes_one_level_up_to_people_who_never_sat_on_the_case() -> None:
    _town, here, _there, _beyond = make_town()
    case, cole = p.make_case_for_council(here)
    council = p.seat_everybody(p.begin(case, cole), cole)
    first = set(council.seats.values_list("person_id", flat=True))
    appeal = forming.form_council(case, by=cole, now=LATER, appeal_of=council)
    assert appeal.community == here.parent
    p.finish_ties(appeal, now=LATER)
    draw = p.throw(p.commit(appeal, cole, now=LATER), cole, now=LATER + p.timedelta(hours=3))
    assert not first & set(Seat.objects.filter(draw=draw).values_list("person_id", flat=True))
    eligible = RosterEntry.objects.filter(draw=draw, eligible=True)
    assert not first & set(eligible.values_list("person_id", flat=True))
    assert forming.current(Case.objects.get(pk=case.pk)) == appeal


def test_at_the_root_an_appeal_goes_to_a_fresh_panel_of_the_same_body() -> None:
    case, cole = p.make_case_for_council(people=40)
    council = p.seat_everybody(p.begin(case, cole), cole)
    appeal = forming.form_council(case, by=cole, now=LATER, appeal_of=council)
    assert appeal.community == case.community
    p.finish_ties(appeal, now=LATER)
    draw = p.commit(appeal, cole, now=LATER)
    first = set(council.seats.values_list("person_id", flat=True))
    out = RosterEntry.objects.filter(draw=draw, person__in=first)
    assert {entry.why_not for entry in out} == {"sat_before"}


def test_what_each_community_says_is_read_in_words_and_never_as_a_number() -> None:
    case, cole = p.make_case_for_council()
    council = d.deliberating(case, cole)
    d.find(council)
    decision = d.decide(council, course="nothing")
    for name, consents in (("Harbour", 2), ("Upper Town", 0)):
        home = make_community()
        Community.objects.filter(pk=home.pk).update(name=name)
        Verdict.objects.create(decision=decision, community_id=home.pk, consents=consents)
    said = [one.words for one in answers_of_communities(decision)]
    assert said == [
        "Members of Harbour consent.",
        "No member of Upper Town consents, so it is not adopted.",
    ]
    paper = decision_paper(decision, "en", TODAY)
    printed = next(one for one in paper.sections if one.heading == "What each community says")
    assert list(printed.ours) == said
