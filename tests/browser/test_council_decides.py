"""What a council decides, through the real pages, on a telephone: together, wider, anew, jointly."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from agreements.models import Agreement
from cases.models import Case
from councils.models import Appeal, Council, Decision
from councils.reading import proposal_url
from deliberation.models import Objection
from tests.browser.pages import Open, look, press
from tests.councils import deciding as d
from tests.councils import people as p
from tests.factories import harmed, make_community, responsible

pytestmark = pytest.mark.django_db(transaction=True)


def before() -> datetime:
    """Return when the case was referred: some hours ago, so that everything since has its day."""
    return timezone.now() - timedelta(hours=5)


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
        look(page)
        press(page, "Sign this agreement")
        look(page)
        page.get_by_label("I have read this, and I sign it").check()
        press(page, "Sign this agreement")
        look(page)
    agreement.refresh_from_db()
    assert agreement.state == "cooling_off"
    assert Council.objects.get(pk=council.pk).state == "decided"


def test_an_appeal_is_heard_one_level_up_and_its_council_decides_otherwise(open_as: Open) -> None:
    town = make_community()
    case, cole = p.make_case_for_council(make_community(parent=town), now=before())
    p.make_pool(make_community(parent=town), 20, today=timezone.localdate())
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
    p.finish_ties(hearing, now=before())
    d.begun(d.listened(d.seat_all(hearing, cole, now=before())), cole, now=before())
    sat = {one.pk for one in d.members(first)}
    who = d.members(hearing)
    assert not sat & {one.pk for one in who}

    # What the first council decided is before them, and they write another decision.
    page = open_as(who[0], path_of(case))
    assert says(page, "Six panes broke, not twelve.")
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
