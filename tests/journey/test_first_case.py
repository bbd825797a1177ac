"""One case from a report to a repaired harm, through the pages' own addresses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Commitment
from cases.models import Case
from journey import clock
from journey.moves import moves_on, who_and_parts
from mediation.models import Mediation
from records.actions import verify
from tests.factories import harmed, make_case, make_coordinator, make_mediator, responsible

pytestmark = pytest.mark.django_db


class Walker:
    """Does moves as people do: through the address of each, signed in as themselves."""

    def __init__(self, client, case):
        self.client, self.case = client, case

    def do(self, person, name, part="case", thing=None, expect=302, **typed):
        self.client.force_login(person)
        part_id = str(thing.pk) if thing is not None else self.case.reference
        url = reverse("cases:move", args=[self.case.reference, part, part_id, name])
        response = self.client.post(url, typed)
        assert response.status_code == expect, (name, response.status_code, errors_of(response))
        self.case = Case.objects.get(pk=self.case.pk)
        return response


def errors_of(response):
    context = response.context or {}
    form = context.get("form") if hasattr(context, "get") else None
    obstacles = context.get("obstacles") if hasattr(context, "get") else None
    return (form.errors if form is not None else None), obstacles


def bring_to_agreement(client):
    case = make_case(now=timezone.now())
    today = timezone.localdate()
    coordinator, mediator = make_coordinator(case.community), make_mediator(case.community)
    case.community.memberships.filter(person=coordinator).update(
        from_on=today - timedelta(days=9), until=today + timedelta(days=200)
    )
    mediator.licences.update(from_on=today - timedelta(days=9), until=today + timedelta(days=200))
    walk = Walker(client, case)
    walk.do(coordinator, "accept")
    walk.do(coordinator, "assign_mediator", mediator=str(mediator.pk))
    for party in (harmed(case), responsible(case)):
        walk.do(mediator, "reach", "party", party, how_to_reach="evenings", reach="in_app")
        walk.do(mediator, "assess", "party", party, flags=["none"], safe_to_meet="yes")
        walk.do(party.person, "give_consent", "party", party, understood="on")
    hers = harmed(case)
    walk.do(
        hers.person, "state_harm", "party", hers, what="Twelve panes", unit="money", amount="240"
    )
    walk.do(mediator, "begin_mediation")
    assert walk.case.state == "mediation"
    under_way = Mediation.objects.get(case=case)
    at = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    walk.do(mediator, "plan_meeting", "mediation", under_way, at=at, place="Library")
    walk.do(mediator, "draft_agreement", account="Panes were broken and both talked about it.")
    agreement = Agreement.objects.get(case=case)
    walk.do(
        mediator, "add_commitment", "agreement", agreement,
        what="Pay for the twelve panes of glass", unit="money", amount="240",
        due_on=(today + timedelta(days=60)).isoformat(), promised_by=str(responsible(case).pk),
        promised_to=str(hers.pk), harm=str(case.harms.get().pk), confirmed_by="harmed",
        if_missed="We talk again with the mediator.",
    )  # fmt: skip
    walk.do(mediator, "offer_agreement", "agreement", agreement)
    return walk, coordinator, mediator, agreement


def test_a_case_goes_from_a_report_to_a_repaired_harm(client):
    walk, _coordinator, mediator, agreement = bring_to_agreement(client)
    hers, theirs = harmed(walk.case), responsible(walk.case)
    for party in (hers, theirs):
        walk.do(party.person, "sign_agreement", "agreement", agreement, understood="on")
    agreement.refresh_from_db()
    assert agreement.state == "cooling_off"

    later = timezone.now() + timedelta(days=12)
    clock.run(later)
    agreement.refresh_from_db()
    walk.case.refresh_from_db()
    assert (agreement.state, walk.case.state) == ("in_force", "reparation")
    assert Mediation.objects.get(case=walk.case).state == "agreed"

    promise = Commitment.objects.get(agreement=agreement)
    for amount in ("100", "140"):
        walk.do(
            theirs.person, "say_done", "commitment", promise, amount=amount, note="",
            happened_on=timezone.localdate().isoformat(),
        )  # fmt: skip
        walk.do(hers.person, "confirm_done", "commitment", promise)
    promise.refresh_from_db()
    assert promise.state == "kept"

    walk.do(mediator, "close", expect=409, outcome="repaired", reason="All was kept.")
    walk.do(mediator, "ask_closing_word", "party", theirs, expect=409)
    for party in (hers, theirs):
        walk.do(mediator, "ask_closing_word", "party", party)
        walk.do(party.person, "give_closing_word", "party", party, text="Thank you.")
    walk.do(mediator, "close", outcome="repaired", reason="All was kept.")

    assert (walk.case.state, walk.case.outcome) == ("closed", "repaired")
    checked = verify("case", walk.case.reference)
    assert checked["events"] > 20
    assert checked["breaks"] == []


def test_a_month_without_tick_dates_everything_on_the_day_it_was_due(client):
    walk, _coordinator, _mediator, agreement = bring_to_agreement(client)
    for party in (harmed(walk.case), responsible(walk.case)):
        walk.do(party.person, "sign_agreement", "agreement", agreement, understood="on")
    agreement.refresh_from_db()
    due = agreement.cooling_off_until + timedelta(days=1)

    clock.run(timezone.now() + timedelta(days=40))

    agreement.refresh_from_db()
    walk.case.refresh_from_db()
    mediation = Mediation.objects.get(case=walk.case)
    assert agreement.in_force_on == walk.case.state_since == mediation.ended_on == due


def test_the_agreement_prints_for_both_sides_and_nobody_else(client):
    walk, coordinator, _mediator, agreement = bring_to_agreement(client)
    url = reverse("cases:paper", args=[walk.case.reference, agreement.pk])
    for person, status in (
        (harmed(walk.case).person, 200), (responsible(walk.case).person, 200),
        (coordinator, 404), (make_mediator(), 404),
    ):  # fmt: skip
        client.force_login(person)
        response = client.get(url)
        assert response.status_code == status
        if status == 200:
            assert response.content.startswith(b"%PDF-1.7")


def test_stepping_back_needs_no_reason_and_says_not_who(client):
    walk, _coordinator, _mediator, agreement = bring_to_agreement(client)
    hers = harmed(walk.case)
    for party in (hers, responsible(walk.case)):
        walk.do(party.person, "sign_agreement", "agreement", agreement, understood="on")
    walk.do(hers.person, "step_back", "agreement", agreement)
    agreement.refresh_from_db()
    assert agreement.state == "withdrawn"


def test_a_withdrawal_in_a_second_tab_stops_a_signature(client):
    walk, _coordinator, _mediator, agreement = bring_to_agreement(client)
    hers, theirs = harmed(walk.case), responsible(walk.case)
    walk.do(hers.person, "withdraw_consent", "party", hers)
    response = walk.do(
        theirs.person, "sign_agreement", "agreement", agreement, expect=409, understood="on"
    )
    assert [one.code for one in response.context["obstacles"]] == ["stage_frozen"]


def test_a_party_reads_which_office_holders_opened_their_case(client):
    walk, _coordinator, mediator, _agreement = bring_to_agreement(client)
    client.force_login(mediator)
    client.get(walk.case.get_absolute_url())
    hers, theirs = harmed(walk.case), responsible(walk.case)
    client.force_login(theirs.person)
    client.get(walk.case.get_absolute_url())

    client.force_login(hers.person)
    openings = client.get(walk.case.get_absolute_url()).context["openings"]

    assert [opening.text for opening in openings] == [mediator.name]


def test_what_is_hidden_answers_like_what_does_not_exist(client):
    walk, coordinator, _mediator, agreement = bring_to_agreement(client)
    stranger = make_mediator()
    theirs = Client()
    theirs.force_login(stranger)
    reference = walk.case.reference
    hidden = theirs.post(f"/cases/{reference}/case/{reference}/close/", {"reason": "x"})
    made_up = theirs.post("/cases/RJ-AAAA-BBBB/case/RJ-AAAA-BBBB/close/", {"reason": "x"})
    assert hidden.status_code == 404
    assert made_up.status_code == 404
    assert strip(hidden.content) == strip(made_up.content)
    walk.do(coordinator, "sign_agreement", "agreement", agreement, expect=404)


def strip(content):
    """Leave out the token of the forms and the address itself, which differ on every page."""
    mine = (b"csrfmiddlewaretoken", b'name="next"')
    return [line for line in content.splitlines() if not any(one in line for one in mine)]


def test_every_page_of_a_move_opens_and_every_blocked_move_answers_409_with_its_codes(client):
    walk, coordinator, mediator, _agreement = bring_to_agreement(client)
    people = [coordinator, mediator, harmed(walk.case).person, responsible(walk.case).person]
    seen = 0
    for person in people:
        client.force_login(person)
        today = timezone.localdate()
        who, parts = who_and_parts(walk.case, person, today=today)
        for part in parts:
            for move in moves_on(part, walk.case, person, who, today=today):
                url = reverse(
                    "cases:move", args=[walk.case.reference, move.part, move.part_id, move.name]
                )
                assert client.get(url).status_code == 200, move.name
                if move.obstacles:
                    answer = client.post(url)
                    assert answer.status_code == 409, move.name
                    assert [one.code for one in answer.context["obstacles"]] == [
                        one.code for one in move.obstacles
                    ]
                seen += 1
    assert seen > 25
