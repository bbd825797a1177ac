"""``manage.py lifecycle``: every state machine, drawn as Mermaid into ``docs/lifecycle.md``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import models
from django_fsm import FSMField, get_all_FIELD_transitions

PAGE = Path("docs") / "lifecycle.md"
HEAD = """# How things move

Drawn from the code by `manage.py lifecycle`; do not edit it by hand. `make check` compares.
A transition says *when* something may happen. Who may do it, and what must be in order first,
is asked by the actions that call it.
"""


def machines() -> Iterator[tuple[type[models.Model], FSMField]]:
    """Yield every model of ours with a state, the lowest app first."""
    for config in reversed(list(apps.get_app_configs())):
        for model in config.get_models():
            for field in model._meta.fields:
                if isinstance(field, FSMField):
                    yield model, field


def steps(model: type[models.Model], field: FSMField) -> list[tuple[str, str, str, str]]:
    """Return (from, to, name, sentence) of each transition, in the order of the states."""
    order = [str(value) for value, _label in field.choices or []]
    found: set[Any] = set()
    for one in get_all_FIELD_transitions(model(), field):
        sources = order if one.source == "*" else [str(one.source)]
        why = " ".join((one.method.__doc__ or "").split())
        found.update((source, str(one.target), one.name, why) for source in sources)
    return sorted(found, key=lambda step: (order.index(step[0]), order.index(step[1]), step[2]))


def draw(model: type[models.Model], field: FSMField) -> str:
    """Return one machine: its diagram, then a table of what each transition means."""
    moves = steps(model, field)
    begin = str(field.get_default())
    arrows = [f"    [*] --> {begin}"]
    arrows += [
        f"    {source} --> {target}: {name.replace('_', ' ')}"
        for source, target, name, _why in moves
    ]
    leaving = {source for source, _target, _name, _why in moves}
    arrows += [
        f"    {value} --> [*]" for value, _label in field.choices or [] if value not in leaving
    ]
    rows: dict[str, tuple[list[str], str, str]] = {}
    for source, target, name, why in moves:
        rows.setdefault(name, ([], target, why))[0].append(source)
    table = [
        f"| {name} | {', '.join(sources)} | {target} | {why} |"
        for name, (sources, target, why) in rows.items()
    ]
    return "\n".join(
        [
            f"## {str(model._meta.verbose_name).capitalize()}",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *arrows,
            "```",
            "",
            "| Transition | From | To | When |",
            "|---|---|---|---|",
            *table,
            "",
        ]
    )


def whole_page() -> str:
    """Return the page as it should be."""
    return "\n".join([HEAD, *(draw(model, field) for model, field in machines())])


class Command(BaseCommand):
    """Exit 0 when the page is as it should be, 1 with ``--check`` when it is not."""

    help = "Draw every state machine as Mermaid into docs/lifecycle.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path, page = Path(settings.BASE_DIR) / PAGE, whole_page()
        there = path.read_text(encoding="utf-8") if path.exists() else ""
        if options["check"]:
            if there != page:
                self.stderr.write(f"{PAGE} differs from the code: run manage.py lifecycle.")
                raise SystemExit(1)
            return
        if there != page:
            path.write_text(page, encoding="utf-8")
        self.stdout.write(str(PAGE))
