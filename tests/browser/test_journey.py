"""One case through the real pages, in a real browser, on a telephone's width."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from agreements import actions as agreements
from agreements.models import Agreement, Commitment
from cases import actions as cases
from cases.models import Case
from journey import clock
from mediation import actions as mediation
from people.models import Person
from tests.browser.pages import Open, look, press, stays_in_width
from tests.factories import harmed, make_case, make_person, responsible

pytestmark = pytest.mark.django_db(transaction=True)


def path_of(case: Case) -> str:
    return f"/cases/{case.reference}/"


def in_office(case: Case) -> tuple[Person, Person]:
    """Return a coordinator and a licensed mediator of the case's community, as of today."""
    today = timezone.localdate()
    term = {"from_on": today - timedelta(days=9), "until": today + timedelta(days=200)}
    coordinator, mediator = make_person("Cole"), make_person("Mara")
    case.community.memberships.create(person=coordinator, role="coordinator", **term)
    case.community.memberships.create(person=mediator, from_on=today - timedelta(days=9))
    mediator.licences.create(**term)
    return coordinator, mediator


def test_a_case_goes_from_report_to_close_on_a_telephone(open_as: Open):
    case = make_case(now=timezone.now())
    coordinator, mediator = in_office(case)
    hers, theirs = harmed(case), responsible(case)

    desk = open_as(coordinator, "/")
    look(desk)
    desk.goto(path_of(case))
    look(desk)
    press(desk, "Take this case on")
    assert desk.get_by_role("status").inner_text().startswith("The case is in screening")
    press(desk, "Name a mediator")
    look(desk)
    desk.get_by_label("Who is to mediate?").select_option(index=0)
    press(desk, "Name a mediator")

    now = timezone.now()
    for party in (hers, theirs):
        cases.reach(party, by=mediator, now=now, how_to_reach="evenings", reach="in_app")
        cases.assess(party, by=mediator, now=now, safe_to_meet=True, answers={}, flags=[])
    cases.give_consent(theirs, by=theirs.person, now=now, understood=True)

    hana = open_as(hers.person, "/")
    look(hana)
    hana.goto(path_of(case))
    look(hana)
    press(hana, "Say whether you take part")
    look(hana)
    hana.get_by_label("I have read this, and I say yes").check()
    press(hana, "Say whether you take part")
    assert "you take part" in hana.get_by_role("status").inner_text()

    mara = open_as(mediator, "/")
    look(mara)
    mara.goto(path_of(case))
    look(mara)
    press(mara, "Begin mediation")
    case.refresh_from_db()
    assert case.state == "mediation"
    look(mara)
    agreement = write_an_agreement(case, mediator)
    mara.goto(path_of(case))
    look(mara)
    press(mara, "Lay it before everybody")

    remi = open_as(theirs.person, path_of(case))
    for page in (hana, remi):
        page.goto(path_of(case))
        look(page)
        press(page, "Sign this agreement")
        look(page)
        page.get_by_label("I have read this, and I sign it").check()
        press(page, "Sign this agreement")
    agreement.refresh_from_db()
    assert agreement.state == "cooling_off"
    look(remi)

    clock.run(timezone.now() + timedelta(days=12))
    remi.goto(path_of(case))
    look(remi)
    press(remi, "Say it was done")
    look(remi)
    remi.get_by_label("On which day?").fill(timezone.localdate().isoformat())
    press(remi, "Say it was done")
    hana.goto(path_of(case))
    look(hana)
    press(hana, "Confirm it was done")
    look(hana)
    press(hana, "Confirm it was done")
    assert Commitment.objects.get(agreement=agreement).state == "kept"

    for page, party in ((hana, hers), (remi, theirs)):
        mara.goto(path_of(case))
        part = mara.get_by_role("region", name=party.person.name)
        part.get_by_role("button", name="Ask for their closing word").click()
        page.goto(path_of(case))
        press(page, "Say your closing word")
        look(page)
        page.get_by_label("Your words").fill("It is good as it is.")
        press(page, "Say your closing word")
    mara.goto(path_of(case))
    press(mara, "Close this case")
    look(mara)
    mara.get_by_label("It ends").select_option("repaired")
    mara.get_by_label("Why?").fill("All was kept.")
    press(mara, "Close this case")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "repaired")
    look(mara)


def write_an_agreement(case: Case, mediator: Person) -> Agreement:
    """Draft an agreement with one promise that nothing counts."""
    now = timezone.now()
    hers, theirs = harmed(case), responsible(case)
    cases.state_harm(hers, by=hers.person, now=now, what="A fence", unit="act", amount=None)
    agreements.draft_agreement(
        case, by=mediator, now=now, account="A fence fell.", proportion_reason=""
    )
    agreement = Agreement.objects.get(case=case)
    agreements.add_commitment(
        agreement, by=mediator, now=now, what="Put the fence up again", unit="act", amount=None,
        due_on=timezone.localdate() + timedelta(days=60), promised_by=str(theirs.pk),
        promised_to=str(hers.pk), harm=str(case.harms.get().pk), confirmed_by="harmed",
        if_missed="We talk again.",
    )  # fmt: skip
    return agreement


def ready_for_consent() -> Case:
    """Return a case in which both sides were heard and may now say whether they take part."""
    case = make_case(now=timezone.now())
    coordinator, mediator = in_office(case)
    now = timezone.now()
    cases.accept(case, by=coordinator, now=now)
    mediation.assign_mediator(case, by=coordinator, now=now, mediator=mediator)
    for party in (harmed(case), responsible(case)):
        cases.reach(party, by=mediator, now=now, how_to_reach="evenings", reach="in_app")
        cases.assess(party, by=mediator, now=now, safe_to_meet=True, answers={}, flags=[])
    return case


def tab_to(page: Page, text: str) -> None:
    """Press Tab until the thing with this label has the focus, and can be seen to have it."""
    for _press in range(60):
        page.keyboard.press("Tab")
        named = page.evaluate(
            """() => {
                const here = document.activeElement;
                const label = here.labels && here.labels.length ? here.labels[0] : here;
                return label.innerText || "";
            }"""
        )
        if named.strip() == text:
            visible = "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            assert page.evaluate(visible), f"no outline around {text!r}"
            return
    raise AssertionError(f"Tab never reaches {text!r} on {page.url}")


def test_consent_can_be_given_with_the_keyboard_alone(open_as: Open):
    case = ready_for_consent()
    page = open_as(harmed(case).person, path_of(case))
    assert stays_in_width(page)
    tab_to(page, "Skip to the page")
    page.keyboard.press("Enter")
    tab_to(page, "Say whether you take part")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert stays_in_width(page)
    tab_to(page, "I have read this, and I say yes")
    page.keyboard.press("Space")
    tab_to(page, "Say whether you take part")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert stays_in_width(page)
    assert harmed(case).consents.count() == 1


def test_consent_can_be_given_without_javascript(open_as: Open):
    case = ready_for_consent()
    page = open_as(harmed(case).person, path_of(case), java_script_enabled=False)
    press(page, "Say whether you take part")
    page.get_by_label("I have read this, and I say yes").check()
    press(page, "Say whether you take part")
    assert page.url.endswith(path_of(case))
    assert harmed(case).consents.count() == 1
    assert page.get_by_role("link", name="Leave this page quickly").get_attribute("href")


def test_pages_in_arabic_run_from_right_to_left(open_as: Open):
    case = ready_for_consent()
    page = open_as(harmed(case).person, path_of(case), language="ar")
    for path in (path_of(case), "/", "/help/"):
        page.goto(path)
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert page.locator("html").get_attribute("lang") == "ar"
        look(page)


@pytest.mark.parametrize(
    "path", ["/", "/about/", "/help/", "/report/", "/receipt/", "/verify/agreement/"]
)
def test_public_pages_are_for_everybody(open_as: Open, path: str):
    look(open_as(None, path))
    look(open_as(None, path, color_scheme="dark"))


def test_escape_pressed_twice_leaves_and_back_does_not_return(open_as: Open):
    case = ready_for_consent()
    page = open_as(harmed(case).person, "/help/")
    page.goto(path_of(case))
    elsewhere = page.get_by_role("link", name="Leave this page quickly").get_attribute("href")
    page.route(f"{elsewhere}**", lambda route: route.fulfill(body="Another page."))
    page.keyboard.press("Escape")
    assert page.url.endswith(path_of(case))
    with page.expect_navigation(url=f"{elsewhere}**"):
        page.keyboard.press("Escape")
    page.go_back()
    assert page.url.endswith("/help/")
