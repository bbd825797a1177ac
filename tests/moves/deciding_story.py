"""A council that has begun: it finds, drafts, decides, and is appealed; step by step."""

from datetime import timedelta
from typing import Any, Self

from agreements import actions as agreements
from agreements.models import Agreement
from cases import actions as cases
from councils.actions import appealing, deciding, finding, outcome, table
from councils.models import Decision
from councils.moves import follow
from deliberation.actions import speaking
from deliberation.models import Proposal
from tests.moves.council_story import MEMBERS, CouncilStory
from tests.remembered import remembered

LONG = 24 * 13


@remembered
class DecidingStory(CouncilStory):
    """One case whose council has read what both sides wrote, and deliberates online."""

    def begun(self) -> Self:
        self.seated().write().packet()
        table.begin_deliberation(
            self.council, by=self.people["process_guardian"], now=self.at,
            aim="What repairs the harm.", session="online", round_hours=LONG,
        )  # fmt: skip
        return self

    def act(self, action: Any, subject: Any, name: str, **typed: Any) -> None:
        inside = table.in_circle(self.council, action, follow=follow)
        inside(subject, by=self.people[name], now=self.at, **typed)

    def everybody_consents(self, proposal: Proposal, author: str) -> None:
        self.act(deciding.begin_proposal, proposal, author)
        for _kind in ("clarifying", "reacting"):
            for name in MEMBERS:
                self.act(speaking.speak, proposal, name, word="")
        for name in MEMBERS:
            self.act(speaking.consent, proposal, name)

    def found(self) -> Self:
        made = finding.propose_finding(
            self.council, by=self.people["member"], now=self.at, kind="needed",
            text="The panes are to be whole.", grounds="Both said so.",
        )  # fmt: skip
        self.everybody_consents(made.proposal, "member")
        return self

    def draft(self, course: str = "agreement") -> Self:
        deciding.propose_decision(
            self.council, by=self.people["member"], now=self.at, course=course,
            text="Because it repairs what was broken.", account="Panes broke.",
        )  # fmt: skip
        return self

    @property
    def decision(self) -> Decision:
        return Decision.objects.get()

    def plan(self) -> Self:
        deciding.plan_promise(
            self.decision, by=self.people["member"], now=self.at, what="Mend the twelve panes",
            promised_by=str(self.party("responsible").pk),
            promised_to=str(self.party("harmed").pk), due_on=self.today + timedelta(days=30),
        )  # fmt: skip
        return self

    def threat(self) -> Self:
        deciding.find_threat(
            self.decision, by=self.people["member"], now=self.at,
            about=str(self.party("responsible").pk), threat="They said they would come back.",
            alternatives=[{"what": "A talk", "why_not": "It was tried."}],
            review_on=self.today + timedelta(days=9), ends_on=self.today + timedelta(days=29),
        )  # fmt: skip
        return self

    def decided(self) -> Self:
        self.everybody_consents(self.decision.proposal, "member")
        return self

    def appeal(self, name: str = "harmed") -> Self:
        appealing.appeal_decision(
            self.decision, by=self.people[name], now=self.at, ground="process", words="Not asked."
        )
        return self

    def in_effect(self) -> Self:
        """Let the decision take effect, as the clock does once its days to appeal are over."""
        outcome.take_effect(self.decision, self.case, on=self.at)
        return self

    def step_back(self, name: str = "harmed") -> Self:
        agreement = Agreement.objects.filter(case=self.case).latest("version")
        agreements.step_back(agreement, by=self.people[name], now=self.at)
        return self

    def say_yes(self) -> Self:
        """Let everybody say yes to going back to mediation."""
        for name in self.named:
            cases.give_consent(self.party(name), by=self.people[name], now=self.at, understood=True)
        return self
