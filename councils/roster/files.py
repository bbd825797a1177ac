"""The bare files of the field: ``id,<features…>`` and ``category,feature,min,max``.

UTF-8, with or without a byte-order mark, separated by commas or semicolons. Blank lines and
columns that no quota names are passed over. Files are bytes here: opening them is for others.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from councils.portfolio import Person, Quota
from councils.roster.problems import NotUsable, Problem

# What a person may write instead of a value. They can be drawn, and count toward no value of
# that feature: they fill no minimum and use up no maximum. A value of this name in the quotas
# is a value like any other.
UNSAID = {"", "-", "rather not say", "prefer not to say"}


@dataclass(frozen=True)
class Table:
    """The heading of a file and its lines: the line's number, and cells by heading."""

    heading: list[str]
    lines: list[tuple[int, dict[str, str]]]


def read_quotas(data: bytes) -> list[Quota]:
    """Return the quotas in the file's order. NotUsable names everything that is wrong."""
    table = _table(data, "quotas")
    names = _columns(table, ("category", "feature", "min", "max"), "quotas")
    quotas: list[Quota] = []
    seen: dict[tuple[str, str], int] = {}
    problems: list[Problem] = []
    for line, cells in table.lines:
        feature, value, least, most = (cells[name] for name in names)
        wrong = list(_quota_problems(line, feature, value, least, most))
        if not wrong and (feature, value) in seen:
            first = seen[feature, value]
            params = {"line": line, "feature": feature, "value": value, "first": first}
            wrong = [Problem("quota_twice", params)]
        if not wrong:
            seen[feature, value] = line
            quotas.append(Quota(feature, value, int(least), int(most)))
        problems += wrong
    if problems:
        raise NotUsable(problems)
    if not quotas:
        raise NotUsable([Problem("quotas_empty")])
    return quotas


def read_people(
    data: bytes, quotas: Sequence[Quota], *, household: str | None = None
) -> list[Person]:
    """Return the people in the file's order. NotUsable names everything that is wrong.

    ``household`` names the column of households; an empty cell there means alone.
    """
    table = _table(data, "people")
    values: dict[str, list[str]] = defaultdict(list)
    for quota in quotas:
        values[quota.feature].append(quota.value)
    names = _columns(table, ("id", *values, *([household] if household else [])), "people")
    people: list[Person] = []
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for line, cells in table.lines:
        one = cells[names[0]]
        if not one:
            problems.append(Problem("id_missing", {"line": line}))
        elif one in seen:
            problems.append(Problem("id_twice", {"line": line, "id": one, "first": seen[one]}))
        seen.setdefault(one, line)
        features: dict[str, str | None] = {}
        for feature, name in zip(values, names[1:], strict=False):
            value = cells[name]
            if value in values[feature]:
                features[feature] = value
            elif value.casefold() in UNSAID:
                features[feature] = None
            else:
                params = {"line": line, "feature": feature, "value": value}
                known = ", ".join(values[feature])
                problems.append(Problem("value_unknown", {**params, "known": known}))
        people.append(Person(one, features, (cells[names[-1]] or None) if household else None))
    if problems:
        raise NotUsable(problems)
    if not people:
        raise NotUsable([Problem("people_empty")])
    return people


def _quota_problems(
    line: int, feature: str, value: str, least: str, most: str
) -> Iterator[Problem]:
    for name, cell in (("category", feature), ("feature", value)):
        if not cell:
            yield Problem("cell_empty", {"line": line, "column": name})
    numbers = True
    for name, cell in (("min", least), ("max", most)):
        if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
            numbers = False
            yield Problem("not_a_number", {"line": line, "column": name, "value": cell})
    if numbers and int(least) > int(most):
        yield Problem("least_above_most", {"line": line, "least": int(least), "most": int(most)})


def _table(data: bytes, file: str) -> Table:
    """Read a file into cells without the space around them, blank lines left out."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUsable([Problem("not_utf8", {"file": file})]) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    heading: list[str] = []
    lines: list[tuple[int, dict[str, str]]] = []
    problems: list[Problem] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not heading:
                heading = cells
            elif any(cells[len(heading) :]):
                params = {"file": file, "line": reader.line_num}
                problems.append(Problem("too_many_cells", params))
            else:
                cells += [""] * (len(heading) - len(cells))
                lines.append((reader.line_num, dict(zip(heading, cells, strict=False))))
    except csv.Error as error:
        params = {"file": file, "line": reader.line_num}
        raise NotUsable([Problem("not_csv", params)]) from error
    if not heading:
        raise NotUsable([Problem(f"{file}_empty")])
    for name in sorted({name for name in heading if name and heading.count(name) > 1}):
        problems.append(Problem("column_twice", {"file": file, "column": name}))
    if problems:
        raise NotUsable(problems)
    return Table(heading, lines)


def _columns(table: Table, wanted: Sequence[str], file: str) -> list[str]:
    """Return the heading of each wanted column as the file spells it; case does not matter."""
    by_fold = {name.casefold(): name for name in table.heading}
    found = [name if name in table.heading else by_fold.get(name.casefold(), "") for name in wanted]
    missing = [name for name, heading in zip(wanted, found, strict=True) if not heading]
    if missing:
        there = ", ".join(name for name in table.heading if name)
        raise NotUsable(
            [
                Problem("column_missing", {"file": file, "column": name, "there": there})
                for name in missing
            ]
        )
    return found
