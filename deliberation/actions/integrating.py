"""What becomes of an objection: integrated, taken back, or set aside by all the others."""

from datetime import datetime

from deliberation import rules
from deliberation.actions.ballots import take_in
from deliberation.actions.rounds import settle_objections
from deliberation.actions.time import Scene, changing
from deliberation.models import (
    Amendment,
    ByConsent,
    Objection,
    SettingAside,
    SettingAsideWord,
    Voice,
)
from deliberation.writing import record, require, tell_voices
from moves.core import Obstacle, refuse_if_any
from moves.machine import move
from people.models import Person


def owns(objection: Objection, scene: Scene) -> bool:
    """Say whether an open objection is this voice's own."""
    mine = scene.voice is not None and objection.owner_id == scene.voice.pk
    return mine and is_open(objection, scene)


def is_open(objection: Objection, scene: Scene) -> bool:
    return objection.state == Objection.State.OPEN and not scene.proposal.outcome


def may_integrate(objection: Objection, scene: Scene) -> bool:
    """Say whether this voice can work on an objection now."""
    integrating = scene.process.state == ByConsent.State.INTEGRATING
    return scene.voice is not None and integrating and is_open(objection, scene)


def offer_amendment(objection: Objection, *, by: Person, now: datetime, text: str) -> Amendment:
    """Offer a text that would answer an objection. Its owner says whether it does."""
    with changing(objection.proposal, by=by, now=now) as scene:
        objection = Objection.objects.get(pk=objection.pk)
        require(may_integrate(objection, scene))
        made = Amendment.objects.create(
            proposal=scene.proposal, objection=objection, by=scene.me, text=text,
            base=scene.proposal.version, at=now,
        )  # fmt: skip
        record(scene.circle, "amendment_offered", by=by, now=now, proposal=str(scene.proposal.pk))
        tell_voices(
            scene.circle, "please_look_at_amendment", key=f"amendment:{made.pk}", now=now,
            voices=[objection.owner_id],
        )  # fmt: skip
        return made


def may_accept(amendment: Amendment, scene: Scene) -> bool:
    """Say whether this voice owns the objection that an amendment would answer."""
    objection = amendment.objection
    if objection is None or amendment.taken_at is not None:
        return False
    return owns(objection, scene) and may_integrate(objection, scene)


def obstacles_to_accept(amendment: Amendment, scene: Scene) -> list[Obstacle]:
    """Return why an amendment cannot be taken in: the text has changed since it was written."""
    return rules.obstacles_to_accept(base=amendment.base, version=scene.proposal.version)


def accept_amendment(amendment: Amendment, *, by: Person, now: datetime) -> Amendment:
    """Say that an amendment answers one's objection; it becomes the text."""
    with changing(amendment.proposal, by=by, now=now) as scene:
        amendment = Amendment.objects.select_related("objection").get(pk=amendment.pk)
        amendment.proposal = scene.proposal
        require(may_accept(amendment, scene))
        refuse_if_any(obstacles_to_accept(amendment, scene))
        take_in(amendment, at=now)
        assert amendment.objection is not None
        _end(amendment.objection, scene, "integrate", by=by, now=now)
        return amendment


def withdraw_objection(objection: Objection, *, by: Person, now: datetime, then: str) -> Objection:
    """Take back one's objection, and say whether one consents now or stands aside (``then``)."""
    with changing(objection.proposal, by=by, now=now) as scene:
        objection = Objection.objects.select_related("position__turn").get(pk=objection.pk)
        require(owns(objection, scene) and then in ("consent", "stand_aside"))
        position = objection.position
        if position.turn.voice_id == objection.owner_id:
            position.kind, position.at = then, now
            position.save(update_fields=["kind", "at"])
        return _end(objection, scene, "withdraw", by=by, now=now)


def may_take_over(objection: Objection, scene: Scene, now: datetime) -> bool:
    """Say whether an objection lost its owner, and this voice could take it over."""
    if scene.voice is None or not is_open(objection, scene):
        return False
    return not objection.owner.lives_at(now)


def take_over(objection: Objection, *, by: Person, now: datetime) -> Objection:
    """Make an objection one's own after its owner left: it does not fall because they did."""
    with changing(objection.proposal, by=by, now=now) as scene:
        objection = Objection.objects.get(pk=objection.pk)
        require(may_take_over(objection, scene, now))
        objection.owner = scene.me
        objection.save(update_fields=["owner"])
        record(scene.circle, "objection_taken_over", by=by, now=now, objection=str(objection.pk))
        return objection


def others(objection: Objection, scene: Scene, now: datetime) -> list[Voice]:
    """Return all whose agreement it takes to set an objection aside: everybody but its owner."""
    return list(scene.circle.voices.counting(now).exclude(pk=objection.owner_id))


def may_set_aside(objection: Objection, scene: Scene, now: datetime) -> bool:
    """Say whether this voice is one of the others, while an objection is being integrated."""
    if not may_integrate(objection, scene):
        return False
    return scene.me.pk != objection.owner_id and scene.me.counts_at(now)


def obstacles_to_set_aside(objection: Objection, scene: Scene, now: datetime) -> list[Obstacle]:
    """Return why nobody can be asked: all who count but its owner are too few."""
    return rules.obstacles_to_set_aside(scene.voices_that_count - objection.owner.counts_at(now))


def propose_setting_aside(
    objection: Objection, *, by: Person, now: datetime, reason: str
) -> SettingAside:
    """Say, in writing, why an objection should not stop the circle. All the others must agree."""
    with changing(objection.proposal, by=by, now=now) as scene:
        objection = Objection.objects.get(pk=objection.pk)
        require(may_set_aside(objection, scene, now) and bool(reason.strip()))
        refuse_if_any(obstacles_to_set_aside(objection, scene, now))
        made = SettingAside.objects.create(
            objection=objection, by=scene.me, reason=reason.strip(), at=now
        )
        record(scene.circle, "setting_aside_proposed", by=by, now=now, objection=str(objection.pk))
        asked = [one.pk for one in others(objection, scene, now) if one.pk != scene.me.pk]
        key = f"aside:{made.pk}"
        tell_voices(scene.circle, "please_agree_to_set_aside", key=key, now=now, voices=asked)
        _agree(made, objection, scene, by=by, now=now)
        return made


def may_agree(proposed: SettingAside, objection: Objection, scene: Scene, now: datetime) -> bool:
    """Say whether this voice has not said yet that it agrees."""
    if not may_set_aside(objection, scene, now):
        return False
    return all(word.voice_id != scene.me.pk for word in proposed.words.all())


def agree_to_set_aside(proposed: SettingAside, *, by: Person, now: datetime) -> SettingAside:
    """Agree, as one of the others, that an objection is set aside for the reason given."""
    with changing(proposed.objection.proposal, by=by, now=now) as scene:
        proposed = SettingAside.objects.select_related("objection").get(pk=proposed.pk)
        require(may_agree(proposed, proposed.objection, scene, now))
        refuse_if_any(obstacles_to_set_aside(proposed.objection, scene, now))
        _agree(proposed, proposed.objection, scene, by=by, now=now)
        return proposed


def _agree(
    proposed: SettingAside, objection: Objection, scene: Scene, *, by: Person, now: datetime
) -> None:
    SettingAsideWord.objects.create(setting_aside=proposed, voice=scene.me, at=now)
    record(scene.circle, "setting_aside_agreed", by=by, now=now, objection=str(objection.pk))
    all_others = [str(one.pk) for one in others(objection, scene, now)]
    agreed = [str(pk) for pk in proposed.words.values_list("voice_id", flat=True)]
    if rules.may_be_set_aside(all_others, agreed):
        proposed.agreed_at = now
        proposed.save(update_fields=["agreed_at"])
        _end(objection, scene, "set_aside", by=by, now=now)


def _end(
    objection: Objection, scene: Scene, transition: str, *, by: Person, now: datetime
) -> Objection:
    """End an objection, and go on where it was the last."""
    objection.ended_at = now
    move(objection, transition, also=["ended_at"])
    record(
        scene.circle, f"objection_{objection.state}", by=by, now=now, objection=str(objection.pk)
    )
    settle_objections(scene.process, at=now)
    return objection
