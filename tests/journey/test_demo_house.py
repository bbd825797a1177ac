"""The house of the demo: a review that is due, one that nobody held, and a guest."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from rehabilitation.models import Placement
from rehabilitation.reading import occupancy_of


@pytest.mark.django_db
def test_three_live_in_the_house_of_the_demo() -> None:
    call_command("load_demo", cases=5)
    today = timezone.localdate()
    found = Placement.objects.select_related("person", "house", "decision").order_by("free_on")
    guest, lapsing, rosa = found
    assert (guest.state, guest.why_ended) == ("guest", "end_date")
    assert (lapsing.state, lapsing.free_on) == ("active", today + timedelta(days=2))
    assert not lapsing.reviews.exists()
    assert rosa.person.username == "rosa"
    assert (rosa.state, rosa.review_on) == ("active", today + timedelta(days=3))
    assert rosa.reviews.get().state == "preparing"
    assert occupancy_of(rosa.house, today).words == ("4 places: 2 taken, 1 with a guest, 1 free")
