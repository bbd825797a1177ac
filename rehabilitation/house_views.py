"""The page of a house, its assembly, and a circle of support. A stranger gets the same 404."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cases.writing import day
from communities.models import Community
from deliberation import parts as rounds
from deliberation import reading as rounds_reading
from deliberation.moves import scene_now
from moves import pages
from moves.core import Move
from people.http import SignedInRequest
from people.models import Person
from rehabilitation import forms, reading
from rehabilitation.access import HouseSight, house_sight
from rehabilitation.actions import houses, staying
from rehabilitation.models import House, HouseQuestion, SupportCircle, SupportMember
from rehabilitation.moves import moves_on_house, moves_on_question
from rehabilitation.views import in_order
from rehabilitation.wording import WORDS


def seen_house(person: Person, slug: str, *, now: datetime) -> tuple[House, HouseSight]:
    """Return a house and who this person is there; 404 where it is not theirs to open."""
    today = day(now)
    found = House.objects.known_to(person, today=today).select_related("community", "circle")
    house = get_object_or_404(found.distinct(), slug=slug)
    return house, house_sight(person, house, today=today)


def _shown(house: House, moves: list[Move], url: str) -> list[pages.ShownMove]:
    back = house.get_absolute_url()
    return in_order(
        [
            pages.show(
                one,
                WORDS,
                link=back,
                with_form=False,
                url=reverse(f"rehabilitation:{url}", args=_args(house, one, url)),
            )
            for one in moves
        ]
    )


def _args(house: House, move: Move, url: str) -> list[str]:
    if url == "house_move":
        return [house.slug, move.name]
    return [house.slug, move.part, move.part_id, move.name]


@never_cache
@login_required
@require_GET
def house_page(request: SignedInRequest, slug: str) -> HttpResponse:
    """A house: how full it is, who serves, its rules and questions, and who lives there."""
    now = timezone.now()
    house, sight = seen_house(request.user, slug, now=now)
    return render(
        request, "rehabilitation/house.html", page_of(house, request.user, sight, now=now)
    )


def page_of(house: House, person: Person, sight: HouseSight, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a house shows this person."""
    today = day(now)
    inside = sight.inside

    def of_question(question: HouseQuestion) -> list[pages.ShownMove]:
        moves = list(moves_on_question(question, sight, now=now))
        return _shown(house, moves, "assembly_move")

    return {
        "house": house,
        "sight": sight,
        "occupancy": reading.occupancy_of(house, today),
        "serving": reading.serving(house, today),
        "living": reading.living_for(house, person, today),
        "moves": _shown(house, list(moves_on_house(house, person, sight, now=now)), "house_move"),
        "rules": reading.rules_shown(house, of_question, today) if inside else [],
        "questions": questions_of(house, person, now=now) if inside else [],
        "meetings": list(house.meetings.order_by("-held_on", "-at")[:20]) if inside else [],
        "visits": list(house.visits.filter(placement=None).order_by("-visited_on")[:20])
        if inside
        else [],
        "rights": list(reading.RIGHTS_IN_WORDS.values()) if inside else [],
        "community_name": house.community.name,
    }


def questions_of(house: House, person: Person, *, now: datetime) -> list[dict[str, Any]]:
    """Return the open questions of the assembly, as this person sees their rounds."""
    shown = []
    for question in house.questions.filter(proposal__outcome="").select_related("proposal"):
        scene = scene_now(question.proposal, person, now=now)
        if scene.voice is None:
            continue

        def of_part(part: rounds.Part, scene: Any = scene) -> list[pages.ShownMove]:
            moves = houses.in_assembly(rounds.moves_on_part(part, scene, now=now), house)
            return _shown(house, moves, "assembly_move")

        shown.append(
            {
                "question": question,
                "shown": rounds_reading.shown(scene, now=now, moves=of_part),
            }
        )
    return shown


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def house_move(request: SignedInRequest, slug: str, name: str) -> HttpResponse:
    """Show one move in a house, or do it."""
    now = timezone.now()
    house, sight = seen_house(request.user, slug, now=now)
    moves = list(moves_on_house(house, request.user, sight, now=now))
    return _page(request, house, moves, name, now=now)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def assembly_move(
    request: SignedInRequest, slug: str, part: str, part_id: UUID, name: str
) -> HttpResponse:
    """Show one move in the assembly of a house, or on one of its rules, or do it."""
    now = timezone.now()
    house, sight = seen_house(request.user, slug, now=now)
    moves = assembly_moves(house, request.user, sight, part, str(part_id), now=now)
    return _page(request, house, moves, name, now=now)


def assembly_moves(
    house: House, person: Person, sight: HouseSight, part: str, part_id: str, *, now: datetime
) -> list[Move]:
    """Return the moves on a question of a house, or on a part of its round; none where hidden."""
    if part == "question":
        question = house.questions.filter(pk=part_id).first()
        return list(moves_on_question(question, sight, now=now)) if question else []
    proposal = rounds.proposal_behind(part, part_id)
    if proposal is None or not house.questions.filter(proposal=proposal).exists():
        return []
    scene = scene_now(proposal, person, now=now)
    found = rounds.find_part(scene, part, part_id)
    if found is None or scene.voice is None:
        return []
    return houses.in_assembly(rounds.moves_on_part(found, scene, now=now), house)


def _page(
    request: SignedInRequest, house: House, moves: list[Move], name: str, *, now: datetime
) -> HttpResponse:
    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        known = House.objects.known_to(request.user, today=day(now)).filter(pk=house.pk)
        return redirect(house if known.exists() else "/")

    return pages.page(
        request,
        moves,
        name,
        words=WORDS,
        url=request.path,
        back_url=house.get_absolute_url(),
        now=now,
        context={"community_name": house.community.name},
        done=done,
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def open_house(request: SignedInRequest, slug: str) -> HttpResponse:
    """A coordinator opens a Rehabilitation Community in their community."""
    now = timezone.now()
    communities = Community.objects.coordinated_by(request.user, day(now)).distinct()
    community = get_object_or_404(communities, slug=slug)
    move = Move(
        subject=community, part="community", part_id=community.slug, name="open_house",
        act=houses.open_house, form=forms.HouseForm,
    )  # fmt: skip

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect(result)

    return pages.page(
        request, [move], "open_house", words=WORDS, url=request.path, back_url="/", now=now,
        context={"community_name": community.name}, done=done,
    )  # fmt: skip


# ── A circle of support ──────────────────────────────────────────────────────


def seen_circle(person: Person, circle_id: UUID, *, now: datetime) -> SupportCircle:
    """Return a circle of support for who is in it or asked into it; 404 for everybody else."""
    circle = (
        SupportCircle.objects.select_related("placement__person", "placement__house__community")
        .filter(pk=circle_id)
        .first()
    )
    if circle is None:
        raise Http404
    own = circle.placement.person_id == person.pk
    asked = circle.members.filter(person=person).exists()
    if not own and not (asked and staying.circle_lasts(circle, day(now))):
        raise Http404
    return circle


def moves_on_circle(circle: SupportCircle, person: Person, *, now: datetime) -> list[Move]:
    """Return what this person can do in a circle of support."""
    found = []
    member = SupportMember.objects.filter(circle=circle, person=person).first()
    lasts = staying.circle_lasts(circle, day(now))
    if member is not None and lasts:
        of_member: dict[str, Any] = {
            "subject": member,
            "part": "support",
            "part_id": str(circle.pk),
        }
        if member.accepted_on is None:
            found.append(Move(name="accept_support", act=staying.accept_support, **of_member))
        found.append(
            Move(name="decline_support", act=staying.decline_support, careful=True, **of_member)
        )
    if staying.may_write_meeting(circle, person, day(now)):
        found.append(
            Move(
                subject=circle, part="support", part_id=str(circle.pk),
                name="note_support_meeting", act=staying.note_support_meeting,
                form=forms.SupportMeetingForm,
            )
        )  # fmt: skip
    return found


@never_cache
@login_required
@require_GET
def support_page(request: SignedInRequest, circle_id: UUID) -> HttpResponse:
    """A circle of support: who goes along, until when, and what it kept of its meetings."""
    now = timezone.now()
    circle = seen_circle(request.user, circle_id, now=now)
    moves = [
        pages.show(
            one, WORDS, url=reverse("rehabilitation:support_move", args=[circle.pk, one.name]),
            link=request.path, with_form=False,
        )
        for one in moves_on_circle(circle, request.user, now=now)
    ]  # fmt: skip
    inside = staying.may_write_meeting(circle, request.user, day(now))
    own = circle.placement.person_id == request.user.pk
    return render(
        request,
        "rehabilitation/support.html",
        {
            "circle": circle,
            "support": reading.support_shown(circle, day(now), inside=inside or own),
            "moves": in_order(moves),
            "community_name": circle.placement.house.community.name,
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def support_move(request: SignedInRequest, circle_id: UUID, name: str) -> HttpResponse:
    """Show one move in a circle of support, or do it."""
    now = timezone.now()
    circle = seen_circle(request.user, circle_id, now=now)
    back = reverse("rehabilitation:support", args=[circle.pk])

    def done(move: Move, result: Any) -> HttpResponse:
        messages.success(request, str(WORDS.moves[move.name].done))
        return redirect("/" if move.name == "decline_support" else back)

    return pages.page(
        request, moves_on_circle(circle, request.user, now=now), name, words=WORDS,
        url=request.path, back_url=back, now=now,
        context={"community_name": circle.placement.house.community.name}, done=done,
    )  # fmt: skip
