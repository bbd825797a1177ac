"""No request, however strange, brings the API down: schemathesis over every operation."""

from datetime import timedelta

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.actions import issue_token
from config.wsgi import application
from tests.api.test_api import coordinator_of, mediator_of
from tests.councils import people as councils
from tests.factories import harmed, make_case

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


def drawn_council():
    """Return a case whose council is drawn, its coordinator, and the seat of somebody asked."""
    now = timezone.now()
    case, runs = councils.make_case_for_council(now=now, people=18)
    draw = councils.commit(councils.begin(case, runs, now=now), runs, now=now)
    councils.throw(draw, runs, now=now + timedelta(hours=3))
    return case, runs, draw.seats.select_related("person").first()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_no_request_is_answered_with_a_failure(operation):
    case = make_case(now=timezone.now())
    today = timezone.localdate()
    people = [coordinator_of(case.community), mediator_of(case)]
    before_a_council, runs, seat = drawn_council()
    people += [runs, seat.person]
    tokens = [issue_token(person, today=today) for person in people]
    real = {
        "reference": [case.reference, before_a_council.reference],
        "part": ["party", "council", "draw", "seat", "pool"],
        "part_id": [
            str(harmed(case).pk), str(seat.council_id), str(seat.draw_id), str(seat.pk),
            before_a_council.community.slug,
        ],
        "kind": ["placement", "house"],
        "inner_id": [str(harmed(case).pk)],
        "name": [
            "assess", "reach", "set_contact", "add_companion", "state_harm", "prepare_draw",
            "void_draw", "promise", "accept_seat", "stay_away", "declare_tie", "say_features",
        ],
    }  # fmt: skip

    @settings(
        max_examples=20, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(made=operation.as_strategy(), data=st.data())
    def ask(made, data):
        # Most made-up addresses lead nowhere, so most requests go to a real one.
        if data.draw(st.integers(0, 4)):
            for name in made.path_parameters or {}:
                made.path_parameters[name] = data.draw(st.sampled_from(real[name]))
        token = data.draw(st.sampled_from(tokens))
        answer = made.call(headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 500, (made.as_curl_command(), answer.text)

    ask()
