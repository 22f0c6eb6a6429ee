"""Asking a community for what is missing, and its people answering: signed in, or by a mailed link."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from communities.access import Right, community_or_404, signed_in
from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import asking, progress
from onboarding.access import ANSWER, ASK_COMMUNITY
from onboarding.forms.owed import Owed
from onboarding.forms.ready import AskForm
from onboarding.models import Asking, Item, OnboardingPlan

SESSION_KEY = "asking"


@require_http_methods(["GET", "POST"])
@signed_in
def ask(request: ActingRequest, slug: str) -> HttpResponse:
    """Choose what to ask whom; everything the community owes is ticked."""
    plan = _plan(request, slug, ASK_COMMUNITY)
    owed, items = asking.answers_owed(progress.hub_request(plan.community)), asking.items_owed(plan)
    form = AskForm(request.POST or None, answers=owed, items=items, people=asking.askable(plan.community))
    if form.is_valid():
        said = form.cleaned_data
        asking.ask(plan, answers=said.get("answers") or (), items=form.chosen_items, to=form.person, note=said["note"], by=request.actor)
        messages.success(request, _("The link is on its way to %(name)s.") % {"name": form.person.get_full_name()})
        return redirect("onboarding:plan", slug)
    context = {"community": plan.community, "form": form, "is_empty": not (owed or items), "nobody": not form.people}
    return render(request, "onboarding/plan/ask.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def revoke(request: ActingRequest, slug: str, pk: int) -> HttpResponse:
    """The link opens nothing any more."""
    plan = _plan(request, slug, ASK_COMMUNITY)
    row = get_object_or_404(Asking.objects.visible_to(request.actor), plan=plan, pk=pk)
    try:
        asking.revoke(row, by=request.actor)
    except WrongState:
        messages.info(request, _("This link opened nothing any more."))
    return redirect("onboarding:plan", slug)


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: ActingRequest, slug: str) -> HttpResponse:
    """What the community owes, for its people who are signed in."""
    plan = _plan(request, slug, ANSWER)
    hub_request, items = progress.hub_request(plan.community), asking.items_owed(plan)
    page = Owed(hub_request, [row.pointer for row in asking.answers_owed(hub_request)], items, request.POST or None)
    if request.method == "POST":
        chosen = Item.objects.filter(pk__in={item.pk for item in items} & page.ticked)
        if page.is_kept(lambda reply: asking.take(plan, reply, request=hub_request, items=chosen, by=request.actor)):
            messages.success(request, _("Your answers are kept."))
            return redirect("onboarding:answer", slug)
    return render(request, "onboarding/plan/questions.html", page.context | {"community": plan.community}, status=page.status)


@never_cache
@require_http_methods(["GET", "POST"])
def open_asked(request: ActingRequest, token: str) -> HttpResponse:
    """A mailed link. Reading it shows a button, for mail programs follow links; pressing the button opens the questions."""
    found = asking.find(token)
    if found is None:
        return _closed(request, status=404)
    if request.method == "GET":
        return render(request, "onboarding/plan/open.html", {"asking": found, "community": found.plan.community})
    asking.opened(found)
    request.session.cycle_key()
    request.session[SESSION_KEY] = found.pk
    return redirect("onboarding:asked")


@never_cache
@require_http_methods(["GET", "POST"])
def asked(request: ActingRequest) -> HttpResponse:
    """The questions behind a mailed link, and nothing else of the site."""
    found = asking.still_open(Asking.objects.filter(pk=request.session.get(SESSION_KEY, 0)))
    if found is None:
        return _closed(request, status=410)
    hub_request = progress.hub_request(found.plan.community)
    page = Owed(hub_request, found.pointers, asking.items_asked(found), request.POST or None)
    if request.method == "POST" and page.is_kept(lambda reply: asking.answer(found, reply, request=hub_request)):
        messages.success(request, _("Your answers are kept."))
        return redirect("onboarding:asked")
    context = page.context | {"asking": found, "community": found.plan.community, "standing": asking.standing(found, hub_request)}
    return render(request, "onboarding/plan/asked.html", context, status=page.status)


def _plan(request: ActingRequest, slug: str, right: Right) -> OnboardingPlan:
    home = community_or_404(request.actor, slug)
    if not right.is_held_by(request.actor, home):
        raise Http404
    return get_object_or_404(OnboardingPlan.objects.visible_to(request.actor).select_related("community__programme"), community=home)


def _closed(request: ActingRequest, *, status: int) -> HttpResponse:
    """This link opens nothing, or no link was opened here."""
    return render(request, "onboarding/plan/closed.html", status=status)
