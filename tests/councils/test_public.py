"""The public page of a draw: who reads what, and what nobody reads."""

import html
import json
import subprocess
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import Case
from communities.models import Community
from councils import scheme
from councils.actions import beacons, drawing, forming, seating
from councils.models import Draw, DrawRecord, RosterEntry
from councils.published.hat import counted
from councils.published.panels import chances_of
from councils.published.result import RELAYS
from people.models import Person
from records.actions import verify
from records.models import Event
from tests.councils import people as p
from tests.factories import NOW, TODAY, harmed, make_person, responsible

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
SCRIPT = "/verify/draw/verify_draw.py"


@pytest.fixture(autouse=True)
def _on_the_tests_day() -> Any:
    with time_machine.travel(LATER, tick=False):
        yield


def signed_in(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def page(draw: Draw, person: Person | None = None, status: int = 200, **asked: str) -> str:
    answer = signed_in(person).get(reverse("councils:draw", args=[draw.public_id]), asked)
    assert answer.status_code == status
    return answer.content.decode()


def opened(draw: Draw, name: str, person: Person | None = None) -> Any:
    return signed_in(person).get(f"{draw.get_absolute_url()}{name}")


def committed(**how: Any) -> tuple[Draw, Case, Person]:
    case, cole = p.make_case_for_council(**how)
    return p.commit(p.begin(case, cole), cole), case, cole


def drawn(**how: Any) -> tuple[Draw, Case, Person]:
    draw, case, cole = committed(**how)
    return p.throw(draw, cole, now=LATER), case, cole


def make_auditor(community: Community, person: Person | None = None) -> Person:
    person = person or make_person("Ada")
    community.memberships.create(
        person=person, role="auditor", from_on=TODAY - timedelta(days=9),
        until=TODAY + timedelta(days=99),
    )  # fmt: skip
    return person


def make_guardian(community: Community) -> Person:
    person = make_person("Pavel")
    community.memberships.create(
        person=person, role="process_guardian", from_on=TODAY - timedelta(days=9),
        until=TODAY + timedelta(days=99),
    )  # fmt: skip
    return person


def tie(case: Case, count: int) -> None:
    """Let so many members of the pool be named by a party."""
    council = forming.current(case)
    for number in range(count):
        forming.name_ties(
            council, by=harmed(case).person, now=NOW, name=f"Member {number}", kind="money"
        )


# ── Before and after the commitment ──────────────────────────────────────────


@pytest.mark.parametrize("name", ["", "record.json", "features.json", "excluded.json"])
def test_before_its_commitment_a_draw_has_no_page(name: str) -> None:
    case, cole = p.make_case_for_council(people=8)
    draw = p.commit(p.begin(case, cole), cole)
    auditor = make_auditor(case.community)
    assert draw.state == "preparing"
    for someone in (None, cole, auditor):
        assert opened(draw, name, someone).status_code == 404


def test_a_committed_draw_shows_what_decides_and_no_result() -> None:
    draw, _case, _cole = committed()
    with time_machine.travel(NOW, tick=False):
        said = page(draw)
    assert "It waits for its randomness" in said
    assert "Nobody can: that is why it decides" in said
    assert "50 throws of a die" in said
    assert draw.commitment in said
    assert "The result" not in said
    assert "None is picked yet" in said


def test_once_the_randomness_exists_who_runs_the_draw_acts() -> None:
    draw, _case, _cole = committed()
    assert "The randomness that was announced is written down." in page(draw)


def test_a_drawn_draw_shows_its_result() -> None:
    draw, _case, _cole = drawn()
    said = page(draw)
    assert all(token in said for token in draw.panel)
    assert f"panel {draw.index}, counted from 0" in said
    assert p.DICE in said
    assert "Friday 20 March, today" in said
    assert "Monday 23 March, in 3 days" in said


def test_a_draw_void_after_its_commitment_stays_with_its_reason() -> None:
    draw, _case, cole = committed()
    with time_machine.travel(NOW, tick=False):
        beacons.void_draw(draw, by=cole, now=NOW, reason="A wrong day was announced.")
        said = page(draw)
    assert "This draw does not count" in said
    assert "A wrong day was announced." in said


def test_a_draw_void_before_its_commitment_is_never_seen() -> None:
    case, cole = p.make_case_for_council(people=8)
    draw = p.commit(p.begin(case, cole), cole)
    beacons.void_draw(draw, by=cole, now=NOW, reason="Too few.")
    page(draw, status=404)


# ── What is published ────────────────────────────────────────────────────────


def test_the_record_is_the_hashed_bytes_and_recomputes() -> None:
    draw, _case, _cole = drawn()
    answer = opened(draw, "record.json")
    assert draw.published.body.encode() in answer.content
    assert scheme.read(answer.content) == beacons.document_of(draw)
    assert all(one.ok for one in scheme.checks(scheme.read(answer.content)))


def test_the_record_is_kept_only_once_it_does_not_change() -> None:
    draw, _case, cole = committed()
    assert "no-store" in opened(draw, "record.json")["Cache-Control"]
    p.throw(draw, cole, now=LATER)
    assert "public" in opened(draw, "record.json")["Cache-Control"]
    assert "Cookie" not in opened(draw, "record.json")["Vary"]
    assert "no-store" in signed_in(None).get(draw.get_absolute_url())["Cache-Control"]


def test_the_record_is_the_same_for_everybody() -> None:
    draw, case, cole = drawn()
    seat = draw.seats.first()
    readers = [None, cole, seat.person, harmed(case).person, make_auditor(case.community)]
    assert len({opened(draw, "record.json", one).content for one in readers}) == 1


def test_the_script_is_the_file_this_server_draws_with() -> None:
    answer = signed_in(None).get(SCRIPT)
    assert "attachment" in answer["Content-Disposition"]
    space: dict[str, Any] = {"__name__": "verify_draw"}
    exec(compile(answer.content, "verify_draw.py", "exec"), space)
    draw, _case, _cole = drawn()
    found = space["checks"](space["read"](opened(draw, "record.json").content))
    assert all(one.ok for one in found)


def test_all_of_it_is_read_only() -> None:
    draw, _case, _cole = drawn()
    paths = [SCRIPT, "/verify/draw/", draw.get_absolute_url()]
    paths += [draw.get_absolute_url() + name for name in ("record.json", "features.json")]
    assert {signed_in(None).post(path).status_code for path in paths} == {405}


def test_nobody_and_no_case_is_named() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    tie(case, 7)
    auditor = make_auditor(case.community)
    draw = p.throw(p.commit(council, cole), cole, now=LATER)
    names = {person.name for person in Person.objects.all()}
    entry = RosterEntry.objects.filter(draw=draw, eligible=True).first()
    secret = {case.reference, str(case.pk), case.title, "greenhouse", "money", *names}
    for reader in (None, cole, make_person("Zed"), auditor):
        for said in (page(draw, reader), opened(draw, "record.json", reader).content.decode()):
            assert not [one for one in secret if one and one in said]
            assert entry.salt not in said
            assert str(entry.place_id) not in said


# ── Numbers ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("out", "smallest", "told", "kinds"),
    [
        ({"not_yet": 0, "tied": 0}, 5, 0, 2),
        ({"not_yet": 9, "tied": 6}, 5, 15, 2),
        ({"not_yet": 9, "tied": 0}, 5, 9, 2),
        # Nine less eight would tell of the one who is tied.
        ({"not_yet": 8, "tied": 1}, 5, 9, 0),
        ({"not_yet": 0, "tied": 3}, 5, None, 0),
        ({"not_yet": 2, "tied": 2}, 2, 4, 2),
    ],
)
def test_small_groups_are_not_told(
    out: dict[str, int], smallest: int, told: int | None, kinds: int
) -> None:
    draw, _case, _cole = committed(rules={"smallest_group": smallest})
    draw.out = out
    found = counted(draw)
    assert (found.out, len(found.kinds)) == (told, kinds)


def test_a_small_group_is_not_on_the_page() -> None:
    case, cole = p.make_case_for_council()
    council = p.begin(case, cole)
    tie(case, 2)
    draw = p.commit(council, cole)
    assert draw.out == {"not_yet": 0, "tied": 2}
    said = page(draw)
    assert "under 5" in said
    assert "are tied to" not in said


def test_a_group_that_is_large_enough_is_told() -> None:
    case, cole = p.make_case_for_council(people=30)
    council = p.begin(case, cole)
    tie(case, 6)
    said = page(p.commit(council, cole))
    assert '<span class="number">6</span> are tied to somebody' in said


def test_quotas_relaxations_and_their_reason_are_told() -> None:
    rules = {"quotas": [["gender", "woman", 5, 5], ["age", "40+", 5, 5], ["gender", "man", 1, 5]]}
    case, cole = p.make_case_for_council(rules=rules)
    draw = p.commit(p.begin(case, cole), cole)
    keys = [drawing.relaxation_key(one) for one in draw.problem["relaxations"]]
    drawing.relax_quotas(draw, by=cole, now=NOW, relaxations=keys, reason="Nobody else is there.")
    p.solve(draw, now=NOW)
    said = page(Draw.objects.get(pk=draw.pk))
    assert "Nobody else is there." in said
    assert "instead of" in said
    assert "<bdi>Gender</bdi>: <bdi>woman</bdi>" in said


def test_where_the_pool_was_widened_to_is_told() -> None:
    case, cole = p.make_case_for_council(people=8)
    town = p.make_community()
    beside = p.make_community(parent=town)
    case.community.parent = town
    case.community.save()
    p.make_pool(beside, 20)
    said = page(p.commit(p.begin(case, cole), cole))
    assert "its neighbours under the same roof" in said
    assert f"<bdi>{beside.name}</bdi>" in said


def test_the_chances_are_those_of_the_record() -> None:
    draw, _case, _cole = committed()
    document = beacons.document_of(draw)
    counts = [round(chance * 1000) for chance in document["chances"].values()]
    found = chances_of(document["record"])
    assert found is not None
    assert (found.least, found.most) == (min(counts), max(counts))
    assert sum(bar.people for bar in found.bars) == len(counts)
    for bar in found.bars:
        assert bar.people == sum(bar.least <= count <= bar.most for count in counts)


def test_the_panels_of_a_token_can_be_found() -> None:
    draw, _case, _cole = drawn()
    made = json.loads(draw.published.body)
    token = draw.panel[0]
    numbers = [n for n, panel in enumerate(made["panels"]) if token in panel]
    said = page(draw, token=f" {token[:10].upper()} ")
    assert f"This token sits in {len(numbers)} of the 1,000 panels." in said
    assert ", ".join(map(str, numbers)) in said
    assert said.count('<g class="mark">') == len(numbers) + 1  # and the legend
    for typed in (token[:7], "0" * 64, "<b>", "g" * 9):
        assert "No single token in the hat begins like this" in page(draw, token=typed)


# ── One's own entry ──────────────────────────────────────────────────────────


def test_who_was_in_the_hat_finds_their_own_entry_and_no_other() -> None:
    draw, _case, _cole = drawn()
    entries = list(RosterEntry.objects.filter(draw=draw).select_related("person"))
    made = json.loads(draw.published.body)
    mine, *others = entries
    said = page(draw, mine.person)
    count = sum(mine.token in panel for panel in made["panels"])
    assert mine.token in said
    assert mine.salt in said
    assert f"You sit in {count} of the 1,000 panels" in said
    assert scheme.token(bytes.fromhex(mine.salt), json.loads(mine.described)) == mine.token
    assert not [one for one in others if one.salt in said or str(one.place_id) in said]
    assert not [one for one in entries if one.salt in page(draw)]


def test_the_command_beside_a_token_prints_it(tmp_path: Path) -> None:
    draw, _case, _cole = drawn()
    entry = RosterEntry.objects.filter(draw=draw).select_related("person").first()
    person = {"member": "1", "district": 'L\'Eixample "dreta" $(id)'}
    token = scheme.token(bytes.fromhex(entry.salt), person)
    entry.described, entry.token = json.dumps(person), token
    entry.save(update_fields=["described", "token"])
    said = html.unescape(page(draw, entry.person))
    command = said.split('<pre dir="ltr"><code>')[1].split("</code>")[0]
    (tmp_path / "verify_draw.py").write_bytes(signed_in(None).get(SCRIPT).content)
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert ran.stdout.strip() == token


def test_who_was_drawn_reads_it() -> None:
    draw, _case, _cole = drawn()
    assert "You were drawn." in page(draw, draw.seats.first().person)
    other = draw.roster.exclude(token__in=draw.panel).first().person
    assert "You were in the hat, and were not drawn." in page(draw, other)


def test_who_was_kept_out_reads_no_reason_and_no_salt() -> None:
    case, cole = p.make_case_for_council(people=30)
    council = p.begin(case, cole)
    tie(case, 6)
    draw = p.throw(p.commit(council, cole), cole, now=LATER)
    out = RosterEntry.objects.filter(draw=draw, eligible=False).first()
    said = page(draw, out.person)
    assert "You were not in this draw." in said
    assert out.salt not in said
    assert out.token not in said
    assert "Your salt. Who has it" not in said
    # Word for word what somebody reads who was never in any pool.
    stranger = page(draw, make_person("Zed"))
    section = "You in this draw"
    assert (
        said.split(section)[1].split("</section>")[0]
        == (stranger.split(section)[1].split("</section>")[0])
    )
    assert section not in page(draw).split("data-verify-draw")[0]


# ── Auditors ─────────────────────────────────────────────────────────────────


def test_an_auditor_checks_the_quotas() -> None:
    draw, case, _cole = drawn()
    auditor = make_auditor(case.community)
    answer = opened(draw, "features.json", auditor)
    found = scheme.checks(scheme.read(opened(draw, "record.json").content), answer.json())
    assert all(one.ok for one in found)
    assert "quotas_met" in [one.code for one in found]
    assert not [one for one in answer.json().values() if set(one) != {"gender", "age"}]
    assert "no-store" in answer["Cache-Control"]


def test_an_auditor_makes_the_tokens_of_who_was_out_again() -> None:
    case, cole = p.make_case_for_council(people=30)
    council = p.begin(case, cole)
    tie(case, 6)
    draw = p.commit(council, cole)
    found = opened(draw, "excluded.json", make_auditor(case.community)).json()
    assert len(found) == 6
    for token, one in found.items():
        assert set(one) == {"salt", "person"}
        assert scheme.token(bytes.fromhex(one["salt"]), one["person"]) == token
    assert "money" not in json.dumps(found)


def test_each_opening_is_an_event_of_the_draw() -> None:
    draw, case, _cole = drawn()
    auditor = make_auditor(case.community)
    for name in ("features.json", "excluded.json", "features.json"):
        assert opened(draw, name, auditor).status_code == 200
    events = Event.objects.filter(subject_id=draw.public_id, code="features_opened")
    assert [(one.by, one.data["whose"]) for one in events.order_by("seq")] == [
        (str(auditor.pk), whose) for whose in ("eligible", "excluded", "eligible")
    ]
    assert verify()["breaks"] == []


@pytest.mark.parametrize("name", ["features.json", "excluded.json", "agree_to_void/"])
def test_nobody_else_opens_what_an_auditor_opens(name: str) -> None:
    case, cole = p.make_case_for_council()
    guardian = make_guardian(case.community)
    draw = p.throw(p.commit(p.begin(case, cole), cole), cole, now=LATER)
    beacons.void_draw(draw, by=guardian, now=LATER, reason="The dice fell off the table.")
    elsewhere = make_auditor(p.make_community())
    ended = make_auditor(case.community)
    ended.memberships.update(until=TODAY - timedelta(days=1))
    # Nobody audits a draw of their own case, whatever their office.
    party = make_auditor(case.community, responsible(case).person)
    super_ = make_person("Root", is_superuser=True, is_staff=True)
    others = [None, cole, guardian, elsewhere, ended, party, super_, draw.seats.first().person]
    for someone in others:
        assert opened(draw, name, someone).status_code == 404
        assert "For you as an auditor" not in page(draw, someone)
    assert not Event.objects.filter(code="features_opened").exists()
    assert opened(draw, name, make_auditor(case.community)).status_code == 200


def test_an_auditor_of_a_town_audits_the_draws_below() -> None:
    draw, case, _cole = drawn()
    town = p.make_community()
    case.community.parent = town
    case.community.save()
    assert opened(draw, "features.json", make_auditor(town)).status_code == 200


def test_an_auditor_agrees_that_a_draw_is_void() -> None:
    case, cole = p.make_case_for_council()
    guardian, auditor = make_guardian(case.community), make_auditor(case.community)
    draw = p.throw(p.commit(p.begin(case, cole), cole), cole, now=LATER)
    assert "Agree that this draw is void" not in page(draw, auditor)
    assert opened(draw, "agree_to_void/", auditor).status_code == 404
    beacons.void_draw(draw, by=guardian, now=LATER, reason="The dice fell off the table.")
    assert "The dice fell off the table." in page(draw, auditor)
    assert "The dice fell off the table." not in page(draw)
    client, url = signed_in(auditor), f"{draw.get_absolute_url()}agree_to_void/"
    asked = client.get(url).content.decode()
    assert "The draw does not count any more." in asked
    assert case.reference not in asked
    assert client.post(url).status_code == 302
    draw = Draw.objects.get(pk=draw.pk)
    assert draw.state == "void"
    assert "The dice fell off the table." in page(draw)
    assert client.post(url).status_code == 404


# ── Replacements ─────────────────────────────────────────────────────────────


def test_a_replacement_shows_its_order_and_the_draw_before() -> None:
    before, case, cole = drawn()
    first = before.seats.select_related("person").first()
    seating.decline_seat(first, by=first.person, now=LATER)
    council = forming.current(case)
    draw = p.commit(council, cole, now=LATER)
    assert before.get_absolute_url() in page(draw)
    draw = p.throw(draw, cole, now=LATER + timedelta(hours=3), digits=p.DICE[::-1])
    said = page(draw)
    order = beacons.document_of(draw)["order"]
    place = order.index(draw.panel[0]) + 1
    assert f"was drawn: number {place}." in said
    assert all(token in said for token in order[:place])
    assert before.get_absolute_url() in said
    assert "The chances" not in said
    auditor = make_auditor(case.community)
    found = scheme.checks(
        scheme.read(opened(draw, "record.json").content),
        opened(draw, "features.json", auditor).json(),
    )
    assert all(one.ok for one in found)


# ── Other sources ────────────────────────────────────────────────────────────


def test_a_public_number_can_be_compared_elsewhere() -> None:
    case, cole = p.make_case_for_council()
    draw = p.commit(p.begin(case, cole), cole, beacons=["drand"])
    number = draw.sources["drand"]["round"]
    said = page(draw)
    for relay in RELAYS:
        assert f"https://{relay}/{drawing.NETWORK.chain}/public/{number}" in said


def test_contributions_are_told_by_their_locks() -> None:
    case, cole = p.make_case_for_council()
    how = {
        "beacons": ["dice", "contributions"], "dice_at": NOW + timedelta(days=3),
        "dice_witnesses": "A, B",
    }  # fmt: skip
    draw = drawing.prepare_draw(p.begin(case, cole), by=cole, now=NOW, **how)
    secrets = [bytes(range(32)), bytes(range(1, 33))]
    locks = [scheme.contribution(one) for one in secrets]
    people = [harmed(case).person, responsible(case).person]
    for someone, lock in zip(people, locks, strict=True):
        beacons.contribute(draw, by=someone, now=NOW, h=lock)
    drawing.find_panels(draw, by=cole, now=NOW)
    p.solve(draw, now=NOW)
    beacons.reveal(draw, by=people[0], now=NOW, secret=secrets[0].hex())
    said = page(Draw.objects.get(pk=draw.pk))
    assert "Who put a secret number into the draw shows it." in said
    assert all(lock in said for lock in locks)
    assert secrets[0].hex() not in said
    after = NOW + timedelta(days=3, hours=1)
    draw = p.throw(Draw.objects.get(pk=draw.pk), cole, now=after)
    said = page(draw)
    assert secrets[0].hex() in said
    assert locks[1] in said.split("Not shown in time, and left out")[1]


# ── The start page ───────────────────────────────────────────────────────────


def test_a_draw_is_found_by_its_id_however_it_is_typed() -> None:
    draw, _case, _cole = committed()
    client = signed_in(None)
    assert client.get("/verify/draw/").status_code == 200
    answer = client.get("/verify/draw/", {"draw": f" {draw.public_id.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, draw.get_absolute_url())
    unknown = client.get("/verify/draw/", {"draw": "DR-0000-0000"}).content.decode()
    assert "We do not know this draw" in unknown
    assert client.get("/verify/draw/", {"draw": ""}).status_code == 422
    assert "/verify/draw/" in client.get("/about/").content.decode()


# ── Cost ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("reader", ["nobody", "member", "auditor"])
def test_few_queries_are_enough(
    reader: str, asked: bool, django_assert_max_num_queries: Any
) -> None:
    case, cole = p.make_case_for_council(people=8)
    town = p.make_community()
    case.community.parent = town
    case.community.save()
    p.make_pool(p.make_community(parent=town), 20)
    guardian, auditor = make_guardian(case.community), make_auditor(town)
    draw = p.throw(p.commit(p.begin(case, cole), cole), cole, now=LATER)
    if asked:
        beacons.void_draw(draw, by=guardian, now=LATER, reason="The dice fell off the table.")
    people = {"nobody": None, "member": draw.seats.first().person, "auditor": auditor}
    client = signed_in(people[reader])
    # Whether an auditor is impartial takes as long as asking it of a member.
    with django_assert_max_num_queries(20 if reader == "auditor" else 10):
        answer = client.get(draw.get_absolute_url())
    assert ("For you as an auditor" in answer.content.decode()) is (reader == "auditor")


def test_a_large_draw_is_shown_within_a_second() -> None:
    draw, _case, _cole = committed()
    tokens = sorted(scheme.token(bytes(16), {"member": str(n)}) for n in range(2000))
    made = json.loads(draw.published.body)
    made |= {
        "size": 12,
        "eligible": tokens,
        "panels": [sorted(tokens[(n * 12 + k) % 2000] for k in range(12)) for n in range(1000)],
    }
    DrawRecord.objects.filter(draw=draw).update(body=scheme.canon(made).decode())
    client = signed_in(None)
    client.get("/verify/draw/")
    began = time.process_time()
    answer = client.get(draw.get_absolute_url())
    took = time.process_time() - began
    print(f"{took:.3f} s, {len(answer.content)} bytes")
    assert took < 1
    assert b"12 seats" in answer.content
    assert len(answer.content) < 60_000
