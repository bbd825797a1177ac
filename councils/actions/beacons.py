"""The randomness that decides a draw, the result it gives, and a draw that does not count."""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from cases.access import Standing, require
from cases.models import Case
from cases.writing import day, record
from communities.models import Membership
from councils import drand, roster, rules, scheme
from councils.actions.drawing import NETWORK, THROWS, may_run
from councils.actions.forming import conflicts, frozen
from councils.actions.pool import members_at, pool_rules_of
from councils.actions.rosters import as_person, people_in, quotas_in
from councils.actions.seating import set_aside
from councils.models import Contribution, Draw, PoolPlace, RosterEntry, Seat
from councils.writing import by_itself, note, on_draw, tell_parties, tell_who_runs
from moves.core import Blocked, Obstacle, refuse_if_any
from moves.machine import move
from notices.actions import tell
from people.models import Person

# From when a council deliberates, what was drawn stands; a member can still be replaced.
VOIDED_IN = ("forming", "seated")

# ── Contributions ────────────────────────────────────────────────────────────


def may_contribute(draw: Draw, case: Case, who: Standing) -> bool:
    """Say whether this person, a party or the guardian of the process, can add to the beacon."""
    asked = "contributions" in draw.beacons and draw.state in (
        Draw.State.PREPARING, Draw.State.SOLVING,
    )  # fmt: skip
    return asked and (who.party is not None or who.guards_process)


def obstacles_to_contribute(draw: Draw, case: Case, person: Person) -> list[Obstacle]:
    """Return why this person cannot contribute: on hold, or they did."""
    found = frozen(case)
    if draw.contributions.filter(person=person).exists():
        found.append(Obstacle(code="contributed_already", cleared_by="nobody"))
    return found


def contribute(draw: Draw, *, by: Person, now: datetime, h: str) -> Contribution:
    """Add the hash of a secret of one's own, before the commitment."""
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        require(may_contribute(draw, case, who))
        refuse_if_any(obstacles_to_contribute(draw, case, by))
        given = Contribution.objects.create(draw=draw, person=by, h=h, at=now)
        note(draw, case, "contribution_given", by=by, now=now, h=h)
        return given


def contribution_of(draw: Draw, person: Person) -> Contribution | None:
    return next((one for one in draw.contributions.all() if one.person_id == person.pk), None)


def may_reveal(draw: Draw, person: Person) -> bool:
    """Say whether this person has a contribution that is not revealed yet."""
    if draw.state != Draw.State.COMMITTED or "contributions" not in draw.beacons:
        return False
    mine = contribution_of(draw, person)
    return mine is not None and not mine.secret


def obstacles_to_reveal(draw: Draw, now: datetime) -> list[Obstacle]:
    """Return why it is too late: from then on the other sources could be known."""
    if draw.reveal_by is not None and now > draw.reveal_by:
        return [Obstacle(code="reveal_too_late", cleared_by="nobody")]
    return []


def reveal(draw: Draw, *, by: Person, now: datetime, secret: str) -> Draw:
    """Reveal one's contribution; it must be the secret whose hash was announced."""
    with on_draw(draw, by=by, now=now) as (draw, case, _who):
        require(may_reveal(draw, by))
        refuse_if_any(obstacles_to_reveal(draw, now))
        mine = contribution_of(draw, by)
        assert mine is not None
        if scheme.contribution(bytes.fromhex(secret)) != mine.h:
            raise Blocked([Obstacle(code="not_the_secret", cleared_by="party")])
        mine.secret, mine.revealed_at = secret, now
        mine.save(update_fields=["secret", "revealed_at"])
        note(draw, case, "contribution_revealed", by=by, now=now, h=mine.h)
        _draw_if_ready(draw, case, now=now)
        return draw


# ── What was announced arrives ───────────────────────────────────────────────


def awaited(draw: Draw) -> list[str]:
    """Return the kinds of source a committed draw still waits for, in its record's order."""
    given = draw.sources
    return [
        kind
        for kind in draw.beacons
        if (kind == "drand" and "randomness" not in given.get("drand", {}))
        or (kind == "dice" and "digits" not in given.get("dice", {}))
    ]


def obstacles_to_beacon(draw: Draw, case: Case, now: datetime) -> list[Obstacle]:
    """Return why the randomness cannot be written down yet: on hold, or it cannot exist yet."""
    found = frozen(case)
    if draw.beacon_at is not None and now < draw.beacon_at:
        found.append(
            Obstacle(code="beacon_too_early", cleared_by="nobody", clears_on=day(draw.beacon_at))
        )
    return found


def enter_drand(
    draw: Draw, *, by: Person, now: datetime, signature: str, randomness: str = ""
) -> Draw:
    """Write down the announced round of drand; it must be that very round."""
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        require(may_run(case, draw.council, who) and draw.state == Draw.State.COMMITTED)
        require("drand" in awaited(draw))
        refuse_if_any(obstacles_to_beacon(draw, case, now))
        number = draw.sources["drand"]["round"]
        randomness = randomness or hashlib.sha256(bytes.fromhex(signature)).hexdigest()
        if drand.check_round(NETWORK, number, signature, randomness, now):
            raise Blocked([Obstacle(code="not_the_beacon", cleared_by="coordinator")])
        given = {"round": number, "signature": signature, "randomness": randomness}
        draw.sources = {**draw.sources, "drand": given}
        draw.save(update_fields=["sources"])
        note(draw, case, "beacon_entered", by=by, now=now, kind="drand")
        _draw_if_ready(draw, case, now=now)
        return draw


def enter_dice(draw: Draw, *, by: Person, now: datetime, digits: str) -> Draw:
    """Write down what the witnesses saw thrown, in the order thrown."""
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        require(may_run(case, draw.council, who) and draw.state == Draw.State.COMMITTED)
        require("dice" in awaited(draw))
        refuse_if_any(obstacles_to_beacon(draw, case, now))
        if len(digits) != THROWS or set(digits) - set("123456"):
            raise Blocked([Obstacle(code="not_the_beacon", cleared_by="coordinator")])
        draw.sources = {**draw.sources, "dice": {**draw.sources["dice"], "digits": digits}}
        draw.save(update_fields=["sources"])
        note(draw, case, "beacon_entered", by=by, now=now, kind="dice")
        _draw_if_ready(draw, case, now=now)
        return draw


def finish_by_time(draw_pk: Any, *, now: datetime) -> bool:
    """Draw where only contributions were awaited, and their time to be revealed is over."""
    with by_itself(draw_pk) as (draw, case):
        ready = draw.state == Draw.State.COMMITTED and not case.frozen_on
        return ready and _draw_if_ready(draw, case, now=now)


def _draw_if_ready(draw: Draw, case: Case, *, now: datetime) -> bool:
    """Let the beacon pick once every source is there; case and draw locked."""
    if awaited(draw) or (draw.beacon_at is not None and now < draw.beacon_at):
        return False
    if "contributions" in draw.beacons and draw.reveal_by is not None and now <= draw.reveal_by:
        return False
    draw.beacon = scheme.sources([_bytes_of(draw, kind) for kind in draw.beacons]).hex()
    made = json.loads(draw.published.body)
    key = scheme.extract(bytes.fromhex(draw.commitment), bytes.fromhex(draw.beacon))
    if draw.kind == Draw.Kind.PANEL:
        draw.index = scheme.index(key, len(made["panels"]))
        draw.panel = made["panels"][draw.index]
    else:
        draw.panel = _first_who_fits(draw, made, scheme.order(key, made["eligible"]))
    draw.drawn_at = now
    move(draw, "draw", also=["beacon", "index", "panel", "drawn_at"])
    note(draw, case, "drawn", by=None, now=now, beacon=draw.beacon)
    _ask_them(draw, case, now=now)
    return True


def _bytes_of(draw: Draw, kind: str) -> bytes:
    given = draw.sources
    if kind == "drand":
        return bytes.fromhex(given["drand"]["randomness"])
    if kind == "dice":
        return scheme.dice(given["dice"]["digits"])
    revealed = draw.contributions.exclude(secret="").values_list("secret", flat=True)
    return scheme.contributions([bytes.fromhex(secret) for secret in revealed])


def _first_who_fits(draw: Draw, made: dict[str, Any], order: list[str]) -> list[str]:
    """Return the first in the hashed order who leaves the quotas reachable, as a list of one.

    Beside the people who were seated when the record was made, whoever has left since: were it
    those of now, somebody could see the beacon, step aside, and so choose who comes next.
    """
    people = {one.id: one for one in people_in(draw)}
    then = RosterEntry.objects.filter(draw__council=draw.council, token__in=made["seated"])
    found = roster.first_who_fits(
        [people[token] for token in order], quotas_in(draw), draw.council.size,
        [as_person(one) for one in then.order_by("token")],
        one_per_household=draw.council.charter_version.charter.one_per_household,
    )  # fmt: skip
    return [found.id] if found else []


def _ask_them(draw: Draw, case: Case, *, now: datetime) -> None:
    """Ask everybody who was drawn; who cannot be drawn any more is not asked at all."""
    today = day(now)
    days = draw.council.charter_version.charter.accept_seat_days
    entries = list(
        RosterEntry.objects.filter(draw=draw, token__in=draw.panel)
        .select_related("person", "place")
        .order_by("token")
    )
    out = _out_by_now(draw, case, entries, today)
    for entry in entries:
        seat = Seat(
            council=draw.council, draw=draw, person=entry.person, entry=entry, drawn_on=today,
            answer_by=rules.answer_by(today, days=days),
        )  # fmt: skip
        if entry.person_id in out:
            # Never asked: what keeps them out came up after the commitment.
            seat = Seat(
                council=draw.council, draw=draw, person=entry.person, entry=entry,
                drawn_on=today, answer_by=today, ended_on=today, state=Seat.State.DECLINED,
                by_silence=True,
            )  # fmt: skip
            seat.save(force_insert=True)
            record(case, "seat_not_asked", by=None, now=now, seat=str(seat.pk))
            continue
        seat.save(force_insert=True)
        record(case, "seat_drawn", by=None, now=now, seat=str(seat.pk))
        tell(
            entry.person, "drawn_for_a_council", case_reference="", key=f"drawn:{seat.pk}", now=now
        )
    key = f"drawn:{draw.pk}"
    tell_parties(case, "council_drawn", now=now, key=key)
    tell_who_runs(draw.council, case, "council_drawn", now=now, key=f"drawn-for:{draw.pk}")


def _out_by_now(draw: Draw, case: Case, entries: list[RosterEntry], today: date) -> set[Any]:
    """Return who of these drawn cannot be asked any more, by the same rules as before the draw.

    Locks the people, since another case's draw may pick one of them at this moment, and their
    places, so that who leaves the pool at this moment has left it or is asked, and never both.
    """
    people = [one.person_id for one in entries]
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    places = (
        PoolPlace.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .filter(pk__in=[one.place_id for one in entries])
    )
    pool_rules = pool_rules_of(draw.council.charter_version.charter)
    members = members_at(list(places.order_by("pk")), pool_rules=pool_rules, today=today)
    able = {
        one.place.person_id
        for one in members
        if not one.place.left_on
        and not rules.without_rest(one.reasons, rest=not draw.rest_cut_short)
    }
    return set(people) - able | set(conflicts(case, people, today))


# ── A draw that does not count ───────────────────────────────────────────────


def beacon_may_be_known(draw: Draw, now: datetime) -> bool:
    """Say whether somebody could know the result already: then one person alone voids nothing."""
    if draw.state == Draw.State.DRAWN:
        return True
    if draw.state != Draw.State.COMMITTED:
        return False
    revealed = any(one.secret for one in draw.contributions.all())
    return revealed or draw.beacon_at is None or now >= draw.beacon_at


def voids_as(draw: Draw, case: Case, who: Standing, person: Person, now: datetime) -> str:
    """Return as what this person can void the draw now, "" where they cannot.

    Before the randomness can be known: who runs the draw. After it: the guardian of the process
    and an auditor, together.
    """
    if draw.state == Draw.State.VOID or draw.council.state not in VOIDED_IN:
        return ""
    if not beacon_may_be_known(draw, now):
        return "runs" if may_run(case, draw.council, who) else ""
    return "guardian" if who.guards_process else ""


def obstacles_to_void(draw: Draw, person: Person, now: datetime) -> list[Obstacle]:
    """Return why it cannot be voided alone: it was asked for, and an auditor must agree."""
    if beacon_may_be_known(draw, now) and draw.void_asked_by_id is not None:
        return [Obstacle(code="void_needs_auditor", cleared_by="auditor")]
    return []


def void_draw(draw: Draw, *, by: Person, now: datetime, reason: str) -> Draw:
    """Void a draw with a reason that everybody can read, or ask an auditor to agree to it."""
    with on_draw(draw, by=by, now=now) as (draw, case, who):
        part = voids_as(draw, case, who, by, now)
        require(bool(part))
        refuse_if_any(obstacles_to_void(draw, by, now))
        draw.void_reason = reason
        if part == "guardian":
            draw.void_asked_by = by
            draw.save(update_fields=["void_reason", "void_asked_by"])
            note(draw, case, "void_asked", by=by, now=now)
            for auditor in auditors_of(draw, day(now)):
                tell(
                    auditor, "please_look_at_a_draw", case_reference="",
                    key=f"void:{draw.pk}:{auditor.pk}", now=now, draw=draw.public_id,
                )  # fmt: skip
            return draw
        _void(draw, case, by=by, now=now)
        return draw


def auditors_of(draw: Draw, today: date) -> list[Person]:
    """Return the auditors up the tree from a draw's community who have no part in it.

    Neither in its case, nor in its hat: nobody audits a draw they could be drawn in.
    """
    path = [one.pk for one in draw.council.community.up_the_tree()]
    found = Membership.objects.auditing(today).filter(community_id__in=path)
    people = {one.person_id: one.person for one in found.select_related("person")}
    out = set(conflicts(draw.council.case, list(people), today))
    hat = draw.roster.filter(eligible=True, person__in=people)
    out |= set(hat.values_list("person_id", flat=True))
    return [person for pk, person in people.items() if pk not in out]


def audits(draw: Draw, person: Person, today: date) -> bool:
    """Say whether this person is an auditor of this draw today."""
    return person.pk in {one.pk for one in auditors_of(draw, today)}


def may_agree_to_void(draw: Draw, auditor: Person) -> bool:
    """Say whether an auditor of this draw is asked to agree that it is void: not by themselves."""
    asked = draw.void_asked_by_id not in (None, auditor.pk) and draw.state != Draw.State.VOID
    return asked and draw.council.state in VOIDED_IN


def agree_to_void(draw: Draw, *, by: Person, now: datetime) -> Draw:
    """An auditor, who sees the draw and nothing of the case, agrees that it does not count."""
    with by_itself(draw.pk) as (draw, case):
        require(audits(draw, by, day(now)) and may_agree_to_void(draw, by))
        _void(draw, case, by=by, now=now)
        return draw


def _void(draw: Draw, case: Case, *, by: Person, now: datetime) -> None:
    draw.voided_at = now
    move(draw, "void", also=["voided_at", "void_reason"])
    note(draw, case, "draw_voided", by=by, now=now)
    for later in draw.council.draws.live():
        # Its record says who is seated, and some of them are not any more.
        later.void_reason, later.voided_at = draw.void_reason, now
        move(later, "void", also=["voided_at", "void_reason"])
        note(later, case, "draw_voided", by=by, now=now)
    for seat in draw.seats.live().select_related("person"):
        set_aside(seat, case, now=now)
    key = f"draw-void:{draw.pk}"
    tell_parties(case, "draw_voided", now=now, key=key)
    tell_who_runs(draw.council, case, "draw_voided", now=now, key=f"voided-for:{draw.pk}")


# ── What is published ────────────────────────────────────────────────────────


def document_of(draw: Draw) -> dict[str, Any]:
    """Return what anybody may check of a draw: ``scheme.checks`` takes it. By token, no names."""
    made = json.loads(draw.published.body)
    document: dict[str, Any] = {
        "record": made, "commitment": draw.commitment, "beacon": draw.beacon or None,
    }  # fmt: skip
    if made["scheme"] == scheme.DRAW:
        counts = dict.fromkeys(made["eligible"], 0)
        for panel in made["panels"]:
            for token in panel:
                counts[token] += 1
        document |= {
            "panels": len(made["panels"]),
            "chances": {token: count / scheme.PANELS for token, count in counts.items()},
        }
        if draw.min_chance:
            document["min_chance"] = float(draw.min_chance)
    if draw.beacon:
        key = scheme.extract(bytes.fromhex(draw.commitment), bytes.fromhex(draw.beacon))
        others = set(made["eligible"])
        if draw.kind == Draw.Kind.PANEL:
            document["index"] = draw.index
            others -= set(draw.panel)
        document |= {
            "panel": draw.panel,
            "order": scheme.order(key, others),
            "sources": [_told(draw, kind) for kind in draw.beacons],
        }
    return document


def _told(draw: Draw, kind: str) -> dict[str, Any]:
    given = draw.sources
    if kind == "drand":
        return {"kind": kind, **given["drand"]}
    if kind == "dice":
        return {"kind": kind, "digits": given["dice"]["digits"]}
    contributions = list(draw.contributions.order_by("h"))
    return {
        "kind": kind,
        "revealed": [one.secret for one in contributions if one.secret],
        "left_out": [one.h for one in contributions if not one.secret],
    }
