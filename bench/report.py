"""What a bench is asked for, and what it gives back."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Options:
    """``size``: the largest amount of data, None for the bench's own; ``runs``: how many times
    each thing is measured; ``full``: also what takes many minutes."""

    size: int | None = None
    runs: int = 3
    full: bool = False


@dataclass(frozen=True)
class Report:
    """A title, a heading, lines of text and remarks for the screen; ``figures`` for the file."""

    title: str
    heading: list[str]
    lines: list[list[str]]
    remarks: list[str]
    figures: Any

    def table(self) -> str:
        """Return the table as text, the first column to the left and the others to the right."""
        rows = [self.heading, *self.lines]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        text = [
            "  ".join(
                cell.ljust(width) if number == 0 else cell.rjust(width)
                for number, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        rule = "-" * max(map(len, text))
        return "\n".join([self.title, rule, text[0], rule, *text[1:], rule, *self.remarks, ""])
