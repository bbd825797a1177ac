"""What one viewer is shown of a proposal: plain values for a template, nothing to ask again.

Lists of ``moves`` are what this viewer can do to that very thing. ``key`` makes ids for a page.
"""

from dataclasses import dataclass, field

from deliberation.reading.comparing import Segment
from moves.pages import ShownMove


@dataclass(frozen=True)
class Lines:
    """Where it is, what comes next, who acts, and by when."""

    where: str
    next: str
    who: str
    by_when: str


@dataclass(frozen=True)
class Text:
    """The words as they stand. ``changes`` is empty where no word differs from before."""

    words: str
    version: int
    by: str
    when: str
    changes: list[Segment] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """One name in the circle: ``x`` and ``y`` on the drawing, ``side`` where its name begins."""

    name: str
    short: str
    number: int
    state: str
    now: bool
    mine: bool
    x: int = 0
    y: int = 0
    name_x: int = 0
    name_y: int = 0
    side: str = "middle"


@dataclass(frozen=True)
class Circle:
    """Who is in the circle; ``places`` in the order drawn, empty where it is too large to draw."""

    voices: int
    places: list[Place] = field(default_factory=list)
    in_order: bool = False
    begins: str = ""


@dataclass(frozen=True)
class Said:
    """One turn of a round: ``label`` says what it was, ``words`` and ``answer`` what was said."""

    name: str
    mine: bool
    label: str
    kind: str
    words: str = ""
    answer: str = ""
    moves: list[ShownMove] = field(default_factory=list)


@dataclass(frozen=True)
class Round:
    """One round: everybody's turn, in order. ``more`` is how many further turns are not listed."""

    key: str
    kind: str
    title: str
    version: int
    open: bool
    when: str
    said: list[Said]
    more: int = 0


@dataclass(frozen=True)
class Amendment:
    """A text somebody offers, as what it changes. ``outdated``: it was written for ``base``."""

    key: str
    by: str
    when: str
    base: int
    outdated: bool
    taken: bool
    changes: list[Segment]
    # What its owner changes with it beside the words, in the owner's words.
    beside: str = ""
    gauged: str = ""
    moves: list[ShownMove] = field(default_factory=list)


@dataclass(frozen=True)
class SettingAside:
    """A reason for setting an objection aside, and who agreed to it so far."""

    key: str
    by: str
    reason: str
    when: str
    agreed: list[str]
    agreed_count: int
    done: bool
    moves: list[ShownMove] = field(default_factory=list)


@dataclass(frozen=True)
class Objection:
    """Why somebody objects, what became of it, and the ways out that were tried."""

    key: str
    owner: str
    mine: bool
    raised_by: str
    why: str
    state: str
    state_label: str
    left: bool
    when: str
    amendments: list[Amendment]
    settings_aside: list[SettingAside]
    moves: list[ShownMove] = field(default_factory=list)


@dataclass(frozen=True)
class Remark:
    name: str
    mine: bool
    words: str
    when: str


@dataclass(frozen=True)
class Ballot:
    """One vote. ``count`` is a sentence with both numbers once it has closed, "" before."""

    title: str
    version: int
    open: bool
    when: str
    count: str


@dataclass(frozen=True)
class Concern:
    """What some of those against have in common. Who they are stands nowhere but the speaker."""

    key: str
    words: str
    ballot: str
    heard: bool
    speaker: str
    held_by_me: bool
    amendments: list[Amendment]
    moves: list[ShownMove] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """Everything one viewer reads of a proposal, and can do to it.

    ``page`` and ``older`` page through remarks and concerns; ``older`` is 0 on the last page.
    """

    key: str
    method: str
    lines: Lines
    aim: str
    text: Text
    circle: Circle
    guide: str
    outcome: str
    read_only: bool
    rounds: list[Round] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    moves: list[ShownMove] = field(default_factory=list)
    own_moves: list[ShownMove] = field(default_factory=list)
    page: int = 1
    older: int = 0
