from datetime import timedelta
from pathlib import Path
import os
import pytest
from django.utils import timezone
from playwright.sync_api import Page
from agreements import actions as agreements
from councils.actions import appealing, deciding, finding, recalling
from councils.models import Council, Decision
from deliberation.actions import speaking, integrating
from deliberation.models import Amendment, Objection, Proposal
from people.models import Person
from tests.councils import deciding as d, people as p
from tests.factories import harmed, responsible, make_person, make_community
from cases.models import Case
from cases import actions as cases_actions

pytestmark = pytest.mark.django_db(transaction=True)
OUT = Path("/tmp/shots-table"); 
ONLY = os.environ.get("ONLY", "")
NAMES = ["Amara Okafor", "Benedikt Lund", "Chiara Rossi", "Davit Petrosyan", "Elif Demir", "Farid Haddad", "Greta Holm", "Hugo Marques"]

def snap(open_as, person, path, name, lang="en", wide=False, dark=False):
    if ONLY and ONLY not in name: return
    page = open_as(person, path, lang, **({"color_scheme": "dark"} if dark else {}))
    if wide: page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.fonts.ready")
    page.screenshot(path=OUT / f"{name}{'-w' if wide else ''}{'-'+lang if lang!='en' else ''}{'-dark' if dark else ''}.png", full_page=True, animations="disabled")
    page.context.close()

def test_shots(open_as):
    now = timezone.now() - timedelta(hours=6)
    case, cole = p.make_case_for_council(now=now, community=make_community(parent=make_community()))
    pav = d.guard(case, "Pavel Novak", today=now.date())
    case = Case.objects.get(pk=case.pk)
    mara = case.participations.get(role="mediator").person
    hana, remi = harmed(case).person, responsible(case).person
    gita = make_person("Gita Rao")
    cases_actions.place_in(case, gita, "guardian", today=now.date(), beside=harmed(case)) if 0 else None
    case.harms.create(party=harmed(case), what="Twelve panes of the greenhouse", unit="money", amount=90, stated_on=now.date())
    url = case.get_absolute_url()
    council = d.listened(d.seated(case, cole, now=now), now=now)
    for seat, name in zip(council.seats.filter(state="accepted").order_by("pk"), NAMES, strict=False):
        x = Person.objects.get(pk=seat.person_id); x.name = name; x.save()
    who = d.members(council)
    case = Case.objects.get(pk=case.pk)
    # member/guardian before
    snap(open_as, pav, url, "00-guardian-seated")
    snap(open_as, who[0], url, "00-member-seated")
    table = f"/cases/{case.reference}/council/{council.public_id}/"
    from django.urls import reverse
    table = reverse("cases:table", args=[case.reference, council.public_id])
    mv = lambda part, pk, n: reverse("cases:move", args=[case.reference, part, pk, n])
    snap(open_as, pav, mv("council", council.pk, "begin_deliberation"), "01-begin")
    at = now + timedelta(hours=4)
    council = d.begun(council, cole, now=at - timedelta(hours=3), session="online", round_hours=48)
    snap(open_as, who[0], table, "02-table-empty")
    snap(open_as, who[0], mv("council", council.pk, "propose_finding"), "03-propose-finding")
    snap(open_as, who[0], mv("council", council.pk, "propose_decision"), "03-propose-decision-blocked")
    snap(open_as, hana, url, "04-party-deliberating")
    snap(open_as, hana, "/", "04-party-desk")
    snap(open_as, cole, "/", "04-cole-desk")
    made = finding.propose_finding(council, by=who[0], now=at, kind="needed", text="The panes are to be whole before the winter, and both sides want to be able to greet each other again.", grounds="Both said so in what they wrote to us, and the invoice names twelve panes.")
    snap(open_as, who[0], table, "05-table-draft")
    page_f = reverse("cases:proposal", args=[case.reference, made.proposal_id])
    snap(open_as, who[0], page_f, "05-finding-draft")
    d.act(council, deciding.begin_proposal, made.proposal, by=who[0], now=at)
    snap(open_as, who[1], "/", "06-member-desk-turn")
    turn = None
    snap(open_as, who[1], page_f, "06-clarifying")
    for s in who:
        d.act(council, speaking.speak, made.proposal, by=s, now=at, word="Does this include the cold frame?" if s == who[2] else "")
    for s in who:
        d.act(council, speaking.speak, made.proposal, by=s, now=at, word="I agree with the need." if s != who[3] else "")
    d.all_consent(council, made.proposal, now=at)
    snap(open_as, who[0], mv("council", council.pk, "propose_decision"), "07-propose-decision")
    snap(open_as, who[0], mv("council", council.pk, "propose_decision"), "07-propose-decision", wide=True)
    snap(open_as, who[0], mv("council", council.pk, "propose_decision"), "07-propose-decision", lang="ar")
    dec = deciding.propose_decision(council, by=who[0], now=at, course="agreement", text="Remi mends the twelve panes with his own hands, because that repairs what was broken and Hana wishes no money.\n\nWe weighed money and left it.", account="On a night in March twelve panes of the greenhouse broke.", support="Two neighbours help Hana to cover the beds until the panes are whole.", proportion_reason="Work for panes: the glass is paid by the garden.")
    page_d = reverse("cases:proposal", args=[case.reference, dec.proposal_id])
    snap(open_as, who[0], page_d, "08-decision-draft-empty")
    snap(open_as, who[0], mv("decision", dec.pk, "plan_promise"), "08-plan-promise")
    snap(open_as, who[0], mv("decision", dec.pk, "find_threat"), "08-find-threat")
    plan = d.promise_of(case, today=now.date(), if_missed="We meet and find another day.")
    promise = deciding.plan_promise(dec, by=who[0], now=at, **plan)
    snap(open_as, who[0], page_d, "09-decision-draft")
    snap(open_as, who[1], page_d, "09-decision-draft-other")
    d.to_consent(council, dec.proposal, now=at)
    snap(open_as, who[1], page_d, "10-consenting")
    snap(open_as, who[1], page_d, "10-consenting", wide=True)
    snap(open_as, who[1], mv("proposal", dec.proposal_id, "object_to"), "10-object")
    d.act(council, speaking.object_to, dec.proposal, by=who[1], now=at, against_aim=True, why="Forty days is too long to wait for a warm house.")
    snap(open_as, who[2], page_d, "11-consenting-objection")
    d.all_consent(council, dec.proposal, now=at, but=[who[1]])
    snap(open_as, who[2], page_d, "12-integrating")
    obj = Objection.objects.get()
    snap(open_as, who[2], mv("objection", obj.pk, "offer_amendment"), "12-offer-amendment")
    snap(open_as, who[2], mv("objection", obj.pk, "offer_amendment"), "12-offer-amendment", wide=True)
    d.act(council, deciding.offer_amendment, obj, by=who[2], now=at, text="Remi mends the twelve panes with his own hands before the winter, because that repairs what was broken and Hana wishes no money.\n\nWe weighed money and left it.", changes=str(promise.pk), promise=d.promise_of(case, today=now.date(), days=14))
    snap(open_as, who[1], page_d, "13-amended-objector")
    snap(open_as, who[3], page_d, "13-amended-other", wide=True)
    snap(open_as, who[3], page_d, "13-amended-other", lang="ar")
    snap(open_as, who[3], page_d, "13-amended-other", dark=True)
    d.act(council, deciding.accept_amendment, Amendment.objects.get(), by=who[1], now=at)
    snap(open_as, who[3], page_d, "14-asked-anew")
    d.all_consent(council, dec.proposal, now=at)
    snap(open_as, who[3], page_d, "15-adopted")
    snap(open_as, who[3], table, "15-table-adopted")
    for name, x in (("party", hana), ("resp", remi), ("member", who[3]), ("mediator", mara), ("guardian", pav), ("cole", cole)):
        snap(open_as, x, url, f"16-case-{name}")
    snap(open_as, hana, url, "16-case-party", wide=True)
    snap(open_as, hana, url, "16-case-party", lang="ar")
    snap(open_as, hana, url, "16-case-party", dark=True)
    for name, x in (("party", hana), ("member", who[3]), ("cole", cole), ("pav", pav)):
        snap(open_as, x, "/", f"17-desk-{name}")
    snap(open_as, remi, mv("decision", dec.pk, "appeal_decision"), "18-appeal-form")
    dec.refresh_from_db()
    seat = council.seats.filter(state="accepted").order_by("pk")[2]
    snap(open_as, hana, mv("seat", seat.pk, "ask_recall"), "18-recall-form")
    recall = recalling.ask_recall(seat, by=hana, now=at, reason="They told others what was said.")
    snap(open_as, who[2], url, "19-recall-member")
    snap(open_as, hana, url, "19-recall-party")
    recalling.answer_recall(recall, by=who[2], now=at, word="I did not.")
    recall.refresh_from_db()
    snap(open_as, who[3], reverse("cases:proposal", args=[case.reference, recall.proposal_id]), "19-recall-round")
    dec = Decision.objects.get(pk=dec.pk)
    appeal = appealing.appeal_decision(dec, by=remi, now=timezone.now(), ground="proportion", words="It is more than was broken.")
    for name, x in (("party", hana), ("resp", remi), ("member", who[3]), ("mediator", mara), ("guardian", pav), ("cole", cole)):
        snap(open_as, x, url, f"20-appealed-{name}")
    snap(open_as, cole, "/", "20-appealed-desk-cole")
    snap(open_as, remi, "/", "20-appealed-desk-resp")
    hearing = appealing.form_appeal_council(appeal, by=cole, now=timezone.now())
    for name, x in (("party", hana), ("resp", remi), ("member", who[3]), ("cole", cole)):
        snap(open_as, x, url, f"21-hearing-{name}")
