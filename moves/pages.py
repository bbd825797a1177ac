"""The one way a move is shown, typed into and done, for every app.

``shown`` turns moves into what the template part and the API both read;
``perform`` is the POST handler. ``journey`` finds the thing and its moves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from moves.core import Blocked, Hidden, Move, Obstacle, Stale
from moves.wording import ROLES, MoveWords


@dataclass(frozen=True)
class Words:
    """All the words of a house: moves and obstacles by code, and where each is cleared."""

    moves: Mapping[str, MoveWords]
    obstacles: Mapping[str, Any]


@dataclass(frozen=True)
class ShownObstacle:
    code: str
    text: str
    cleared_by: str
    clears_on: date | None
    link: str


@dataclass(frozen=True)
class ShownMove:
    """A move with its words, ready for a page or for JSON."""

    name: str
    label: str
    explain: str
    warning: str
    status: str
    style: str
    url: str
    obstacles: list[ShownObstacle]
    form: Any = None
    fields: list[dict[str, Any]] = field(default_factory=list)


def show_obstacle(obstacle: Obstacle, words: Words, link: str = "") -> ShownObstacle:
    """Return an obstacle with its words in the language of the reader."""
    text = str(words.obstacles[obstacle.code])
    return ShownObstacle(
        code=obstacle.code,
        text=text % obstacle.params if obstacle.params else text,
        cleared_by=str(ROLES.get(obstacle.cleared_by, obstacle.cleared_by)),
        clears_on=obstacle.clears_on,
        link=link,
    )


def show(
    move: Move, words: Words, *, url: str, link: str = "", with_form: bool = True
) -> ShownMove:
    """Return a move with its words; ``url`` is where it is done, ``link`` where cleared.

    Without its form, ``form`` only says whether there is something to type: a form may
    ask the database for its choices, and a list of moves needs none of them.
    """
    said = words.moves[move.name]
    style = "careful" if move.careful else "main" if move.main else "also"
    wanted = move.form is not None and move.status == "available"
    form = move.form() if move.form and wanted and with_form else None
    return ShownMove(
        name=move.name,
        label=str(said.label),
        explain=str(said.explain),
        warning=str(said.warning),
        status=move.status,
        style=style,
        url=url,
        obstacles=[show_obstacle(obstacle, words, link) for obstacle in move.obstacles],
        form=form if with_form else wanted,
        fields=describe_fields(form) if form else [],
    )


def order_shown(move: ShownMove) -> tuple[bool, int]:
    """Sort what can be done before what cannot yet, the main thing first, stopping last."""
    return (move.status == "blocked", ["main", "also", "careful"].index(move.style))


KINDS = {
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "datetime",
    "DecimalField": "decimal",
    "IntegerField": "integer",
    "ChoiceField": "choice",
    "TypedChoiceField": "choice",
    "MultipleChoiceField": "choices",
}


def describe_fields(form: Any) -> list[dict[str, Any]]:
    """Return a form's fields as the API names them: name, type, required, choices, help."""
    described = []
    for name, made in form.fields.items():
        choices = [
            {"value": str(value), "label": str(label)}
            for value, label in getattr(made, "choices", None) or []
        ]
        described.append(
            {
                "name": name,
                "type": KINDS.get(type(made).__name__, "text"),
                "required": made.required,
                "choices": choices,
                "help": str(made.help_text or made.label or ""),
                "initial": None if made.initial is None else str(made.initial),
            }
        )
    return described


@dataclass(frozen=True)
class Outcome:
    """What came of trying a move: ``status`` is the HTTP status that says it."""

    status: int
    result: Any = None
    obstacles: list[Obstacle] = field(default_factory=list)
    form: Any = None
    stale: Stale | None = None


def attempt(
    moves: list[Move], name: str, data: QueryDict | Mapping[str, Any], *, by: Any, now: datetime
) -> Outcome:
    """Try the move of this name. 404 hidden, 409 blocked or stale, 422 mistyped, 200 done."""
    move = next((move for move in moves if move.name == name), None)
    if move is None:
        return Outcome(status=404)
    if move.obstacles:
        return Outcome(status=409, obstacles=move.obstacles)
    cleaned: dict[str, Any] = {}
    form = None
    if move.form:
        form = move.form(data=data)
        if not form.is_valid():
            return Outcome(status=422, form=form)
        cleaned = form.cleaned_data
    try:
        result = move.act(move.subject, by=by, now=now, **cleaned)
    except Blocked as error:
        return Outcome(status=409, obstacles=error.obstacles, form=form)
    except Stale as error:
        return Outcome(status=409, form=form, stale=error)
    except Hidden:
        return Outcome(status=404)
    return Outcome(status=200, result=result)


def page(
    request: HttpRequest,
    moves: list[Move],
    name: str,
    *,
    words: Words,
    url: str,
    back_url: str,
    now: datetime,
    context: Mapping[str, Any],
    done: Callable[[Move, Any], HttpResponse],
) -> HttpResponse:
    """Show one move as a page of its own, or do it on POST."""
    move = next((move for move in moves if move.name == name), None)
    if move is None:
        raise Http404
    outcome = None
    if request.method == "POST":
        outcome = attempt(moves, name, request.POST, by=request.user, now=now)
        if outcome.status == 404:
            raise Http404
        if outcome.status == 200:
            return done(move, outcome.result)
    shown = show(move, words, url=url, link=back_url)
    refused = outcome.obstacles if outcome else move.obstacles
    form = (outcome.form if outcome else None) or shown.form
    status = outcome.status if outcome else 409 if move.obstacles else 200
    return render(
        request,
        "moves/page.html",
        {
            **context,
            "move": shown,
            "form": form,
            "stale": outcome.stale if outcome else None,
            "obstacles": [show_obstacle(one, words, back_url) for one in refused],
            "back_url": back_url,
        },
        status=status if request.method == "POST" else 200,
    )
