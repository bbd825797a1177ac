"""What can be wrong with a roster or its quotas, and how to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation. It is translated at the edge: this module is pure."""
    return text


@dataclass(frozen=True)
class Problem:
    """Something to mend. ``code`` is a key of ``MENDS``."""

    code: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def mend(self) -> str:
        """The English sentence; the edge translates ``MENDS[code]`` and fills ``params``."""
        return MENDS[self.code] % self.params


class NotUsable(Exception):
    """A file that cannot be used as it is; ``problems`` says why, one by one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.mend for problem in problems))
        self.problems = list(problems)


MENDS = {
    # A file as a whole
    "people_empty": gettext_noop(
        "The pool names nobody. Give one line for each person, below a heading such as "
        "id,gender,age."
    ),
    "quotas_empty": gettext_noop(
        "The file of quotas is empty. Give one line for each value, below the heading "
        "category,feature,min,max."
    ),
    "not_utf8": gettext_noop(
        "The file of %(file)s is not UTF-8. Save it as “CSV UTF-8” and try again."
    ),
    "not_csv": gettext_noop(
        "The file of %(file)s breaks off in line %(line)s. Save it as CSV, with every opening "
        "quotation mark closed."
    ),
    "column_missing": gettext_noop(
        "The file of %(file)s has no column %(column)s; it has: %(there)s. Add the column, or "
        "write its heading as it is written here."
    ),
    "column_twice": gettext_noop(
        "The file of %(file)s has two columns %(column)s. Remove or rename one of them."
    ),
    "too_many_cells": gettext_noop(
        "Line %(line)s of the file of %(file)s has more cells than the heading. Put text that "
        "holds a comma in quotation marks."
    ),
    # A line of quotas
    "cell_empty": gettext_noop("Quotas, line %(line)s: %(column)s is empty. Fill it in."),
    "not_a_number": gettext_noop(
        "Quotas, line %(line)s: %(column)s is “%(value)s”. Write a whole number, 0 or more."
    ),
    "least_above_most": gettext_noop(
        "Quotas, line %(line)s: the minimum %(least)s is greater than the maximum %(most)s. "
        "Lower one or raise the other."
    ),
    "quota_twice": gettext_noop(
        "Quotas, line %(line)s: %(feature)s %(value)s stands in line %(first)s already. Keep one "
        "of the two."
    ),
    # A line of people
    "id_missing": gettext_noop("Pool, line %(line)s: the id is empty. Give this person an id."),
    "id_twice": gettext_noop(
        "Pool, line %(line)s: the id %(id)s stands in line %(first)s already. Give each person an "
        "id of their own, and each only one line."
    ),
    "value_unknown": gettext_noop(
        "Pool, line %(line)s: %(feature)s is “%(value)s”, and the quotas only know %(known)s. "
        "Correct it, add a quota for it, or leave the cell empty where it was not said."
    ),
    # Quotas that nobody could meet
    "too_few_people": gettext_noop(
        "There are %(size)s seats and only %(have)s people. Invite more people, or make the panel "
        "smaller."
    ),
    "too_few_households": gettext_noop(
        "There are %(size)s seats, one for each household, and only %(have)s households. Invite "
        "more, make the panel smaller, or let several of a household sit."
    ),
    "minima_above_size": gettext_noop(
        "The minima of %(feature)s add up to %(sum)s, more than the %(size)s seats. Lower some."
    ),
    "maxima_below_size": gettext_noop(
        "The maxima of %(feature)s add up to %(sum)s, fewer than the %(size)s seats. Raise some."
    ),
    "maxima_and_unsaid_below_size": gettext_noop(
        "The maxima of %(feature)s add up to %(sum)s, and %(unsaid)s people did not say theirs: "
        "together fewer than the %(size)s seats. Raise some."
    ),
    "too_few_with_value": gettext_noop(
        "Not enough people with %(feature)s %(value)s: need %(need)s, have %(have)s. Invite more, "
        "or lower the minimum."
    ),
    "jointly": gettext_noop(
        "Each quota can be met alone, but no panel meets all of them at once. Change some of them."
    ),
    # A record that is to be drawn from
    "record_scheme": gettext_noop(
        "This is no record of a draw: its scheme is neither %(draw)s nor %(replacement)s. Give "
        "the record as it was published."
    ),
    "record_eligible": gettext_noop(
        "The record has no list of eligible tokens. Give it as it was published."
    ),
    "record_panels": gettext_noop("The record has no panels. Give it as it was published."),
    "record_not_canonical": gettext_noop(
        "The record holds what no record can, such as a number with a point. Give it as it was "
        "published."
    ),
}
