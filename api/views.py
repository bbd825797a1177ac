"""The API: thin views over the same functions as the pages, so that neither knows more."""

import logging
from typing import Any, Literal

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from api import communal, houses, listing, own, reading, rounds, seeing
from api.actions import KeyReused, answer_once, holder_of
from api.forms import CaseForm, Mistyped, as_typed, errors_of, read_object, read_parties, storable
from cases.actions import NewParty, open_case
from cases.writing import day
from communities.models import Community, Question
from journey.views import contact_kind
from moves import pages
from moves.faults import NOTHING_SAVED, RETRY_SECONDS, passes
from moves.machine import already_moved
from people.models import Person
from records.actions import note_access

log = logging.getLogger(__name__)

NOT_FOUND = {"detail": "Not found."}
LONGEST_KEY = 200
LONGEST_PATH = 255
Answer = tuple[int, Any]
CasePart = Literal[
    "party", "mediation", "agreement", "commitment", "suggestion", "council", "draw", "seat",
    "challenge", "packet", "hearing", "sharing", "decision", "planned", "appeal", "recall",
]  # fmt: skip
# Of one's own, and of a community that decides: ``communal.PARTS``.
OwnPart = Literal[
    "seat", "pool", "community", "question", "proposal", "turn", "objection", "setting_aside",
    "amendment", "concern", "voice", "placement", "house",
]  # fmt: skip


class Gone(Exception):
    """Hidden or not there: nobody can tell which from the answer."""


class Bearer(HttpBearer):
    """``Authorization: Bearer <token>``, and nothing else: no cookie opens the API."""

    openapi_description = "A token of the api_token command."

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        return holder_of(token, today=day(timezone.now()))


class Api(NinjaAPI):
    """No answer is kept by anybody on its way."""

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class BearerRequest(HttpRequest):
    """A request whose token was good: ``auth`` is the person it belongs to."""

    auth: Person


api = Api(
    title="Amends",
    version="1",
    description="Everything one can do is a move: read a case, post to the url of a move.",
    auth=Bearer(),
    docs_url=None,
    urls_namespace="api",
)


@api.exception_handler(Gone)
def gone(request: HttpRequest, error: Gone) -> HttpResponse:
    return api.create_response(request, NOT_FOUND, status=404)


@api.exception_handler(Mistyped)
def mistyped(request: HttpRequest, error: Mistyped) -> HttpResponse:
    return api.create_response(request, {"errors": error.errors}, status=422)


@api.exception_handler(KeyReused)
def key_reused(request: HttpRequest, error: KeyReused) -> HttpResponse:
    said = _("This key was used for another request.")
    return api.create_response(request, {"errors": {"Idempotency-Key": [said]}}, status=422)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = api.create_response(request, {"detail": "Unauthorized"}, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(DatabaseError)
@api.exception_handler(OSError)
def not_now(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database cannot be written just now: nothing was done, and it may be asked again."""
    if not passes(error):
        raise error
    log.error("Not done: %s %s", request.method, request.path, exc_info=error)
    response = api.create_response(request, {"detail": str(NOTHING_SAVED)}, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


@api.exception_handler(ValidationError)
def badly_asked(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """An address that cannot exist is not there; the rest is mistyped."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return api.create_response(request, NOT_FOUND, status=404)
    errors = {str(one["loc"][-1]): [str(one["msg"])] for one in error.errors}
    return api.create_response(request, {"errors": errors}, status=422)


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Every other address under /api/."""
    return JsonResponse(NOT_FOUND, status=404)


def asks(**schema: Any) -> dict[str, Any]:
    """Return the OpenAPI description of a JSON body and of its answers."""
    said = {
        "401": "No valid token.",
        "404": "Hidden, or not there.",
        "422": "Mistyped: errors by field.",
    }
    answers = {code: {"description": text} for code, text in said.items()}
    if not schema:
        return {"responses": answers}
    return {
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", **schema}}}},
        "responses": {
            **answers,
            "409": {"description": "Something stands in the way: obstacles."},
        },
    }


TEXT = {"type": "string"}
NEW_CASE = asks(
    required=["community", "title", "account", "parties"],
    properties={
        "community": {**TEXT, "description": "One of may_open_in of /api/v1/me."},
        "title": {**TEXT, "maxLength": 120},
        "account": {**TEXT, "maxLength": 20_000},
        "happened_on": {**TEXT, "format": "date", "nullable": True},
        "parties": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["role", "name"],
                "properties": {
                    "role": {**TEXT, "enum": ["harmed", "responsible"]},
                    "name": {**TEXT, "maxLength": 200},
                    "language": TEXT,
                    "contact": {**TEXT, "maxLength": 300},
                    "minor": {"type": "boolean"},
                },
            },
        },
    },
)
MOVE = asks(
    description="The fields of the move, by name; an empty object where it has none.",
    additionalProperties={
        "anyOf": [
            *({"type": kind} for kind in ("string", "number", "boolean")),
            {"type": "array", "items": TEXT},
        ]
    },
)


def key_of(key: str) -> str:
    """Return an idempotency key that can be kept. Raises Mistyped."""
    if len(key) > LONGEST_KEY or not storable(key) or not key.isprintable():
        raise Mistyped({"Idempotency-Key": [_("At most 200 printable signs.")]})
    return key


def seen_case(person: Person, reference: str, *, to_read: bool = False) -> seeing.Seen:
    """Return the case at this reference, noting an office-holder's access. Raises Gone."""
    now = timezone.now()
    seen = None
    if storable(reference):
        seen = seeing.see(person, today=day(now), to_read=to_read, reference=reference)
    if seen is None:
        raise Gone
    note(seen)
    return seen


def note(seen: seeing.Seen) -> None:
    """Note that somebody in office opened this case, before they are shown it."""
    if seen.leaves_a_note:
        note_access(str(seen.person.pk), seen.case.reference, "case", now=timezone.now())


@api.get("/v1/me", url_name="me", summary="Who I am, my roles and until when", openapi_extra=asks())
def me(request: BearerRequest) -> Any:
    return reading.person_as_json(request.auth, today=day(timezone.now()))


@api.get("/v1/cases", url_name="cases", summary="The cases I may open", openapi_extra=asks())
def cases(request: BearerRequest, state: Query[str] = "", cursor: Query[str] = "") -> Any:
    return listing.list_cases(request.auth, state=state, cursor=cursor, today=day(timezone.now()))


@api.post("/v1/cases", url_name="open", summary="Open a case", openapi_extra=NEW_CASE)
def open_a_case(
    request: BearerRequest, idempotency_key: str = Header("", alias="Idempotency-Key")
) -> HttpResponse:
    person, now = request.auth, timezone.now()
    communities = Community.objects.where_may_open(person, day(now))
    if not communities.exists():
        raise Gone

    def do() -> Answer:
        found = read_object(request.body)
        parties = found.pop("parties", None)
        form = CaseForm(communities, as_typed(found))
        if not form.is_valid():
            raise Mistyped(errors_of(form))
        named = [
            NewParty(
                role=one["role"], name=one["name"], language=one["language"] or "en",
                contact=one["contact"], contact_kind=contact_kind(one["contact"]),
                minor=one["minor"],
            )
            for one in read_parties(parties)
        ]  # fmt: skip
        case = open_case(**form.cleaned_data, parties=named, by=person, now=now)
        return 201, case_or_reference(person, case.reference)

    return answer(request, person, idempotency_key, do)


def case_or_reference(person: Person, reference: str) -> dict[str, Any]:
    """Return the case, or for whom it is hidden from now on, only its reference."""
    seen = seeing.see(person, today=day(timezone.now()), to_read=True, reference=reference)
    return reading.case_as_json(seen) if seen else {"reference": reference, "moves": []}


def answer(request: HttpRequest, person: Person, key: str, do: Any) -> HttpResponse:
    """Answer what is done, or what was answered when this key first came."""
    if len(request.path) > LONGEST_PATH or not storable(request.path):
        raise Gone
    status, said = answer_once(person, key_of(key), request.path, request.body, do)
    return api.create_response(request, said, status=status)


@api.get(
    "/v1/cases/{reference}", url_name="case", summary="A case as I may see it",
    openapi_extra=asks(),
)  # fmt: skip
def case(request: BearerRequest, reference: str) -> Any:
    return reading.case_as_json(seen_case(request.auth, reference, to_read=True))


@api.get(
    "/v1/{part}/{part_id}", url_name="part", summary="A part of a case, and its moves",
    openapi_extra=asks(),
)  # fmt: skip
def part(
    request: BearerRequest,
    part: Path[CasePart | OwnPart],
    part_id: str,
) -> Any:
    if part in communal.PARTS:
        ours = decided_part(request.auth, part, part_id)
        if ours is None:
            raise Gone
        return own.own_as_json(ours)
    if part in ("placement", "house"):
        said = houses.as_json(request.auth, part, part_id, now=timezone.now())
        if said is None:
            raise Gone
        return said
    if part in ("seat", "pool"):
        mine = own.own_part(request.auth, part, part_id, now=timezone.now())
        if mine is not None:
            return own.own_as_json(mine)
    if part == "pool":
        raise Gone
    found = seeing.see_part(request.auth, part, part_id, today=day(timezone.now()))
    if found is None:
        raise Gone
    note(found[0])
    return reading.part_as_json(*found)


def decided_part(person: Person, part: str, part_id: str) -> own.Own | None:
    """Return a part of what is decided: where a community decides, or in a council's round."""
    now = timezone.now()
    found = communal.communal_part(person, part, part_id, now=now)
    return found or rounds.round_part(person, part, part_id, now=now)


@api.post(
    "/v1/cases/{reference}/moves/{part}/{part_id}/{name}", url_name="move",
    summary="Do a move", openapi_extra=MOVE,
)  # fmt: skip
def do_move(
    request: BearerRequest,
    reference: str,
    part: str,
    part_id: str,
    name: str,
    idempotency_key: str = Header("", alias="Idempotency-Key"),
) -> HttpResponse:
    person = request.auth
    seen = seen_case(person, reference)

    def do() -> Answer:
        return attempt(seen, part, part_id, name, request.body)

    return answer(request, person, idempotency_key, do)


@api.post(
    "/v1/{part}/{part_id}/moves/{name}", url_name="own_move",
    summary="Do a move on one's own seat or hat, or where a community decides",
    openapi_extra=MOVE,
)  # fmt: skip
def do_own_move(
    request: BearerRequest,
    part: Path[OwnPart],
    part_id: str,
    name: str,
    idempotency_key: str = Header("", alias="Idempotency-Key"),
) -> HttpResponse:
    person = request.auth

    def do() -> Answer:
        return attempt_own(person, part, part_id, name, request.body)

    return answer(request, person, idempotency_key, do)


@api.post(
    "/v1/at/{kind}/{part_id}/moves/{name}", url_name="house_or_placement_move",
    summary="Do a move on a placement or in a house", openapi_extra=MOVE,
)  # fmt: skip
def do_house_move(
    request: BearerRequest,
    kind: Path[Literal["placement", "house"]],
    part_id: str,
    name: str,
    idempotency_key: str = Header("", alias="Idempotency-Key"),
) -> HttpResponse:
    person = request.auth

    def do() -> Answer:
        return attempt_at(person, kind, part_id, kind, part_id, name, request.body)

    return answer(request, person, idempotency_key, do)


@api.post(
    "/v1/at/{kind}/{part_id}/{part}/{inner_id}/moves/{name}", url_name="inner_move",
    summary="Do a move on something of a placement or a house", openapi_extra=MOVE,
)  # fmt: skip
def do_inner_move(
    request: BearerRequest,
    kind: Path[Literal["placement", "house"]],
    part_id: str,
    part: str,
    inner_id: str,
    name: str,
    idempotency_key: str = Header("", alias="Idempotency-Key"),
) -> HttpResponse:
    person = request.auth

    def do() -> Answer:
        return attempt_at(person, kind, part_id, part, inner_id, name, request.body)

    return answer(request, person, idempotency_key, do)


def attempt_at(
    person: Person, kind: str, part_id: str, part: str, inner_id: str, name: str, body: bytes
) -> Answer:
    """Try one move around a placement or a house; return the status and what is said."""
    now = timezone.now()
    if not all(storable(one) for one in (part_id, part, inner_id)):
        raise Gone
    moves = houses.moves_for(person, kind, part_id, part, inner_id, now=now)
    if not any(move.name == name for move in moves):
        raise Gone
    outcome = pages.attempt(moves, name, as_typed(read_object(body)), by=person, now=now)
    if outcome.status == 404:
        raise Gone
    if outcome.status == 422:
        return 422, {"errors": errors_of(outcome.form)}
    if outcome.stale is not None:
        stale = {"theirs": outcome.stale.theirs, "now_stands": outcome.stale.now_stands}
        return 409, {"obstacles": [], "stale": stale}
    if outcome.status == 409:
        return 409, {"obstacles": houses.refusal(outcome.obstacles)}
    again = houses.as_json(person, kind, part_id, now=now)
    # Who gave an office back, or declined, sees it no longer: there is nothing more to show.
    return 200, again or {"part": kind, "id": part_id, "moves": []}


def attempt_own(person: Person, part: str, part_id: str, name: str, body: bytes) -> Answer:
    """Try one move on one's own seat or hat; return the status and what is said."""
    now = timezone.now()

    def look() -> own.Own | None:
        if part in communal.PARTS:
            return decided_part(person, part, part_id)
        return own.own_part(person, part, part_id, now=now)

    mine = look()
    if mine is None or not any(move.name == name for move in mine.moves):
        raise Gone
    outcome = pages.attempt(mine.moves, name, as_typed(read_object(body)), by=person, now=now)
    if outcome.status == 422:
        return 422, {"errors": errors_of(outcome.form)}
    if outcome.stale is not None:
        return 409, {
            "obstacles": own.own_refusal([already_moved()], mine.words),
            "theirs": outcome.stale.theirs,
            "now_stands": outcome.stale.now_stands,
        }
    if outcome.status == 409:
        return 409, {"obstacles": own.own_refusal(outcome.obstacles, mine.words)}
    if outcome.status == 404:
        raise Gone
    if isinstance(outcome.result, Question):
        part, part_id = "question", str(outcome.result.pk)
    again = look()
    if again is None:
        if part in communal.PARTS:
            # The move took it out of this person's sight.
            return 200, {"part": part, "id": part_id, "moves": []}
        raise Gone
    return 200, own.own_as_json(again)


def attempt(seen: seeing.Seen, part: str, part_id: str, name: str, body: bytes) -> Answer:
    """Try one move of one part; return the status and what is said. Raises Gone, Mistyped."""
    found = seen.find(part, part_id)
    if found is None:
        raise Gone
    moves = seen.moves_of(found)
    if not any(move.name == name for move in moves):
        raise Gone
    typed = as_typed(read_object(body))
    now = timezone.now()
    outcome = pages.attempt(moves, name, typed, by=seen.person, now=now)
    if outcome.status == 422:
        return 422, {"errors": errors_of(outcome.form)}
    if outcome.stale is not None:
        return 409, {
            "obstacles": reading.refusal([already_moved()], seen.case),
            "theirs": outcome.stale.theirs,
            "now_stands": outcome.stale.now_stands,
        }
    if outcome.status == 409:
        return 409, {"obstacles": reading.refusal(outcome.obstacles, seen.case)}
    if outcome.status == 404:
        raise Gone
    after = seeing.see(seen.person, today=day(now), to_read=True, reference=seen.case.reference)
    again = after.find(part, part_id) if after else None
    if after is None or again is None:
        # The move took the part, or the case, out of this person's sight.
        return 200, {"part": part, "id": part_id, "moves": []}
    return 200, reading.part_as_json(after, again)
