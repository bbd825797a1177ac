"""The desk of whoever is signed in, and the pages for everybody else."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements.models import Agreement
from cases.models import Case
from cases.writing import day
from communities.actions.recalling import brought_by
from communities.models import CharterVersion, Membership
from communities.reading import waits_for
from communities.rules import offices_on
from councils.reading import seats_of
from desk import actions, limits, reading
from desk.forms import CodeForm, MoreWordsForm, ReportForm
from desk.health import readiness
from desk.models import Receipt
from desk.trouble import kept_words
from desk.wording import AGREEMENT_STATUS, CAST, RECEIPT_STATUS
from journey.away import shown_in
from journey.news import news_for
from moves.core import Hidden
from moves.days import in_words
from notices.models import Notice
from people.http import SignedInRequest
from people.models import Person
from people.rules import lasts, recalled
from records.models import Chain, Seal
from rehabilitation.reading import cards_for, what_is_there

NOTICES_SHOWN = 50


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The person's own desk; for who is not signed in, what this is."""
    if not request.user.is_authenticated:
        return render(request, "public/home.html")
    person, today = request.user, day(timezone.now())
    places = list(person.memberships.select_related("community"))
    offices = [one for one in places if lasts(one, today)]
    licences = list(person.licences.order_by("-until"))
    valid = [one for one in licences if one.from_on <= today and not recalled(one, today)]
    licence = valid[0] if valid else None
    held = reading.held(
        person,
        today=today,
        offices=offices_on(today, places, licences),
        after=request.GET.get("after", ""),
        closed=request.GET.get("closed") == "1",
    )
    there = what_is_there(person, today, brought=brought_by(person))
    context: dict[str, Any] = {
        "held": held,
        "seats": seats_of(person, today),
        "brought": there["brought"],
        "decides": waits_for(person, timezone.now()) if offices else [],
        "cards": cards_for(person, today, there),
        "community_name": offices[0].community.name if offices else "Amends",
        "closed": request.GET.get("closed") == "1",
        "offices": offices,
        "mediator": licence is not None or any(row.case.as_mediator for row in held.rows),
        "licence": licence,
        "licence_until": in_words(licence.until, today) if licence else "",
        "licence_over": licence is not None and licence.until < today,
        "load": sum(row.case.as_mediator for row in held.rows),
        "load_more": bool(held.after),
        "one": only_part(held),
        "is_party_page": any(row.case.own_parts for row in held.rows),
        "today": today,
    }
    roles = {office.role for office in offices}
    if Membership.Role.COORDINATOR in roles:
        only = request.GET.get("queue", "")
        context |= {
            "coordinates": True,
            "queue": only,
            "queues": reading.queues(person, today=today, without_mediator=_("Without a mediator")),
            "steered": reading.steered(
                person, today=today, after=request.GET.get("after_queue", ""), only=only
            ),
        }
    if Membership.Role.AUDITOR in roles:
        context |= {
            "audits": True,
            "seals": list(Seal.objects.order_by("-day")[:5]),
            "unsealed": _unsealed(),
        }
    return render(request, "desk/home.html", context)


def only_part(held: reading.Listed) -> reading.Row | None:
    """Return the one row of who is a party of one case and nothing else, or None."""
    if len(held.rows) == 1 and held.rows[0].case.own_parts:
        return held.rows[0]
    return None


def _unsealed() -> reading.Queue:
    """Return how many chains grew since the last seal, counted no further than the cap."""
    grown = Chain.objects.exclude(length=F("sealed_length"))
    return reading.Queue("unsealed", "", reading.capped_counts({"unsealed": grown})["unsealed"])


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"dangers": danger_now()})


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """What restorative justice is, and how each community does it, from its charter."""
    versions = [
        {"community": version.community, "number": version.number, "charter": version.charter}
        for version in newest_charters()
    ]
    return render(request, "public/about.html", {"versions": versions})


def newest_charters() -> list[CharterVersion]:
    """Return the charter in force of every community that has one."""
    newest: dict[int, CharterVersion] = {}
    versions = CharterVersion.objects.filter(from_on__lte=timezone.localdate())
    for version in versions.select_related("community").order_by("community__slug", "number"):
        newest[version.community_id] = version
    return list(newest.values())


def danger_now() -> list[tuple[str, str]]:
    """Return what each charter says to do when somebody is in danger now."""
    return [
        (version.community.name, version.charter.danger_now)
        for version in newest_charters()
        if version.charter.danger_now
    ]


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Anyone reports harm, without an account."""
    now = timezone.now()
    form = ReportForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    status = 200
    if request.method == "POST" and form.is_valid():
        if limits.one_more(limits.REPORTS, request, now=now):
            return too_often(request, now)
        case, code = actions.report(actions.Report(**form.cleaned_data), now=now)
        # Shown once, in the answer itself: no address and no session keeps it.
        return render(
            request,
            "public/reported.html",
            {
                "code": code,
                "danger": form.cleaned_data["danger"],
                "away": shown_in(case, day(now)),
                "dangers": danger_now(),
                "until": day(now) + timedelta(days=actions.RECEIPT_DAYS),
                "is_party_page": True,
            },
        )
    if request.method == "POST":
        status = 422
    context = {"form": form, "dangers": danger_now(), "is_party_page": True}
    return render(request, "public/report.html", context, status=status)


def too_often(request: HttpRequest, now: datetime) -> HttpResponse:
    """Say in words what to do instead, and give back what was typed. Status 429."""
    context = {**kept_words(request), "dangers": danger_now(), "is_party_page": True}
    response = render(request, "public/too_often.html", context, status=429)
    response["Retry-After"] = str(limits.seconds_left(now))
    return response


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Come back with a receipt code: the status in plain words, and more words to add.

    The code travels in the form each time, so that no session on a shared phone keeps it.
    """
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "is_party_page": True}
    if request.method != "POST":
        return render(request, "public/receipt.html", context)
    if not form.is_valid():
        return render(request, "public/receipt.html", context, status=422)
    now = timezone.now()
    if limits.is_over(limits.RECEIPTS, request, now=now):
        # Not even a right code: whether a guess was one must not be told.
        return too_often(request, now)
    code = form.cleaned_data["code"]
    found = actions.receipt_of(code, today=day(now))
    if found is None:
        limits.one_more(limits.RECEIPTS, request, now=now)
        form.add_error("code", _("We do not know this code. Please check each sign."))
        return render(request, "public/receipt.html", context, status=422)
    more = MoreWordsForm(request.POST if "text" in request.POST else None)
    added = False
    if more.is_bound and more.is_valid():
        try:
            actions.add_words(found, text=more.cleaned_data["text"], now=now)
        except Hidden as error:
            raise Http404 from error
        added, more = True, MoreWordsForm()
    context |= {
        "code": code,
        "status": RECEIPT_STATUS[status_of(found, day(now))],
        "since": in_words(found.case.opened_on, day(now)),
        "open": found.case.state != Case.State.CLOSED,
        "away": shown_in(found.case, day(now)),
        "more": more,
        "added": added,
    }
    return render(
        request,
        "public/receipt_status.html",
        context,
        status=422 if more.is_bound and more.errors else 200,
    )


def status_of(receipt: Receipt, today: date) -> str:
    """Return how far a reported case is, told to whoever holds its receipt and no further."""
    case = receipt.case
    if case.state == Case.State.CLOSED:
        return "closed"
    if reading.live_places(today).filter(case=case, role="mediator").exists():
        return "mediator"
    return "received" if case.state == Case.State.REPORTED else "looked_at"


@never_cache
@require_http_methods(["GET", "POST"])
def verify_agreement(request: HttpRequest) -> HttpResponse:
    """Say whether a printed agreement is genuine. Names nobody, and no case."""
    data = request.POST if request.method == "POST" else request.GET
    asked = "code" in data
    form = CodeForm(data if asked or request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        found = Agreement.objects.filter(check_code=as_printed(form.cleaned_data["code"])).first()
        context |= {"checked": True, "genuine": found is not None}
        if found is not None:
            newer = Agreement.objects.filter(case=found.case_id, version__gt=found.version)
            context |= {
                "version": found.version,
                # A draft is nobody's business but its writers'.
                "newest": not newer.exclude(state=Agreement.State.DRAFTING).exists(),
                "status": AGREEMENT_STATUS[found.state],
                "in_force_on": found.in_force_on,
            }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "public/verify_agreement.html", context, status=status)


def as_printed(code: str) -> str:
    """Return a typed check code as it stands on paper: in capitals, in fours."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


@never_cache
@login_required
@require_GET
def notices(request: SignedInRequest) -> HttpResponse:
    """The person's news, newest first, in words."""
    shown = news_for(request.user, now=timezone.now(), limit=NOTICES_SHOWN)
    return render(request, "desk/notices.html", {"notices": shown})


@login_required
@require_POST
def read_notices(request: SignedInRequest) -> HttpResponse:
    """Mark the person's own notices as read."""
    unread = Notice.objects.filter(person=request.user, read_at=None)
    unread.update(read_at=timezone.now())
    messages.success(request, _("Marked as read."))
    return redirect("desk:notices")


def only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404


def demo(request: HttpRequest) -> HttpResponse:
    """The cast of the demo, one button each."""
    only_in_the_demo()
    return _demo(request)


@never_cache
@require_GET
def _demo(request: HttpRequest) -> HttpResponse:
    people = {
        person.username: person
        for person in Person.objects.filter(username__in=CAST, is_active=True)
    }
    cast = [
        {"username": username, "name": people[username].name or username, "role": role}
        for username, role in CAST.items()
        if username in people
    ]
    return render(request, "public/demo.html", {"cast": cast})


def demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as one of the cast. Outside the demo there is no such address."""
    only_in_the_demo()
    return _demo_sign_in(request, username)


@require_POST
def _demo_sign_in(request: HttpRequest, username: str) -> HttpResponse:
    if username not in CAST:
        raise Http404
    person = get_object_or_404(Person, username=username, is_active=True)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("desk:home")


@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return JsonResponse({"ok": True})


@never_cache
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, keys and storage are ready; 503 when one is not."""
    found = readiness()
    ready = all(found.values())
    return JsonResponse({"ok": ready, **found}, status=200 if ready else 503)
