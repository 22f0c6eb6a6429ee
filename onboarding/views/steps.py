"""The steps of the form, one a page: saving one by a button, keeping it while somebody still writes, adding files."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ground.actors import ActingRequest
from onboarding import intake
from onboarding.forms.pages import Answered, Page, is_complete, lacking, page_again, page_of, page_of_both
from onboarding.forms.saved import saved_line
from onboarding.models import Application
from onboarding.questions.progress import missing, steps_shown
from onboarding.questions.shape import Field, Step
from onboarding.views.applicants import acting, with_draft
from onboarding.views.limits import UPLOADS, count_one
from onboarding.writing import Overtaken, StaleAnswers

BACK_TO_CHECK = "check"
Typed = dict[str, list[str]]


@require_http_methods(["GET", "POST"])
@with_draft
def page(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """One step of the form."""
    here = step_of(application, step)
    if here is None:
        return redirect("onboarding:page", first_open(application).key)
    if request.method == "POST":
        return _save(request, application, here)
    return _draw(request, application, page_of(application, here))


@require_POST
@with_draft
def pause(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Keep what the page holds, however far it is, and stop for now."""
    return _save_and(request, application, _open_step(application, step), lambda: redirect("onboarding:later"))


@require_POST
@with_draft
def attach(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Keep the page with its files, and stay."""
    here = _open_step(application, step)
    return _save_and(request, application, here, lambda: _draw(request, application, page_of(application, here)))


@require_POST
@with_draft
def keep(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Keep what is being written, for the script that does so by itself."""
    here = _open_step(application, step)
    words = typed(request)
    try:
        intake.keep_page(application, here, words, etag=etag(request), window=window(request), by=acting(request, application))
    except Overtaken as overtaken:
        return not_kept(overtaken)
    except StaleAnswers as stale:
        return _draw(request, stale.now, page_of_both(stale.now, here, words), status=409)
    return kept(application)


def _save_and(request: ActingRequest, application: Application, step: Step, then: Callable[[], HttpResponse]) -> HttpResponse:
    """Save a page that need not be complete; what is wrong on it is said first."""
    words, problems = typed(request), _files(request, application, step)
    try:
        reading = intake.save_page(application, step, words, etag=etag(request), window=window(request), by=acting(request, application))
    except StaleAnswers as stale:
        return _draw(request, stale.now, page_of_both(stale.now, step, words), status=409)
    problems |= reading.problems
    return _draw(request, application, page_again(application, step, words, problems)) if problems else then()


def _save(request: ActingRequest, application: Application, step: Step) -> HttpResponse:
    words, problems, before = typed(request), _files(request, application, step), application.answers
    try:
        reading = intake.save_page(application, step, words, etag=etag(request), window=window(request), by=acting(request, application))
    except StaleAnswers as stale:
        return _draw(request, stale.now, page_of_both(stale.now, step, words), status=409)
    again = page_again(application, step, words, lacking(application, step) | reading.problems | problems)
    if not is_complete(again):
        return _draw(request, application, again)
    if opens_more(again):
        messages.info(request, _("Your answer opened one more question on this page."))
        return redirect("onboarding:page", step.key)
    if application.answers.get("use.existing_community") is True and not before.get("use.existing_community"):
        return redirect("onboarding:existing")
    return redirect(_following(request, application, step))


def _files(request: ActingRequest, application: Application, step: Step) -> dict[str, str]:
    by = acting(request, application)
    return take_files(
        request,
        step,
        attach=lambda question, uploads: intake.attach(application, question, uploads, by=by),
        detach=lambda question, key: intake.detach(application, question, key, by=by),
    )


def take_files(
    request: ActingRequest,
    step: Step,
    *,
    attach: Callable[[Field, list[UploadedFile]], list[str]],
    detach: Callable[[Field, uuid.UUID], None],
) -> dict[str, str]:
    """Take out and add what the page says of its files; why some were not taken, by question."""
    if request.FILES:
        count_one(request, UPLOADS)
    problems: dict[str, str] = {}
    for question in (field for field in step.fields if field.is_files and not field.later):
        for key in filter(None, map(_uuid, request.POST.getlist(f"{question.key}:remove"))):
            detach(question, key)
        uploads = request.FILES.getlist(question.key)
        if uploads and (refused := attach(question, uploads)):
            problems[question.key] = " ".join(refused)
    return problems


def _following(request: ActingRequest, application: Application, step: Step) -> str:
    """The address after this step: back to the summary for who came from there, else the next step."""
    steps = steps_shown(application.form_version.form, application.answers)
    later = steps[steps.index(step) + 1 :]
    is_ready = not missing(application.form_version.form, application.answers, "submit")
    if not later or (request.GET.get("from") == BACK_TO_CHECK and is_ready):
        return reverse("onboarding:check")
    return reverse("onboarding:page", args=[later[0].key])


def _draw(request: ActingRequest, application: Answered, drawn: Page, *, status: int = 200) -> HttpResponse:
    steps = steps_shown(application.form_version.form, application.answers)
    place = next((number for number, step in enumerate(steps) if step.key == drawn.step.key), 0)
    query = f"?from={BACK_TO_CHECK}" if request.GET.get("from") == BACK_TO_CHECK else ""
    context = {
        "page": drawn,
        "number": place + 1,
        "total": len(steps),
        "before": reverse("onboarding:page", args=[steps[place - 1].key]) if place else "",
        "is_stale": status == 409,
        "saved": saved_line(application),
        "save_url": reverse("onboarding:page", args=[drawn.step.key]) + query,
        "pause_url": reverse("onboarding:pause", args=[drawn.step.key]),
        "keep_url": reverse("onboarding:keep", args=[drawn.step.key]),
        "attach_url": reverse("onboarding:attach", args=[drawn.step.key]) + query,
    }
    return render(request, "onboarding/page.html", context, status=status)


def kept(answered: Answered) -> JsonResponse:
    """What the script needs to go on: the new etag, and the words of the line."""
    return JsonResponse({"etag": answered.etag, "saved": _("Saved %(at)s") % {"at": saved_line(answered).at}})


def not_kept(overtaken: Overtaken) -> JsonResponse:
    """This window has saved since: the script tries once more with what is typed now."""
    return JsonResponse({"etag": overtaken.now.etag, "saved": ""})


def opens_more(page: Page) -> bool:
    """Whether an answer of the page asks for one that was not on it."""
    return any(not question.is_hidden and question.requires and not question.was_seen() for question in page.questions)


def step_of(application: Application, key: str) -> Step | None:
    """The step of that key; None when these answers do not lead to it, 404 when there is none."""
    try:
        step = application.form_version.form.step(key)
    except KeyError as error:
        raise Http404 from error
    return step if step in steps_shown(application.form_version.form, application.answers) else None


def _open_step(application: Application, key: str) -> Step:
    here = step_of(application, key)
    if here is None:
        raise Http404
    return here


def first_open(application: Application) -> Step:
    """The first step on which something is missing, else the last."""
    form = application.form_version.form
    steps = steps_shown(form, application.answers)
    blocking = {field.key for field in missing(form, application.answers, "submit")}
    return next((step for step in steps if blocking & {field.key for field in step.fields}), steps[-1])


def typed(request: ActingRequest) -> Typed:
    """What stands in the inputs of a posted page."""
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}


def etag(request: ActingRequest) -> int:
    """What the page was drawn from; nothing readable counts as stale."""
    etag = request.POST.get("etag", "")
    return int(etag) if etag.isdecimal() and len(etag) < 10 else 0


def window(request: ActingRequest) -> uuid.UUID | None:
    """Which drawing of the page this is."""
    return _uuid(request.POST.get("window", ""))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
