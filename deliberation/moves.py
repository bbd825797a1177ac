"""What this person can do in a circle now, and what stands in the way.

What is not yielded is hidden: it answers like a thing that does not exist. Listing the moves of a
proposal first does what was due in its circle, so that a page shows what stands, whether or not
``tick`` came between.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from deliberation import forms
from deliberation.actions import circles, integrating, proposing, speaking, voting
from deliberation.actions.time import Scene, bring_up_to_date, scene_of
from deliberation.models import (
    Amendment,
    ByConsent,
    Circle,
    Concern,
    Objection,
    Proposal,
    SettingAside,
    Turn,
    Voice,
)
from deliberation.writing import voice_of
from moves.core import Move
from people.models import Person


def scene_now(proposal: Proposal, person: Person, *, now: datetime) -> Scene:
    """Return a proposal as it stands now, and who this person is there; for every list below."""
    bring_up_to_date(proposal.circle_id, now=now)
    circle = Circle.objects.get(pk=proposal.circle_id)
    return scene_of(proposal, circle, person=person, now=now)


def moves_on_circle(circle: Circle, person: Person, *, now: datetime) -> Iterator[Move]:
    """Yield what somebody with a voice can do before there is a proposal."""
    voice = voice_of(circle, person, now)
    if voice is None:
        return
    blocked = proposing.obstacles_to_propose(circle, now)
    yield Move(
        subject=circle,
        part="circle",
        part_id=str(circle.pk),
        name="propose",
        act=proposing.propose,
        form=forms.ProposalForm,
        obstacles=blocked,
    )
    yield from moves_on_voice(voice, person, now=now)


def moves_on_voice(voice: Voice, person: Person, *, now: datetime) -> Iterator[Move]:
    """Yield the limit that somebody can accept on their own vote, and end."""
    if voice.person_id != person.pk or (voice.until is not None and voice.until <= now):
        return
    one = partial(Move, subject=voice, part="voice", part_id=str(voice.pk))
    limited = circles.obstacles_to_limit(voice, now)
    yield one(
        name="limit_vote",
        act=circles.limit_vote,
        form=partial(forms.LimitForm, now),
        obstacles=limited,
        careful=True,
    )
    if limited:
        yield one(name="lift_limit", act=circles.lift_limit)


def moves_on_proposal(scene: Scene, *, now: datetime) -> Iterator[Move]:
    """Yield what this person can do to a proposal, by whichever method."""
    proposal = scene.proposal
    if proposal.outcome or (scene.voice is None and not scene.guides):
        return
    one = partial(Move, subject=proposal, part="proposal", part_id=str(proposal.pk))
    if isinstance(scene.process, ByConsent):
        yield from _by_consent(scene, one, now)
    else:
        yield from _by_supermajority(scene, one, now)
    if proposing.may_move_on(scene):
        blocked = proposing.obstacles_to_move_on(scene, now)
        yield one(name="move_on", act=proposing.move_on, obstacles=blocked, main=not blocked)
    if proposing.may_withdraw(scene):
        yield one(name="withdraw_proposal", act=proposing.withdraw_proposal, careful=True)


def _by_consent(scene: Scene, one: "partial[Move]", now: datetime) -> Iterator[Move]:
    proposal = scene.proposal
    if proposing.may_begin(scene):
        blocked = proposing.obstacles_to_begin(scene.circle, now)
        yield one(name="begin", act=proposing.begin, obstacles=blocked, main=not blocked)
    if proposing.may_revise(scene):
        yield one(
            name="revise",
            act=proposing.revise,
            form=partial(forms.ReviseForm, scene.text, proposal.version),
        )
    found = speaking.round_of(scene)
    turn = speaking.my_turn(scene, found)
    if found is not None and turn is not None:
        kind = _turn_of_hearing if found.kind in speaking.HEARING else _turn_of_consent
        yield from kind(scene, turn, one, now)
    elif limited := speaking.obstacles_of_limit(scene, found, now):
        yield one(name="consent", act=speaking.consent, obstacles=limited)
    waiting = speaking.turn_to_miss(scene, now)
    if waiting is not None:
        yield one(
            name="pass_over",
            act=speaking.pass_over,
            form=partial(forms.PassOverForm, str(waiting.pk)),
        )


def _turn_of_hearing(
    scene: Scene, turn: Turn, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    blocked = speaking.obstacles_to_turn(scene, turn, now)
    yield one(
        name="speak",
        act=speaking.speak,
        form=forms.TurnForm,
        obstacles=blocked,
        main=not blocked,
    )
    if speaking.may_write(scene):
        yield one(name="write_word", act=speaking.write_word, form=forms.WordForm)


def _turn_of_consent(
    scene: Scene, turn: Turn, one: "partial[Move]", now: datetime
) -> Iterator[Move]:
    blocked = speaking.obstacles_to_turn(scene, turn, now)
    yield one(name="consent", act=speaking.consent, obstacles=blocked, main=not blocked)
    yield one(name="stand_aside", act=speaking.stand_aside, form=forms.AsideForm, obstacles=blocked)
    yield one(name="object_to", act=speaking.object_to, form=forms.ObjectForm, obstacles=blocked)
    if speaking.may_write(scene):
        yield one(name="write_position", act=speaking.write_position, form=forms.PositionForm)


def _by_supermajority(scene: Scene, one: "partial[Move]", now: datetime) -> Iterator[Move]:
    if voting.may_remark(scene):
        yield one(name="remark", act=voting.remark, form=forms.WordForm)
    if voting.ballot_for(scene) is not None:
        blocked = voting.obstacles_to_vote(scene, now)
        yield one(
            name="vote", act=voting.vote, form=forms.VoteForm, obstacles=blocked, main=not blocked
        )
    if voting.ballot_to_sort(scene) is not None:
        yield one(
            name="raise_concern",
            act=voting.raise_concern,
            form=partial(forms.ConcernForm, voting.only_deal_breakers(scene)),
        )


def moves_on_turn(turn: Turn, scene: Scene) -> Iterator[Move]:
    """Yield the author's answer to what was asked in a turn."""
    if speaking.may_answer(turn, scene):
        yield Move(
            subject=turn,
            part="turn",
            part_id=str(turn.pk),
            name="answer",
            act=speaking.answer,
            form=forms.WordForm,
        )


def moves_on_objection(objection: Objection, scene: Scene, *, now: datetime) -> Iterator[Move]:
    """Yield the ways out of one objection that are this voice's."""
    one = partial(Move, subject=objection, part="objection", part_id=str(objection.pk))
    if integrating.may_integrate(objection, scene):
        yield one(
            name="offer_amendment",
            act=integrating.offer_amendment,
            form=partial(forms.TextForm, scene.text),
            main=True,
        )
    if integrating.owns(objection, scene):
        yield one(
            name="withdraw_objection",
            act=integrating.withdraw_objection,
            form=forms.WithdrawObjectionForm,
        )
    if integrating.may_take_over(objection, scene, now):
        yield one(name="take_over", act=integrating.take_over)
    if integrating.may_set_aside(objection, scene, now):
        yield one(
            name="propose_setting_aside",
            act=integrating.propose_setting_aside,
            form=forms.ReasonForm,
            obstacles=integrating.obstacles_to_set_aside(objection, scene, now),
            careful=True,
        )


def moves_on_setting_aside(
    proposed: SettingAside, scene: Scene, *, now: datetime
) -> Iterator[Move]:
    """Yield the agreement of one of the others."""
    if integrating.may_agree(proposed, proposed.objection, scene, now):
        yield Move(
            subject=proposed,
            part="setting_aside",
            part_id=str(proposed.pk),
            name="agree_to_set_aside",
            act=integrating.agree_to_set_aside,
            obstacles=integrating.obstacles_to_set_aside(proposed.objection, scene, now),
            careful=True,
        )


def moves_on_amendment(amendment: Amendment, scene: Scene, *, now: datetime) -> Iterator[Move]:
    """Yield accepting an amendment, as the owner of its objection, or gauging it."""
    one = partial(Move, subject=amendment, part="amendment", part_id=str(amendment.pk))
    if integrating.may_accept(amendment, scene):
        blocked = integrating.obstacles_to_accept(amendment, scene)
        yield one(
            name="accept_amendment",
            act=integrating.accept_amendment,
            obstacles=blocked,
            main=not blocked,
        )
    if voting.may_gauge(amendment, scene):
        yield one(
            name="gauge",
            act=voting.gauge,
            form=forms.GaugeForm,
            obstacles=voting.obstacles_to_vote(scene, now),
        )


def moves_on_concern(concern: Concern, scene: Scene, *, now: datetime) -> Iterator[Move]:
    """Yield joining a concern, electing its speaker, and answering it with an amendment."""
    one = partial(Move, subject=concern, part="concern", part_id=str(concern.pk))
    mine = voting.holder_of(concern, scene)
    ballot = voting.ballot_to_sort(scene)
    if ballot is not None and ballot.pk == concern.ballot_id:
        yield one(
            name="join_concern",
            act=voting.join_concern,
            form=partial(forms.HoldForm, voting.only_deal_breakers(scene)),
        )
    standing = voting.standing_for(concern, now) if mine is not None else []
    if standing:
        yield one(
            name="name_speaker",
            act=voting.name_speaker,
            form=partial(
                forms.SpeakerForm, [(str(one.pk), one.voice.person.name) for one in standing]
            ),
        )
    if voting.may_amend(concern, scene):
        yield one(
            name="amend_for",
            act=voting.amend_for,
            form=partial(forms.TextForm, scene.text),
        )
