"""The steps of a plan that take more than a tick: validation, going live, agreements, the end, and the use of a hub."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from communities.access import Right, community_or_404, signed_in
from communities.models import Community
from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import ending, launching, renewing, validating, value
from onboarding.access import GUIDE, SAY_DELETED, SETTLE_DATA, STATE_VALUE, VALIDATE
from onboarding.forms.ready import AgreementForm, DataForm, EndForm, LiveForm, MoreForm, RenewalForm, ValueForm
from onboarding.models import Agreement, Ending, OnboardingPlan

Act = Callable[[dict[str, Any]], object]
Words = str | Promise
REFUSALS = (WrongState, launching.NotReady, ending.Blocked, value.NotADay)


@require_POST
@signed_in
def good(request: ActingRequest, slug: str) -> HttpResponse:
    """The hub is what was planned, says one side."""
    plan = _plan(request, _home(request, slug, VALIDATE))
    return _at_once(request, slug, lambda: validating.all_good(plan, by=request.actor))


@require_http_methods(["GET", "POST"])
@signed_in
def more(request: ActingRequest, slug: str) -> HttpResponse:
    """The hub needs more work."""
    home = _home(request, slug, VALIDATE)
    plan = _plan(request, home)
    return _step(
        request,
        home,
        MoreForm(request.POST or None),
        lambda said: validating.needs_more(plan, **said, by=request.actor),
        title=gettext_lazy("It needs more work"),
        text=gettext_lazy("The plan goes back to the needs assessment with what you write here. What is done already stays done."),
        button=gettext_lazy("Go back to the needs assessment"),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def live(request: ActingRequest, slug: str) -> HttpResponse:
    """The community goes live."""
    home = _home(request, slug, GUIDE)
    plan = _plan(request, home)
    return _step(
        request,
        home,
        LiveForm(request.POST or None),
        lambda said: launching.go_live(plan, **said, by=request.actor),
        title=gettext_lazy("Go live"),
        text=gettext_lazy(
            "Everything up to the launch has to be done, and both sides have agreed who does what. First value is watched for from now on."
        ),
        button=gettext_lazy("Go live"),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def agreement(request: ActingRequest, slug: str) -> HttpResponse:
    """An agreement was signed."""
    home = _home(request, slug, GUIDE)
    return _step(
        request,
        home,
        AgreementForm(request.POST or None),
        lambda said: renewing.record(home, **said, by=request.actor),
        title=gettext_lazy("Record the agreement"),
        text=gettext_lazy("Its dates are what renewal is reckoned from. The paper itself stays where you keep it."),
        button=gettext_lazy("Record it"),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def renewal(request: ActingRequest, slug: str, number: int) -> HttpResponse:
    """What comes after an agreement."""
    home = _home(request, slug, GUIDE)
    row = get_object_or_404(Agreement.objects.visible_to(request.actor), community=home, number=number)
    return _step(
        request,
        home,
        RenewalForm(request.POST or None),
        lambda said: renewing.decide(row, **said, by=request.actor),
        title=gettext_lazy("Decide what comes after the agreement"),
        text=gettext_lazy("Renewing writes the next agreement, beginning the day after this one ends. Ending begins the end of the hub."),
        button=gettext_lazy("Record the decision"),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def end(request: ActingRequest, slug: str) -> HttpResponse:
    """Our service to the community ends."""
    home = _home(request, slug, GUIDE)
    return _step(
        request,
        home,
        EndForm(request.POST or None),
        lambda said: ending.begin(home, **said, by=request.actor),
        title=gettext_lazy("Begin the end"),
        text=gettext_lazy("The representatives get a letter 14 days and 2 days before. Exports end a week before the last day."),
        button=gettext_lazy("Begin the end"),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def data(request: ActingRequest, slug: str) -> HttpResponse:
    """What becomes of the data."""
    home = _home(request, slug, SETTLE_DATA)
    row = _ending(request, home)
    return _step(
        request,
        home,
        DataForm(request.POST or None),
        lambda said: ending.settle_data(row, data=said["became"], note=said["note"], by=request.actor),
        title=gettext_lazy("The data"),
        text=gettext_lazy("Nothing is deleted before you have said this, and that the hub is no longer used."),
        button=gettext_lazy("Keep this"),
    )


@require_POST
@signed_in
def unused(request: ActingRequest, slug: str) -> HttpResponse:
    """Nobody uses the hub any more."""
    row = _ending(request, _home(request, slug, SETTLE_DATA))
    return _at_once(request, slug, lambda: ending.say_unused(row, by=request.actor))


@require_POST
@signed_in
def deleted(request: ActingRequest, slug: str) -> HttpResponse:
    """The hub and its data are gone."""
    row = _ending(request, _home(request, slug, SAY_DELETED))
    return _at_once(request, slug, lambda: ending.say_deleted(row, by=request.actor))


@require_POST
@signed_in
def withdraw(request: ActingRequest, slug: str) -> HttpResponse:
    """It goes on after all."""
    row = _ending(request, _home(request, slug, GUIDE))
    return _at_once(request, slug, lambda: ending.withdraw(row, by=request.actor))


@require_POST
@signed_in
def finish(request: ActingRequest, slug: str) -> HttpResponse:
    """The community has ended."""
    row = _ending(request, _home(request, slug, GUIDE))
    return _at_once(request, slug, lambda: ending.finish(row, by=request.actor))


@require_http_methods(["GET", "POST"])
@signed_in
def use(request: ActingRequest, slug: str) -> HttpResponse:
    """How many people used the hub."""
    home = _home(request, slug, STATE_VALUE)
    return _step(
        request,
        home,
        ValueForm(request.POST or None),
        lambda said: value.state(home, **said, by=request.actor),
        title=gettext_lazy("Who uses the hub"),
        text=gettext_lazy("Where the hub itself does not tell us, you do. It shows how long it took until the hub was of use."),
        button=gettext_lazy("Keep this"),
    )


def _step(request: ActingRequest, home: Community, form: forms.Form, act: Act, *, title: Words, text: Words, button: Words) -> HttpResponse:
    """A form on a page of its own: one thing happens, or what keeps it from happening stands above the typed words."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except REFUSALS as refusal:
            for words in _words(refusal):
                form.add_error(None, words)
        else:
            messages.success(request, _("It is kept."))
            return redirect("onboarding:plan", home.slug)
    context = {"community": home, "form": form, "step_title": title, "text": text, "button": button}
    return render(request, "onboarding/plan/step.html", context, status=422 if form.errors else 200)


def _at_once(request: ActingRequest, slug: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except REFUSALS as refusal:
        for words in _words(refusal):
            messages.error(request, words)
    return redirect("onboarding:plan", slug)


def _words(refusal: Exception) -> list[str]:
    match refusal:
        case launching.NotReady():
            return refusal.missing
        case ending.Blocked():
            return refusal.rules
        case value.NotADay():
            return [str(refusal)]
    return [_("That is not possible any more. Look at where the plan stands now.")]


def _home(request: ActingRequest, slug: str, right: Right) -> Community:
    home = community_or_404(request.actor, slug)
    if not right.is_held_by(request.actor, home):
        raise Http404
    return home


def _plan(request: ActingRequest, home: Community) -> OnboardingPlan:
    return get_object_or_404(OnboardingPlan.objects.visible_to(request.actor).select_related("community__programme"), community=home)


def _ending(request: ActingRequest, home: Community) -> Ending:
    return get_object_or_404(Ending.objects.visible_to(request.actor).open().select_related("community__programme"), community=home)
