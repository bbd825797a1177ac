"""The charter: what members propose to change in it, and what becomes of that.

A proposal's text is made from its terms, and so is every amendment's. Which terms stand is read
from the text that stands: nobody sets it, so an amendment that time takes in needs nothing more.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from communities import rules, saying
from communities.actions import asking
from communities.bounds import misfits
from communities.charter import Charter
from communities.models import CharterVersion, Community, Question, Terms, Trial
from communities.writing import (
    day,
    is_member,
    moment_of,
    on_community,
    record,
    require,
    tell_members,
)
from deliberation.actions import integrating, proposing, voting
from deliberation.actions.together import combine
from deliberation.models import Amendment, Concern, Objection, Proposal
from moves.core import Obstacle, refuse_if_any
from people.models import Person


def rules_of(community: Community) -> dict[str, Any]:
    """Return every rule that stands, those that no version names by their default."""
    return community.charter_now().charter.as_data()


def obstacles_to_propose(community: Community, now: datetime) -> list[Obstacle]:
    """Return why no change can be proposed: too few to decide."""
    return asking.obstacles_to_put(community, Question.Kind.CHARTER, day(now))


def propose_amendment(
    community: Community,
    *,
    by: Person,
    now: datetime,
    changes: Mapping[str, Any],
    trials: Mapping[str, str],
    reason: str,
) -> Question:
    """Propose to change these rules; ``trials`` gives a rule the day on which it ends again.

    ValueError where nothing would change, or the rules would not fit one another.
    """
    with on_community(community) as community:
        require(is_member(by, community, day(now)))
        refuse_if_any(obstacles_to_propose(community, now))
        data = terms_of(community, changes, trials)
        question = asking.bring(community, "charter", by=by, now=now)
        text = saying.of_charter(data["changes"], data["trials"], reason)
        question.terms.create(version=1, data=data, reason=reason)
        made = asking.put_before(question, text=text, now=now)
        if len(made) > 1:
            combine(
                [one.proposal for one in made],
                subject_kind="question", subject_id=str(question.pk), now=now,
            )  # fmt: skip
        return question


def terms_of(
    community: Community, changes: Mapping[str, Any], trials: Mapping[str, str]
) -> dict[str, Any]:
    """Return the structure of what is proposed. ValueError where it is none."""
    standing = rules_of(community)
    real = rules.really_changed(standing, changes)
    if not real or misfits({**standing, **real}):
        raise ValueError("These changes change nothing, or do not fit one another.")
    return {
        "changes": real,
        "trials": {rule: on for rule, on in trials.items() if rule in real and on},
    }


# ── Texts made from terms ────────────────────────────────────────────────────


def terms_standing(question: Question, proposal: Proposal) -> Terms:
    """Return the terms that the text of a proposal was made from, as it stands now.

    A version has its own, or is an amendment that was taken in at the moment it was made.
    """
    return terms_of_versions(question, proposal)[proposal.version]


def terms_of_versions(question: Question, proposal: Proposal) -> dict[int, Terms]:
    """Return {version: terms} of every text of a proposal, in two queries."""
    every = list(question.terms.select_related("amendment"))
    own = {one.version: one for one in every if one.version is not None}
    taken = {
        one.amendment.taken_at: one
        for one in every
        if one.amendment is not None and one.amendment.taken_at is not None
    }
    return {text.number: own.get(text.number) or taken[text.at] for text in proposal.texts.all()}


def is_structured(question: Question) -> bool:
    """Say whether its texts are made from terms, and can be amended only by other terms."""
    return question.kind in (Question.Kind.CHARTER, Question.Kind.ELECTION)


def may_be_amended(question: Question, proposal: Proposal) -> bool:
    """Say whether anything in it can be amended.

    Not a recall: there is nothing between holding an office and not. Not one question before
    several circles: each could then adopt another text, and none would be adopted by all.
    """
    return question.kind != Question.Kind.RECALL and proposal.combined_id is None


def text_of(question: Question, data: Mapping[str, Any], reason: str) -> str:
    """Return the text that these terms make."""
    if question.kind == Question.Kind.CHARTER:
        return saying.of_charter(data["changes"], data["trials"], reason)
    assert question.person is not None
    return saying.of_election(question.person.name, question.office, data["months"], reason)


def data_of(question: Question, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms that were typed for an amendment. ValueError where they are none."""
    if question.kind == Question.Kind.CHARTER:
        return terms_of(question.community, typed["changes"], typed["trials"])
    return {"months": typed["months"]}


@transaction.atomic
def amend_terms(
    thing: Objection | Concern,
    *,
    by: Person,
    now: datetime,
    question: Question,
    reason: str,
    **typed: Any,
) -> Amendment:
    """Offer other terms that answer an objection or a concern, with the text they make."""
    data = data_of(question, typed)
    text = text_of(question, data, reason)
    offer: Any = integrating.offer_amendment if isinstance(thing, Objection) else voting.amend_for
    made: Amendment = offer(thing, by=by, now=now, text=text)
    Terms.objects.create(question=question, amendment=made, data=data, reason=reason)
    return made


@transaction.atomic
def revise_terms(
    proposal: Proposal,
    *,
    by: Person,
    now: datetime,
    question: Question,
    seen: int,
    reason: str,
    **typed: Any,
) -> Proposal:
    """Change the terms of one's own proposal, after the reactions, with the text they make."""
    data = data_of(question, typed)
    text = text_of(question, data, reason)
    proposal = proposing.revise(proposal, by=by, now=now, text=text, seen=seen)
    Terms.objects.create(question=question, version=proposal.version, data=data, reason=reason)
    return proposal


# ── What is adopted ──────────────────────────────────────────────────────────


def fits_still(question: Question, data: Mapping[str, Any]) -> bool:
    """Say whether what was adopted still makes a whole charter."""
    return not misfits({**rules_of(question.community), **data["changes"]})


def take_effect(question: Question, data: Mapping[str, Any], *, at: datetime) -> CharterVersion:
    """Make the next version of the charter; the community is locked. Old cases keep theirs."""
    community, on = question.community, day(at)
    standing = rules_of(community)
    running = {one.rule: one for one in community.trials.filter(ended_at=None)}
    version = next_version(community, {**standing, **data["changes"]}, on=on, question=question)
    for rule in data["changes"]:
        before = running.get(rule)
        back = rules.value_behind(standing, _plain(before), rule)
        if before is not None:
            before.ended_at = at
            before.save(update_fields=["ended_at"])
        if rule in data["trials"]:
            Trial.objects.create(
                community=community, version=version, rule=rule, back=back,
                on=date.fromisoformat(data["trials"][rule]),
            )  # fmt: skip
    record(community, "charter_changed", by=None, now=at, number=version.number)
    tell_members(
        community, "charter_changed", key=f"charter:{version.pk}", now=at,
        of=community.name,
    )  # fmt: skip
    return version


def _plain(trial: Trial | None) -> rules.Trial | None:
    return None if trial is None else rules.Trial(trial.rule, trial.on, trial.back)


def next_version(
    community: Community, new: Mapping[str, Any], *, on: date, question: Question | None = None
) -> CharterVersion:
    """Make the next version of a locked community's charter."""
    before = community.charter_now()
    return community.charters.create(
        number=before.number + 1, rules=Charter.of(dict(new)).as_data(), from_on=on,
        question=question,
    )  # fmt: skip


def end_trials(community: Community, *, until: date) -> int:
    """Bring back what was before each trial that ended by this day; the community is locked.

    Each on its own day, whenever this is called, and dated that day.
    """
    running = list(community.trials.filter(ended_at=None, on__lte=until))
    for on, back in rules.ending_on([one for one in map(_plain, running) if one]).items():
        at = moment_of(on)
        version = next_version(community, {**rules_of(community), **back}, on=on)
        community.trials.filter(ended_at=None, on=on, rule__in=back).update(ended_at=at)
        record(community, "trial_ended", by=None, now=at, number=version.number)
        tell_members(
            community, "trial_ended", key=f"charter:{version.pk}", now=at,
            of=community.name,
        )  # fmt: skip
    return len(running)
