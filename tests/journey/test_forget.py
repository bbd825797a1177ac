"""A closed case is forgotten when its charter says so: the words go, the figures stay."""

import io
import json
from datetime import datetime, time, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Commitment, Entry, Signature
from cases.models import Case, CaseUserObjectPermission, Consent, Harm, Note, Participation, Party
from cases.writing import day
from communities.charter import months_after
from councils.models import ChallengeAnswer, RosterEntry
from desk.actions import Report, report
from desk.models import Receipt
from journey import actions as across
from journey import clock, forgetting
from mediation.models import Meeting
from moves.core import Blocked
from notices.models import Notice
from people.models import NamedTie, Person
from records.actions import note_access, verify
from records.models import Access, Event
from records.sealed import SealedTextField
from tests.councils.people import begin, make_case_for_council, seat_everybody
from tests.factories import NOW, harmed, make_case, make_person, responsible
from tests.moves.story import NAMES, Story

pytestmark = pytest.mark.django_db

SECRET = "The panes were broken by night"


def whole_case(*, days: int = 1300) -> Story:
    """A case walked to its end, with words in every place that takes some; repaired."""
    story = Story(days=days)
    # The person harmed has an account, and lives on in Amends when the case is forgotten.
    Person.objects.filter(pk=story.people["harmed"].pk).update(email="hanneke@example.org")
    story.screened().harm(None, "act").begin().plan(2).wait(3)
    story.draft().add(SECRET, due_on=day(story.at) + timedelta(days=60))
    story.offer().sign().wait(11).say_done(1).confirm(1).ask_words()
    for name in ("harmed", "responsible"):
        party = story.party(name)
        party.closing_word = SECRET
        party.save(update_fields=["closing_word"])
        story.people[name].named_ties.create(name="Remi Castro", kind="dispute")
    return story.close()


def forget_at(story: Story, *, days: int = 0):
    closed_on = Case.objects.get(pk=story.pk).closed_on
    on = months_after(closed_on, 36) + timedelta(days=days)
    now = timezone.make_aware(datetime.combine(on, time(9)))
    return clock.run(now)


def words_of(*people: Person) -> list[str]:
    """Return every sealed value in the database, opened, but for those of these people."""
    found = []
    for model in apps.get_models():
        names = [one.name for one in model._meta.fields if isinstance(one, SealedTextField)]
        for row in model._base_manager.all() if names else []:
            if row not in people:
                found += [f"{model.__name__}.{name}" for name in names if getattr(row, name)]
    return found


def test_a_case_is_forgotten_on_its_day_and_not_before():
    story = whole_case()
    assert forget_at(story, days=-1)["forgotten"] == 0
    assert Case.objects.get(pk=story.pk).account
    assert forget_at(story)["forgotten"] == 1
    case = Case.objects.get(pk=story.pk)
    assert (case.title, case.account, case.referral, case.happened_on) == ("", "", "", None)
    assert case.forgotten_on == months_after(case.closed_on, 36)


def test_the_charter_the_case_was_opened_under_counts():
    story = whole_case()
    version = Case.objects.get(pk=story.pk).charter_version
    version.rules["keep_closed_months"] = 60
    version.save()
    story.here.charters.create(number=version.number + 1, rules={"keep_closed_months": 1})
    assert forget_at(story)["forgotten"] == 0


def test_not_a_word_is_left_of_the_case_or_of_who_was_only_here_for_it():
    story = whole_case()
    lives_on = [
        story.people[name]
        for name in ("harmed", "coordinator", "mediator", "parent_coordinator", "second_mediator",
                     "spare", "stranger", "superuser", "second")
    ]  # fmt: skip
    assert len(words_of(*lives_on)) > 12
    forget_at(story)
    assert words_of(*lives_on) == []
    assert set(Consent.objects.values_list("text", flat=True)) == {""}
    gone = Person.objects.get(pk=story.people["responsible"].pk)
    assert (gone.name, gone.name_index, gone.born, gone.contact_kind) == ("", "", "", "")
    assert not gone.is_active
    assert gone.username.startswith("forgotten-")


def test_who_lives_on_here_is_no_party_any_more_by_any_row():
    story = whole_case()
    forget_at(story)
    hanneke = Person.objects.get(pk=story.people["harmed"].pk)
    assert hanneke.name == NAMES["harmed"]
    assert hanneke.contact
    for model in (Party, Participation, Signature, Entry, CaseUserObjectPermission, NamedTie):
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Person:
                there = model.objects.filter(**{field.name: hanneke})
                assert not there.exists(), (model, field.name)
    assert Party.objects.filter(case__pk=story.pk, person__name_index="").count() == 2


def test_the_figures_stay():
    story = whole_case()
    kept = ("state", "outcome", "opened_on", "closed_on", "kind", "urgent", "state_since",
            "community_id", "reference", "fingerprint", "harmed_asked_on")  # fmt: skip

    def figures() -> list[object]:
        return [
            *Case.objects.values_list(*kept),
            *Party.objects.order_by("pk").values_list("pk", "role", "minor", "reached_on"),
            *Harm.objects.values_list("unit", "amount", "stated_on"),
            *Consent.objects.order_by("pk").values_list("stage", "way", "given_at", "ended_at"),
            *Meeting.objects.values_list("at", "held_on", "cancelled"),
            *Agreement.objects.values_list("state", "signed_on", "in_force_on", "check_code"),
            *Commitment.objects.values_list("state", "unit", "amount", "due_on"),
            *Entry.objects.order_by("pk").values_list("kind", "amount", "happened_on"),
            *Signature.objects.order_by("pk").values_list("way", "at", "for_minor"),
        ]

    before = figures()
    forget_at(story)
    assert figures() == before
    assert len(before) > 12


def test_the_record_is_whole_before_and_after_and_says_that_it_was_forgotten():
    story = whole_case()
    assert verify()["breaks"] == []
    before = Event.objects.count()
    forget_at(story)
    found = verify()
    assert found["breaks"] == []
    assert found["events"] == before + 1
    assert Event.objects.filter(code="case_forgotten").get().subject_id == story.case.reference


def test_a_second_time_nothing_is_left_to_do():
    story = whole_case()
    forget_at(story)
    events = Event.objects.count()
    assert forget_at(story, days=1)["forgotten"] == 0
    assert forgetting.forget(story.pk, now=timezone.now()) is False
    assert Event.objects.count() == events


def test_what_was_told_and_who_looked_goes_too():
    story = whole_case()
    reference = story.case.reference
    assert Notice.objects.filter(case_reference=reference).exists()
    Access.objects.create(
        reader=story.people["mediator"].pk, case_reference=reference, room="case", hour=NOW
    )
    forget_at(story)
    assert not Notice.objects.filter(case_reference=reference).exists()
    assert not Access.objects.filter(case_reference=reference).exists()


def test_a_forgotten_case_is_gone_for_everybody_but_its_coordinator(client):
    story = whole_case()
    forget_at(story)
    url = reverse("cases:detail", args=[story.case.reference])
    for name in ("harmed", "responsible", "mediator", "supporter", "guardian", "interpreter"):
        person = Person.objects.get(pk=story.people[name].pk)
        # Who was here for this alone cannot sign in any more.
        assert person.is_active == (name in ("harmed", "mediator"))
        client.force_login(person)
        assert client.get(url).status_code == (404 if person.is_active else 302)


def test_the_coordinator_reads_that_it_was_forgotten_and_cannot_open_it_again(client):
    story = whole_case()
    forget_at(story)
    cole, reference = story.people["coordinator"], story.case.reference
    client.force_login(cole)
    html = client.get(reverse("cases:detail", args=[reference])).content.decode()
    assert "Names and words were forgotten" in html
    assert "This case was forgotten, as the charter says." in html
    assert "Name removed" in html
    assert all(name not in html for one, name in NAMES.items() if one not in ("coordinator",))
    move = reverse("cases:move", args=[reference, "case", reference, "reopen"])
    assert client.post(move, {"reason": "Something new."}).status_code == 409
    with pytest.raises(Blocked, match="forgotten"):
        story.reopen()


def test_split_cases_are_forgotten_together():
    story = Story(days=1300, parties=("harmed", "responsible", "second")).screened()
    new = across.split(
        story.case, by=story.people["coordinator"], now=story.at,
        party=str(story.party("second").pk), reason="Their ways part.",
    )  # fmt: skip
    story.ask_words().close("without_agreement")
    assert forget_at(story)["forgotten"] == 0
    Case.objects.filter(pk=new.pk).update(
        state="closed", outcome="no_contact", closed_on=day(story.at)
    )
    assert forget_at(story)["forgotten"] == 2


def test_who_is_in_another_case_keeps_their_name():
    story = whole_case()
    rurik = story.people["responsible"]
    other = make_case(story.here, now=timezone.now())
    Party.objects.filter(pk=responsible(other).pk).update(person=rurik)
    forget_at(story)
    assert Person.objects.get(pk=rurik.pk).name == NAMES["responsible"]
    assert Party.objects.get(person=rurik).case_id == other.pk
    assert NamedTie.objects.filter(person=rurik).exists()


def test_a_receipt_and_who_held_it_go_with_the_case():
    community = make_case().community
    told = Report(community=community, happened=SECRET, name="Wilhelmina", contact="12345678")
    case, _code = report(told, now=NOW)
    reporter = Receipt.objects.get().reporter
    Case.objects.filter(pk=case.pk).update(
        state="closed", outcome="no_contact", closed_on=day(NOW), state_since=day(NOW)
    )
    clock.run(NOW + timedelta(days=1200))
    assert not Receipt.objects.exists()
    reporter.refresh_from_db()
    assert (reporter.name, reporter.contact) == ("", "")


def test_what_a_token_was_made_of_goes_and_the_seat_still_counts(client):
    case, cole = make_case_for_council()
    council = seat_everybody(begin(case, cole), cole)
    seat = council.seats.first()
    before = set(RosterEntry.objects.values_list("token", "person_id"))
    across.end_case(case, outcome="without_agreement", by=None, now=NOW)
    clock.run(NOW + timedelta(days=1200))
    assert Case.objects.get(pk=case.pk).forgotten_on
    for entry in RosterEntry.objects.all():
        assert (entry.salt, entry.described, entry.why_not, entry.household) == ("", "", "", "")
    assert set(RosterEntry.objects.values_list("token", "person_id")) == before
    seat.refresh_from_db()
    assert seat.person.name
    assert verify()["breaks"] == []
    client.force_login(seat.person)
    page = client.get(reverse("councils:draw", args=[seat.draw.public_id]))
    assert page.status_code == 200
    assert page.context["own"].eligible is False


def test_the_reasons_of_a_challenge_go():
    case, cole = make_case_for_council()
    council = seat_everybody(begin(case, cole), cole)
    first, second = council.seats.all()[:2]
    challenge = first.challenges.create(party=harmed(case), reason=SECRET, at=NOW)
    ChallengeAnswer.objects.create(
        challenge=challenge, seat=second, uphold=False, reason=SECRET, at=NOW
    )
    across.end_case(case, outcome="without_agreement", by=None, now=NOW)
    clock.run(NOW + timedelta(days=1200))
    challenge.refresh_from_db()
    assert (challenge.reason, challenge.answers.get().reason) == ("", "")


def test_the_command_counts_first_and_then_forgets():
    story = whole_case()
    assert Case.objects.filter(pk=story.pk, closed_on__lt=months_after(day(NOW), -30)).exists()

    def run(*args: str) -> str:
        out = io.StringIO()
        call_command("forget", *args, stdout=out)
        return out.getvalue()

    notes, events = Note.objects.count(), Event.objects.count()
    assert json.loads(run("--dry-run", "--json")) == {"forgotten": 1, "dry_run": True}
    assert run("--dry-run") == "1 case would be forgotten.\n"
    assert (Note.objects.count(), Event.objects.count()) == (notes, events)
    assert run() == "1 case forgotten.\n"
    assert json.loads(run("--json")) == {"forgotten": 0, "dry_run": False}
    assert not Note.objects.exists()


def test_a_person_with_an_account_in_no_case_is_left_alone():
    vera = make_person("Vera Santos", email="vera@example.org")
    forget_at(whole_case())
    vera.refresh_from_db()
    assert vera.name == "Vera Santos"


@pytest.mark.django_db(transaction=True)
def test_the_access_log_is_written_again_for_a_coordinator(client):
    story = whole_case()
    forget_at(story)
    note_access(story.people["coordinator"].pk, story.case.reference, "case", now=NOW)
    assert Access.objects.filter(case_reference=story.case.reference).count() == 1
