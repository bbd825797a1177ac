"""A case before its council, told step by step: who is in the hat, the draw, and the seats.

Six people are in the hat and three are drawn, by dice. Who is drawn is then called member,
second_member and third_member, whoever it was; somebody who was not is called undrawn.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from cases.actions import write_note
from councils import drand, scheme
from councils.actions import (
    beacons,
    challenging,
    drawing,
    forming,
    hearings,
    packet,
    seating,
    sharing,
    words,
)
from councils.actions.solving import look_for_panels
from councils.models import Challenge, Council, Draw, Hearing, Seat, Sharing
from people.models import Person
from tests.councils.people import rest_after
from tests.factories import make_case
from tests.moves.story import COUNCIL_NAMES, Story
from tests.remembered import remembered

MEMBERS = ("member", "second_member", "third_member")
IN_THE_HAT = (*MEMBERS, "undrawn")
SECRET = bytes(range(32))
THROWN = "123456" * 8 + "12"
DATA = Path(__file__).parents[1] / "data" / "draw"
ROUND = json.loads((DATA / "quicknet_1000.json").read_text())
RULES: dict[str, Any] = {
    "council_size": 3, "council_quorum": 3, "pool_least_times": 1,
    "quotas": [["gender", "woman", 1, 2], ["gender", "man", 1, 2]],
}  # fmt: skip


@remembered
class CouncilStory(Story):
    """One case before a council, and the hat it is drawn from."""

    def __init__(self, *, days: int = 3, **rules: Any) -> None:
        super().__init__(days=days, rules={**RULES, **rules})
        self.people |= {name: self._person(name, True, False) for name in COUNCIL_NAMES}
        began, until = self.today - timedelta(days=100), self.today + timedelta(days=200)
        for role in ("process_guardian", "auditor"):
            self.here.memberships.create(
                person=self.people[role], role=role, from_on=began, until=until
            )
        others = [Person.objects.create_user(f"other-{n}", None) for n in range(2)]
        for number, person in enumerate([*(self.people[name] for name in IN_THE_HAT), *others]):
            self.here.memberships.create(person=person, from_on=self.today - timedelta(days=300))
            self.here.pool.create(
                person=person, of_age=True, since=self.today - timedelta(days=200),
                until=self.today + timedelta(days=165),
                features=json.dumps({"gender": ("woman", "man")[number % 2]}),
            )  # fmt: skip
        self.screened().to_council()

    # ------------------------------------------------------------- what there is

    @property
    def council(self) -> Council:
        return Council.objects.select_related("charter_version").get(case__pk=self.pk)

    @property
    def draw(self) -> Draw:
        draws = Draw.objects.filter(council__case__pk=self.pk).select_related("council__case")
        return draws.latest("number")

    def seat(self, name: str) -> Seat:
        return Seat.objects.select_related("person").get(person=self.people[name])

    def later(self, hours: int = 3) -> Self:
        """Let hours go by in which time alone does nothing."""
        self.at += timedelta(hours=hours)
        return self

    def let_rest(self, *names: str) -> Self:
        """Let these people have sat on another council until a week ago."""
        places = list(self.here.pool.filter(person__in=[self.people[name] for name in names]))
        rest_after(make_case(now=self.at), places, ended_on=self.today - timedelta(days=7))
        return self

    # ------------------------------------------------------------- forming

    def form(self) -> Self:
        forming.form_council(self.case, by=self.people["coordinator"], now=self.at)
        return self

    def name_tie(self, name: str, other: str = "Somebody Else") -> Self:
        forming.name_ties(self.council, by=self.people[name], now=self.at, name=other, kind="kin")
        return self

    def finish_ties(self, *names: str) -> Self:
        for name in names or self.named:
            forming.finish_ties(self.council, by=self.people[name], now=self.at)
        return self

    def formed(self) -> Self:
        return self.form().finish_ties()

    # ------------------------------------------------------------- the draw

    def prepare(self, *kinds: str, dice_in: timedelta = timedelta(hours=2)) -> Self:
        drawing.prepare_draw(
            self.council, by=self.people["coordinator"], now=self.at,
            beacons=list(kinds or ["dice"]), dice_at=self.at + dice_in, dice_witnesses="A, B",
        )  # fmt: skip
        return self

    def contribute(self, name: str = "harmed", secret: bytes = SECRET) -> Self:
        h = scheme.contribution(secret)
        beacons.contribute(self.draw, by=self.people[name], now=self.at, h=h)
        return self

    def look(self) -> Self:
        drawing.find_panels(self.draw, by=self.people["process_guardian"], now=self.at)
        return self

    def solve(self) -> Self:
        """Do what the background does."""
        assert look_for_panels(self.draw.pk, clock=lambda: self.at) == "committed"
        return self

    def solve_for_round(self) -> Self:
        """Commit at the moment for which the round is announced that was kept as it was signed."""
        charter = self.council.charter_version.charter
        at = drand.time_of(drand.QUICKNET, ROUND["round"] - 1)
        at -= timedelta(minutes=charter.beacon_minutes)
        assert look_for_panels(self.draw.pk, clock=lambda: at) == "committed"
        assert self.draw.sources == {"drand": {"round": ROUND["round"]}}
        return self

    def committed(self, **more: Any) -> Self:
        return self.formed().prepare(**more).solve()

    def throw(self) -> Self:
        """Write down the dice, and call who is drawn by their names here."""
        self.later()
        beacons.enter_dice(self.draw, by=self.people["coordinator"], now=self.at, digits=THROWN)
        drawn = list(self.draw.seats.order_by("pk").select_related("person"))
        if self.draw.kind == Draw.Kind.PANEL:
            hat = Person.objects.filter(pools__community=self.here).order_by("pk")
            rest = hat.exclude(pk__in=[one.person_id for one in drawn])
            self.people |= dict(zip(MEMBERS, (one.person for one in drawn), strict=True))
            self.people["undrawn"] = rest[0]
        return self

    def drawn(self) -> Self:
        return self.committed().throw()

    def void(self, name: str) -> Self:
        beacons.void_draw(
            self.draw, by=self.people[name], now=self.at, reason="A die fell off the table."
        )
        return self

    # ------------------------------------------------------------- the seats

    def promise(self, *names: str) -> Self:
        for name in names or MEMBERS:
            seating.promise(self.seat(name), by=self.people[name], now=self.at, kept_secret=True)
        return self

    def take_seat(self, *names: str) -> Self:
        for name in names or MEMBERS:
            self.promise(name)
            seating.accept_seat(self.seat(name), by=self.people[name], now=self.at, no_tie=True)
        return self

    def decline(self, name: str) -> Self:
        seating.decline_seat(self.seat(name), by=self.people[name], now=self.at)
        return self

    def recuse(self, name: str) -> Self:
        seating.recuse(self.seat(name), by=self.people[name], now=self.at)
        return self

    def lapse(self, name: str) -> Self:
        assert seating.lapse(self.seat(name), now=self.at)
        return self

    def too_late(self, *names: str) -> Self:
        """Let these have been asked some days before; the clock has not run since."""
        yesterday = self.today - timedelta(days=1)
        people = [self.people[name] for name in names]
        Seat.objects.filter(person__in=people).update(answer_by=yesterday)
        return self

    def seated(self) -> Self:
        return self.drawn().take_seat()

    def challenge(self, by: str = "harmed", whom: str = "member") -> Self:
        challenging.challenge_member(
            self.seat(whom), by=self.people[by], now=self.at, reason="They are neighbours."
        )
        return self

    def answer(self, *names: str, uphold: bool = True) -> Self:
        for name in names:
            challenging.answer_challenge(
                Challenge.objects.get(), by=self.people[name], now=self.at, uphold=uphold,
                reason="Better so.",
            )  # fmt: skip
        return self

    # ------------------------------------------------------------- what it hears

    def talked(self, text: str = "They could meet again.") -> Self:
        """Let something lie in the room of the talks."""
        write_note(self.case, by=self.people["mediator"], now=self.at, room="mediation", text=text)
        return self

    def ask_to_share(self) -> Self:
        note = self.case.notes.get(room="mediation")
        by = self.people["mediator"]
        sharing.ask_to_share(self.council, by=by, now=self.at, note=note)
        return self

    def share(self, name: str, agrees: bool = True) -> Self:
        asked = Sharing.objects.get(case__pk=self.pk)
        sharing.answer_sharing(asked, by=self.people[name], now=self.at, agrees=agrees)
        return self

    def write(self, *names: str) -> Self:
        for name in names or self.named:
            words.write_to_council(
                self.council, by=self.people[name], now=self.at, text="They broke my panes."
            )
        return self

    def packet(self) -> Self:
        packet.make_packet(self.council, by=self.people["process_guardian"], now=self.at)
        return self

    def plan_hearing(self, *names: str, hours: int = 1) -> Self:
        hearings.plan_hearing(
            self.council, by=self.people["coordinator"], now=self.at, minutes=60,
            at=self.at + timedelta(hours=hours), place="The library",
            parties=[self.party(name) for name in names or self.named],
        )  # fmt: skip
        return self

    def answer_hearing(self, name: str, needs: str) -> Self:
        hearings.answer_invitation(
            Hearing.objects.select_related("council").get(council__case__pk=self.pk),
            by=self.people[name], now=self.at, answer="comes", needs=needs,
        )  # fmt: skip
        return self

    def hold_hearing(self, *names: str) -> Self:
        hearing = Hearing.objects.get(council__case__pk=self.pk)
        came = [self.party(name) for name in names]
        by = self.people["coordinator"]
        hearings.hold_hearing(hearing, by=by, now=self.at, came=came)
        return self

    # ------------------------------------------------------------- the hat

    def in_the_hat(self, name: str, **values: Any) -> Self:
        """Change somebody's place in the hat."""
        self.here.pool.filter(person=self.people[name]).update(**values)
        return self

    def empty_the_hat(self, names: Sequence[str] = IN_THE_HAT) -> Self:
        people = [self.people[name] for name in names]
        self.here.pool.filter(person__in=people).update(left_on=self.today)
        return self
