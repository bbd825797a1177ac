"""One draw: prepared, looked for in the background, and committed before its beacon exists.

What is published is fixed before the randomness exists. From then on nobody can change who is
in it, only add what was announced: ``docs/draw.md``.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from cases.access import Standing, require
from cases.models import Case
from cases.writing import day
from councils import drand, rules, scheme
from councils.actions.forming import (
    concerned,
    frozen,
    obstacles_to_ties,
    pools_for,
)  # fmt: skip
from councils.actions.rosters import (
    asked_of,
    count_out,
    problem_of,
    sat_before,
    seated_entries,
    seats_to_fill,
    write_roster,
)
from councils.models import Council, Draw, DrawRecord
from councils.rules import Quota
from councils.writing import by_itself, note, on_council, on_draw, tell_parties, tell_who_runs
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from notices.actions import tell
from people.models import Person

THROWS = 50
NETWORK = drand.QUICKNET
# A search that has said nothing for so long was ended with its process, or never begun.
SILENT = timedelta(minutes=5)
PREPARING, SOLVING = Draw.State.PREPARING, Draw.State.SOLVING


def may_run(case: Case, council: Council, who: Standing) -> bool:
    """Say whether this person runs the draw: the coordinator, or the guardian of the process.

    Either can; neither chooses anything in it.
    """
    runs = who.coordinates or who.guards_process
    return runs and rules.gathers(case.state, hears_appeal=council.appeal_of_id is not None)


# ── Prepare ──────────────────────────────────────────────────────────────────


def vacancies(council: Council) -> int:
    """Return how many seats of a council are empty and nobody has been asked for."""
    return rules.vacant([seat.state for seat in council.seats.all()], size=council.size)


def obstacles_to_prepare(council: Council, case: Case, today: date) -> list[Obstacle]:
    """Return why no draw can be prepared now: on hold, one is under way, or ties are awaited."""
    found = frozen(case)
    if any(draw.state in rules.LIVE_DRAWS for draw in council.draws.all()):
        found.append(Obstacle(code="draw_under_way", cleared_by="coordinator"))
    return found + obstacles_to_ties(council, case, today)


def prepare_draw(
    council: Council, *, by: Person, now: datetime, beacons: list[str],
    dice_at: datetime | None = None, dice_witnesses: str = "",
) -> Draw:  # fmt: skip
    """Prepare a draw for the empty seats, and say what will decide it.

    The first draw is for the whole council; later ones fill one seat each, with a beacon of
    their own. Without contributions, which are given first, the panels are looked for at once.
    """
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_run(case, council, who) and council.state in rules.LIVE_COUNCILS)
        require(vacancies(council) > 0)
        refuse_if_any(obstacles_to_prepare(council, case, day(now)))
        if rules.problems_of_beacons(beacons):
            raise ValueError("These beacons cannot be announced.")
        before = council.draws.filter(state=Draw.State.DRAWN).order_by("number").last()
        last = council.draws.aggregate(most=Max("number"))["most"] or 0
        draw = Draw(
            council=council, number=last + 1, beacons=list(beacons), prepared_at=now, of=before,
            kind=Draw.Kind.REPLACEMENT if before else Draw.Kind.PANEL,
            vacant=vacancies(council) if before else 0,
            quotas=[list(quota) for quota in quotas_of(council, case)],
        )  # fmt: skip
        if "dice" in beacons:
            draw.sources = {"dice": {"at": dice_at.isoformat() if dice_at else "",
                                     "witnesses": len(dice_witnesses.split(","))}}  # fmt: skip
        draw.save(force_insert=True)
        note(draw, case, "draw_prepared", by=by, now=now)
        if "contributions" in beacons:
            _invite_contributions(draw, case, now=now)
        else:
            _look(draw, case, now=now)
        return draw


def quotas_of(council: Council, case: Case) -> list[Quota]:
    """Return what the charter asks a council to hold; of several communities, some of each."""
    charter = council.charter_version.charter
    found = rules.scaled(charter.quotas, charter_size=charter.council_size, size=council.size)
    from_ = concerned(case, council.community)
    if len(from_) > 1:
        found += rules.shares(council.size, [one.slug for one in from_])
    return found


def _invite_contributions(draw: Draw, case: Case, *, now: datetime) -> None:
    key = f"contribute:{draw.pk}"
    tell_parties(case, "you_can_contribute", now=now, key=key)
    guardian = draw.council.process_guardian
    if guardian is not None:
        tell(guardian, "you_can_contribute", case_reference=case.reference,
             key=f"{key}:{guardian.pk}", now=now)  # fmt: skip


# ── Look for panels ──────────────────────────────────────────────────────────


def obstacles_to_look(draw: Draw, case: Case) -> list[Obstacle]:
    """Return why the panels cannot be looked for: only a case on hold keeps them."""
    return frozen(case)


def find_panels(draw: Draw, *, by: Person, now: datetime) -> Draw:
    """Look, or look again, for fair panels: who is in the hat is asked anew each time."""
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        require(may_run(case, draw.council, who) and draw.state == PREPARING)
        refuse_if_any(obstacles_to_look(draw, case))
        _look(draw, case, now=now)
        return draw


def may_cut_rest(draw: Draw) -> bool:
    """Say whether a draw without panels has some once whoever would still rest is in the hat."""
    return draw.state == PREPARING and bool(draw.problem.get("rest"))


def cut_rest(draw: Draw, *, by: Person, now: datetime, reason: str) -> Draw:
    """Put whoever would still rest after a seat into this hat too, with a reason on the record.

    They can say no like everybody else; it comes before any quota is relaxed.
    """
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        require(may_run(case, draw.council, who) and may_cut_rest(draw))
        refuse_if_any(obstacles_to_look(draw, case))
        draw.rest_cut_short = True
        draw.relaxed_because = "\n".join(filter(None, (draw.relaxed_because, reason)))
        draw.save(update_fields=["rest_cut_short", "relaxed_because"])
        note(draw, case, "rest_cut_short", by=by, now=now)
        _look(draw, case, now=now)
        return draw


def obstacles_to_relax(draw: Draw, case: Case) -> list[Obstacle]:
    """Return why no quota can be relaxed yet: on hold, or cutting the rest short would do."""
    found = obstacles_to_look(draw, case)
    if may_cut_rest(draw):
        found.append(Obstacle(code="rest_first", cleared_by="coordinator"))
    return found


def relax_quotas(
    draw: Draw, *, by: Person, now: datetime, relaxations: list[str], reason: str
) -> Draw:
    """Relax quotas that cannot be met, as proposed, with a reason that stays on the record."""
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        require(may_run(case, draw.council, who) and draw.state == PREPARING)
        proposed = {relaxation_key(one): one for one in draw.problem.get("relaxations", [])}
        require(bool(proposed) and set(relaxations) <= set(proposed))
        refuse_if_any(obstacles_to_relax(draw, case))
        chosen = [proposed[key] for key in sorted(set(relaxations))]
        draw.quotas = rules.relaxed(draw.quotas, chosen)
        draw.relaxed = [*draw.relaxed, *chosen]
        draw.relaxed_because = "\n".join(filter(None, (draw.relaxed_because, reason)))
        draw.save(update_fields=["quotas", "relaxed", "relaxed_because"])
        note(draw, case, "quotas_relaxed", by=by, now=now, how=json.dumps(chosen))
        _look(draw, case, now=now)
        return draw


def relaxation_key(relaxation: list[Any]) -> str:
    """Return what names one proposed relaxation in a form."""
    return json.dumps(relaxation, ensure_ascii=False)


def _look(draw: Draw, case: Case, *, now: datetime) -> None:
    """Put everybody in the hat or beside it, and begin to look for panels; case locked."""
    if draw.kind == Draw.Kind.REPLACEMENT:
        # Somebody may have stepped aside since it was prepared.
        draw.vacant = vacancies(draw.council)
    draw.alive_at, draw.progress = now, 0
    rest = not draw.rest_cut_short
    fewer = _fill_hat(draw, case, rest=rest, now=now)
    if draw.problem and rest:
        # Before any quota is relaxed it is asked whether cutting the rest short would do.
        problem = draw.problem
        more = _fill_hat(draw, case, rest=False, now=now)
        would_do = more > fewer and not draw.problem
        _fill_hat(draw, case, rest=True, now=now)
        draw.problem = {**problem, "rest": would_do}
    draw.save(
        update_fields=[
            "problem", "in_the_hat", "out", "alive_at", "progress", "vacant", "drawn_from",
            "widened",
        ]
    )  # fmt: skip
    if draw.problem:
        _say_stuck(draw, case, now=now)
    elif draw.kind == Draw.Kind.REPLACEMENT:
        _commit(draw, case, _replacement_record(draw), min_chance="", now=now)
    else:
        move(draw, "solve")
        note(draw, case, "draw_solving", by=None, now=now)
        begin_solving(draw)


def _fill_hat(draw: Draw, case: Case, *, rest: bool, now: datetime) -> int:
    """Write who is in the hat, and what is in the way of a panel; return how many are in it."""
    hat = pools_for(
        case, day(now), before=sat_before(draw.council), community=draw.council.community,
        size=seats_to_fill(draw), rest=rest,
    )  # fmt: skip
    draw.problem, draw.in_the_hat, draw.out = {}, len(hat.eligible), count_out(hat.out)
    if not hat.communities:
        draw.problem = {"why": [{"code": "pool_too_small", "params": {}}], "relaxations": []}
    else:
        draw.drawn_from = [one.slug for one in hat.communities]
        draw.widened = hat.widened
        write_roster(draw, case, hat, now=now)
        draw.in_the_hat = draw.roster.filter(eligible=True).count()
        draw.problem = problem_of(draw)
    return draw.in_the_hat


def _say_stuck(draw: Draw, case: Case, *, now: datetime) -> None:
    """Note that a draw waits for a person, and tell who runs it; case and draw locked."""
    note(draw, case, "draw_has_a_problem", by=None, now=now)
    tell_who_runs(draw.council, case, "draw_has_a_problem", now=now, key=f"problem:{draw.pk}:{now}")


def begin_solving(draw: Draw) -> None:
    """Hand the search for panels to the background, in this transaction."""
    # Here, because the task needs the actions, as this one action needs the task.
    from councils.tasks import solve  # noqa: PLC0415

    solve.enqueue(str(draw.pk))


# ── Solve and commit ─────────────────────────────────────────────────────────


def found_panels(draw_pk: Any, panels: list[list[str]], *, min_chance: str, now: datetime) -> bool:
    """Commit to the panels that were found. False where the draw is void or on hold by now."""
    with by_itself(draw_pk) as (draw, case):
        if draw.state != SOLVING:
            return False
        if case.frozen_on:
            # Put on hold meanwhile: nothing is published, and the panels can be looked for again.
            move(draw, "stall")
            return False
        _commit(draw, case, _panel_record(draw, panels), min_chance=min_chance, now=now)
        return True


def no_panels(draw_pk: Any, problem: dict[str, Any], *, now: datetime) -> bool:
    """Note that no panel meets the quotas; a person decides what to relax."""
    with by_itself(draw_pk) as (draw, case):
        if draw.state != SOLVING:
            return False
        draw.problem = problem
        move(draw, "stall", also=["problem"])
        _say_stuck(draw, case, now=now)
        return True


def _panel_record(draw: Draw, panels: list[list[str]]) -> dict[str, Any]:
    entries = list(draw.roster.order_by("token").values_list("token", "eligible"))
    return {
        "scheme": scheme.DRAW,
        "council": draw.council.public_id,
        "size": draw.council.size,
        "eligible": [token for token, eligible in entries if eligible],
        "excluded": [
            {"token": token, "reason": rules.NOT_IN_THIS_DRAW}
            for token, eligible in entries
            if not eligible
        ],
        "quotas": draw.quotas,
        "panels": panels,
    }


def _replacement_record(draw: Draw) -> dict[str, Any]:
    assert draw.of is not None
    return {
        "scheme": scheme.REPLACEMENT,
        "council": draw.council.public_id,
        "of": draw.of.commitment,
        "seated": sorted(one.token for one in seated_entries(draw.council)),
        "vacant": draw.vacant,
        "eligible": sorted(draw.roster.filter(eligible=True).values_list("token", flat=True)),
        "quotas": [list(quota) for quota in asked_of(draw)],
    }


def _commit(
    draw: Draw, case: Case, made: dict[str, Any], *, min_chance: str, now: datetime
) -> None:
    """Freeze, hash and publish a record together with the randomness that will decide."""
    charter = draw.council.charter_version.charter
    reveal_by = None
    if "contributions" in draw.beacons:
        if draw.contributions.exists():
            reveal_by = now + timedelta(hours=charter.reveal_hours)
        else:
            draw.beacons = [kind for kind in draw.beacons if kind != "contributions"]
    # Whoever reveals last must not know the other sources yet, so those come after.
    draw.beacon_at = (reveal_by or now) + timedelta(minutes=charter.beacon_minutes)
    draw.reveal_by = reveal_by
    announced = [_announce(draw, kind) for kind in draw.beacons]
    body = scheme.canon({**made, "beacon": {"sources": announced}})
    draw.commitment = scheme.commitment(json.loads(body)).hex()
    draw.min_chance, draw.committed_at, draw.progress = min_chance, now, 100
    DrawRecord.objects.create(draw=draw, body=body.decode())
    move(
        draw,
        "commit",
        also=[
            "commitment", "min_chance", "committed_at", "beacon_at", "reveal_by", "beacons",
            "sources", "progress",
        ],
    )  # fmt: skip
    note(draw, case, "draw_committed", by=None, now=now, commitment=draw.commitment)
    tell_who_runs(draw.council, case, "draw_committed", now=now, key=f"committed:{draw.pk}")
    key = f"draw-committed:{draw.pk}"
    tell_parties(case, "draw_committed", now=now, key=key)


def _announce(draw: Draw, kind: str) -> dict[str, Any]:
    assert draw.beacon_at is not None
    if kind == "drand":
        number = drand.round_after(NETWORK, draw.beacon_at)
        draw.sources = {**draw.sources, "drand": {"round": number}}
        draw.beacon_at = max(draw.beacon_at, drand.time_of(NETWORK, number))
        return {
            "kind": "drand", "network": NETWORK.name, "chain": NETWORK.chain, "round": number,
            "at": drand.time_of(NETWORK, number).isoformat(),
        }  # fmt: skip
    if kind == "dice":
        told = draw.sources.get("dice", {})
        meeting = _moment(told.get("at")) or draw.beacon_at
        draw.beacon_at = max(draw.beacon_at, meeting)
        return {
            "kind": "dice", "throws": THROWS, "witnesses": int(told.get("witnesses", 1)),
            "at": max(draw.beacon_at, meeting).isoformat(),
        }  # fmt: skip
    assert draw.reveal_by is not None
    hashes = sorted(draw.contributions.values_list("h", flat=True))
    return {"kind": "contributions", "hashes": hashes, "reveal_by": draw.reveal_by.isoformat()}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
