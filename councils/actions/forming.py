"""A council for one case: who guards its process, whose pools it is drawn from, who is out and why.

The pool is never asked about the people of a case: that would tell a community who has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.access import Standing, end_place, require
from cases.actions import obstacles_on_hold as frozen
from cases.actions import place_in
from cases.models import Case, Participation, Party
from cases.writing import changing, day, record
from communities.models import Community, Membership
from councils import rules
from councils.actions import pool
from councils.models import Council, Seat, TiesAnswer
from councils.writing import on_council, tell_parties
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from notices.actions import tell
from people.models import NamedTie, Person, Tie

LEAST_SIZE = 3


def current(case: Case) -> Council | None:
    """Return the case's live council, None where it has none. An appeal's comes last."""
    return Council.objects.live().filter(case=case).newest_first().first()


def form_council(
    case: Case, *, by: Person, now: datetime, appeal_of: Council | None = None
) -> Council:
    """Begin a council: it has a guardian of its process, and no members until a lot is drawn.

    Every party who was reached is asked to name whom they are tied to.
    """
    with changing(case.pk, by=by, now=now) as (case, who):
        gathers = rules.gathers(case.state, hears_appeal=appeal_of is not None)
        require(who.coordinates and gathers)
        require(appeal_of is not None or current(case) is None)
        refuse_if_any(frozen(case))
        place = above(appeal_of.community) if appeal_of else case.community
        return begin_council(case, place, appeal_of=appeal_of, by=by, now=now)


def begin_council(
    case: Case, community: Community, *, by: Person | None, now: datetime,
    appeal_of: Council | None = None, wider_of: Council | None = None, size: int = 0,
) -> Council:  # fmt: skip
    """Begin a council of this community for a locked case; ``size`` 0 is the charter's."""
    today = day(now)
    council = Council(
        case=case, community=community, charter_version=case.charter_version,
        appeal_of=appeal_of, wider_of=wider_of, formed_on=today,
        size=max(LEAST_SIZE, size or case.charter_version.charter.council_size),
    )  # fmt: skip
    council.save(force_insert=True)
    guardian = next(iter(guardians_for(council, case, today)), None)
    if guardian is not None:
        appoint(council, case, guardian, now=now)
    record(case, "council_formed", by=by, now=now, council=council.public_id)
    tell_parties(case, "please_name_ties", now=now, key=f"name-ties:{council.pk}")
    return council


def above(community: Community) -> Community:
    """Return the community an appeal goes to: one up the tree, or the root's own body again."""
    return community.parent or community


# ── The process guardian ─────────────────────────────────────────────────────


def guardians_for(council: Council, case: Case, today: date) -> list[Person]:
    """Return the elected process guardians who can guard this one, whose turn it is first.

    Nobody chooses: whoever has guarded the fewest councils is next, then the longest in office.
    """
    path = [community.pk for community in council.community.up_the_tree()]
    elected = (
        Membership.objects.guarding(today)
        .filter(community_id__in=path)
        .select_related("person")
        .order_by("from_on", "pk")
    )
    out = set(conflicts(case, [one.person_id for one in elected], today))
    times: dict[Any, int] = {}
    for person_id in Council.objects.exclude(process_guardian=None).values_list(
        "process_guardian_id", flat=True
    ):
        times[person_id] = times.get(person_id, 0) + 1
    able = [one for one in elected if one.person_id not in out]
    near = {pk: place for place, pk in enumerate(path)}
    able.sort(key=lambda one: (near[one.community_id], times.get(one.person_id, 0), one.from_on))
    return [one.person for one in able]


def appoint(council: Council, case: Case, guardian: Person, *, now: datetime) -> None:
    """Give a council the guardian of its process; case and council locked."""
    council.process_guardian = guardian
    council.save(update_fields=["process_guardian"])
    place_in(case, guardian, Participation.Role.PROCESS_GUARDIAN, today=day(now))
    record(case, "process_guardian_named", by=None, now=now, guardian=str(guardian.pk))
    tell(
        guardian, "you_guard_a_process", case_reference=case.reference,
        key=f"guards:{council.pk}:{guardian.pk}", now=now,
    )  # fmt: skip


def settle_guardian(council: Council, case: Case, *, now: datetime) -> bool:
    """Let the next guard this process where its guardian is tied, gone or recalled, or none is.

    Say whether a guardianship ended; case and council locked.
    """
    guardian, today = council.process_guardian, day(now)
    if guardian is not None:
        recalled = "process_guardian" in Membership.objects.roles_recalled(guardian, today)
        if guardian.is_active and not recalled and not tied_to(case, [guardian.pk], today):
            return False
        council.process_guardian = None
        council.save(update_fields=["process_guardian"])
        end_council_place(case, guardian, Participation.Role.PROCESS_GUARDIAN, now=now)
        record(case, "process_guardian_ended", by=None, now=now, guardian=str(guardian.pk))
    following = next(iter(guardians_for(council, case, today)), None)
    if following is not None:
        appoint(council, case, following, now=now)
    return guardian is not None


# ── Ties named by the parties ────────────────────────────────────────────────


def may_name_ties(council: Council, case: Case, who: Standing) -> bool:
    """Say whether this person, a party, can still name ties for a draw."""
    return (
        council.state == Council.State.FORMING
        and rules.gathers(case.state, hears_appeal=council.appeal_of_id is not None)
        and who.party is not None
        and not any(draw.commitment for draw in council.draws.all())
    )


def name_ties(council: Council, *, by: Person, now: datetime, name: str, kind: str) -> NamedTie:
    """A party privately names somebody they are tied to, and how. Only the check reads it."""
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_name_ties(council, case, who))
        tie = pool.name_tie(by, name=name, kind=kind, today=day(now))
        record(case, "tie_named", by=by, now=now, party=str(who.party.pk))  # type: ignore[union-attr]
        settle_guardian(council, case, now=now)
        return tie


def obstacles_to_finish_ties(council: Council, party: Party) -> list[Obstacle]:
    """Return why a party cannot say that they named everybody: they said so already."""
    if council.ties_answers.filter(party=party).exists():
        return [Obstacle(code="ties_named_already", cleared_by="nobody")]
    return []


def finish_ties(council: Council, *, by: Person, now: datetime) -> TiesAnswer:
    """A party says that they named everybody, or that there is nobody."""
    with on_council(council, by=by, now=now) as (council, case, who):
        require(may_name_ties(council, case, who) and who.party is not None)
        assert who.party is not None
        refuse_if_any(obstacles_to_finish_ties(council, who.party))
        answer = TiesAnswer.objects.create(council=council, party=who.party, at=now)
        record(case, "ties_all_named", by=by, now=now, party=str(who.party.pk))
        return answer


def obstacles_to_ties(council: Council, case: Case, today: date) -> list[Obstacle]:
    """Return the wait for the parties' ties: until each has answered, or their days are over."""
    days = council.charter_version.charter.ties_days
    clears_on = council.formed_on + timedelta(days=days)
    asked = sum(party.reached_on is not None for party in case.parties.all())
    if today >= clears_on or council.ties_answers.count() >= asked:
        return []
    return [Obstacle(code="ties_not_named", cleared_by="party", clears_on=clears_on)]


# ── Who is out, and whose pools are in ───────────────────────────────────────


def people_of(case: Case) -> set[Any]:
    """Return everybody whose ties count in a case: parties, beside them, and who acts in it."""
    people = {party.person_id for party in case.parties.all()}
    places = case.participations.all()
    return people | {one.person_id for one in places if one.role in Participation.BESIDE}


def conflicts(case: Case, among: Sequence[Any], today: date) -> dict[Any, str]:
    """Return {person id: kind} of who among these cannot be drawn for this case.

    Who cannot be impartial in it, and who sat on it before, or heard what it comes from.
    """
    found = partial_in(case, among, today)
    before = Seat.objects.filter(council__case=case, person__in=list(among))
    for person_id in before.values_list("person_id", flat=True):
        found.setdefault(person_id, "sat_before")
    return found


def partial_in(case: Case, among: Sequence[Any], today: date) -> dict[Any, str]:
    """Return {person id: kind} of who among these cannot be impartial in this case.

    Ties on file and named ones, in both directions; who is in the case or acts in it.
    """
    people = people_of(case)
    found = NamedTie.objects.kinds_with(people, among, today)
    found |= Tie.objects.kinds_with(people, today)
    found |= dict.fromkeys(people, "in_the_case")
    for place in case.participations.all():
        found.setdefault(place.person_id, "acts_in_the_case")
    steering = Membership.objects.filter(community_id=case.steering_id, role="coordinator")
    for person_id in steering.values_list("person_id", flat=True):
        found.setdefault(person_id, "acts_in_the_case")
    wanted = set(among)
    return {person_id: kind for person_id, kind in found.items() if person_id in wanted}


def tied_to(case: Case, people: Sequence[Any], today: date) -> set[Any]:
    """Return who of these, who serve in the case, are in it themselves or tied to somebody in it.

    That they serve in it is no reason against them.
    """
    found = partial_in(case, people, today)
    return {person_id for person_id, kind in found.items() if kind != "acts_in_the_case"}


@dataclass(frozen=True)
class Hat:
    """Who is in the hat: members by ``eligible``, those out by kind, and whose pools they are of.

    ``widened``: "" for their own pool, "parent", or "partner"; no communities: nowhere enough.
    """

    communities: list[Community]
    widened: str
    eligible: list[pool.Member]
    out: list[tuple[pool.Member, str]]


def concerned(case: Case, community: Community) -> list[Community]:
    """Return the communities a council is drawn from: those of the parties, where it has several.

    A community that has none below itself draws from its own pool.
    """
    leaves = community.leaves()
    if len(leaves) == 1:
        return leaves
    people = list(case.parties.values_list("person_id", flat=True))
    homes = set(
        Membership.objects.filter(person__in=people, role="member").values_list(
            "community_id", flat=True
        )
    )
    return [leaf for leaf in leaves if leaf.pk in homes] or leaves


def hat_of(
    case: Case, communities: list[Community], *, widened: str, today: date, before: Sequence[Any],
    rest: bool = True,
) -> Hat:  # fmt: skip
    """Return who of these pools can be drawn for this case, and who is out and why.

    Without ``rest``, whoever would still rest after a seat is in.
    """
    charter = case.charter_version.charter
    members = pool.members_of(communities, pool_rules=pool.pool_rules_of(charter), today=today)
    tied = conflicts(case, [one.place.person_id for one in members], today)
    tied |= dict.fromkeys(before, "sat_before")
    eligible, out = [], []
    for member in members:
        if member.place.person_id in tied:
            out.append((member, tied[member.place.person_id]))
        elif kept_out := rules.without_rest(member.reasons, rest=rest):
            out.append((member, kept_out[0].code))
        else:
            eligible.append(member)
    return Hat(communities, widened, eligible, out)


def pools_for(
    case: Case, today: date, *, before: Sequence[Any], community: Community | None = None,
    size: int | None = None, rest: bool = True,
) -> Hat:  # fmt: skip
    """Return the narrowest hat that holds enough people: own, then the parents', then a partner's.

    Nobody chooses it. Where none does, the last is returned without communities.
    """
    charter = case.charter_version.charter
    here = community or case.community
    tries = [(concerned(case, here), "")]
    tries += [(up.leaves(), "parent") for up in here.up_the_tree()[1:]]
    partner = Community.objects.filter(slug=charter.partner).first() if charter.partner else None
    if partner is not None:
        known = {one.pk for one in tries[-1][0]}
        more = [one for one in partner.leaves() if one.pk not in known]
        tries.append((tries[-1][0] + more, "partner"))
    hat = Hat([], "", [], [])
    for communities, widened in tries:
        hat = hat_of(case, communities, widened=widened, today=today, before=before, rest=rest)
        enough = rules.pool_is_enough(
            len(hat.eligible), size=size or charter.council_size, times=charter.pool_least_times
        )
        if enough:
            return hat
    return Hat([], hat.widened, hat.eligible, hat.out)


# ── The end ──────────────────────────────────────────────────────────────────


def end_council(council: Council, case: Case, *, by: Person | None, now: datetime) -> None:
    """End one live council of a locked case: seats end, what was being drawn is void."""
    for draw in council.draws.live():
        draw.void_reason, draw.voided_at = "case_ended", now
        move(draw, "void", also=["void_reason", "voided_at"])
    end_seats(council, case, now=now)
    council.dissolved_on = day(now)
    move(council, "dissolve", also=["dissolved_on"])
    record(case, "council_dissolved", by=by, now=now, council=council.public_id)


def end_council_place(case: Case, person: Person, role: str, *, now: datetime) -> None:
    """End a member's or a guardian's place in the case: they read nothing of it from now on."""
    open_place = case.participations.filter(person=person, role=role, until=None).first()
    if open_place is not None:
        end_place(open_place, today=day(now))


def drop_challenges(seat: Seat, *, now: datetime) -> None:
    """End what is still open of the doubts about a member whose seat has ended."""
    for challenge in seat.challenges.filter(state="open"):
        challenge.decided_on = day(now)
        move(challenge, "drop", also=["decided_on"])


def end_seats(council: Council, case: Case, *, now: datetime) -> None:
    """End every live seat of a council, and the guardian's place."""
    for seat in council.seats.live().select_related("person"):
        seat.ended_on = day(now)
        move(seat, "end", also=["ended_on"])
        drop_challenges(seat, now=now)
        end_council_place(case, seat.person, Participation.Role.COUNCIL, now=now)
        tell(seat.person, "seat_ended", case_reference="", key=f"seat-ended:{seat.pk}", now=now)
    if council.process_guardian is not None:
        end_council_place(
            case, council.process_guardian, Participation.Role.PROCESS_GUARDIAN, now=now
        )
