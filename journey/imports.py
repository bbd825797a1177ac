"""The page that turns a spreadsheet into cases: choose a file, read what it means, confirm.

Between reading and confirming, the file is kept by nobody but the browser, sealed: the page
carries it in a hidden field that only this server opens, for the person who chose it. So the
server stores no referral before somebody has said yes to it.
"""

import json
import uuid
import zlib
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases import spreadsheet
from cases.importing import Made, Report, import_sheet, mend, parties_of, title_of
from cases.models import Case
from cases.writing import day
from communities.models import Community
from people.models import Person
from records.sealed import Unreadable, open_bytes, place, seal_bytes

MAX_BYTES = 5_000_000
MAX_SEALED = 1_800_000  # what the hidden field may hold; Django refuses a form above 2.5 MB
MAX_ROWS = 2_000
AT_ONCE = 100  # cases made by one request
SHOWN = 100  # rows shown in full before somebody confirms
KEPT_FOR = timedelta(hours=2)


class ChooseAgain(Exception):
    """What the page carried is too old or was changed; the file has to be chosen again."""


class UploadForm(forms.Form):
    """A spreadsheet, and where its cases belong."""

    community = forms.ModelChoiceField(
        Community.objects.none(), label=_("Community"), empty_label=None
    )
    file = forms.FileField(
        label=_("Spreadsheet"),
        allow_empty_file=True,  # the reader says what to do about an empty one
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
        help_text=_("CSV or .xlsx, at most 5 MB and 2,000 rows. The first row names the columns."),
    )

    def __init__(self, communities: Any, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                spreadsheet_mend("too_big", limit=MAX_BYTES // 1_000_000), code="too_big"
            )
        return file


def spreadsheet_mend(code: str, **params: object) -> str:
    """Say how to mend a whole file, in the reader's language."""
    return mend(spreadsheet.NotASpreadsheet(code, **params))


def seal_file(data: bytes, *, community: Community, person: Person, now: datetime) -> str:
    """Seal a file for this person. Raises NotASpreadsheet when it is too big to be carried."""
    head = json.dumps({"community": str(community.pk), "at": now.isoformat()}).encode()
    token = seal_bytes(zlib.compress(head + b"\n" + data), at=seal_place(person))
    if len(token) > MAX_SEALED:
        raise spreadsheet.NotASpreadsheet("too_big", limit=1)
    return token


def open_file(token: str, *, person: Person, now: datetime) -> tuple[bytes, str]:
    """Return the file and the community's key. Raises ChooseAgain."""
    try:
        head, _newline, data = zlib.decompress(open_bytes(token, at=seal_place(person))).partition(
            b"\n"
        )
    except Unreadable as error:
        raise ChooseAgain from error
    said = json.loads(head)
    if not timedelta(0) <= now - datetime.fromisoformat(said["at"]) <= KEPT_FOR:
        raise ChooseAgain
    return data, said["community"]


def seal_place(person: Person) -> str:
    """Bind what is sealed to this page and this person."""
    return place("import", "file", uuid.UUID(str(person.pk)))


def understood(made: Made, *, now: datetime) -> dict[str, Any]:
    """Return what a row was understood to say, for the page."""
    referral = made.row.referral
    if referral is None:
        raise ValueError(f"Row {made.row.number} is not ready.")
    parties = parties_of(referral, today=day(now))
    return {
        "number": made.row.number,
        "title": title_of(referral),
        "referral": referral,
        "harmed": [one for one in parties if one.role == "harmed"],
        "responsible": [one for one in parties if one.role == "responsible"],
        "minor": any(one.minor for one in parties),
    }


def listed(report: Report, person: Person, *, now: datetime) -> dict[str, Any]:
    """Return what both pages show of a report. Only cases this person may see get a link."""
    references = [one.reference for one in [*report.created, *report.already] if one.reference]
    visible = set(
        Case.objects.visible_to(person, today=day(now))
        .filter(reference__in=references)
        .values_list("reference", flat=True)
    )

    def cases(made: list[Made]) -> list[dict[str, Any]]:
        return [
            {"number": one.row.number, "reference": one.reference,
             "visible": one.reference in visible}
            for one in made
        ]  # fmt: skip

    by_row: dict[int, dict[str, Any]] = {}
    for row, problem in report.problems:
        entry = by_row.setdefault(row.number, {"number": row.number, "problems": []})
        entry["problems"].append(
            {"column": problem.column, "value": problem.value, "mend": mend(problem)}
        )
    return {
        "report": report,
        "created": cases(report.created),
        "already": cases(report.already),
        "problems": list(by_row.values()),
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; read what it means; make its cases, a hundred in each request."""
    now = timezone.now()
    person: Person = request.user  # type: ignore[assignment]
    communities = Community.objects.where_may_open(person, day(now))
    if not communities.exists():
        raise Http404
    if request.method == "POST" and "sealed" in request.POST:
        try:
            return confirmed(request, person, communities, now)
        except ChooseAgain:
            form = UploadForm(communities)
            context = {"form": form, "choose_again": True}
            return render(request, "cases/import.html", context, status=422)
    if request.method != "POST":
        return render(request, "cases/import.html", {"form": UploadForm(communities)})
    form = UploadForm(communities, request.POST, request.FILES)
    if form.is_valid():
        community, data = form.cleaned_data["community"], form.cleaned_data["file"].read()
        try:
            sheet = spreadsheet.read(data, today=day(now))
            if len(sheet.rows) > MAX_ROWS:
                raise spreadsheet.NotASpreadsheet("too_many_rows", limit=MAX_ROWS)
            sealed = seal_file(data, community=community, person=person, now=now)
        except spreadsheet.NotASpreadsheet as error:
            form.add_error("file", mend(error))
        else:
            report = import_sheet(sheet, community=community, by=person, now=now, dry_run=True)
            context = {
                **listed(report, person, now=now),
                "community": community,
                "sealed": sealed,
                "sheet": sheet,
                "ready": [understood(one, now=now) for one in report.created[:SHOWN]],
                "more": max(0, len(report.created) - SHOWN),
            }
            return render(request, "cases/import_preview.html", context)
    return render(request, "cases/import.html", {"form": form}, status=422)


def confirmed(
    request: HttpRequest, person: Person, communities: Any, now: datetime
) -> HttpResponse:
    """Make the next cases of the file the page carries. Raises ChooseAgain."""
    sealed = request.POST["sealed"]
    data, key = open_file(sealed, person=person, now=now)
    community = communities.filter(pk=key).first()
    if community is None:
        raise Http404
    sheet = spreadsheet.read(data, today=day(now))
    report = import_sheet(sheet, community=community, by=person, now=now, at_most=AT_ONCE)
    context = {
        **listed(report, person, now=now),
        "community": community,
        "sealed": sealed if report.waiting else "",
        "here": len(report.created) + len(report.already),
        "all": len(report.created) + len(report.already) + report.waiting,
    }
    return render(request, "cases/import_done.html", context)
