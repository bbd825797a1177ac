"""The words for simulated years: sentences, a table of several side by side, and the picture's."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from councils.simulation import Failure, Told, Years

DAYS_IN_MONTH = 30.4


def picture_labels() -> dict[str, str]:
    """Return what is written in the picture, in the language of now."""
    return {
        "title": _("How often people sit on councils"),
        "about": _("Seats for each person, and how many could be drawn, month by month."),
        "spread": _("People by seats taken"),
        "hat": _("In the hat, and how many of them could be drawn, by month"),
        "in_hat": pgettext("simulation", "in the hat"),
        "eligible": _("could be drawn"),
        "short": _("the pool was too small"),
        "mended": _("quotas could not be met"),
    }


def months(days: float | None) -> str:
    """Return days as months, to the nearest whole one."""
    if days is None:
        return "–"
    return str(round(days / DAYS_IN_MONTH))


def sentences(years: Years, told: Told) -> list[str]:
    """Return what came of simulated years, in plain words, one thing a line."""
    settings = years.settings
    found = [
        _(
            "Simulated: %(people)s people in the hat, %(cases)s cases a year for %(years)s "
            "years, councils of %(size)s, a rest of %(rest)s days, terms of %(term)s months."
        )
        % {
            "people": settings.people,
            "cases": settings.cases_per_year,
            "years": settings.years,
            "size": settings.size,
            "rest": settings.rules.rest_days,
            "term": settings.term_months,
        },
        _(
            "Out of %(people)s people who could be drawn at some time, %(served)s served at "
            "least once in %(years)s years, and %(never)s never."
        )
        % {
            "people": told.people,
            "served": told.served,
            "never": told.people - told.served,
            "years": settings.years,
        },
        _("Seats by person: %s.") % _spread(told),
        _("How unevenly they fell (Gini, 0 is the same for everybody): %.2f.") % told.gini,
        _longest(told),
        _("Half the people who served had waited %s months or less.") % months(told.wait),
        _("Of %(asked)s people asked, %(declined)s said no; half the councils were full "
          "within %(days)s days.")
        % {"asked": told.asked, "declined": told.declined, "days": _number(told.days_to_seat)},
        _("At the least, %(fewest)s people could be drawn: at the beginning of month %(month)s.")
        % {"fewest": told.fewest, "month": told.fewest_in},
        _short(told),
        _mended(told),
    ]  # fmt: skip
    if told.from_wider:
        found.append(
            _("%(some)s of %(all)s councils needed a wider pool; who came from it is not counted.")
            % {"some": told.from_wider, "all": told.councils}
        )
    found.append(_assumed(years))
    return found


def _spread(told: Told) -> str:
    return ", ".join(
        _("%(seats)s × for %(people)s") % {"seats": seats, "people": people}
        for seats, people in enumerate(told.spread)
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _longest(told: Told) -> str:
    if told.longest_waiter_served:
        return _("The longest wait for a first seat was %s months.") % months(told.longest_wait)
    return _("The longest wait was %s months, and still no seat.") % months(told.longest_wait)


def _short(told: Told) -> str:
    if told.first_short is None:
        return _("The pool was never too small.")
    return _(
        "The pool was too small first in month %(month)s, and %(times)s times in all: %(why)s"
    ) % _first(told.first_short, told.short)


def _mended(told: Told) -> str:
    if told.first_mended is None:
        return _("The quotas could always be met.")
    return _(
        "Quotas failed first in month %(month)s, and %(times)s times in all: %(why)s"
    ) % _first(told.first_mended, told.mended) + _mending(told.first_mended)


def _mending(failure: Failure) -> str:
    if not failure.repair:
        return ""
    return " " + _("It went on with %s instead.") % _repair(failure)


def _first(failure: Failure, times: int) -> dict[str, object]:
    return {"month": failure.month, "times": times, "why": " ".join(failure.why)}


def _repair(failure: Failure) -> str:
    """Return the smallest repair that was made, bound by bound."""
    bounds = {"min": _("at least"), "max": _("at most")}
    return ", ".join(
        f"{feature} {value} {bounds[bound]} {to} ({was})"
        for feature, value, bound, was, to in failure.repair
    )


def _assumed(years: Years) -> str:
    settings = years.settings
    text = _(
        "Assumed: %(renew).0f%% stay for another term, %(decline).0f%% of those drawn say no, "
        "%(conflict).0f%% are tied to a case, a seat lasts %(least)s to %(most)s days. Where "
        "quotas fail the smallest repair is made. Challenges and absences are not simulated."
    ) % {
        "renew": 100 * settings.renew,
        "decline": 100 * settings.decline,
        "conflict": 100 * settings.conflict,
        "least": settings.seat_days[0],
        "most": settings.seat_days[1],
    }
    if settings.fast:
        text += " " + _(
            "Panels were drawn by a random walk that meets the quotas, not from the fairest "
            "portfolio: chances are less even than in a real draw."
        )
    return text


def side_by_side(ran: Sequence[tuple[Years, Told]]) -> list[str]:
    """Return several simulations as a table in plain text, one in each column."""
    every = [told for _years, told in ran]
    rows: list[tuple[str, list[object]]] = [
        (_("rest, days"), [years.settings.rules.rest_days for years, _told in ran]),
        (_("people who could be drawn"), [one.people for one in every]),
        (_("served at least once"), [one.served for one in every]),
        (_("most seats of one person"), [len(one.spread) - 1 for one in every]),
        (_("Gini"), [f"{one.gini:.2f}" for one in every]),
        (_("wait of those served, months"), [months(one.wait) for one in every]),
        (_("fewest who could be drawn"), [one.fewest for one in every]),
        (_("pool too small, times"), [one.short for one in every]),
        (_("  first in month"), [_month(one.first_short) for one in every]),
        (_("quotas failed, times"), [one.mended for one in every]),
        (_("  first in month"), [_month(one.first_mended) for one in every]),
        (_("councils from a wider pool"), [one.from_wider for one in every]),
    ]
    wide = max(len(title) for title, _cells in rows)
    return [
        title.ljust(wide) + "".join(str(cell).rjust(8) for cell in cells) for title, cells in rows
    ] + [_assumed(ran[0][0])]


def _month(failure: Failure | None) -> str:
    return "–" if failure is None else str(failure.month)
