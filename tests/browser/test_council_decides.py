"""What a council decides, through the real pages, on a telephone: four ways it can go."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from agreements.models import Agreement
from cases.models import Case
from communities.models import Community
from councils.actions import amending, packet, words
from councils.models import Appeal, Council, Decision
from councils.reading import proposal_url
from deliberation.actions import speaking
from deliberation.models import Amendment, Objection
from people.models import Person
from tests.browser.pages import Open, look, press
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import harmed, make_community, responsible

LAPTOP = {"width": 1280, "height": 800}
pytestmark = pytest.mark.django_db(transaction=True)


def before() -> datetime:
    """Return when the case was referred: some hours ago, so that everything since has its day."""
    return timezone.now() - timedelta(hours=5)


def pool_of(community: Community, called: str) -> None:
    """Put people into a hat whose names no other hat has: nobody sits beside a namesake."""
    for number, place in enumerate(p.make_pool(community, 20, today=timezone.localdate())):
        place.person.name = f"{called} {number}"
        place.person.save(update_fields=["name"])


def since() -> datetime:
    """Return when the council deliberates."""
    return timezone.now() - timedelta(hours=1)


def path_of(case: Case) -> str:
    return f"/cases/{case.reference}/"


def round_on(case: Case, decision: Decision) -> str:
    return proposal_url(case, decision.proposal)


def object_to(page: Page, why: str) -> None:
    """Say why, in the browser."""
    press(page, "I object")
    look(page)
    page.get_by_label("Why does this work against the aim of the circle?").fill(why)
    page.get_by_label("It is not only that I would like something else better.").check()
    press(page, "I object")


def sits_and_reads(council: Council, cole: Person) -> None:
    """Draw a council that is being formed, let it read its packet, and begin."""
    p.finish_ties(council, now=before())
    d.seat_all(council, cole, now=before())
    for party in council.case.parties.select_related("person"):
        words.nothing_to_add(council, by=party.person, now=since())
    packet.make_packet(council, by=cole, now=since())
    d.begun(Council.objects.get(pk=council.pk), cole, now=before())


def says(page: Page, words: str) -> bool:
    return words in page.get_by_role("main").inner_text()


def test_an_objection_is_integrated_and_both_sides_sign_what_the_council_adopts(
    open_as: Open,
) -> None:
    case, cole = p.make_case_for_council(now=before())
    council = d.deliberating(case, cole, now=before())
    d.find(council, now=since())
    decision = d.decide(council, now=since(), adopt=False)
    author, objects, mends, *_rest = d.members(council)

    objector = open_as(objects, path_of(case))
    press(objector, "Open the council's table")
    look(objector)
    objector.get_by_role("main").get_by_role("link", name="Decision: an agreement").click()
    look(objector)
    object_to(objector, "Forty days is too long to wait for a warm house.")
    assert Objection.objects.get().owner.person == objects
    d.all_consent(council, decision.proposal, now=timezone.now(), but=[objects])

    mender = open_as(mends, round_on(case, decision))
    look(mender)
    press(mender, "Offer an amendment")
    look(mender)
    # Only what this decision can hold, and a promise only where one is to change.
    groups = mender.locator("fieldset.group:visible > legend").all_inner_texts()
    assert groups == ["The words", "The plan", "The support"]
    mender.get_by_label("The whole text, as it should be").fill("It is repaired before the winter.")
    mender.get_by_label("And the plan?").select_option(
        label="Promise 1 becomes another: Mend the twelve panes"
    )
    mender.get_by_label("What exactly?").fill("Mend the twelve panes with Bo")
    soon = timezone.localdate() + timedelta(days=14)
    mender.get_by_label("By which day?").fill(soon.isoformat())
    press(mender, "Offer an amendment")
    look(mender)

    objector.goto(round_on(case, decision))
    assert says(objector, "Mend the twelve panes with Bo")
    look(objector)
    press(objector, "This answers my objection")
    look(objector)
    press(objector, "I consent")
    d.all_consent(council, decision.proposal, now=timezone.now(), but=[objects, author])
    press(open_as(author, round_on(case, decision)), "I consent")
    agreement = Agreement.objects.get(case=case)
    promised = agreement.commitments.get()
    assert (agreement.state, promised.what, promised.due_on) == (
        "offered", "Mend the twelve panes with Bo", soon,
    )  # fmt: skip

    for person in (harmed(case).person, responsible(case).person):
        page = open_as(person, path_of(case))
        assert says(page, "It is repaired before the winter.")
        press(page, "Sign this agreement")
        page.get_by_label("I have read this, and I sign it").check()
        press(page, "Sign this agreement")
    look(page)
    agreement.refresh_from_db()
    assert agreement.state == "cooling_off"
    assert Council.objects.get(pk=council.pk).state == "decided"


def test_an_appeal_is_heard_one_level_up_and_its_council_decides_otherwise(open_as: Open) -> None:
    town = make_community()
    case, cole = p.make_case_for_council(make_community(parent=town), now=before())
    pool_of(make_community(parent=town), "Neighbour")
    first = d.deliberating(case, cole, now=before())
    d.find(first, now=since())
    decision = d.decide(first, now=since())

    party = open_as(responsible(case).person, path_of(case))
    press(party, "Ask that this is looked at again")
    look(party)
    party.get_by_label("it asks for more than the harm").check()
    party.get_by_label("In your own words").fill("Six panes broke, not twelve.")
    press(party, "Ask that this is looked at again")
    assert says(party, "Until then nothing takes effect.")
    look(party)

    coordinator = open_as(cole, path_of(case))
    press(coordinator, "Form the council for this appeal")
    look(coordinator)
    hearing = Council.objects.get(appeal_of=first)
    assert hearing.community == town
    sits_and_reads(hearing, cole)
    sat = {one.pk for one in d.members(first)}
    who = d.members(hearing)
    assert not sat & {one.pk for one in who}

    # What the first council decided is in their packet, with why it is looked at again.
    page = open_as(who[0], path_of(case))
    page.locator(f"a[href$='/packet/{hearing.public_id}/']").click()
    assert says(page, "Six panes broke, not twelve.")
    look(page)
    page.goto(path_of(case))
    page.locator(f"a[href$='/council/{hearing.public_id}/']").click()
    look(page)
    press(page, "Propose a decision")
    look(page)
    page.get_by_label("nothing further").check()
    page.get_by_label("In plain words: what, and why").fill("Six panes, and they are whole again.")
    press(page, "Propose a decision")
    look(page)
    changed = Decision.objects.get(council=hearing)
    d.to_consent(hearing, changed.proposal, now=timezone.now())
    d.all_consent(hearing, changed.proposal, now=timezone.now(), but=who[:1])
    page.goto(round_on(case, changed))
    press(page, "I consent")

    appeal, decision = Appeal.objects.get(), Decision.objects.get(pk=decision.pk)
    assert (appeal.state, decision.replaced_on) == ("changed", timezone.localdate())
    for side in (party, open_as(harmed(case).person, path_of(case))):
        side.goto(path_of(case))
        assert says(side, "No longer stands")
        assert says(side, "Six panes, and they are whole again.")
        assert side.get_by_role("link", name="Sign this agreement").count() == 0
        look(side)


def test_without_consent_after_the_charters_rounds_a_wider_council_adopts(open_as: Open) -> None:
    case, cole = p.make_case_for_council(
        people=40, rules={"integration_rounds": 1}, now=before()
    )  # fmt: skip
    council = d.deliberating(case, cole, now=before())
    d.find(council, now=since())
    decision = d.decide(council, now=since(), adopt=False)
    _author, objects, mends, *_rest = who = d.members(council)

    # One round of integrating, as the charter has it, is used up.
    d.act(
        council, speaking.object_to, decision.proposal, by=objects, now=timezone.now(),
        against_aim=True, why="It waits too long.",
    )  # fmt: skip
    d.all_consent(council, decision.proposal, now=timezone.now(), but=[objects])
    d.act(
        council, amending.offer_amendment, Objection.objects.get(), by=mends, now=timezone.now(),
        text="Before the winter.",
    )  # fmt: skip
    d.act(council, amending.accept_amendment, Amendment.objects.get(), by=objects,
          now=timezone.now())  # fmt: skip
    d.all_consent(council, decision.proposal, now=timezone.now(), but=[objects])

    objector = open_as(objects, round_on(case, decision))
    object_to(objector, "Winter is too late for her plants.")
    # Their seat ended with the council, so that they see neither round nor case any more.
    assert "/seats/" in objector.url
    look(objector)

    party = open_as(harmed(case).person, path_of(case))
    assert says(party, "The council could not agree. A larger one is drawn by lot, anew.")
    look(party)
    wider = Council.objects.get(wider_of=council)
    assert (wider.size, Council.objects.get(pk=council.pk).state) == (7, "dissolved")
    sits_and_reads(wider, cole)
    assert not {one.pk for one in who} & {one.pk for one in d.members(wider)}
    d.find(wider, now=timezone.now())
    anew = d.decide(wider, now=timezone.now(), course="nothing", adopt=False)
    last = d.members(wider)[-1]
    d.all_consent(wider, anew.proposal, now=timezone.now(), but=[last])
    member = open_as(last, path_of(case))
    press(member, "Open the council's table")
    member.get_by_role("main").get_by_role("link", name="Decision: nothing further").click()
    press(member, "I consent")
    look(member)
    party.reload()
    assert says(party, "Because it repairs what was broken.")
    assert Decision.objects.get(pk=anew.pk).adopted_on == timezone.localdate()


def between_two_communities() -> tuple[Case, Person, Community, Community]:
    """A case whose two sides live in two communities of one town; each has its hat."""
    town = make_community()
    here, there = make_community(parent=town), make_community(parent=town)
    case, cole = p.make_case_for_council(town, people=0, now=before())
    for home, party in ((here, harmed(case)), (there, responsible(case))):
        pool_of(home, home.name)
        home.memberships.create(person=party.person, from_on=days_ago(90))
    return case, cole, here, there


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def test_two_communities_decide_one_case_together(open_as: Open) -> None:
    case, cole, here, there = between_two_communities()
    council = d.deliberating(case, cole, now=before())
    d.find(council, now=since())
    decision = d.decide(council, now=since(), course="nothing", adopt=False)
    homes = {
        seat.person_id: set(seat.person.memberships.values_list("community_id", flat=True))
        for seat in council.seats.select_related("person")
    }
    of_each = [
        next(one for one in d.members(council) if home.pk in homes[one.pk])
        for home in (here, there)
    ]
    d.all_consent(council, decision.proposal, now=timezone.now(), but=of_each)
    first, last = (open_as(member, round_on(case, decision)) for member in of_each)
    press(first, "I consent")
    assert not says(first, "What each community says")
    last.reload()
    press(last, "I consent")
    said = [f"Members of {home.name} consent." for home in (here, there)]
    party = open_as(harmed(case).person, path_of(case))
    for page in (last, party):
        assert all(says(page, words) for words in said)
        look(page)
    party.set_viewport_size(LAPTOP)
    look(party)
    other = open_as(responsible(case).person, path_of(case), "ar", color_scheme="dark")
    assert says(other, here.name)
    assert says(other, there.name)
    look(other)
