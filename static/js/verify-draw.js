// Checks a draw made under rj-draw/v1 in the reader's own browser: the public checks of
// councils/scheme.py, under the same codes and in the same order. docs/draw.md describes them.
// No library and no crypto.subtle, which a page on plain http does not have.
//
//   verifyDrawText(text or bytes) -> {ok, checks: [{code, ok, detail}]}     (detail in English)
//   drawToken(salt as hex, person as JSON text) -> token as hex, or null where either is malformed
//
// The page (only the section and its button must be there; words come from the page, translated):
//
//   <section data-verify-draw="URL of the published draw"
//            data-working="Checking…" data-right="Everything recomputes."
//            data-wrong="Something does not recompute."
//            data-unreachable="The draw could not be fetched.">
//     <button type="button" hidden>Check it yourself</button>
//     <p data-verdict aria-live="polite"></p>
//     <ol data-checks></ol>
//     <template data-words>                    one element for each code and outcome
//       <li data-code="commitment" data-outcome="right">…</li>
//       <li data-code="commitment" data-outcome="wrong">…</li>
//     </template>                              a code without an element is shown by its detail
//     <form data-find-token hidden
//           data-malformed="…" data-absent="…" data-waiting="… {chance} …"
//           data-drawn="… {chance} …" data-not-drawn="… {chance} …">
//       <input name="salt"> <textarea name="person"></textarea> <button>Find me</button>
//       <output data-found aria-live="polite"></output>
//     </form>
//   </section>
//
// The button is shown where scripts run; the form once a draw was found right. What is listed, and
// the verdict, have data-outcome "right" or "wrong". What is typed into the form is sent nowhere.
"use strict";

(() => {
  const DRAW = "rj-draw/v1";
  const REPLACEMENT = "rj-draw/v1-replacement";
  const PANELS = 1000;
  const LEAST_THROWS = 50;
  const DEEPEST = 50;
  const ROUNDING = 5;

  // What each check says where it holds, and where it does not (the words of councils/scheme.py).
  const WORDS = {
    readable: ["This is a JSON object.", "This is no JSON object, or one nested too deep."],
    record: ["It holds a record.", "It holds no record."],
    canonical: [
      "The record can be written in one way.",
      "The record holds a number that is not whole, or too large.",
    ],
    scheme: ["The scheme is known.", "The scheme of the record is not known."],
    council: ["The record names a council.", "The record names no council."],
    eligible: ["The eligible are sorted, each once.", "The eligible are none, or not sorted."],
    quotas: ["The quotas are well formed.", "A quota is not [feature, value, min, max]."],
    announced: ["The record says what decides.", "What is to decide is malformed."],
    size: ["The size is a number of seats.", "The size is no number of seats."],
    thousand: ["There are 1,000 panels.", "There are not 1,000 panels."],
    panels: ["Every panel is sorted, full and eligible.", "Panel {number} is not as it must be."],
    excluded: ["Nobody excluded is eligible.", "The excluded are malformed, or eligible too."],
    of: ["The record names the draw before.", "The record names no draw before."],
    seated: ["Nobody seated is eligible.", "The seated are malformed, or eligible too."],
    vacant: ["The record says how many seats are vacant.", "The record has no vacant seat."],
    commitment: ["The commitment is the record's hash.", "The record's hash is {hash}."],
    tokens: ["Every id has a token.", "An id has no token of its own."],
    beacon: ["The beacon is right in form, or awaited.", "The beacon is not 64 hex digits."],
    early: ["There is no result yet.", "There is a result, but no beacon."],
    sources: ["Each source is as announced.", "A source is not what the record announced."],
    made_of: ["The sources give the beacon.", "The sources give another beacon."],
    index: ["The beacon picks panel {picked}.", "The beacon picks panel {picked}, not this one."],
    panel: ["These people are that panel.", "These people are not panel {picked}."],
    order: ["The order is the beacon's.", "The beacon gives another order."],
    seat: ["Who is seated was eligible.", "Who is seated was not eligible, or is said twice."],
    count: ["It says 1,000 panels.", "It does not say 1,000 panels."],
    chances: ["Each chance is that person's panels / 1,000.", "A chance is not panels / 1,000."],
    min_chance: [
      "The least chance is {least} / 1,000; min_chance, before rounding, is near it.",
      "The least chance is {least} / 1,000; min_chance is too far from it.",
    ],
  };

  // --- SHA-256 (FIPS 180-4) and HMAC (RFC 2104) -------------------------------------------------

  // The first 32 bits of the fractional parts of the square roots of the first 8 primes, and of
  // the cube roots of the first 64; exact, so worked out in whole numbers.
  const [START, ROUND] = (() => {
    const primes = [];
    for (let n = 2n; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
    const root = (value, power) => {
      let low = 0n;
      for (let bit = 1n << 40n; bit; bit >>= 1n) if ((low + bit) ** power <= value) low += bit;
      return Number(low & 0xffffffffn);
    };
    return [
      primes.slice(0, 8).map((p) => root(p << 64n, 2n)),
      Int32Array.from(primes, (p) => root(p << 96n, 3n)),
    ];
  })();

  function sha256(bytes) {
    const blocks = ((bytes.length + 8) >> 6) + 1;
    const padded = new Uint8Array(blocks * 64);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
    const state = Int32Array.from(START);
    const w = new Int32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < padded.length; at += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
      for (let i = 16; i < 64; i++) {
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
        const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, i) => {
        state[i] += word;
      });
    }
    const digest = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => digest.setInt32(i * 4, word));
    return new Uint8Array(digest.buffer);
  }

  function hmac(key, message) {
    const block = new Uint8Array(64);
    block.set(key.length > 64 ? sha256(key) : key);
    const inner = sha256(join(block.map((byte) => byte ^ 0x36), message));
    return sha256(join(block.map((byte) => byte ^ 0x5c), inner));
  }

  const utf8 = (text) => new TextEncoder().encode(text);
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const numberOf = (bytes) => BigInt("0x" + hexOf(bytes));

  function join(...parts) {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  // --- JSON, read so that every reader reads it the same way ------------------------------------
  // An object becomes a Map, a whole number a number, and any other number a Fraction, which a
  // record may not hold: 5.0 and 1e3 are not 5 and 1000, and 2^53 is no longer exact here.

  class Fraction {
    constructor(value) {
      this.value = value;
    }
  }

  class Unreadable extends Error {}

  function read(text) {
    let at = 0;
    const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
    const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    const space = /[ \t\n\r]*/y;
    const match = (pattern) => {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) at = pattern.lastIndex;
      return found;
    };
    const skip = () => match(space);
    const take = (sign) => {
      skip();
      if (text[at] !== sign) return false;
      at += 1;
      return true;
    };
    const need = (sign) => {
      if (!take(sign)) throw new Unreadable();
    };

    function word() {
      const found = match(string);
      if (!found) throw new Unreadable();
      const made = JSON.parse(found[0]);
      if (halved(made)) throw new Unreadable();
      return made;
    }

    function value(depth) {
      skip();
      const sign = text[at];
      if ((sign === "{" || sign === "[") && depth > DEEPEST) throw new Unreadable();
      if (sign === '"') return word();
      if (take("[")) return list(depth);
      if (take("{")) return object(depth);
      for (const [name, meaning] of [["true", true], ["false", false], ["null", null]]) {
        if (text.startsWith(name, at)) {
          at += name.length;
          return meaning;
        }
      }
      const found = match(number);
      if (!found) throw new Unreadable();
      const meaning = Number(found[0]);
      const whole = !found[1] && !found[2] && found[0].length <= 17;
      return whole && Number.isSafeInteger(meaning) ? meaning + 0 : new Fraction(meaning);
    }

    function list(depth) {
      const made = [];
      if (take("]")) return made;
      do made.push(value(depth + 1));
      while (take(","));
      need("]");
      return made;
    }

    function object(depth) {
      const made = new Map();
      if (take("}")) return made;
      do {
        skip();
        const key = word();
        need(":");
        if (made.has(key)) throw new Unreadable();
        made.set(key, value(depth + 1));
      } while (take(","));
      need("}");
      return made;
    }

    const all = value(1);
    skip();
    if (at !== text.length) throw new Unreadable();
    return all;
  }

  // Half of a surrogate pair is no character and has no UTF-8.
  function halved(text) {
    return /[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/.test(text);
  }

  // JavaScript sorts by UTF-16 units; the scheme sorts by code points.
  function byCodePoint(one, other) {
    const [a, b] = [Array.from(one), Array.from(other)];
    for (let i = 0; i < a.length && i < b.length; i++) {
      if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
    }
    return a.length - b.length;
  }

  // Returns the one way to write a value. Throws Unreadable for a Fraction anywhere.
  function canon(value) {
    if (value instanceof Fraction) throw new Unreadable();
    if (Array.isArray(value)) return `[${value.map(canon).join(",")}]`;
    if (value instanceof Map) {
      const keys = [...value.keys()].sort(byCodePoint);
      return `{${keys.map((key) => `${JSON.stringify(key)}:${canon(value.get(key))}`).join(",")}}`;
    }
    return JSON.stringify(value);
  }

  // --- the scheme -------------------------------------------------------------------------------

  const commitmentOf = (record, written) => sha256(utf8(`${record.get("scheme")}\0${written}`));

  function indexOf(prk, panels) {
    const count = BigInt(panels);
    const limit = (2n ** 256n / count) * count;
    for (let counter = 0; ; counter++) {
      const four = new Uint8Array(4);
      new DataView(four.buffer).setUint32(0, counter);
      const value = numberOf(hmac(prk, join(utf8("rj-draw/v1/panel"), four, Uint8Array.of(1))));
      if (value < limit) return Number(value % count);
    }
  }

  function orderOf(prk, tokens) {
    const place = (token) => hexOf(hmac(prk, utf8(`rj-draw/v1/order\0${token}\x01`)));
    return tokens
      .map((token) => `${place(token)} ${token}`)
      .sort()
      .map((both) => both.slice(65));
  }

  const contributionOf = (secret) =>
    hexOf(sha256(join(utf8("rj-draw/v1/contribution\0"), bytesOf(secret))));

  function contributionsOf(secrets) {
    const inOrder = secrets.map((secret) => `${contributionOf(secret)} ${secret}`).sort();
    const parts = inOrder.map((both) => bytesOf(both.slice(65)));
    return sha256(join(utf8("rj-draw/v1/contributions\0"), ...parts));
  }

  const sourcesOf = (parts) =>
    parts.length === 1 ? parts[0] : sha256(join(utf8("rj-draw/v1/sources\0"), ...parts));

  // --- the checks -------------------------------------------------------------------------------

  function check(code, ok, found = {}) {
    const detail = WORDS[code][ok ? 0 : 1].replace(/\{(\w+)\}/g, (_, name) => found[name]);
    return { code, ok, detail };
  }

  const given = (value) => value !== undefined && value !== null;
  const isText = (value) => typeof value === "string";
  const isWhole = (value, least = 0) => typeof value === "number" && value >= least;
  const isHex = (value, digits = 64) =>
    isText(value) && value.length === digits && /^[0-9a-f]*$/.test(value);
  const isHexes = (value) =>
    Array.isArray(value) &&
    value.every((one) => isHex(one)) &&
    new Set(value).size === value.length;
  const isSorted = (list) => list.every((one, i) => i === 0 || list[i - 1] <= one);
  const same = (one, other) =>
    one.length === other.length && one.every((value, i) => value === other[i]);
  const isQuota = (quota) =>
    Array.isArray(quota) &&
    quota.length === 4 &&
    isText(quota[0]) &&
    isText(quota[1]) &&
    isWhole(quota[2]) &&
    isWhole(quota[3], quota[2]);

  function* steps(input) {
    let document = null;
    try {
      const text = isText(input)
        ? input.replace(/^\ufeff/, "")
        : new TextDecoder("utf-8", { fatal: true }).decode(input);
      document = read(text);
    } catch {
      // Told by the first check.
    }
    const isObject = document instanceof Map;
    yield check("readable", isObject);
    if (!isObject) return;
    const record = document.get("record");
    const isRecord = record instanceof Map;
    yield check("record", isRecord);
    if (!isRecord) return;
    let written = null;
    try {
      written = canon(record);
    } catch {
      // Told by the next check.
    }
    yield check("canonical", written !== null);
    if (written === null) return;
    const isDraw = record.get("scheme") === DRAW;
    const isKnown = isDraw || record.get("scheme") === REPLACEMENT;
    yield check("scheme", isKnown);
    if (!isKnown) return;
    let formed = true;
    for (const part of [commonForm, isDraw ? drawForm : replacementForm]) {
      for (const one of part(record)) {
        formed &&= one.ok;
        yield one;
      }
    }
    const committed = commitmentOf(record, written);
    const hash = hexOf(committed);
    yield check("commitment", document.get("commitment") === hash, { hash });
    if (formed) yield* results(document, record, committed);
  }

  function* commonForm(record) {
    yield check("council", isText(record.get("council")));
    const [eligible, quotas] = [record.get("eligible"), record.get("quotas")];
    yield check("eligible", isHexes(eligible) && isSorted(eligible) && eligible.length > 0);
    yield check("quotas", Array.isArray(quotas) && quotas.every(isQuota));
    yield check("announced", isAnnounced(record.get("beacon")));
  }

  function* drawForm(record) {
    const [size, panels, out] = ["size", "panels", "excluded"].map((key) => record.get(key));
    yield check("size", isWhole(size, 1));
    const thousand = Array.isArray(panels) && panels.length === PANELS;
    yield check("thousand", thousand);
    const eligible = new Set(isHexes(record.get("eligible")) ? record.get("eligible") : []);
    if (thousand) {
      const number = panels.findIndex(
        (panel) =>
          !(isHexes(panel) && isSorted(panel) && panel.length === size) ||
          !panel.every((one) => eligible.has(one)),
      );
      yield check("panels", number < 0, { number });
    }
    const told =
      Array.isArray(out) && out.every((one) => one instanceof Map && isText(one.get("reason")));
    const gone = told ? out.map((one) => one.get("token")) : [];
    yield check("excluded", told && isHexes(gone) && !gone.some((one) => eligible.has(one)));
  }

  function* replacementForm(record) {
    yield check("of", isHex(record.get("of")));
    const [seated, eligible] = [record.get("seated"), record.get("eligible")];
    const apart =
      isHexes(seated) && isHexes(eligible) && !seated.some((one) => eligible.includes(one));
    yield check("seated", apart);
    yield check("vacant", isWhole(record.get("vacant"), 1));
  }

  function isAnnounced(beacon) {
    if (!(beacon instanceof Map) || !beacon.has("sources")) return beacon instanceof Map;
    const told = beacon.get("sources");
    if (!Array.isArray(told) || !told.every(isSource)) return false;
    // Whoever reveals last could choose, so contributions need a source beside them.
    return told.some((one) => one.get("kind") !== "contributions");
  }

  function isSource(one) {
    const kind = one instanceof Map ? one.get("kind") : null;
    if (kind === "drand") {
      return isText(one.get("network")) && isHex(one.get("chain")) && isWhole(one.get("round"), 1);
    }
    if (kind === "dice") return isWhole(one.get("throws"), LEAST_THROWS);
    return kind === "contributions" && isHexes(one.get("hashes"));
  }

  // Returns the bytes of one source; null where it is not what was announced.
  function madeOf(told, said) {
    const kind = told.get("kind");
    if (!(said instanceof Map) || said.get("kind") !== kind) return null;
    if (kind === "drand") {
      const signature = said.get("signature");
      if (!(isHex(signature, 96) || isHex(signature, 192))) return null;
      const randomness = sha256(bytesOf(signature));
      const right = said.get("round") === told.get("round");
      return right && said.get("randomness") === hexOf(randomness) ? randomness : null;
    }
    if (kind === "dice") {
      // Exactly as many as announced: who may go on throwing may stop where they like it.
      const digits = said.get("digits");
      const right = isText(digits) && digits.length === told.get("throws");
      const all = right && /^[1-6]*$/.test(digits);
      return all ? sha256(utf8(`rj-draw/v1/dice\0${digits}`)) : null;
    }
    const [secrets, leftOut] = [said.get("revealed"), said.get("left_out")];
    if (!(isHexes(secrets) && isHexes(leftOut))) return null;
    const all = [...secrets.map(contributionOf), ...leftOut].sort();
    return same(all, [...told.get("hashes")].sort()) ? contributionsOf(secrets) : null;
  }

  function* results(document, record, committed) {
    let names = document.get("tokens");
    if (given(names)) {
      const right = names instanceof Map && isHexes([...names.values()]);
      yield check("tokens", right);
      if (!right) return;
    } else {
      names = new Map(record.get("eligible").map((one) => [one, one]));
    }
    yield* beaconChecks(document, record);
    const beacon = document.get("beacon");
    const isDraw = record.get("scheme") === DRAW;
    if (isHex(beacon)) {
      const prk = hmac(committed, bytesOf(beacon));
      yield* (isDraw ? pickChecks : seatChecks)(document, record, prk, names);
    }
    if (isDraw) yield* chanceChecks(document, record, names);
  }

  function* beaconChecks(document, record) {
    const [beacon, said] = [document.get("beacon"), document.get("sources")];
    yield check("beacon", !given(beacon) || isHex(beacon));
    if (!given(beacon)) {
      const early = ["index", "panel", "seat", "order"].some((key) => given(document.get(key)));
      yield check("early", !early);
    }
    if (!given(said)) return;
    const told = record.get("beacon").get("sources") ?? [];
    const many = Array.isArray(said) && told.length === said.length;
    const parts = many ? told.map((one, i) => madeOf(one, said[i])) : [];
    const right = parts.length > 0 && !parts.includes(null);
    yield check("sources", right);
    if (right && given(beacon)) yield check("made_of", hexOf(sourcesOf(parts)) === beacon);
  }

  // Returns a list of ids or tokens as tokens; an empty word for who is not known.
  function named(listed, names) {
    const everybody = Array.isArray(listed) ? listed : [null];
    return everybody.map((one) => (isText(one) ? (names.get(one) ?? "") : ""));
  }

  function* pickChecks(document, record, prk, names) {
    const picked = indexOf(prk, PANELS);
    yield check("index", document.get("index") === picked, { picked });
    const panel = record.get("panels")[picked];
    yield check("panel", same(named(document.get("panel"), names).sort(), panel), { picked });
    if (given(document.get("order"))) {
      const rest = record.get("eligible").filter((one) => !panel.includes(one));
      yield check("order", same(named(document.get("order"), names), orderOf(prk, rest)));
    }
  }

  function* seatChecks(document, record, prk, names) {
    const order = orderOf(prk, record.get("eligible"));
    yield check("order", same(named(document.get("order"), names), order));
    const seats = new Set(seatsOf(document, names));
    const eligible = record.get("eligible");
    yield check("seat", seats.size <= 1 && [...seats].every((one) => eligible.includes(one)));
  }

  // Returns who a replacement seated, as often as it says so: "panel" [one], "seat" one.
  function seatsOf(document, names) {
    const [panel, seat] = [document.get("panel"), document.get("seat")];
    const people = given(panel) ? named(panel, names) : [];
    const seated = given(panel) && people.length === 0 ? [""] : people;
    return given(seat) ? [...seated, ...named([seat], names)] : seated;
  }

  function countsOf(record) {
    const counts = new Map(record.get("eligible").map((one) => [one, 0]));
    for (const one of record.get("panels").flat()) counts.set(one, counts.get(one) + 1);
    return counts;
  }

  function* chanceChecks(document, record, names) {
    const counts = countsOf(record);
    if (given(document.get("panels"))) yield check("count", document.get("panels") === PANELS);
    const chances = document.get("chances");
    if (given(chances)) {
      const said = chances instanceof Map ? chances : new Map();
      const whose = new Map([...said].map(([key, chance]) => [names.get(key) ?? "", chance]));
      const everybody = same([...whose.keys()].sort(), record.get("eligible"));
      const right = [...whose].every(([one, chance]) => isNear(chance, counts.get(one), 1e-6));
      yield check("chances", whose.size === said.size && everybody && right);
    }
    if (given(document.get("min_chance"))) {
      const least = Math.min(...counts.values());
      const right = isNear(document.get("min_chance"), least, ROUNDING + 1e-6);
      yield check("min_chance", right, { least });
    }
  }

  function isNear(chance, count, within) {
    const value = chance instanceof Fraction ? chance.value : chance;
    return typeof value === "number" && Math.abs(value * PANELS - count) <= within;
  }

  const verdictOf = (checks) => ({ ok: checks.every((one) => one.ok), checks });

  globalThis.verifyDrawText = (input) => verdictOf([...steps(input)]);

  globalThis.drawToken = (salt, person) => {
    try {
      const features = read(person);
      if (!isHex(salt, 32) || !(features instanceof Map)) return null;
      return hexOf(sha256(join(utf8("rj-roster/v1\0"), bytesOf(salt), utf8(canon(features)))));
    } catch {
      return null;
    }
  };

  // --- the page ---------------------------------------------------------------------------------

  const page = globalThis.document;
  const pause = () => new Promise((resolve) => setTimeout(resolve));

  function setUp(place) {
    const button = place.querySelector("button");
    const part = (name, tag) =>
      place.querySelector(`[${name}]`) ?? place.appendChild(page.createElement(tag));
    const verdict = part("data-verdict", "p");
    const list = part("data-checks", "ol");
    const form = place.querySelector("[data-find-token]");
    let fetched = null;
    verdict.setAttribute("aria-live", "polite");

    function item({ code, ok, detail }) {
      const outcome = ok ? "right" : "wrong";
      const words = place.querySelector("[data-words]")?.content;
      const found = words?.querySelector(`[data-code="${code}"][data-outcome="${outcome}"]`);
      const made = found ? found.cloneNode(true) : page.createElement("li");
      if (!found) made.textContent = detail;
      made.dataset.outcome = outcome;
      return made;
    }

    async function run() {
      button.disabled = true;
      place.setAttribute("aria-busy", "true");
      list.replaceChildren();
      verdict.textContent = place.dataset.working ?? "";
      verdict.removeAttribute("data-outcome");
      try {
        const answer = await fetch(place.dataset.verifyDraw);
        if (!answer.ok) throw new Error(answer.statusText);
        fetched = new Uint8Array(await answer.arrayBuffer());
        let ok = true;
        for (const one of steps(fetched)) {
          ok &&= one.ok;
          list.append(item(one));
          await pause();
        }
        verdict.dataset.outcome = ok ? "right" : "wrong";
        verdict.textContent = (ok ? place.dataset.right : place.dataset.wrong) ?? "";
        if (form) form.hidden = !ok;
      } catch {
        verdict.textContent = place.dataset.unreachable ?? "";
      }
      place.removeAttribute("aria-busy");
      button.disabled = false;
    }

    // Only a draw that was found right is looked into.
    function find(event) {
      event.preventDefault();
      const salt = form.elements.salt.value.trim().toLowerCase();
      const token = globalThis.drawToken(salt, form.elements.person.value);
      const output = form.querySelector("[data-found]");
      const words = form.dataset;
      const document = read(new TextDecoder().decode(fetched));
      const record = document.get("record");
      if (token === null) output.textContent = words.malformed ?? "";
      else if (!record.get("eligible").includes(token)) output.textContent = words.absent ?? "";
      else output.textContent = (outcome(document, record, token) ?? "").replace("{token}", token);
    }

    function outcome(document, record, token) {
      const isDraw = record.get("scheme") === DRAW;
      const names = document.get("tokens") ?? new Map([[token, token]]);
      const drawn = isDraw
        ? named(document.get("panel"), names).includes(token)
        : seatsOf(document, names).includes(token);
      const words = form.dataset;
      const sentence = given(document.get("beacon"))
        ? drawn ? words.drawn : words.notDrawn
        : words.waiting;
      const chance = isDraw ? countsOf(record).get(token) / PANELS : null;
      const language = page.documentElement.lang || undefined;
      const percent = new Intl.NumberFormat(language, {
        style: "percent",
        minimumFractionDigits: 1,
      });
      return sentence?.replace("{chance}", chance === null ? "–" : percent.format(chance));
    }

    button.hidden = false;
    button.addEventListener("click", run);
    form?.addEventListener("submit", find);
  }

  // Set up once the page stands, wherever the script is put.
  if (page) {
    const places = () => page.querySelectorAll("[data-verify-draw]").forEach(setUp);
    if (page.readyState === "loading") {
      page.addEventListener("DOMContentLoaded", places);
    } else {
      places();
    }
  }
})();
