"""What changed between two texts, word by word. Pure: no database, no words of our own."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Segment:
    """Some words that are the ``same`` in both texts, were ``added``, or were ``removed``."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Segment]:
    """Return the words of both texts in reading order; what was removed stands first.

    Only words are compared: where merely spaces or lines changed, those of ``after`` are taken.
    Joined without what was removed, the segments are ``after``; ``before`` keeps its words.
    """
    old, new = WORD.findall(before.strip()), WORD.findall(after.strip())
    found: list[Segment] = []
    # The space after what was added is not marked: it goes to what follows.
    space = ""
    matcher = SequenceMatcher(None, [one.strip() for one in old], [one.strip() for one in new])
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            found.append(Segment("same", space + "".join(new[new_from:new_to])))
            space = ""
            continue
        if old_to > old_from:
            # Its line breaks would tear apart the text that stands now.
            gone = " ".join(one.strip() for one in old[old_from:old_to])
            found.append(Segment("removed", gone))
        if new_to > new_from:
            words = "".join(new[new_from:new_to])
            found.append(Segment("added", words.rstrip()))
            space = words[len(words.rstrip()) :]
    return found


def has_changed(segments: list[Segment]) -> bool:
    """Say whether any word differs."""
    return any(one.kind != "same" for one in segments)
