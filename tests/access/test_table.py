"""One table of who gets what answer: every address, GET and POST, every role, every stage.

The table is written by hand from the product's rules, not read from the code. What one may
not do is answered 404, like what does not exist. An address that is in the URLconf and not
in the table fails here.
"""

import html
import json
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from cases.models import Case
from councils.models import Council
from journey.moves import find_part, moves_on, who_and_parts
from moves.core import Move
from moves.pages import attempt
from rehabilitation.urls import urlpatterns as houses
from tests.access.world import (
    COUNCIL_STAGES,
    LOT,
    SECRETS,
    STAGES,
    TIE_OF_PARTY,
    TIE_OF_POOL,
    World,
    make,
)
from tests.factories import browser
from tests.undoing import undo

pytestmark = pytest.mark.django_db

C, M, H, R, T, G = (
    "coordinator", "mediator", "harmed", "responsible", "coordinator_party", "guardian",
)  # fmt: skip
P = "process_guardian"
SITS = ("seated", "challenged")
OFFICE, PARTIES = (C, M), (H, R, T)
# A named person sees a case once a mediator has spoken with them: in every stage but the first.
BESIDE = ("supporter", G, "interpreter")
HELPING = ("supporter", G)
ROLES = (
    "anonymous", "stranger", "member", C, T, "coordinator_tied", "coordinator_there", M,
    "mediator_elsewhere", "mediator_expired", "mediator_ended", "supporter_ended", H, R,
    *BESIDE, "superuser", "auditor", "process_guardian", "guardian_tied", *LOT[:6],
)  # fmt: skip

# ------------------------------------------------------- who may do which move, by stage

OF_MEDIATOR = dict.fromkeys(("set_contact", "reach", "assess", "add_companion"), (M,))
NAMED = {**OF_MEDIATOR, "take_consent_on_paper": (M,), "withdraw_consent": (M,)}


# Of a person harmed who was spoken with, and beside whom somebody stands.
OF_HARMED = {"wish_to_end": (H,), "note_wish_to_end": (M,), "end_companion": (H, M)}


def party(own: str, *, guard: tuple[str, ...] = (), **more: tuple[str, ...]) -> dict[str, Any]:
    """Return the moves on one party's part: its own words and consent are nobody else's."""
    return {
        **OF_MEDIATOR, "write_statement": (own,), "withdraw_consent": (own, M, *guard), **more,
    }  # fmt: skip


ENDING = {"pause": (M,), "close": OFFICE, "refer_elsewhere": OFFICE, "split": (C,)}
COUNCIL = {"refer_to_council": OFFICE}
# A party asks the community of who is in office in their case to recall them.
OUTSIDE = {"bring_recall": (*PARTIES, G)}
MEDIATORS = {"assign_mediator": (C,), "release_mediator": (C,)}
MEDIATION = dict.fromkeys(
    (
        "plan_meeting", "hold_meeting", "cancel_meeting", "write_shared_note",
        "write_private_note", "extend_mediation", "end_without_agreement",
    ),
    (M,),
)  # fmt: skip
IN_MEDIATION = {
    "party of harmed": party(H, guard=(G,), state_harm=(H, M), ask_closing_word=(M,), **OF_HARMED),
    "party of responsible": party(R, ask_closing_word=(M,)),
    "party of coordinator_party": party(T, ask_closing_word=(M,)),
    "mediation": MEDIATION,
}
MOVES: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "reported": {
        "case": {"accept": OFFICE, "add_party": OFFICE, **ENDING},
        "party of harmed": NAMED,
        "party of responsible": NAMED,
        "party of coordinator_party": NAMED,
    },
    "screening": {
        "case": {
            "add_party": OFFICE, "begin_mediation": (M,),
            **ENDING, **OUTSIDE, **COUNCIL, **MEDIATORS,
        },
        "party of harmed": party(
            H, guard=(G,), give_consent=(H,), give_consent_as_guardian=(G,), state_harm=(H, M),
            take_consent_on_paper=(M,), **OF_HARMED,
        ),
        "party of responsible": party(R, give_consent=(R,), take_consent_on_paper=(M,)),
        "party of coordinator_party": party(T, give_consent=(T,), take_consent_on_paper=(M,)),
    },
    "drafting": {
        "case": {**ENDING, **OUTSIDE, **COUNCIL, **MEDIATORS},
        **IN_MEDIATION,
        "agreement": {
            "offer_agreement": (M,), "add_commitment": (M,), "change_account": (M,),
        },
        "commitment": {"change_commitment": (M,), "remove_commitment": (M,)},
    },
    "offered": {
        "case": {**ENDING, **OUTSIDE, **COUNCIL, **MEDIATORS},
        **IN_MEDIATION,
        "agreement": {
            "sign_agreement": (*PARTIES, G), "sign_on_paper": (M,), "take_back_offer": (M,),
            "step_back": (*PARTIES, G, M),
        },
        "commitment": {},
    },
    "followed": {
        "case": {**ENDING, **OUTSIDE, **COUNCIL},
        "party of harmed": party(H, guard=(G,), ask_closing_word=(M,), **OF_HARMED),
        "party of responsible": party(R, ask_closing_word=(M,)),
        "party of coordinator_party": party(T, ask_closing_word=(M,)),
        "mediation": {},
        "agreement": {},
        "commitment": {"confirm_done": (H, G), "not_yet": (H, G), "waive": (H, G)},
    },
    "closed": {
        "case": {"reopen": (C,), **OUTSIDE},
        "party of harmed": {},
        "party of responsible": {},
        "party of coordinator_party": {},
        "mediation": {},
        "agreement": {},
        "commitment": {},
    },
}  # fmt: skip
RUNS = (C, P)
BEFORE_COUNCIL = {
    "case": {"draft_agreement": (M,), **ENDING, **OUTSIDE},
    "party of harmed": party(
        H, guard=(G,), give_consent=(H,), give_consent_as_guardian=(G,), state_harm=(H, M),
        take_consent_on_paper=(M,), give_closing_word=(H,), **OF_HARMED,
    ),
    "party of responsible": party(
        R, give_consent=(R,), take_consent_on_paper=(M,), ask_closing_word=(M,)
    ),
    "party of coordinator_party": party(
        T, give_consent=(T,), take_consent_on_paper=(M,), ask_closing_word=(M,)
    ),
}  # fmt: skip
WRITES = {"write_to_council": (*PARTIES, G, M)}
MOVES["council"] = {
    **BEFORE_COUNCIL,
    # Who has written already is not asked whether there is nothing to add.
    "council": {"prepare_draw": RUNS, **WRITES, "nothing_to_add": (R, T, M)},
    "sharing": {"answer_sharing": PARTIES},
    "draw": {"enter_dice": RUNS, "void_draw": RUNS, "reveal": (H, P)},
}
MOVES["seated"] = {
    **BEFORE_COUNCIL,
    "council": {"prepare_draw": RUNS, **WRITES, "nothing_to_add": (R, T, M)},
    "packet": {},
    "hearing": {"answer_invitation": (H, G), "move_hearing": RUNS, "cancel_hearing": RUNS},
    # Once its randomness is known nobody voids it alone; the guardian asks an auditor.
    "draw": {"void_draw": (P,)},
    "seat of seated": {
        "challenge_member": PARTIES,
        "recuse": ("seated",),
        "ask_recall": (*PARTIES, "challenged", P),
    },
    "seat of challenged": {
        "challenge_member": PARTIES,
        "recuse": ("challenged",),
        "ask_recall": (*PARTIES, "seated", P),
    },
    "seat of asked": {},
    "challenge": {"answer_challenge": ("seated",)},
}

# ------------------------------------------------------------ who may read which part

PAPER_READERS = {
    "drafting": (M,),
    **dict.fromkeys(("offered", "followed", "closed"), (M, *PARTIES, *HELPING)),
}


def sees_case(stage: str) -> tuple[str, ...]:
    if stage in COUNCIL_STAGES:
        return (*OFFICE, *PARTIES, *BESIDE, P, *(SITS if stage == "seated" else ()))
    return OFFICE if stage == "reported" else (*OFFICE, *PARTIES, *BESIDE)


def reads_part(stage: str, part: str) -> tuple[str, ...]:
    """Return who may know of a part: each side its own, and office nothing of the talks."""
    if part == "case":
        return sees_case(stage)
    if part.startswith("party of "):
        own = part.removeprefix("party of ")
        beside = (own, *(HELPING if own == H else ()))
        return OFFICE if stage == "reported" else (*OFFICE, *beside)
    if part == "seat of asked":
        return RUNS
    if part == "challenge":
        return (H, *HELPING, "seated")
    if part == "sharing":
        return (M, *PARTIES)
    if part == "packet":
        return (*PARTIES, G, "interpreter", P, *SITS)
    if part == "hearing":  # one to which the person harmed is asked, and nobody else
        return (C, P, H, *HELPING, "interpreter", *SITS)
    if part in ("council", "draw") or part.startswith("seat of "):
        return tuple(role for role in sees_case(stage) if role != "interpreter")
    if part == "mediation":
        return (M, *PARTIES, *HELPING)
    return PAPER_READERS[stage]


# --------------------------------------------------------------------- the addresses

DONE = (200, 302, 409, 422)
GET_ONLY = {"GET": 200, "POST": 405}
FORM = {"GET": 200, "POST": 422}
OF_DRAWS = ("councils:draw", "councils:draw_record", "councils:features", "councils:excluded")
# Pages that know nothing of a case: the same answer for everybody.
PUBLIC: dict[str, dict[str, int]] = {
    "desk:home": GET_ONLY, "desk:help": GET_ONLY, "desk:about": GET_ONLY,
    "desk:report": FORM, "desk:receipt": FORM, "desk:verify_agreement": FORM,
    "desk:healthz": GET_ONLY, "desk:readyz": GET_ONLY,
    # What is there to see of a draw, and for whom: tests/councils/test_public.py.
    "councils:draw_home": GET_ONLY, "councils:script": GET_ONLY,
    **{name: {"GET": 404, "POST": 405} for name in OF_DRAWS},
    "councils:agree_to_void": {"GET": 404, "POST": 404},
    # Outside the demo there is no such address.
    "desk:demo": {"GET": 404, "POST": 404}, "desk:demo_sign_in": {"GET": 404, "POST": 404},
    # The public description of the API; django-ninja gives it to any verb.
    "api:openapi-json": {"GET": 200, "POST": 200},
    "councils:rotation": GET_ONLY,
    "figures:advice": GET_ONLY, "figures:absences": GET_ONLY,
}  # fmt: skip
# For whoever is signed in, about themselves only.
SIGNED_IN: dict[str, dict[str, int]] = {
    "councils:pool": GET_ONLY, "desk:notices": GET_ONLY, "communities:home": GET_ONLY,
    "desk:read_notices": {"GET": 405, "POST": 302},
}  # fmt: skip
MAY_OPEN = (C, T, "coordinator_tied", "coordinator_there", M, "mediator_elsewhere")
OF_CASES = {"cases:new", "cases:import", "cases:detail", "cases:paper", "cases:move"}
HEARD = {"cases:packet", "cases:packet_paper", "cases:decision_paper", "cases:hearing"}
# Who gets which answer there: tests/access/test_communities.py.
OF_COMMUNITIES = {
    f"communities:{name}"
    for name in ("community", "charter", "question", "move", "recall", "recall_move")
}  # fmt: skip
# Who gets which answer there: tests/access/test_deciding.py and test_houses.py.
OF_TABLES = {"cases:table", "cases:proposal"}
OF_HOUSES = {f"rehabilitation:{one.name}" for one in houses}
OF_COUNCILS = {"councils:pool_move", "councils:seat", "councils:seat_move"}
OF_API = {
    "api:own_move",
    "api:me",
    "api:cases",
    "api:open",
    "api:case",
    "api:part",
    "api:move",
    "api:api-root",
    # Around a placement and in a house: tests/rehabilitation/test_every_move.py.
    "api:house_or_placement_move",
    "api:inner_move",
}
NO_ADDRESS = "api/^.*$"  # every other address under /api/
# One rule for the public sign-in pages: they are allauth's and Django's own, know no case,
# and answer everybody something other than a server error.
SIGN_IN_PREFIXES = ("accounts/", "i18n/")
ARGS = {
    "desk:demo_sign_in": ["coordinator"],
    "councils:rotation": ["here"],
    "figures:advice": ["here"],
    "figures:absences": ["here"],
    **{name: ["DR-0000-0000"] for name in (*OF_DRAWS, "councils:agree_to_void")},
    "account_confirm_email": ["nokey"],
    "account_reset_password_from_key": ["1", "nokey"],
}


def addresses(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield (route, name) of every address in the URLconf."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from addresses(one, route, inner)
        else:
            yield route, f"{space}{one.name}" if one.name else route


def test_every_address_is_in_the_table() -> None:
    known = {
        *PUBLIC, *SIGNED_IN, *OF_CASES, *HEARD, *OF_COUNCILS, *OF_COMMUNITIES, *OF_TABLES,
        *OF_HOUSES, *OF_API, NO_ADDRESS
    }  # fmt: skip
    found = {name for route, name in addresses() if not route.startswith(SIGN_IN_PREFIXES)}
    assert found == known


class Table:
    """Asks one cell at a time, undoes what it did, and keeps what was answered otherwise."""

    def __init__(self, world: World) -> None:
        self.world, self.count = world, Counter()
        self.wrong: list[str] = []
        self.bare = browser()  # knows no session; tokens go with each request
        self.clients = {role: browser() for role in {*ROLES, *world.people}}
        for role, someone in world.people.items():
            self.clients[role].force_login(someone)
        self.found: dict[str, dict[tuple[str, str], list[Move]]] = {}

    def ask(self, role: str, verb: str, url: str, *, token: bool = False, **more: Any) -> Any:
        headers = {}
        client = self.clients[role]
        if token:
            client = self.bare
            if role in self.world.tokens:
                headers = {"Authorization": f"Bearer {self.world.tokens[role]}"}
        # Not ``atomic``: noting an access asks for a transaction of its own.
        point = transaction.savepoint()
        if verb == "GET":
            answer = client.get(url, headers=headers, **more)
        else:
            answer = client.post(
                url, json.dumps({}) if token else {}, headers=headers,
                **({"content_type": "application/json"} if token else {}),
            )  # fmt: skip
        undo(point)
        return answer

    def cell(self, role: str, verb: str, url: str, wanted: Any, *, token: bool = False) -> Any:
        """Ask, and compare the status; ``wanted`` is a status, or several."""
        answer = self.ask(role, verb, url, token=token)
        self.count[verb] += 1
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        if answer.status_code not in wanted:
            self.wrong.append(f"{role} {verb} {url}: {answer.status_code}, not {wanted}")
        elif role == "anonymous" and answer.status_code == 302:
            to = answer["Location"]
            if not to.startswith(reverse("account_login")):
                self.wrong.append(f"{role} {verb} {url}: sent to {to}")
        return answer

    def hidden(self, role: str, address: tuple[str, str], name: str) -> None:
        """Look for a move as its page and the API do, without a request, and find none there."""
        moves, by = self.moves(role).get(address, []), self.world.people.get(role)
        status = attempt(moves, name, {}, by=by, now=timezone.now()).status
        self.count["directly"] += 1
        if status != 404:
            self.wrong.append(f"{role} at {address} {name}: {status} directly, not 404")

    def unread(self, role: str, address: tuple[str, str]) -> None:
        """Look for a part as the pages and the API do, without a request, and find none there."""
        self.count["directly"] += 1
        if address in self.moves(role):
            self.wrong.append(f"{role} knows of {address} directly")

    def moves(self, role: str) -> dict[tuple[str, str], list[Move]]:
        """Return what somebody may do, by the address of each part of the case they know of."""
        if role not in self.found:
            self.found[role] = self._moves(role)
        return self.found[role]

    def _moves(self, role: str) -> dict[tuple[str, str], list[Move]]:
        today, someone = timezone.localdate(), self.world.people.get(role, AnonymousUser())
        case = Case.objects.visible_to(someone, today=today).filter(pk=self.world.case.pk).first()
        if case is None:
            return {}
        who, parts = who_and_parts(case, someone, today=today)
        return {
            (part.part, part.id): moves_on(part, case, someone, who, today=today) for part in parts
        }

    def lists(self, role: str, url: str, *, shown: bool, token: bool = False) -> None:
        """Compare whether the case is named on a page that lists."""
        answer = self.ask(role, "GET", url, token=token)
        self.count["lists"] += 1
        if (self.world.case.reference in answer.content.decode()) != shown:
            self.wrong.append(f"{role} at {url}: the case is {'not ' * shown}named")

    def finish(self) -> None:
        said = f"{self.count.total()} cells ({dict(self.count)}), {len(self.wrong)} wrong"
        print(said)
        assert self.wrong == [], "\n".join([said, *self.wrong])


@pytest.fixture
def table(request: pytest.FixtureRequest, db: Any) -> Table:
    return Table(make(request.param))


EVERY_STAGE = (*STAGES, *COUNCIL_STAGES)
before_a_council = pytest.mark.parametrize("table", COUNCIL_STAGES, indirect=True)


def page(role: str, allowed: tuple[str, ...], status: Any) -> Any:
    """Return what a page answers: the way in for who is not signed in, 404 for the others."""
    return 302 if role == "anonymous" else status if role in allowed else 404


def call(role: str, allowed: tuple[str, ...], status: Any) -> Any:
    return 401 if role == "anonymous" else status if role in allowed else 404


def the_case_and_its_paper(table: Table) -> None:
    stage, case = table.world.stage, table.world.case
    paper = table.world.parts.get("agreement")
    for role in ROLES:
        url = case.get_absolute_url()
        table.cell(role, "GET", url, page(role, sees_case(stage), 200))
        # Said before anybody looks whether there is such a case.
        table.cell(role, "POST", url, 302 if role == "anonymous" else 405)
        if paper:
            url = reverse("cases:paper", args=[case.reference, paper[1]])
            table.cell(role, "GET", url, page(role, PAPER_READERS[stage], 200))
            table.cell(role, "POST", url, 302 if role == "anonymous" else 405)
        shown = role in sees_case(stage)
        table.lists(role, "/" if stage != "closed" else "/?closed=1", shown=shown and (
            stage != "closed" or role != C
        ))  # fmt: skip
        table.lists(role, reverse("api:cases"), shown=shown, token=True)
        if not shown:
            table.lists(role, reverse("desk:notices"), shown=False)
    table.finish()


def every_move_is_there_for_exactly_who_may_do_it(table: Table) -> None:
    """Also that the table names every move: what somebody is offered must be in it."""
    stage, world = table.world.stage, table.world
    names = {address: name for name, address in world.parts.items()}
    offered: dict[tuple[str, str], set[str]] = {}
    today = timezone.localdate()
    for role, someone in world.people.items():
        who, parts = who_and_parts(world.case, someone, today=today)
        if not who.may_see:
            continue
        for part in parts:
            if role in (C, H, "seated"):
                assert find_part(world.case, who, part.part, part.id) == part
            for move in moves_on(part, world.case, someone, who, today=today):
                offered.setdefault((names[part.part, part.id], move.name), set()).add(role)
    wanted = {
        (part, move): set(roles)
        for part, moves in MOVES[stage].items()
        for move, roles in moves.items()
    }
    assert set(world.parts) == set(MOVES[stage])
    assert offered == wanted


# A move is hidden because the case is, whatever is asked of it; or because the part is, whatever
# the move; or only the move is. Where somebody first meets one for such a reason (and, where the
# case is hidden, in each stage), its addresses are asked; the others are looked for directly. So
# with what one may do: who is offered it in a stage is a test of its own.
Reason = tuple[str | bool, ...]
FIRST_MET: dict[Reason, tuple[str, str, str]] = {}


def reason(stage: str, part: str, name: str, role: str) -> Reason:
    sees, reads = role in sees_case(stage), role in reads_part(stage, part)
    may = role in MOVES[stage][part][name]
    if not (sees or reads or may):
        return stage, role
    return part, name if sees and reads else "", role, sees, reads, may


for _stage in EVERY_STAGE:
    for _part, _moves in MOVES[_stage].items():
        for _name, _role in product(_moves, ROLES):
            FIRST_MET.setdefault(reason(_stage, _part, _name, _role), (_stage, _part, _name))


def the_address_of_every_move(table: Table) -> None:
    """In the pages and in the API: whatever one may do, and each reason why one may not."""
    stage, world = table.world.stage, table.world
    for part, moves in MOVES[stage].items():
        for (name, allowed), role in product(moves.items(), ROLES):
            args = [world.case.reference, *world.parts[part], name]
            if FIRST_MET[reason(stage, part, name, role)] == (stage, part, name):
                url = reverse("cases:move", args=args)
                table.cell(role, "GET", url, page(role, allowed, 200))
                table.cell(role, "POST", url, page(role, allowed, DONE))
                url = reverse("api:move", args=args)
                table.cell(role, "POST", url, call(role, allowed, DONE), token=True)
            elif role not in allowed:
                table.hidden(role, world.parts[part], name)
    table.finish()


# As with the moves: who may not read a part is refused once in each stage where the case is
# hidden from them, and once for each part that is; otherwise it is looked for directly.
FIRST_READ: dict[tuple[str, str], tuple[str, str]] = {}


def unread(stage: str, part: str, role: str) -> tuple[str, str]:
    return (part, role) if role in sees_case(stage) else (stage, role)


for _stage in EVERY_STAGE:
    for _part, _role in product((one for one in MOVES[_stage] if one != "case"), ROLES):
        FIRST_READ.setdefault(unread(_stage, _part, _role), (_stage, _part))


def the_api(table: Table) -> None:
    stage, world = table.world.stage, table.world
    for role in ROLES:
        url = reverse("api:case", args=[world.case.reference])
        table.cell(role, "GET", url, call(role, sees_case(stage), 200), token=True)
        table.cell(role, "POST", url, (405, 404, 401), token=True)
        # A session opens no address of the API.
        table.cell(role, "GET", url, 401)
        for part, (kind, part_id) in world.parts.items():
            readers = reads_part(stage, part)
            if kind != "case":
                # Their own seat is theirs to read before they may read the case.
                own = (part.removeprefix("seat of "),) if kind == "seat" else ()
                wanted = call(role, (*readers, *own), 200)
                if wanted == 404 and FIRST_READ[unread(stage, part, role)] != (stage, part):
                    table.unread(role, (kind, part_id))
                    continue
                url = reverse("api:part", args=[kind, part_id])
                table.cell(role, "GET", url, wanted, token=True)
    table.finish()


@pytest.mark.parametrize("table", EVERY_STAGE, indirect=True, ids=EVERY_STAGE)
def test_a_case_in_every_stage(table: Table) -> None:
    """One world for all of it: making one takes longer than asking a hundred times."""
    every_move_is_there_for_exactly_who_may_do_it(table)
    the_case_and_its_paper(table)
    the_address_of_every_move(table)
    the_api(table)


@pytest.mark.parametrize("table", ["seated"], indirect=True)
def test_what_the_council_reads_and_hears(table: Table) -> None:
    """Also the paper of a decision: there is none yet, for anybody."""
    case, parts = table.world.case, table.world.parts
    council = Council.objects.get(pk=parts["council"][1])
    readers = reads_part("seated", "packet")
    attend = tuple(role for role in reads_part("seated", "hearing") if role != C)
    pages = (
        (reverse("cases:packet", args=[case.reference, council.public_id]), readers),
        (reverse("cases:packet_paper", args=[case.reference, council.public_id]), readers),
        (reverse("cases:hearing", args=[case.reference, parts["hearing"][1]]), attend),
        (reverse("cases:decision_paper", args=[case.reference, parts["council"][1]]), ()),
    )
    for role in ROLES:
        for url, may in pages:
            table.cell(role, "GET", url, page(role, may, 200))
            table.cell(role, "POST", url, 302 if role == "anonymous" else 405)
            table.cell(role, "GET", url.replace(case.reference, "RJ-2222-2222"),
                       page(role, (), 200))  # fmt: skip
    table.finish()


JOINS = ("member", C, T, "coordinator_tied", "auditor", M, "mediator_elsewhere", P, "guardian_tied")
IN_POOL = LOT[:6]
POOL_MOVES = {
    "join_pool": JOINS, "come_back": (),
    **dict.fromkeys(
        ("say_features", "declare_tie", "stay_away", "stay_in_pool", "leave_pool"), IN_POOL
    ),
}  # fmt: skip
SEAT_MOVES: dict[str, tuple[str, ...]] = {
    "promise": ("asked",), "accept_seat": ("asked",), "decline_seat": ("asked",),
    "recuse": ("asked", *SITS), "challenge_member": (), "answer_challenge": (),
}  # fmt: skip


@before_a_council
def test_ones_own_place_in_the_hat(table: Table) -> None:
    for role in ROLES:
        slug = table.world.case.community.slug
        url = reverse("api:part", args=["pool", slug])
        table.cell(role, "GET", url, call(role, (*JOINS, *IN_POOL), 200), token=True)
        for name, allowed in POOL_MOVES.items():
            # One move tells of a community that is not there; and of another, whether one may join.
            for there in (slug, "there", "nowhere") if name == "join_pool" else (slug,):
                may = allowed if there == slug else ()
                if there == "there" and name == "join_pool":
                    may = ("coordinator_there",)
                url = reverse("councils:pool_move", args=[there, name])
                table.cell(role, "GET", url, page(role, may, 200))
                table.cell(role, "POST", url, page(role, may, DONE))
                url = reverse("api:own_move", args=["pool", there, name])
                table.cell(role, "POST", url, call(role, may, DONE), token=True)
    table.finish()


@pytest.mark.parametrize("table", ["seated"], indirect=True)
def test_a_seat_is_read_and_answered_by_its_own_person_alone(table: Table) -> None:
    for drawn, seat_id in table.world.seats.items():
        for role in ROLES:
            url = reverse("councils:seat", args=[seat_id])
            table.cell(role, "GET", url, page(role, (drawn,), 200))
            table.cell(role, "POST", url, 302 if role == "anonymous" else 405)
            if drawn not in (*SITS, "asked"):  # those are parts of the case as well
                url = reverse("api:part", args=["seat", seat_id])
                table.cell(role, "GET", url, call(role, (drawn,), 200), token=True)
            for turn, (name, allowed) in enumerate(SEAT_MOVES.items()):
                # To others the seat is not there at all: each asks for one of its moves.
                if role != drawn and turn != ROLES.index(role) % len(SEAT_MOVES):
                    continue
                may = (drawn,) if drawn in allowed else ()
                url = reverse("councils:seat_move", args=[seat_id, name])
                table.cell(role, "GET", url, page(role, may, 200))
                table.cell(role, "POST", url, page(role, may, DONE))
                url = reverse("api:own_move", args=["seat", seat_id, name])
                table.cell(role, "POST", url, call(role, may, DONE), token=True)
    table.finish()


def all_that_names_no_case(table: Table, role: str) -> str:
    """Return what this person is shown at the addresses that do not hold the reference."""
    world = table.world
    urls = [reverse("desk:notices"), reverse("councils:pool"), "/"]
    urls += [reverse("councils:seat", args=[pk]) for pk in world.seats.values()]
    read = [table.ask(role, "GET", url) for url in urls]
    urls = [reverse("api:part", args=part) for part in world.parts.values() if part[0] != "case"]
    urls += [reverse("api:part", args=["seat", pk]) for pk in world.seats.values()]
    urls += [reverse("api:part", args=["pool", world.case.community.slug])]
    urls += [reverse("api:cases"), reverse("api:me")]
    read += [table.ask(role, "GET", url, token=True) for url in urls]
    return "\n".join(html.unescape(one.content.decode()) for one in read)


def all_of_the_case(table: Table, role: str) -> str:
    """Return what this person is shown of the case itself, on its pages and by the API."""
    world = table.world
    read = [table.ask(role, "GET", world.case.get_absolute_url())]
    url = reverse("api:case", args=[world.case.reference])
    read.append(table.ask(role, "GET", url, token=True))
    for part, moves in MOVES[world.stage].items():
        for name in (name for name, allowed in moves.items() if role in allowed):
            url = reverse("cases:move", args=[world.case.reference, *world.parts[part], name])
            read.append(table.ask(role, "GET", url))
    return "\n".join(html.unescape(one.content.decode()) for one in read)


# Who finds which of the secret words. Whoever is not named finds none.
OF_SIDES = {"harm", "closing word", "talks"}
READS = {
    C: {"account", "referral", "how to reach", "safety", "harm", "closing word"},
    M: {
        "account",
        "referral",
        "how to reach",
        "safety",
        "private",
        "harm",
        "closing word",
        "talks",
    },
    H: {"private", *OF_SIDES, "word to the council"},
    G: {*OF_SIDES, "word to the council"},
    **dict.fromkeys(("supporter", R, T), OF_SIDES),
    "interpreter": {"harm", "closing word"},
}
# And once there is a packet, and a hearing to which the person harmed is asked.
READS_SEATED = {
    **{one: {"packet"} for one in (R, T, "interpreter", *SITS)},
    **{one: {"packet", "needs"} for one in (H, G, P)},
    C: {"needs"},
}


@before_a_council
def test_what_each_person_finds_in_all_they_are_shown(table: Table) -> None:
    world = table.world
    names = {role: world.people[role].name for role in LOT}
    for role in ROLES:
        beside = all_that_names_no_case(table, role)
        text = beside + all_of_the_case(table, role)
        table.count["searched"] += 1
        found = {what for what, words in SECRETS.items() if words in text}
        later = READS_SEATED if world.stage == "seated" else {}
        if found != READS.get(role, set()) | later.get(role, set()):
            table.wrong.append(f"{role} finds {found}")
        for words in (TIE_OF_PARTY, TIE_OF_POOL):
            if words in text:
                table.wrong.append(f"{role} finds {words}")
        doubt = "DOUBT they are neighbours" in text
        if doubt != (world.stage == "seated" and role in (H, *HELPING, "seated")):
            table.wrong.append(f"{role} {'finds' if doubt else 'misses'} the doubt")
        known = {drawn for drawn, name in names.items() if name in text} - {role}
        wanted = set()
        if world.stage == "seated" and role in sees_case("seated"):
            wanted = set(SITS) - {role}
            if role in RUNS:
                wanted.add("asked")
            if role == "interpreter":
                wanted = set(SITS)
        if known != wanted:
            table.wrong.append(f"{role} reads the names of {known}, not {wanted}")
        # Before the promise nobody learns whose case it is, nor after their seat has ended.
        if world.case.reference in beside and role not in sees_case(world.stage):
            table.wrong.append(f"{role} finds the reference")
    table.finish()


@pytest.mark.parametrize("table", ["offered"], indirect=True)
def test_the_pages_that_know_no_case(table: Table) -> None:
    for role in ROLES:
        for name, verbs in PUBLIC.items():
            for verb, status in verbs.items():
                url = reverse(name, args=ARGS.get(name))
                answer = (status, 503) if name == "desk:readyz" and verb == "GET" else status
                table.cell(role, verb, url, answer)
        for name, verbs in SIGNED_IN.items():
            for verb, status in verbs.items():
                table.cell(role, verb, reverse(name), 302 if role == "anonymous" else status)
        for name in ("cases:new", "cases:import"):
            table.cell(role, "GET", reverse(name), page(role, MAY_OPEN, 200))
            table.cell(role, "POST", reverse(name), page(role, MAY_OPEN, 422))
        for name in ("api:me", "api:cases"):
            table.cell(role, "GET", reverse(name), call(role, ROLES, 200), token=True)
        table.cell(role, "POST", reverse("api:open"), call(role, MAY_OPEN, 422), token=True)
        for verb in ("GET", "POST"):
            table.cell(role, verb, "/api/v1/nothing-here", 404, token=True)
            table.cell(role, verb, reverse("api:api-root"), 404, token=True)
    table.finish()


@pytest.mark.parametrize("table", ["offered"], indirect=True)
def test_the_public_sign_in_pages(table: Table) -> None:
    for route, name in addresses():
        if not route.startswith(SIGN_IN_PREFIXES):
            continue
        url = reverse(name, args=ARGS.get(name))
        for role in ("anonymous", "stranger", C, M, H, "superuser"):
            for verb in ("GET", "POST"):
                answer = table.ask(role, verb, url)
                table.count[verb] += 1
                named = table.world.case.reference in answer.content.decode()
                if answer.status_code >= 500 or named:
                    table.wrong.append(f"{role} {verb} {url}: {answer.status_code}")
    table.finish()
