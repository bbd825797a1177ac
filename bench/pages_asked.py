"""What ``bench.pages`` asks for, and the floor beside it. Imported once Django is set up."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.actions import issue_token
from bench.pages import milliseconds
from cases.models import Case, Participation
from communities.models import Membership
from people.models import Person
from records.sealed import open_bytes, place

ROWS = Template("<ul>{% for one in rows %}<li>{{ one.0 }} {{ one.1 }} {{ one.2 }}</li>{% endfor %}")
FLOOR = "SELECT id, reference, state, state_since, title FROM cases_case WHERE "


def ask_for_each(times: int) -> dict[str, dict[str, float]]:
    """Return p50, p95 and queries of each page, and of its floor, in milliseconds."""
    cole = _coordinator()
    mara = _mediator()
    case = _whole_case(mara)
    hana = case.parties.get(role="harmed").person
    steered = f"{FLOOR} steering_id = %s AND state <> 'closed' ORDER BY state_since LIMIT 50"
    held = (
        f"{FLOOR} id IN (SELECT content_object_id FROM cases_caseuserobjectpermission "
        "WHERE user_id = %s) AND state <> 'closed' ORDER BY state_since LIMIT 50"
    )
    one = f"{FLOOR} reference = %s"
    community = Membership.objects.get(person=cole, role="coordinator").community_id
    token = issue_token(mara, today=timezone.localdate())
    by_token = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    page = case.get_absolute_url()
    return {
        "desk, coordinator": _beside(_getter(cole, "/"), steered, [community], times),
        "desk, mediator": _beside(_getter(mara, "/"), held, [mara.pk.hex], times),
        "case, mediator": _beside(_getter(mara, page), one, [case.reference], times),
        "case, person harmed": _beside(_getter(hana, page), one, [case.reference], times),
        "API, list of cases": _beside(
            _getter(None, "/api/v1/cases", **by_token), held, [mara.pk.hex], times
        ),
    }


def _coordinator() -> Person:
    """Return the coordinator with the most open cases."""
    busiest = (
        Case.objects.open().values("steering_id").annotate(n=Count("pk")).order_by("-n").first()
    )
    assert busiest is not None, "no open case was loaded"
    office = Membership.objects.select_related("person").get(
        community_id=busiest["steering_id"], role="coordinator"
    )
    return office.person


def _mediator() -> Person:
    """Return the mediator with the most open cases."""
    places = Participation.objects.filter(role="mediator").exclude(case__state="closed")
    busiest = places.values("person_id").annotate(n=Count("pk")).order_by("-n").first()
    assert busiest is not None, "no mediator was loaded"
    return Person.objects.get(pk=busiest["person_id"])


def _whole_case(mediator: Person) -> Case:
    """Return the fullest kind of open case of this mediator: one whose plan is being kept."""
    cases = Case.objects.held_by(mediator, today=timezone.localdate())
    found = cases.filter(state="reparation").first() or cases.open().first()
    assert found is not None
    return found


def _getter(person: Person | None, url: str, **headers: str) -> Callable[[], Any]:
    client = Client(**headers)  # type: ignore[arg-type]
    if person is not None:
        client.force_login(person)

    def get() -> Any:
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")
        return response

    return get


def _beside(
    get: Callable[[], Any], statement: str, params: list[Any], times: int
) -> dict[str, float]:
    with CaptureQueriesContext(connection) as asked:
        get()
    queries = len(asked)
    p50, p95 = milliseconds(get, times)
    request = RequestFactory().get("/")
    floor_p50, floor_p95 = milliseconds(lambda: _bare(request, statement, params), times)
    return {
        "p50": p50, "p95": p95, "floor_p50": floor_p50, "floor_p95": floor_p95,
        "queries": queries,
    }  # fmt: skip


def _bare(_request: HttpRequest, statement: str, params: list[Any]) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = [
            (reference, state, open_bytes(title, at=place("cases_case", "title", pk)).decode())
            for pk, reference, state, _since, title in cursor.fetchall()
        ]
    return HttpResponse(ROWS.render(Context({"rows": rows})))
