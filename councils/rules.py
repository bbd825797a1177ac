"""What our practice allows around pool, draw and seats. Pure: no Django, no clock, no database.

Sources: the charter (``communities.charter``) and docs/draw.md.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from communities.charter import months_after

COUNCIL_STATES = ("forming", "seated", "deliberating", "decided", "dissolved")
LIVE_COUNCILS = ("forming", "seated", "deliberating", "decided")
DRAW_STATES = ("preparing", "solving", "committed", "drawn", "void")
LIVE_DRAWS = ("preparing", "solving", "committed")
SEAT_STATES = ("drawn", "accepted", "declined", "recused", "replaced", "ended")
LIVE_SEATS = ("drawn", "accepted")
BEACONS = ("drand", "dice", "contributions")
HEARING_STATES = ("planned", "held", "cancelled")
ANSWERS = ("comes", "writes", "stays_away")
FINDING_KINDS = ("happened", "harmed", "needed")
COURSES_OF_FIRST = ("agreement", "mediation", "nothing")
COURSES = (*COURSES_OF_FIRST, "confirm", "return")
GROUNDS = ("process", "facts", "proportion")
APPEAL_STATES = ("open", "confirmed", "changed", "returned", "withdrawn")
RUNNING_RECALLS = ("asked", "deciding")
RECALL_STATES = ("asked", "deciding", "recalled", "stays", "moot")
NOT_IN_THIS_DRAW = "not_in_this_draw"

Quota = tuple[str, str, int, int]


def gathers(case_state: str, *, hears_appeal: bool) -> bool:
    """Say whether a council can be drawn for a case in this state.

    A placement can be challenged while it runs, so the council that hears a challenge is drawn
    in rehabilitation as well.
    """
    return case_state == "council" or (case_state == "rehabilitation" and hears_appeal)


# ── Who can be drawn ─────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class PoolRules:
    """The charter's rules about the pool; periods as their names say."""

    trial_months: int
    rest_days: int
    most_seats: int = 0


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """What the rules need to know of one member of a pool today."""

    since: date
    until: date
    of_age: bool = True
    active: bool = True
    member: bool = True
    away_until: date | None = None
    last_seat_ended: date | None = None
    seats_served: int = 0
    seated_now: bool = False
    in_open_case: bool = False


@dataclass(frozen=True)
class Reason:
    """Why somebody cannot be drawn today; ``until`` is the last day of it, if it ends by itself."""

    code: str
    until: date | None = None


def reasons_not_to_draw(facts: MemberFacts, rules: PoolRules, *, today: date) -> list[Reason]:
    """Return every reason this member cannot be drawn today; empty when they can."""
    found = []
    if not facts.active:
        found.append(Reason("not_active"))
    if not facts.member:
        found.append(Reason("not_member"))
    if not facts.of_age:
        found.append(Reason("too_young"))
    if facts.until < today:
        found.append(Reason("term_over"))
    trial_ends = months_after(facts.since, rules.trial_months)
    if today < trial_ends:
        found.append(Reason("trial", trial_ends - timedelta(days=1)))
    if facts.away_until and today <= facts.away_until:
        found.append(Reason("away", facts.away_until))
    if facts.seated_now:
        found.append(Reason("seated_now"))
    if facts.last_seat_ended:
        rested = facts.last_seat_ended + timedelta(days=rules.rest_days)
        if today <= rested:
            found.append(Reason("resting", rested))
    if rules.most_seats and facts.seats_served >= rules.most_seats:
        found.append(Reason("most_seats"))
    if facts.in_open_case:
        found.append(Reason("in_open_case"))
    return found


def without_rest(reasons: Iterable[Reason], *, rest: bool) -> list[Reason]:
    """Return these reasons, but for the rest after a seat where it is cut short."""
    return [one for one in reasons if rest or one.code != "resting"]


# ── How wide the pool is ─────────────────────────────────────────────────────


def pool_is_enough(eligible: int, *, size: int, times: int) -> bool:
    """Say whether so many can be drawn that nobody knows beforehand who it will be."""
    return eligible >= max(size * times, size + 1)


def shares(size: int, communities: Sequence[str]) -> list[Quota]:
    """Return the quotas that draw a joint council from each community, as evenly as it goes."""
    least, over = divmod(size, len(communities))
    most = least + (1 if over else 0)
    return [("community", slug, least, most) for slug in sorted(communities)]


def scaled(quotas: Iterable[Sequence[Any]], *, charter_size: int, size: int) -> list[Quota]:
    """Return the charter's quotas, which are for its own size, for a council of another.

    In proportion; the least rounded down and the most up, so that no panel is made impossible.
    """
    return [
        (str(feature), str(value), least * size // charter_size, -(-most * size // charter_size))
        for feature, value, least, most in quotas
    ]


def relaxed(quotas: Iterable[Sequence[Any]], changes: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return quotas with these changes, each [feature, value, "min" or "max", was, to], made.

    A change proposed for what is left once some are seated moves the whole council's bound by as
    much.
    """
    moved: dict[tuple[str, str, str], int] = {}
    for feature, value, bound, was, to in changes:
        moved[feature, value, bound] = to - was
    return [
        [
            feature,
            value,
            max(0, least + moved.get((feature, value, "min"), 0)),
            most + moved.get((feature, value, "max"), 0),
        ]
        for feature, value, least, most in quotas
    ]


# ── Beacons ──────────────────────────────────────────────────────────────────


def problems_of_beacons(kinds: Sequence[str]) -> list[str]:
    """Return what is wrong with a choice of beacons, as codes; empty when it can be announced.

    Contributions never stand alone: the last to reveal could choose.
    """
    found = []
    if not kinds:
        found.append("beacon_missing")
    if len(set(kinds)) != len(kinds) or set(kinds) - set(BEACONS):
        found.append("beacon_unknown")
    if list(kinds) == ["contributions"]:
        found.append("contributions_alone")
    return found


# ── Seats ────────────────────────────────────────────────────────────────────


def working_days_after(day: date, days: int) -> date:
    """Return the last of so many working days after this one (Monday to Friday; no holidays)."""
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day


def answer_by(drawn_on: date, *, days: int) -> date:
    """Return the last day on which somebody drawn can say yes or no."""
    return drawn_on + timedelta(days=days)


def council_is_full(states: Collection[str], *, size: int) -> bool:
    """Say whether every seat of the council is taken by somebody who said yes."""
    return sum(1 for state in states if state == "accepted") >= size


def has_quorum(seated: int, *, quorum: int) -> bool:
    """Say whether enough members are seated to hear a case; under three it is no council."""
    return seated >= max(quorum, 3)


def vacant(states: Collection[str], *, size: int) -> int:
    """Return how many seats nobody sits on or has been asked to."""
    return max(0, size - sum(1 for state in states if state in LIVE_SEATS))


def challenge_outcome(answers: Sequence[bool], *, judges: int) -> str:
    """Return "upheld", "dismissed", or "" while too few of the rest of the panel have answered.

    More than half dismisses it; anything less upholds it, because a council must also look
    impartial to the people it is for.
    """
    for_it, against = answers.count(True), answers.count(False)
    if against * 2 > judges:
        return "dismissed"
    if for_it * 2 >= judges or for_it + against >= judges:
        return "upheld"
    return ""


# ── What a council hears and decides ─────────────────────────────────────────

LARGEST_COUNCIL = 7


def wider_size(size: int) -> int:
    """Return the size of the panel drawn anew after one of this size could not agree.

    Larger by two, up to a round table of seven (the charter's upper bound).
    """
    return min(LARGEST_COUNCIL, size + 2)


def courses(*, appeal: bool, heard: bool) -> tuple[str, ...]:
    """Return what a council can decide: an appeal's can also confirm, or send back.

    An agreement answers what the two sides said, so both must have been heard, or have been
    content to say nothing: who stays away is not condemned.
    """
    open_to_it = COURSES if appeal else COURSES_OF_FIRST
    return tuple(one for one in open_to_it if heard or one != "agreement")


def finding_kinds(*, heard: bool) -> tuple[str, ...]:
    """Return what can be found: what happened only once every party was heard on it."""
    return tuple(one for one in FINDING_KINDS if heard or one != "happened")


def every_community_consents(consents: dict[str, int]) -> bool:
    """Say whether each community a joint council is of has somebody who consents.

    Their verdicts are combined: every community concerned must consent.
    """
    return all(consents.values())


def safety_problems(*, review_in: int, ends_in: int, interim_in: int, charter: Any) -> list[str]:
    """Return what is wrong with the times of a safety finding, in days from today, as codes.

    Source: the charter's longest placement, rhythm of reviews and longest interim measure.
    """
    found = []
    if not 0 < review_in <= charter.review_days:
        found.append("review_date_missing")
    if not review_in <= ends_in <= charter.placement_days:
        found.append("ends_too_late")
    if interim_in > min(charter.interim_days, ends_in):
        found.append("interim_too_long")
    return found


def shown_count(count: int, *, smallest: int) -> int | None:
    """Return a count for the public, None where it would point at few people."""
    return count if count == 0 or count >= smallest else None


# ── What a council hears ─────────────────────────────────────────────────────

LISTENING = ("forming", "seated", "deliberating")
# What a safety assessment can flag for which two sides are not in one room: cases.forms.FLAGS.
APART_FLAGS = frozenset({"violence_at_home", "stalking", "threat", "weapon"})


@dataclass(frozen=True, kw_only=True)
class Meets:
    """What the rules need to know of one party asked to a hearing."""

    role: str
    safe_to_meet: bool
    flags: Collection[str] = ()


def must_not_meet(people: Collection[Meets]) -> bool:
    """Say whether these must not be in one hearing: two sides, and one of them is not safe so.

    Who was never assessed is not known to be safe.
    """
    if len({one.role for one in people}) < 2:
        return False
    return any(not one.safe_to_meet or APART_FLAGS & set(one.flags) for one in people)


def is_shared(*, asked: int, agree: int) -> bool:
    """Say whether an item of the talks is shared: everybody asked agrees. Silence is a no."""
    return asked > 0 and agree >= asked


def was_heard(*, came: bool, wrote: bool, nothing_to_add: bool) -> bool:
    """Say whether a council has heard a party: in a hearing, in writing, or with nothing to add."""
    return came or wrote or nothing_to_add


def asked_to_be_heard(*, invited: bool, words_time_over: bool) -> bool:
    """Say whether a party had their chance: asked to a hearing that was held, or time to write."""
    return invited or words_time_over


def is_not_heard(role: str, *, heard: bool, asked: bool) -> bool:
    """Say whether nothing can be found of what happened, because of this party's silence.

    A person harmed who was asked may leave it at what they stated. Who is said to be responsible
    and stays away is not condemned for it, however often they were asked.
    """
    return not heard and (role == "responsible" or not asked)
