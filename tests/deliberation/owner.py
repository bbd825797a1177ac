"""The smallest owner of a circle: one page for a proposal and its moves, as its addresses are."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import engines
from django.urls import include, path, reverse
from django.utils import timezone

from deliberation.actions.time import Scene
from deliberation.models import Proposal
from deliberation.moves import scene_now
from deliberation.parts import Part, find_part, may_read, moves_on_part
from deliberation.reading import shown
from deliberation.wording import WORDS
from moves import pages
from moves.core import Move

PAGE = """{% extends "base.html" %}
{% block title %}A proposal{% endblock %}
{% block content %}
<h1>A proposal</h1>
{% include "deliberation/_proposal.html" with shown=shown csrf_token=csrf_token only %}
{% endblock content %}"""


def address(proposal: Proposal) -> str:
    return reverse("proposal", args=[proposal.pk])


def moves_of(scene: Scene, part: Part) -> list[pages.ShownMove]:
    """Give the moves of a part the words of circles and the addresses of this owner."""
    where = address(scene.proposal)
    return [
        pages.show(
            move, WORDS, url=f"{where}{move.part}/{move.part_id}/{move.name}/", link=where,
            with_form=False,
        )
        for move in moves_on_part(part, scene, now=scene.at)
    ]  # fmt: skip


def scene_for(request: HttpRequest, pk: UUID) -> Scene:
    proposal = get_object_or_404(Proposal, pk=pk)
    return scene_now(proposal, request.user, now=timezone.now())  # type: ignore[arg-type]


@login_required
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    scene = scene_for(request, pk)
    page = request.GET.get("page", "1")
    if not may_read(scene):
        raise Http404
    made = shown(
        scene,
        now=scene.at,
        moves=partial(moves_of, scene),
        page=int(page) if page.isdecimal() and int(page) else 1,
    )
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"shown": made}, request))


@login_required
def do_move(request: HttpRequest, pk: UUID, part: str, part_id: str, name: str) -> HttpResponse:
    scene = scene_for(request, pk)
    found = find_part(scene, part, part_id)
    if found is None:
        raise Http404

    def done(move: Move, result: Any) -> HttpResponse:
        return redirect(address(scene.proposal))

    return pages.page(
        request, moves_on_part(found, scene, now=scene.at), name,
        words=WORDS, url=request.path, back_url=address(scene.proposal), now=scene.at, context={},
        done=done,
    )  # fmt: skip


urlpatterns = [
    path("proposals/<uuid:pk>/", detail, name="proposal"),
    path("proposals/<uuid:pk>/<str:part>/<str:part_id>/<str:name>/", do_move, name="proposal_move"),
    path("", include("config.urls")),
]
