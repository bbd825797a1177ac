"""From a portfolio to a record that is committed, and from a record and a beacon to a result."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from councils import scheme
from councils.portfolio import Person, Quota
from councils.roster.problems import NotUsable, Problem


def person_of(person: Person, quotas: Iterable[Quota]) -> dict[str, Any]:
    """Return what a token is made of: the id and the features that the quotas name.

    A feature that was not said is null.
    """
    named = dict.fromkeys(quota.feature for quota in quotas)
    return {"member": person.id, **{name: person.features.get(name) for name in named}}


def record_of(
    *,
    council: str,
    size: int,
    tokens: Mapping[str, str],
    quotas: Iterable[Quota],
    panels: Iterable[Sequence[str]],
    beacon: Mapping[str, Any],
    excluded: Iterable[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Return the record of a draw, ready to be committed.

    ``tokens``: id → token of everybody eligible. ``panels``: lists of ids. They are put in the
    order of their tokens, which are random: their order by id would tell who is who.
    """
    return {
        "scheme": scheme.DRAW,
        "council": council,
        "size": size,
        "eligible": sorted(tokens.values()),
        "excluded": [dict(one) for one in excluded],
        "quotas": [list(quota) for quota in quotas],
        "panels": sorted(sorted(tokens[one] for one in panel) for panel in panels),
        "beacon": dict(beacon),
    }


def draw(record: Mapping[str, Any], beacon: bytes) -> dict[str, Any]:
    """Return what a beacon makes of a committed record, in tokens.

    Of a draw: ``commitment``, ``beacon``, ``index``, ``panel``, the ``order`` of the others, and
    how many ``panels`` and what ``chances`` there were. Of a replacement: ``commitment``,
    ``beacon`` and the ``order`` in which the eligible are asked. NotUsable says what is wrong
    with a record that is none.
    """
    _check(record)
    committed = scheme.commitment(dict(record))
    key = scheme.extract(committed, beacon)
    common = {"commitment": committed.hex(), "record": record, "beacon": beacon.hex()}
    eligible = list(record["eligible"])
    if record["scheme"] == scheme.REPLACEMENT:
        return {**common, "order": scheme.order(key, eligible)}
    panels = record["panels"]
    index = scheme.index(key, len(panels))
    counts = Counter(token for panel in panels for token in panel)
    drawn = set(panels[index])
    return {
        "chances": {token: counts[token] / len(panels) for token in eligible},
        "panels": len(panels),
        **common,
        "index": index,
        "panel": list(panels[index]),
        "order": scheme.order(key, (token for token in eligible if token not in drawn)),
    }


def _check(record: Mapping[str, Any]) -> None:
    """Refuse what is no record: NotUsable with the reason."""
    if record.get("scheme") not in (scheme.DRAW, scheme.REPLACEMENT):
        known = {"draw": scheme.DRAW, "replacement": scheme.REPLACEMENT}
        raise NotUsable([Problem("record_scheme", {**known})])
    if not _is_list_of_text(record.get("eligible")):
        raise NotUsable([Problem("record_eligible")])
    if record["scheme"] == scheme.DRAW:
        panels = record.get("panels")
        if not isinstance(panels, list) or not panels or not all(map(_is_list_of_text, panels)):
            raise NotUsable([Problem("record_panels")])
    try:
        scheme.canon(dict(record))
    except (TypeError, ValueError) as error:
        raise NotUsable([Problem("record_not_canonical")]) from error


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
