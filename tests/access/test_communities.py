"""Who gets what answer where a community decides: every address, GET and POST, every role.

By the product's rules: who belongs to a community knows what it is asked; who has a voice acts
on it; whether somebody would stand is between them and who asked.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.actions import absences, amending, electing, recalling, resting
from communities.models import Asking, Community, Question
from deliberation.models import Voice
from tests.access.test_table import DONE, ROLES, C, H, M, P, T, Table, call, page
from tests.access.world import LOT, make

pytestmark = pytest.mark.django_db

VOICES = ("member", C, T, "coordinator_tied", M, "mediator_elsewhere", P, "guardian_tied", *LOT[:6])
KNOWS = (*VOICES, "auditor")
COORDINATORS = (C, T, "coordinator_tied")
OF_COMMUNITY = (
    "propose_amendment", "stand_for_office", "propose_for_office", "propose_recall", "rest_votes",
)  # fmt: skip


@pytest.fixture
def table(db: Any) -> Table:
    """The world, where a member proposed a rule, asked a mediator to stand, and names the
    coordinator for recall."""
    table = Table(make("reported"))
    people, here, now = table.world.people, Community.objects.get(slug="here"), timezone.now()
    member = people["member"]
    table.charter = amending.propose_amendment(
        here, by=member, now=now, changes={"mediation_days": 20}, trials={}, reason="RULE"
    )
    table.nomination = electing.propose_for_office(
        here, by=member, now=now, person=people[M], office="steward", months=3, reason="STAND"
    )
    table.recall = recalling.propose_recall(
        here, by=member, now=now, whom=f"coordinator:{people[C].pk}", reason="RECALL"
    )
    table.brought = recalling.bring_recall(
        here, by=people[H], now=now, whom=f"mediator:{people[M].pk}", reason="OUTSIDE"
    )
    first = timezone.localdate() + timedelta(days=20)
    absences.announce_absence(
        here, by=people[C], now=now, from_on=first, until=first + timedelta(days=6)
    )
    resting.rest_votes(here, by=member, now=now, until=first)
    return table


def cells(table: Table, url: str, roles: tuple[str, ...], *, reads: bool) -> None:
    """Ask an address of everybody: of a page that is read, or of a move."""
    for role in ROLES:
        table.cell(role, "GET", url, page(role, roles, 200))
        post: Any = 302 if role == "anonymous" else 405 if reads else page(role, roles, DONE)
        table.cell(role, "POST", url, post)


def test_the_pages(table: Table) -> None:
    for slug, knows in (("here", KNOWS), ("there", ("coordinator_there",)), ("nowhere", ())):
        for name in ("community", "charter"):
            cells(table, reverse(f"communities:{name}", args=[slug]), knows, reads=True)
        for question, readers in (
            (table.charter, KNOWS), (table.recall, KNOWS), (table.nomination, ("member", M)),
            (table.brought, KNOWS),
        ):  # fmt: skip
            url = reverse("communities:question", args=[slug, question.pk])
            cells(table, url, readers if slug == "here" else (), reads=True)
    table.finish()


def test_what_was_brought_from_outside_is_read_by_who_brought_it(table: Table) -> None:
    for question in (table.brought, table.recall, table.charter):
        own = (H,) if question is table.brought else ()
        cells(table, reverse("communities:recall", args=[question.pk]), own, reads=True)
        for name in ("withdraw_question", "take_up_recall", "be_heard"):
            allowed = own if name == "withdraw_question" else ()
            url = reverse("communities:recall_move", args=[question.pk, name])
            cells(table, url, allowed, reads=False)
    table.finish()


def moves_of(table: Table) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Return (part, id, move, who is offered it) of what there is in this world."""
    proposal = str(Asking.objects.get(question=table.charter).proposal_id)
    voice = str(Voice.objects.get(person=table.world.people["member"]).pk)
    nomination, recall = str(table.nomination.pk), str(table.recall.pk)
    brought = str(table.brought.pk)
    return [
        *(("community", "here", name, VOICES) for name in OF_COMMUNITY),
        ("community", "here", "count_votes_again", ("member",)),
        ("community", "here", "announce_absence", COORDINATORS),
        ("community", "here", "call_off_absence", (*COORDINATORS, "auditor")),
        ("proposal", proposal, "remark", VOICES),
        ("proposal", proposal, "withdraw_proposal", ("member",)),
        ("proposal", proposal, "vote", ()),
        ("voice", voice, "limit_vote", ("member",)),
        ("question", nomination, "accept_nomination", (M,)),
        ("question", nomination, "decline_nomination", (M,)),
        ("question", nomination, "withdraw_question", ("member",)),
        ("question", recall, "be_heard", (C,)),
        ("question", recall, "withdraw_question", ("member",)),
        ("question", recall, "take_up_recall", ()),
        ("question", brought, "take_up_recall", tuple(one for one in VOICES if one != M)),
    ]


def test_every_move(table: Table) -> None:
    asked_there: set[str] = set()
    for part, part_id, name, allowed in moves_of(table):
        # In another community nothing of it is there: one move of each part tells.
        for slug in ("here",) if part in asked_there else ("here", "there"):
            url = reverse("communities:move", args=[slug, part, part_id, name])
            cells(table, url, allowed if slug == "here" else (), reads=False)
        asked_there.add(part)
        url = reverse("api:own_move", args=[part, part_id, name])
        for role in ROLES:
            table.cell(role, "POST", url, call(role, allowed, DONE), token=True)
    table.finish()


def test_the_parts_by_the_api(table: Table) -> None:
    readers = {
        "community": ("here", KNOWS),
        "proposal": (str(Asking.objects.get(question=table.charter).proposal_id), VOICES),
        "question": (str(table.nomination.pk), ("member", M)),
        "question of a recall from outside": (str(table.brought.pk), (*KNOWS, H)),
        "voice": (str(Voice.objects.get(person=table.world.people["member"]).pk), ("member",)),
    }
    for part, (part_id, allowed) in readers.items():
        url = reverse("api:part", args=[part.split()[0], part_id])
        for role in ROLES:
            table.cell(role, "GET", url, call(role, allowed, 200), token=True)
    table.finish()


def test_what_each_person_finds(table: Table) -> None:
    """The reasons given stand where their readers are, and nowhere else."""
    urls = ["/", reverse("communities:home"), reverse("desk:notices")]
    urls += [reverse("communities:community", args=["here"])]
    urls += [
        reverse(f"communities:{name}", args=args)
        for one in Question.objects.all()
        for name, args in (("question", ["here", one.pk]), ("recall", [one.pk]))
    ]
    for role in ROLES:
        text = "\n".join(table.ask(role, "GET", url).content.decode() for url in urls)
        table.count["searched"] += 1
        found = {word for word in ("RULE", "STAND", "RECALL", "OUTSIDE") if word in text}
        wanted = {"RULE", "RECALL", "OUTSIDE"} if role in KNOWS else set()
        if role in ("member", M):
            wanted.add("STAND")
        if role == H:
            wanted.add("OUTSIDE")
        if found != wanted:
            table.wrong.append(f"{role} finds {found}, not {wanted}")
    table.finish()
