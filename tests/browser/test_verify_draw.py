"""The reader's browser and the script come to the same verdict, draw by draw."""

import copy
import hashlib
import json
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from playwright.sync_api import Browser, Page, Route, expect

from councils import scheme
from tests.browser.pages import read_by_axe

DATA = Path(__file__).parents[1] / "data/draw"
VECTORS = json.loads((DATA / "rj-draw-v1-vectors.json").read_text())
SCRIPT = settings.BASE_DIR / "static/js/verify-draw.js"
SALTS = {member: bytes([member]) * 16 for member in range(12)}
PEOPLE = {
    member: {"member": f"m{member}", "district": "Ñuñoa \U0001f33f", "\uffff": 1, "\U0001f600": 2}
    for member in SALTS
}
TOKENS = {member: scheme.token(SALTS[member], PEOPLE[member]) for member in SALTS}
Document = dict[str, Any]

PAGE = """<!doctype html><html lang="en"><title>Draw</title><main><h1>A draw</h1>
<section data-verify-draw="/draw.json" data-working="Checking" data-right="All well"
  data-wrong="Not well" data-unreachable="Not there">
<button type="button" hidden>Check it yourself</button>
<p data-verdict></p><ol data-checks></ol>
<template data-words><li data-code="index" data-outcome="right">El índice es el del azar.</li>
<li data-code="index" data-outcome="wrong">El índice no es el del azar.</li></template>
<form data-find-token hidden data-malformed="Malformed" data-absent="Absent"
  data-waiting="Waits, {chance}" data-drawn="Drawn, {chance}" data-not-drawn="Not drawn, {chance}">
<label>Salt <input name="salt"></label><label>Person <textarea name="person"></textarea></label>
<button>Find me</button><output data-found></output></form>
</section></main><script src="/verify-draw.js"></script></html>"""


def finished(record: Document, beacon: str) -> Document:
    """Return the whole document of a record and a beacon."""
    committed = scheme.commitment(record)
    prk = scheme.extract(committed, bytes.fromhex(beacon))
    panel = record["panels"][scheme.index(prk, 1000)]
    counts = Counter(one for each in record["panels"] for one in each)
    chances = {one: counts[one] / 1000 for one in record["eligible"]}
    return {
        "record": record,
        "commitment": committed.hex(),
        "beacon": beacon,
        "index": scheme.index(prk, 1000),
        "panel": panel,
        "order": scheme.order(prk, set(record["eligible"]) - set(panel)),
        "chances": chances,
        "panels": 1000,
        "min_chance": min(chances.values()) + 0.001,
    }


def base() -> Document:
    """Return a right draw of 2 among 12, decided by dice and contributions."""
    dealt = random.Random(1)
    eligible = sorted(TOKENS.values())
    digits = "".join(dealt.choices("123456", k=60))
    secrets = [bytes([one]) * 32 for one in range(3)]
    hashes = [scheme.contribution(secret) for secret in secrets]
    told = [{"kind": "dice", "throws": 60}, {"kind": "contributions", "hashes": hashes}]
    record = {
        "scheme": scheme.DRAW,
        "council": "Concilio \U0001f33f \uffff \u2028",
        "size": 2,
        "eligible": eligible,
        "excluded": [{"token": "0" * 64, "reason": "not_in_this_draw"}],
        "quotas": [["district", "Ñuñoa \U0001f33f", 0, 2], ["age", "16–29", 0, 2]],
        "panels": [sorted(dealt.sample(eligible, 2)) for _ in range(1000)],
        "beacon": {"sources": told, "note": {"\U0001f600": 1, "\uffff": 2, "": -3}},
    }
    beacon = scheme.sources([scheme.dice(digits), scheme.contributions(secrets[:2])]).hex()
    revealed = [secret.hex() for secret in secrets[:2]]
    return {
        **finished(record, beacon),
        "sources": [
            {"kind": "dice", "digits": digits},
            {"kind": "contributions", "revealed": revealed, "left_out": hashes[2:]},
        ],
    }


# Tampering: each takes a right document and some chance, and changes the document.

ODD = [None, True, 0, -1, 1.0, 5.0, 2**53, 1e300, "", "é", "\ud800", [], {}, [[]], "0" * 64]


def swap_tokens(document: Document, dealt: random.Random) -> None:
    one, other = dealt.sample(document["record"]["panels"], 2)
    one[0], other[0] = other[0], one[0]
    for panel in dealt.choice([[], [one, other]]):
        panel.sort(reverse=dealt.random() < 0.3)


def drop_or_double_a_panel(document: Document, dealt: random.Random) -> None:
    panels = document["record"]["panels"]
    taken = dealt.choice(panels)
    panels.remove(taken) if dealt.random() < 0.5 else panels.append(taken)


def move_a_panel(document: Document, dealt: random.Random) -> None:
    panels = document["record"]["panels"]
    panels.insert(dealt.randrange(999), panels.pop(dealt.randrange(1000)))


def change_the_result(document: Document, dealt: random.Random) -> None:
    match dealt.choice(["index", "panel", "order", "beacon", "commitment"]):
        case "index":
            document["index"] = dealt.choice([document["index"] + 1, document["index"] * 1.0, "5"])
        case "panel":
            document["panel"] = dealt.choice(document["record"]["panels"])
        case "order":
            dealt.shuffle(document["order"])
        case key:
            document[key] = dealt.choice([document[key].upper(), document[key][::-1], "0" * 64])


def change_a_chance(document: Document, dealt: random.Random) -> None:
    chances = document["chances"]
    one = dealt.choice(list(chances))
    if dealt.random() < 0.2:
        dealt.choice([chances.popitem, lambda: chances.update({"0" * 64: 0})])()
        return
    chances[one] = dealt.choice([chances[one] + 0.001, chances[one] + 1e-12, 1, "0.1", None])
    document["min_chance"] += dealt.choice([0, 0.003, 0.0045, -0.0055, -0.01])


def change_a_reason(document: Document, dealt: random.Random) -> None:
    gone = document["record"]["excluded"][0]
    gone["reason"] = dealt.choice(["kin", "ナ", 7, None, "\x7f\x00\u2029"])
    gone["token"] = dealt.choice([gone["token"], document["record"]["eligible"][0], "0"])


def change_a_source(document: Document, dealt: random.Random) -> None:
    told = document["record"]["beacon"]["sources"]
    if dealt.random() < 0.3:
        del dealt.choice([told, document["sources"]])[dealt.randrange(2)]
        return
    one = dealt.choice(document["sources"] + told)
    key = dealt.choice(list(one))
    one[key] = dealt.choice([one[key] * 2, one[key] * 3, 61, 59, *ODD])


def put_something_odd(document: Document, dealt: random.Random) -> None:
    holder = dealt.choice([document, document["record"], document["record"]["beacon"]])
    holder[dealt.choice([*holder, "new", "seat", "tokens", "\U00010000"])] = dealt.choice(ODD)


def drop_something(document: Document, dealt: random.Random) -> None:
    holder = dealt.choice([document, document["record"]])
    del holder[dealt.choice(list(holder))]


def change_a_quota(document: Document, dealt: random.Random) -> None:
    quota = dealt.choice(document["record"]["quotas"])
    quota[dealt.randrange(4)] = dealt.choice([*ODD, 1, 3])


STRUCTURAL = [
    swap_tokens, drop_or_double_a_panel, move_a_panel, change_the_result, change_a_chance,
    change_a_reason, change_a_source, put_something_odd, drop_something, change_a_quota,
]  # fmt: skip


def restructured(right: Document, dealt: random.Random, number: int) -> str:
    """Return a document changed in one thing; every third time its maker made the rest fit."""
    document = copy.deepcopy(right)
    dealt.choice(STRUCTURAL)(document, dealt)
    record = document.get("record")
    if number % 3 == 0 and isinstance(record, dict) and isinstance(record.get("scheme"), str):
        try:
            document["commitment"] = scheme.commitment(record).hex()
            document.update(finished(record, right["beacon"]))
        except (TypeError, KeyError, ValueError, IndexError):
            pass  # nothing fits such a record; it is judged as it is
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # Half of a character can only be written as an escape; the rest is, every other time.
    escaped = number % 2 == 0 or "\ud800" in text
    return json.dumps(document, ensure_ascii=escaped, separators=(",", ":"))


def rewritten(text: str, dealt: random.Random) -> str:
    """Return a text in which one sign was changed, lost, doubled or put in."""
    # Where signs matter more than in the middle of a thousand panels, half of the time.
    place = dealt.randrange(len(text))
    if dealt.random() < 0.5:
        place = (dealt.randrange(300) + text.index('"panels":1000') - 150) % len(text)
    sign = dealt.choice('0123456789abcdefg"\\[]{}:,.-+eE \t\n\r\x00é\u2028\U0001f600\ufeff/u')
    return text[:place] + sign * dealt.randrange(3) + text[place + dealt.randrange(2) :]


def tampered(right: Document) -> Iterator[str]:
    """Yield 1,000 documents, the same each time."""
    dealt = random.Random(7)
    text = json.dumps(right, ensure_ascii=False, separators=(",", ":"))
    for number in range(1000):
        yield restructured(right, dealt, number) if number % 5 else rewritten(text, dealt)


def failing(data: bytes) -> list[str]:
    """Return the codes that the script finds wrong."""
    try:
        document = scheme.read(data)
    except ValueError:
        return ["readable"]
    return [check.code for check in scheme.checks(document) if not check.ok]


def shared(one: str, other: str) -> int:
    """Return how many signs two texts have in common at their beginning."""
    shorter = range(min(len(one), len(other)))
    return bisect_left(shorter, True, key=lambda at: one[: at + 1] != other[: at + 1])


def splice(text: str, other: str) -> list[Any]:
    """Return how to make another text of a text: where, until where, and what comes there."""
    start = shared(text, other)
    end = len(text) - shared(text[start:][::-1], other[start:][::-1])
    middle = other[start : len(other) - len(text) + end]
    units = [len(text[:at].encode("utf-16-le")) // 2 for at in (start, end)]
    return [*units, middle]  # JavaScript counts UTF-16 units


COMPARE = """([text, splices]) => splices.map(([start, end, middle]) => {
  const verdict = verifyDrawText(text.slice(0, start) + middle + text.slice(end));
  const codes = verdict.checks.filter((one) => !one.ok).map((one) => one.code);
  if (verdict.ok !== (codes.length === 0)) throw new Error("a verdict against its checks");
  return codes;
})"""


@pytest.fixture
def draw_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return what opens a page around one document, under the site's own strict policy."""
    context = browser.new_context(base_url="http://draw.localhost")
    context.set_default_timeout(30_000)
    policy = "default-src 'none'; script-src 'self'; connect-src 'self'"

    def open_page(document: str | None, strict: bool = True) -> Page:
        page = context.new_page()

        def answer(route: Route) -> None:
            path = route.request.url.removeprefix("http://draw.localhost")
            headers = {"content-security-policy": policy} if strict else {}
            if path == "/":
                route.fulfill(body=PAGE, content_type="text/html; charset=utf-8", headers=headers)
            elif path == "/verify-draw.js":
                route.fulfill(
                    body=SCRIPT.read_text(), content_type="text/javascript; charset=utf-8"
                )
            elif path == "/draw.json" and document is not None:
                route.fulfill(body=document, content_type="application/json")
            else:
                route.fulfill(status=404, body="")

        page.route("**/*", answer)
        page.goto("/")
        return page

    yield open_page
    context.close()


def test_browser_and_script_agree_on_a_thousand_tampered_draws(draw_page):
    right = base()
    text = json.dumps(right, ensure_ascii=False, separators=(",", ":"))
    others = [text, *tampered(right)]
    page = draw_page(None)
    there: list[list[str]] = []
    for at in range(0, len(others), 100):
        splices = [splice(text, other) for other in others[at : at + 100]]
        there += page.evaluate(COMPARE, [text, splices])
    here = [failing(other.encode()) for other in others]
    assert here[0] == []
    assert [at for at in range(1001) if here[at] != there[at]] == []
    # The tampering is worth something: most is caught, and every kind of check goes red.
    assert sum(codes != [] for codes in here) > 750
    assert {code for codes in here for code in codes} >= {
        "readable", "record", "canonical", "scheme", "council", "eligible", "quotas", "announced",
        "size", "thousand", "panels", "excluded", "commitment", "tokens", "beacon", "early",
        "sources", "made_of", "index", "panel", "order", "count", "chances", "min_chance",
    }  # fmt: skip
    for other, codes in zip(others, here, strict=True):
        if codes == []:
            assert_harmless(right, scheme.read(other.encode()))


def assert_harmless(right: Document, other: Document) -> None:
    """A tampered document that is found right says the same, or is a draw of its own."""
    if other["commitment"] != right["commitment"]:
        assert other["commitment"] == scheme.commitment(other["record"]).hex()
        return
    assert other["record"] == right["record"]
    for key in ("beacon", "index", "panel", "order", "panels"):
        assert other.get(key) in (None, right[key])


def commanded(path: Path) -> tuple[int, list[str]]:
    """Return the exit code of the server's own command, and the codes that it finds wrong."""
    out, code = StringIO(), 0
    try:
        call_command("verify_draw", str(path), "--json", stdout=out)
    except CommandError as problem:
        return problem.returncode, ["readable"]
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, [one["code"] for one in json.loads(out.getvalue())["checks"] if not one["ok"]]


def test_the_command_agrees_with_both(tmp_path: Path):
    path = tmp_path / "draw.json"
    seen = set()
    for other in list(tampered(base()))[::25]:
        path.write_text(other)
        code, codes = commanded(path)
        assert codes == failing(other.encode())
        assert (code == 0) is (codes == [])
        seen.add(code)
    assert seen >= {0, 1}


def test_the_vectors_in_the_browser(draw_page):
    expected = VECTORS["expected"]
    document = {
        "record": VECTORS["record"],
        "commitment": expected["commitment"],
        "beacon": VECTORS["beacon_randomness"],
        "index": expected["index"],
        "panel": expected["panel"],
        "order": expected["reserve_order"],
    }
    page = draw_page(None)
    verdict = page.evaluate("text => verifyDrawText(text)", json.dumps(document))
    found = [check._asdict() for check in scheme.checks(document)]
    assert verdict == {"ok": True, "checks": found}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf\xef\xbb\xbf{}",
        b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', b'{"a":1,"\\u0061":2}',
        b'{"record":{"a":-0,"b":12345678901234567890}}', b'{"record":{"a":-0}}',
        b'{"record":{"scheme":"rj-draw/v1","__proto__":{"constructor":1}}}', b"[" * 5000,
        b'{"a":' * 49 + b"[]" + b"}" * 49, b'{"a":' * 50 + b"[]" + b"}" * 50,
        b'{"a":"\\ud83d\\ude00"}', b'{"a":"\\ude00\\ud83d"}',
        b'{"record":{"scheme":"rj-draw/v1"},"a":1E400}',
    ],
)  # fmt: skip
def test_browser_and_script_read_alike(draw_page, data: bytes):
    codes = draw_page(None).evaluate(
        "bytes => verifyDrawText(Uint8Array.from(bytes)).checks"
        ".filter((one) => !one.ok).map((one) => one.code)",
        list(data),
    )
    assert codes == failing(data)


def test_a_replacement_in_the_browser(draw_page):
    eligible = sorted(VECTORS["expected"]["reserve_order"])
    record = {
        "scheme": scheme.REPLACEMENT, "council": "test", "of": "a" * 64, "seated": [], "vacant": 1,
        "eligible": eligible, "quotas": [], "beacon": {"round": 7},
    }  # fmt: skip
    committed = scheme.commitment(record)
    order = scheme.order(scheme.extract(committed, bytes(32)), eligible)
    document = {
        "record": record, "commitment": committed.hex(), "beacon": "00" * 32, "order": order,
        "seat": order[0],
    }  # fmt: skip
    page = draw_page(None)
    changes = [
        {}, {"panel": order[:1]}, {"panel": order[1:2]}, {"panel": []}, {"seat": "x"},
        {"order": []},
        {"beacon": None}, {"record": {**record, "of": 1}}, {"record": {**record, "vacant": 0}},
        {"record": {**record, "seated": eligible[:1]}},
    ]  # fmt: skip
    for change in changes:
        text = json.dumps({**document, **change})
        verdict = page.evaluate("text => verifyDrawText(text)", text)
        assert verdict["checks"] == [check._asdict() for check in scheme.checks(json.loads(text))]


def test_a_long_text_is_read_too(draw_page):
    codes = draw_page(None).evaluate(
        """() => verifyDrawText(`{"record": "${"x".repeat(5e6)}"}`).checks.map((one) => one.code)"""
    )
    assert codes == ["readable", "record"]


def large() -> str:
    """Return a right draw of 12 among 2,000."""
    dealt = random.Random(3)
    eligible = sorted(hashlib.sha256(b"%d" % number).hexdigest() for number in range(2000))
    panels = [sorted(dealt.sample(eligible, 12)) for _ in range(1000)]
    record = {
        "scheme": scheme.DRAW, "council": "large", "size": 12, "eligible": eligible,
        "excluded": [], "quotas": [], "panels": panels, "beacon": {"round": 1},
    }  # fmt: skip
    return json.dumps(finished(record, "ab" * 32))


def test_a_large_draw_takes_under_two_seconds(draw_page):
    took = draw_page(None).evaluate(
        "text => { const start = performance.now(); const verdict = verifyDrawText(text);"
        " return verdict.ok ? performance.now() - start : -1; }",
        large(),
    )
    assert 0 < took < 2000


def test_a_reader_checks_a_draw_on_the_page(draw_page):
    document = base()
    page = draw_page(json.dumps(document), strict=False)  # axe brings a script of its own
    page.get_by_role("button", name="Check it yourself").click()
    expect(page.locator("[data-verdict]")).to_have_text("All well")
    checks = scheme.checks(document)
    assert page.locator("[data-checks] li").count() == len(checks)
    assert page.locator("[data-checks] [data-outcome=right]").count() == len(checks)
    assert page.get_by_text("El índice es el del azar.").is_visible()
    assert page.locator("[data-verdict]").get_attribute("aria-live") == "polite"
    read_by_axe(page)


def test_a_reader_is_told_what_is_wrong(draw_page):
    document = base()
    page = draw_page(json.dumps({**document, "index": document["index"] + 1}))
    page.get_by_role("button", name="Check it yourself").click()
    expect(page.locator("[data-verdict]")).to_have_text("Not well")
    assert page.locator("[data-outcome=wrong]").all_inner_texts() == [
        "Not well",
        "El índice no es el del azar.",
    ]
    assert page.get_by_label("Salt").is_hidden()


def test_a_draw_that_cannot_be_fetched(draw_page):
    page = draw_page(None)
    page.get_by_role("button", name="Check it yourself").click()
    expect(page.locator("[data-verdict]")).to_have_text("Not there")
    assert page.get_by_role("button", name="Check it yourself").is_enabled()


def test_a_member_finds_their_own_chance(draw_page):
    document = base()
    drawn = next(member for member, one in TOKENS.items() if one in document["panel"])
    out = next(member for member, one in TOKENS.items() if one in document["order"])
    page = draw_page(json.dumps(document))
    page.get_by_role("button", name="Check it yourself").click()
    found = page.locator("[data-found]")

    def find(salt: str, person: Any) -> None:
        page.get_by_label("Salt").fill(salt)
        page.get_by_label("Person").fill(json.dumps(person))
        page.get_by_role("button", name="Find me").click()

    for member, word in ((drawn, "Drawn"), (out, "Not drawn")):
        find(SALTS[member].hex(), PEOPLE[member])
        chance = document["chances"][TOKENS[member]]
        expect(found).to_have_text(f"{word}, {chance:.1%}")
    find(SALTS[out].hex(), PEOPLE[drawn])
    expect(found).to_have_text("Absent")
    find("00", PEOPLE[drawn])
    expect(found).to_have_text("Malformed")
    find(SALTS[out].hex(), {"member": 1.5})
    expect(found).to_have_text("Malformed")
