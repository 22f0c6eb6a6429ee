"""The review lead's page of one application: what the reviews say, the proposal, its letter, approval and release."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest, Actor
from ground.paging import keyset
from ground.states import WrongState
from onboarding import deciding, letter_page, letters, next_steps, opinions, review_page, reviewing, viewing
from onboarding.access import DECIDE, PROPOSE, sees_people
from onboarding.forms.commands import ON_THEIR_OWN_PAGES
from onboarding.forms.deciding import LanguageForm, LetterForm, ProposalForm, SetAsideForm
from onboarding.forms.reviewing import GatesForm
from onboarding.leads_lists import FAILED_LETTERS
from onboarding.models import Application, Conflict, Decision, Letter, MeetingItem, Review, RubricVersion
from onboarding.states import OPEN_TO_REVIEW, ApplicationState, DecisionState, LetterState
from onboarding.views.giving import given, once_declared


@require_safe
@needs(PROPOSE)
@once_declared
def decision(request: ActingRequest, row: Application) -> HttpResponse:
    """Everything a decision stands on, and the next step of it."""
    return _page(request, row)


@require_POST
@needs(PROPOSE)
@once_declared
def propose(request: ActingRequest, row: Application) -> HttpResponse:
    """Propose what to answer."""
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, row, proposal=form, status=422)
    if given(request, row, "propose", **form.cleaned_data):
        messages.success(request, _("Proposed. The letter is drafted below; another review lead approves both."))
    return redirect("onboarding:decision", row.reference)


@require_POST
@needs(PROPOSE)
@once_declared
def edit_letter(request: ActingRequest, row: Application) -> HttpResponse:
    """Change the words of the letter before anybody approves them."""
    letter = _letter(request, row)
    form = LetterForm(request.POST, instance=letter, auto_id=f"{letter.language}_%s")
    if not form.is_valid():
        return _page(request, row, letter_form=form, status=422)
    if _done(request, lambda: letters.edit(letter, subject=form.cleaned_data["subject"], body=form.cleaned_data["body"], by=request.actor)):
        messages.success(request, _("The letter is kept."))
    return redirect("onboarding:decision", row.reference)


@require_POST
@needs(PROPOSE)
@once_declared
def add_letter(request: ActingRequest, row: Application) -> HttpResponse:
    """The same letter in one more language."""
    standing = _standing(row)
    form = LanguageForm(request.POST)
    if form.is_valid() and _done(request, lambda: letters.add(standing, language=form.cleaned_data["language"], by=request.actor)):
        messages.success(request, _("The letter is drafted in that language too."))
    return redirect("onboarding:decision", row.reference)


@require_POST
@needs(DECIDE)
@once_declared
def approve(request: ActingRequest, row: Application) -> HttpResponse:
    """Approve the decision and its letter as they stand."""
    if given(request, row, "approve", seen=request.POST.get("seen", "")):
        messages.success(request, _("Approved. Nothing has left the house yet: release it to send the letter."))
    return redirect("onboarding:decision", row.reference)


@require_POST
@needs(DECIDE)
@once_declared
def release(request: ActingRequest, row: Application) -> HttpResponse:
    """Send the letter, and found the community of an acceptance."""
    if given(request, row, "release"):
        messages.success(request, _("Released. The letter is on its way."))
    return redirect("onboarding:decision", row.reference)


@require_POST
@needs(DECIDE)
@once_declared
def set_aside(request: ActingRequest, row: Application) -> HttpResponse:
    """Drop a proposal or an approval."""
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _page(request, row, aside=form, status=422)
    if given(request, row, "set_aside", reason=form.cleaned_data["reason"]):
        messages.success(request, _("Set aside. Another decision can be proposed."))
    return redirect("onboarding:decision", row.reference)


@require_POST
@needs(DECIDE)
@once_declared
def send_again(request: ActingRequest, row: Application) -> HttpResponse:
    """Queue a letter that could not be sent."""
    letter = _letter(request, row)
    if _done(request, lambda: letters.send_again(letter, by=request.actor)):
        messages.success(request, _("The letter is on its way again."))
    return redirect("onboarding:decision", row.reference)


@require_safe
@needs(DECIDE)
def failed_letters(request: ActingRequest) -> HttpResponseBase:
    """Letters that came back, each with the button that sends it again."""
    seen = Application.objects.visible_to(request.actor).exclude(conflicts__in=Conflict.objects.hard().filter(person=request.actor.user))
    failed = Letter.objects.filter(state=LetterState.FAILED, decision__application__in=seen)
    failed = failed.select_related("decision__application")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("failed-letters", FAILED_LETTERS, failed.order_by("pk")))
    page = keyset(failed, order=["pk"], cursor=request.GET.get("cursor", ""))
    return render(request, "onboarding/review/failed_letters.html", {"page": page})


def _may_approve(standing: Decision | None, actor: Actor) -> bool:
    if standing is None or standing.state != DecisionState.PROPOSED:
        return False
    return not (standing.second_person and (standing.proposed_by == actor.user or standing.has_letter_by(actor.user)))


def _standing(row: Application) -> Decision:
    return get_object_or_404(
        Decision.objects.standing().select_related("application", "proposed_by", "approved_by", "released_by"), application=row
    )


def _letter(request: ActingRequest, row: Application) -> Letter:
    """The letter that was meant; without a language the applicant's own. It is for who may know the name in it."""
    if not sees_people(request.actor, row.programme):
        raise Http404
    return get_object_or_404(Letter, decision=_standing(row), language=request.POST.get("language") or row.language)


def _said_in_a_meeting(row: Application, actor: Actor) -> MeetingItem | None:
    """What was last said of it in a meeting since it came where it is, for who may know what others think."""
    opened = row.meeting_items.filter(application__in=opinions.open_to(actor).values("pk"))
    items = opened.filter(started_at__gte=row.state_since).exclude(outcome="", minutes="")
    return items.select_related("meeting").order_by("-started_at").first()


def _as_proposal(item: MeetingItem | None) -> dict[str, str]:
    """The meeting's answer to begin with; whoever proposes still says it."""
    return {"outcome": item.outcome, "reasons": item.minutes} if item else {}


def _done(request: ActingRequest, act: Callable[[], Any]) -> bool:
    """Whether it was done; what stood in the way is said in words."""
    try:
        act()
    except WrongState:
        messages.error(request, _("Somebody else was quicker, or this cannot follow. Here is how it stands now."))
    else:
        return True
    return False


def _page(
    request: ActingRequest,
    row: Application,
    *,
    proposal: ProposalForm | None = None,
    letter_form: LetterForm | None = None,
    aside: SetAsideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewing.record(row, by=request.actor, where=viewing.Where.PAGE, label="decision")
    standing = (
        Decision.objects.standing()
        .select_related("application", "proposed_by", "approved_by", "released_by", "community")
        .prefetch_related("letters")
        .filter(application=row)
        .first()
    )
    reviews = list(Review.objects.visible_to(request.actor).submitted().filter(application=row).in_words())
    newest = reviewing.newest_answers(row)
    summary, submitted = opinions.summary(row, reviews), row.reviews_submitted
    content = RubricVersion.objects.current(row.programme).content
    said_in_a_meeting, also_sent = _said_in_a_meeting(row, request.actor), review_page.also_sent(row, newest, by=request.actor)
    viewing.record_all([each.application.pk for each in also_sent], by=request.actor, where=viewing.Where.PAGE, label="decision")
    known = {"decision": standing, "rubric": content, "reviews": submitted, "is_conflicted": False}
    context = {
        "application": row,
        "decision": standing,
        "letters": letter_page.pages_of(standing, reviews, people=sees_people(request.actor, row.programme), typed=letter_form),
        "offered": letter_page.offered(standing),
        "also_sent": also_sent,
        "reviews": [review_page.written(review, newest=newest) for review in reviews],
        "summary": summary,
        "table": review_page.table_of(reviews, content, summary),
        "flags": review_page.flags_in_words(summary, reviews),
        "gates": review_page.gate_cards(
            GatesForm.for_application(row, content),
            review_page.sections_of(newest, people=sees_people(request.actor, row.programme)),
        ),
        "meeting_item": said_in_a_meeting,
        "proposal": proposal or ProposalForm(initial=_as_proposal(said_in_a_meeting)),
        "steps": next_steps.next_steps(row, request.actor, leave_out=ON_THEIR_OWN_PAGES - {"ask"}, known=known),
        "aside": aside or SetAsideForm(),
        "is_open": row.state in OPEN_TO_REVIEW,
        "is_waiting": row.state == ApplicationState.SCREENING,
        "needed": content.rules.min_reviews,
        "submitted": submitted,
        "hidden": submitted - len(reviews),
        "readers": viewing.readers(row, actor=request.actor),
    }
    return render(request, "onboarding/review/decision.html", context | _may(standing, request.actor), status=status)


def _may(standing: Decision | None, actor: Actor) -> dict[str, Any]:
    """What this person may do about the decision, and the fingerprint of what they read of it."""
    is_lead = DECIDE.is_held_by(actor)
    return {
        "is_lead": is_lead,
        "may_approve": is_lead and _may_approve(standing, actor),
        "wrote": standing is not None and standing.has_letter_by(actor.user),
        "seen": deciding.fingerprint(standing, standing.letters.all()) if standing else "",
        "may_release": bool(is_lead and standing and standing.state == DecisionState.APPROVED),
    }
