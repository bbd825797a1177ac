"""How the fields of a long form stand together: each part of it a fieldset with its own legend."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Group:
    """A part of a form. ``names`` are its fields; ``within`` is a part inside it, shown after them.

    ``fields`` holds the bound fields, once a form was ``grouped``.
    """

    key: str
    legend: Any
    names: Sequence[str]
    within: "Group | None" = None
    fields: tuple[Any, ...] = ()


def grouped(form: Any, *groups: Group) -> list[Group]:
    """Return the groups of a form that have a field in it, each with its bound fields.

    ValueError where a visible field of the form stands in none of them: nobody could type it.
    """
    found = [_bound(form, one) for one in groups]
    known = {name for one in groups for name in _names(one)}
    lost = [field.name for field in form.visible_fields() if field.name not in known]
    if lost:
        raise ValueError(f"In no group of the form: {lost}")
    return [one for one in found if one.fields]


def _bound(form: Any, group: Group) -> Group:
    fields = tuple(form[name] for name in group.names if name in form.fields)
    within = _bound(form, group.within) if group.within is not None else None
    return replace(group, fields=fields, within=within if within and within.fields else None)


def _names(group: Group) -> list[str]:
    return [*group.names, *(_names(group.within) if group.within is not None else [])]
