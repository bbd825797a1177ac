"""Appending to the record, noting who read, sealing each day, verifying, changing keys."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Min
from django.db.models.functions import Cast
from django.utils import timezone

from records import rules, sealed
from records.models import Access, Chain, Event, Seal

BATCH = 500


def next_event(
    chain: Chain, code: str, *, at: datetime, by: str = "", data: rules.Data | None = None
) -> Event:
    """Return the chain's next event, unsaved, and move the chain's head on in memory.

    Who calls it saves both in one transaction. Raises what ``next_link`` raises.
    """
    return Event(**next_link(chain, code, at=at, by=by, data=data))


def next_link(
    chain: Chain, code: str, *, at: datetime, by: str = "", data: rules.Data | None = None
) -> dict[str, Any]:
    """Return the values of the chain's next event, and move the chain's head on in memory.

    For ``next_event``, and for loading in bulk, where making each an instance takes longest.
    TypeError for data that is not flat, ValueError for a time without zone.
    """
    data = dict(data or {})
    rules.check_data(data)
    if timezone.is_naive(at):
        raise ValueError("An event needs a time with a time zone.")
    key = sealed.keyring().newest
    body: dict[str, Any] = {
        "kind": chain.kind,
        "subject_id": chain.subject_id,
        "seq": chain.length + 1,
        "code": code,
        "at": at,
        "by": str(by),
        "data": data,
        "key_id": key.id,
    }
    hashed = rules.signature(key.signing, chain.head_hash, rules.event_body(**body))
    link = {**body, "prev_hash": chain.head_hash, "hash": hashed}
    chain.head_hash, chain.length = hashed, body["seq"]
    return link


def append(
    kind: str,
    subject_id: str,
    code: str,
    *,
    by: str = "",
    at: datetime,
    data: rules.Data | None = None,
) -> Event:
    """Append an event to a subject's chain and return it.

    Only inside ``transaction.atomic()``, together with what it records: RuntimeError otherwise.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is appended in the transaction of what it records.")
    chain, _ = Chain.objects.select_for_update().get_or_create(
        kind=kind, subject_id=str(subject_id)
    )
    event = next_event(chain, code, by=by, at=at, data=data)
    event.save(force_insert=True)
    chain.save(update_fields=["head_hash", "length"])
    return event


def note_access(reader: str | UUID, case_reference: str, room: str, *, now: datetime) -> None:
    """Note that a person opened a room of a case, once an hour, in a transaction of its own.

    Called before the page is made: when this fails, the page is not shown. RuntimeError inside
    another transaction, whose rollback would take the note with it. An hour already noted is
    only read: a page opened again waits for no lock.
    """
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    row: dict[str, Any] = {
        "reader": UUID(str(reader)),
        "case_reference": case_reference,
        "room": room,
        "hour": hour,
    }
    if not Access.objects.filter(**row).exists():
        with transaction.atomic(durable=True):
            # Somebody else may have noted it in between; one row is as good as the other.
            Access.objects.bulk_create([Access(**row)], ignore_conflicts=True)


def forget_accesses(case_reference: str) -> None:
    """Delete who opened a forgotten case: it was kept for its parties, who are gone from it."""
    Access.objects.filter(case_reference=case_reference).delete()


def seal(day: date, *, now: datetime) -> Seal:
    """Seal a finished day and return its seal; the one already there when there is one.

    A seal signs every head that grew since the seal before, together with that seal's digest,
    and so stands for all heads. ValueError for a day not over, or before a day already sealed.
    """
    if day >= now.astimezone(timezone.get_current_timezone()).date():
        raise ValueError("Only a day that is over can be sealed.")
    with transaction.atomic():
        # The last one first: whoever seals at the same time may come between the two.
        last = Seal.objects.order_by("-day").first()
        if found := Seal.objects.filter(day=day).first():
            return found
        if last and last.day > day:
            raise ValueError("Days are sealed in their order.")
        grown = list(
            Chain.objects.select_for_update()
            .exclude(length=models.F("sealed_length"))
            .order_by("kind", "subject_id")
        )
        heads = sorted([c.kind, c.subject_id, c.length, c.head_hash] for c in grown)
        key = sealed.keyring().newest
        made, new = Seal.objects.get_or_create(
            day=day,
            defaults={
                "heads": heads,
                "count": len(heads),
                "key_id": key.id,
                "digest": _digest(key, last.digest if last else "", day, heads),
            },
        )
        if new:
            for chain in grown:
                chain.sealed_length = chain.length
            Chain.objects.bulk_update(grown, ["sealed_length"], batch_size=BATCH)
        return made


def _digest(key: sealed.Key, previous: str, day: date, heads: list[Any]) -> str:
    body = {"day": day.isoformat(), "heads": heads, "key": key.id}
    return rules.signature(key.signing, previous, body)


def due(now: datetime) -> dict[str, int]:
    """Seal every day that is over and not sealed, since the first event; return the count."""
    first = Event.objects.aggregate(at=Min("at"))["at"]
    if first is None:
        return {"sealed_days": 0}
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    last = Seal.objects.order_by("-day").values_list("day", flat=True).first()
    day = last + timedelta(days=1) if last else first.astimezone(zone).date()
    count = 0
    while day < today:
        seal(day, now=now)
        count += 1
        day += timedelta(days=1)
    return {"sealed_days": count}


def drop_expired(now: datetime) -> int:
    """Delete what every model keeps for a time only; return how many rows.

    A model says so itself, ``kept_for`` its ``created_at``, so that what a face above keeps of
    people's words goes on its day, though nothing here knows it and nobody comes back to it.
    """
    count = 0
    for model in apps.get_models():
        kept_for = getattr(model, "kept_for", None)
        if kept_for is not None:
            count += model._base_manager.filter(created_at__lt=now - kept_for).delete()[0]
    return count


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain, or the row of seals, is not whole."""

    kind: str
    subject: str
    seq: int
    code: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _broken_link(event: Event, seq: int, previous: str) -> str:
    """Return what is wrong with an event at its place, "" when nothing is."""
    if event.seq != seq:
        return "event_missing"
    if event.prev_hash != previous:
        return "link_broken"
    key = sealed.keyring().get(event.key_id)
    if key is None:
        return "key_unknown"
    body = rules.event_body(
        kind=event.kind,
        subject_id=event.subject_id,
        seq=event.seq,
        code=event.code,
        at=event.at,
        by=event.by,
        data=event.data,
        key_id=event.key_id,
    )
    return "" if event.hash == rules.signature(key.signing, previous, body) else "event_changed"


def newest_is_whole() -> bool:
    """Say whether the newest event of all stands as a key of this keyring signed it.

    False with another key under the same name, which would read nothing and sign anew.
    """
    newest = Event.objects.order_by("-pk").first()
    return newest is None or not _broken_link(newest, newest.seq, newest.prev_hash)


def _verify_chain(
    subject: tuple[str, str],
    events: Iterable[Event],
    head: tuple[int, str] | None,
    marks: dict[int, str],
) -> Break | None:
    """Return the first break of a chain; ``marks`` are the sealed hashes by length."""
    seq, previous = 0, ""
    for event in events:
        seq += 1
        if code := _broken_link(event, seq, previous):
            return Break(*subject, seq, code)
        if marks.get(seq, event.hash) != event.hash:
            return Break(*subject, seq, "seal_differs")
        previous = event.hash
    expected = max([*marks, head[0] if head else 0])
    if seq < expected:
        return Break(*subject, seq + 1, "event_missing")
    if head is None:
        return Break(*subject, seq, "head_missing")
    return None if head == (seq, previous) else Break(*subject, seq, "head_differs")


def _by_subject(events: Iterable[Event]) -> Iterator[tuple[tuple[str, str], list[Event]]]:
    subject: tuple[str, str] | None = None
    held: list[Event] = []
    for event in events:
        if (event.kind, event.subject_id) != subject:
            if subject:
                yield subject, held
            subject, held = (event.kind, event.subject_id), []
        held.append(event)
    if subject:
        yield subject, held


def verify(kind: str = "", subject_id: str = "") -> dict[str, Any]:
    """Check every chain and seal, or one subject's chain, against events, heads and seals.

    Returns {"chains", "events", "seals", "breaks"}: counts of what was looked at and the first
    break of each chain. A subject nobody ever wrote about gives 0 chains.
    """
    only = {"kind": kind, "subject_id": subject_id} if kind else {}
    breaks: list[Break] = []
    marks: dict[tuple[str, str], dict[int, str]] = {}
    previous, seals = "", 0
    for one in Seal.objects.order_by("day").iterator(BATCH):
        seals += 1
        key = sealed.keyring().get(one.key_id)
        if key is None or one.digest != _digest(key, previous, one.day, one.heads):
            code = "seal_changed" if key else "key_unknown"
            breaks.append(Break("seal", one.day.isoformat(), 0, code))
            break
        previous = one.digest
        for head_kind, head_subject, length, hashed in one.heads:
            if not only or (head_kind, head_subject) == (kind, subject_id):
                marks.setdefault((head_kind, head_subject), {})[length] = hashed
    seals_whole = not breaks
    heads = {
        (c.kind, c.subject_id): (c.length, c.head_hash, c.sealed_length)
        for c in Chain.objects.filter(**only).iterator(BATCH)
    }
    waiting = set(heads) | set(marks)
    count = chains = 0
    rows = Event.objects.filter(**only).order_by("kind", "subject_id", "seq")

    def look(subject: tuple[str, str], events: list[Event]) -> None:
        nonlocal chains
        chains += 1
        head, mark = heads.get(subject), marks.get(subject, {})
        found = _verify_chain(subject, events, head[:2] if head else None, mark)
        if not found and seals_whole and head and head[2] != max(mark, default=0):
            found = Break(*subject, head[2], "seal_missing")
        if found:
            breaks.append(found)

    for subject, events in _by_subject(rows.iterator(BATCH)):
        count += len(events)
        waiting.discard(subject)
        look(subject, events)
    for subject in sorted(waiting):
        look(subject, [])
    return {
        "chains": chains,
        "events": count,
        "seals": seals,
        "breaks": [found.as_dict() for found in breaks],
    }


def rotate_keys(installed: Iterable[type[models.Model]] | None = None) -> dict[str, Any]:
    """Seal every sealed column anew under the newest key, in batches; safe to stop and repeat.

    Returns {"resealed": count, "unreadable": [place, …]}. A row somebody saves meanwhile keeps
    what they saved. Blind indexes and signatures stay: see ``records.sealed``.
    """
    result: dict[str, Any] = {"resealed": 0, "unreadable": []}
    for model in apps.get_models() if installed is None else installed:
        if model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, sealed.SealedTextField):
                _rotate_column(model, field, result)
    return result


def _rotate_column(
    model: type[models.Model], field: sealed.SealedTextField, result: dict[str, Any]
) -> None:
    newest = sealed.keyring().newest.id
    # A sealed column cannot be searched; as text of no special kind its token can.
    rows = model._base_manager.annotate(token=Cast(field.name, models.TextField()))
    old = rows.exclude(token=None).exclude(token="")
    old = old.exclude(token__startswith=f"{sealed.VERSION}.{newest}.").order_by("pk")
    after: Any = None
    while True:
        page = old if after is None else old.filter(pk__gt=after)
        batch = list(page.values_list("pk", "token")[:BATCH])
        if not batch:
            return
        with transaction.atomic():
            for pk, token in batch:
                at = sealed.place(model._meta.db_table, str(field.column), pk)
                try:
                    fresh = sealed.Token(sealed.seal_bytes(sealed.open_bytes(token, at=at), at=at))
                except sealed.Unreadable:
                    result["unreadable"].append(at)
                    continue
                same = rows.filter(pk=pk, token=token)
                result["resealed"] += same.update(**{field.name: fresh})
        after = batch[-1][0]
