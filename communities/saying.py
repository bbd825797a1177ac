"""How a charter's rules, and what is proposed about them, are said in plain words.

A proposal's text is made here from its terms when it is written, in the language of who writes
it, so that words and terms cannot say two things.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from communities.bounds import BOUNDS

OFFICES = {
    "coordinator": gettext_lazy("coordinator"),
    "process_guardian": gettext_lazy("process guardian"),
    "steward": gettext_lazy("steward"),
    "auditor": gettext_lazy("auditor"),
    "mediator": gettext_lazy("mediator"),
}

# What each rule is about. Where each number comes from: docs/charter.md.
RULES = {
    "council_size": gettext_lazy("Members of a Justice Council"),
    "council_quorum": gettext_lazy("How many of them must be there"),
    "council_youngest": gettext_lazy("Youngest member of a council, in years"),
    "quotas": gettext_lazy("What a council must hold: feature, value, least, most"),
    "one_per_household": gettext_lazy("At most one of a household on a council"),
    "pool_least_times": gettext_lazy("How many times a council’s size must be in the pool"),
    "partner": gettext_lazy("The community asked for members when the pool is too small"),
    "most_seats": gettext_lazy("Most seats in a life (0: no limit)"),
    "ties_days": gettext_lazy("Time to name whom one is tied to, before a draw"),
    "beacon_minutes": gettext_lazy("From publishing a draw to its randomness"),
    "reveal_hours": gettext_lazy("Time to show a secret number put into a draw"),
    "pool_trial_months": gettext_lazy("Trial time in the pool"),
    "pool_term_months": gettext_lazy("Term in the pool"),
    "rest_after_seat_days": gettext_lazy("Rest after a seat on a council"),
    "office_term_months": gettext_lazy("Longest term of an office"),
    "office_terms_running": gettext_lazy("Most terms one after the other"),
    "accept_seat_days": gettext_lazy("Time to accept a seat"),
    "challenge_working_days": gettext_lazy("Time to challenge a member of a council"),
    "mediation_days": gettext_lazy("Longest mediation"),
    "mediation_extension_days": gettext_lazy("One extension of a mediation"),
    "cooling_off_days": gettext_lazy("Time to step back from a signed agreement"),
    "screening_days": gettext_lazy("Longest time reported or in screening"),
    "offer_days": gettext_lazy("Longest offer of an agreement"),
    "freeze_days": gettext_lazy("Longest time on hold"),
    "council_days": gettext_lazy("Longest wait at the council"),
    "words_days": gettext_lazy("Time to write to a council before its packet is made"),
    "plan_months": gettext_lazy("Longest plan"),
    "placement_days": gettext_lazy("Longest placement"),
    "review_days": gettext_lazy("A placement is reviewed every"),
    "interim_days": gettext_lazy("Longest interim placement"),
    "wish_days": gettext_lazy("Time to answer a wish or complaint of a resident"),
    "guest_days": gettext_lazy("Longest stay as a guest, before it is asked for again"),
    "appeal_working_days": gettext_lazy("Time to appeal"),
    "licence_months": gettext_lazy("A mediator’s licence"),
    "decision_method": gettext_lazy("How decisions are taken"),
    "integration_rounds": gettext_lazy("Rounds to integrate objections"),
    "council_round_hours": gettext_lazy("Each round of a council online lasts"),
    "keep_closed_months": gettext_lazy("A closed case is kept for"),
    "smallest_group": gettext_lazy("Smallest group in public figures"),
    "algorithmic_proposals": gettext_lazy("Proposals by an algorithm"),
    "adviser": gettext_lazy("Who counts for such proposals"),
    "share_outcomes": gettext_lazy("Other communities may count our closed cases, as numbers"),
    "warning_days": gettext_lazy("Warning before a longest time ends"),
    "decide_days": gettext_lazy("Longest time without a next step"),
    "answer_days": gettext_lazy("Time to answer before the next is asked"),
    "question_days": gettext_lazy("Longest time a question for consent stays open"),
    "ask_again_days": gettext_lazy("Time before being asked again whether a promise was kept"),
    "round_days": gettext_lazy("Each stage of a decision of the members lasts"),
    "contention_days": gettext_lazy("A decision by two thirds can be contended for"),
    "consent_most_voices": gettext_lazy("So many voices at most decide by consent"),
    "hearing_days": gettext_lazy("Time to say one’s word before a recall is decided"),
    "term_warning_days": gettext_lazy("Warning before a term of office ends"),
    "absence_days": gettext_lazy("Coordinators step back for at most (0: never)"),
    "absence_notice_days": gettext_lazy("It is announced so long before"),
    "absence_apart_days": gettext_lazy("They are there so long before they step back again"),
    "danger_now": gettext_lazy("What to do where somebody is in danger now"),
}


def value(rule: str, said: Any) -> str:
    """Return a rule's value in words: "15 days", "yes", "by consent"."""
    kind = BOUNDS[rule].kind
    if kind == "switch":
        return _("yes") if said else _("no")
    if kind == "choice":
        return {"consent": _("by consent"), "supermajority": _("by supermajority")}[said]
    if kind == "quotas":
        return "; ".join(_quota(*one) for one in said) or pgettext("quotas", "nothing")
    if kind != "number":
        return str(said) or pgettext("a text", "nothing written")
    return _number(rule, said)


def _quota(feature: str, of: str, least: int, most: int) -> str:
    return _("%(feature)s %(of)s: %(least)d to %(most)d") % {
        "feature": feature, "of": of, "least": least, "most": most,
    }  # fmt: skip


def _number(rule: str, n: int) -> str:
    if rule.endswith("working_days"):
        return ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}
    if rule.endswith("_days"):
        return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}
    if rule.endswith("_months"):
        return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}
    if rule.endswith("_hours"):
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    if rule.endswith("_minutes"):
        return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
    return str(n)


def line(rule: str, said: Any, trial: str = "") -> str:
    """Return one rule as a sentence of the charter; ``trial``: the day on which it ends."""
    told = f"{RULES[rule]}: {value(rule, said)}."
    if not trial:
        return told
    on = date_format(date.fromisoformat(trial), _("l j F Y"))
    return (
        told
        + " "
        + _("On trial: it ends on %(day)s, and the rule before it is back.") % {"day": on}
    )


def bounds(rule: str, now: Any) -> str:
    """Return a rule with what it is now and what it can be, as a choice in a form."""
    found = BOUNDS[rule]
    told = _("%(rule)s (now: %(value)s)") % {
        "rule": RULES[rule], "value": value(rule, now)[:60],
    }  # fmt: skip
    if found.kind == "number":
        told += " " + _("from %(least)d to %(most)d") % {"least": found.least, "most": found.most}
    return told


# ── The text of a proposal ───────────────────────────────────────────────────


def paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def of_charter(changes: Mapping[str, Any], trials: Mapping[str, str], reason: str) -> str:
    """Return the text of a proposal to change these rules, each as it would then stand."""
    lines = "\n".join(line(rule, said, trials.get(rule, "")) for rule, said in changes.items())
    return paragraphs([_("We change our charter. It then says:"), lines, reason])


def of_election(name: str, office: str, months: int, reason: str) -> str:
    """Return the text of a proposal to elect somebody."""
    said = ngettext(
        "We elect %(name)s as %(office)s, for %(n)d month.",
        "We elect %(name)s as %(office)s, for %(n)d months.",
        months,
    ) % {"name": name, "office": OFFICES[office], "n": months}
    return paragraphs([said, reason])


def of_recall(name: str, office: str, reason: str) -> str:
    """Return the text of a proposal to recall somebody. It says nothing of any case."""
    said = _("%(name)s is our %(office)s no more, from the moment this is adopted.") % {
        "name": name, "office": OFFICES[office],
    }  # fmt: skip
    return paragraphs([said, reason])


def aim_of(kind: str) -> str:
    """Return what objections to such a question are measured against."""
    return {
        "charter": _("Our rules help us repair harm, and everybody can live with them."),
        "election": _("Our offices are held by people we trust, each for a time."),
        "recall": _("Nobody uses an office against the people it is there for."),
        "carried": _("What concerns several circles is answered by all of them together."),
    }[kind]


# ── The charter as it is read ────────────────────────────────────────────────

# Every rule once, under what it is about.
GROUPS = {
    gettext_lazy("Justice Councils"): (
        "council_size", "council_quorum", "council_youngest", "quotas", "one_per_household",
        "pool_least_times", "partner", "most_seats", "ties_days", "beacon_minutes",
        "reveal_hours", "accept_seat_days", "challenge_working_days", "council_days",
        "words_days", "appeal_working_days",
    ),
    gettext_lazy("The pool for councils"): (
        "pool_trial_months", "pool_term_months", "rest_after_seat_days",
    ),
    gettext_lazy("Offices and licences"): (
        "office_term_months", "office_terms_running", "term_warning_days", "licence_months",
        "absence_days", "absence_notice_days", "absence_apart_days",
    ),
    gettext_lazy("A case and its agreement"): (
        "screening_days", "question_days", "mediation_days", "mediation_extension_days",
        "offer_days", "cooling_off_days", "plan_months", "freeze_days", "decide_days",
        "answer_days", "ask_again_days", "warning_days",
    ),
    gettext_lazy("Rehabilitation Communities"): (
        "placement_days", "review_days", "interim_days", "wish_days", "guest_days",
    ),
    gettext_lazy("How we decide"): (
        "decision_method", "consent_most_voices", "integration_rounds",
        "council_round_hours", "round_days",
        "contention_days", "hearing_days", "algorithmic_proposals", "adviser", "share_outcomes",
    ),
    gettext_lazy("What is kept, what is shown, and danger"): (
        "keep_closed_months", "smallest_group", "danger_now",
    ),
}  # fmt: skip

# Where a default comes from; every other is our own choice. The same as in docs/charter.md.
PANELS = gettext_lazy("panels of three to seven in practice")
BOARDS = gettext_lazy("community boards, with terms of one to three years; rotation by lot")
CLOCK = gettext_lazy("the Philippine village-justice clock")
SOURCES = {
    "council_size": PANELS,
    "council_quorum": PANELS,
    "council_youngest": PANELS,
    "pool_trial_months": BOARDS,
    "pool_term_months": BOARDS,
    "rest_after_seat_days": BOARDS,
    "office_term_months": gettext_lazy("boards whose chair sits no longer than a year"),
    "office_terms_running": gettext_lazy("boards whose chair sits no longer than a year"),
    "challenge_working_days": gettext_lazy("university and village panels"),
    "mediation_days": CLOCK,
    "mediation_extension_days": CLOCK,
    "cooling_off_days": CLOCK,
    "plan_months": gettext_lazy("youth panels, with contracts of three to twelve months"),
    "licence_months": gettext_lazy("practitioner codes"),
    "keep_closed_months": gettext_lazy("programmes, which keep two to seven years"),
    "contention_days": gettext_lazy("circles that decide by supermajority"),
}
OUR_CHOICE = gettext_lazy("our own choice: no published rule stands behind it")


def source(rule: str) -> str:
    """Return where the default of a rule comes from."""
    return str(SOURCES.get(rule, OUR_CHOICE))
