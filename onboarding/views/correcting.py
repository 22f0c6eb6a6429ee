"""Changing answers after sending: what we asked for, or anything while nobody scores it yet. Handed in whole."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import correcting
from onboarding.commands import NotAllowed, Refused, apply_command
from onboarding.correcting import ASKED
from onboarding.forms.pages import Answered, Page, is_complete, lacking, page_again, page_of, page_of_both
from onboarding.forms.saved import saved_line
from onboarding.intake import Incomplete, applicant
from onboarding.models import Application, Correction, Question
from onboarding.questions.progress import steps_shown
from onboarding.questions.shape import Step
from onboarding.questions.summary import Section, summary
from onboarding.views.applicants import acting, with_application
from onboarding.views.limits import SENDS, limited
from onboarding.views.steps import etag, kept, not_kept, opens_more, take_files, typed, window
from onboarding.writing import Overtaken, StaleAnswers

Parameters = ParamSpec("Parameters")


def with_correction(
    view: Callable[Concatenate[ActingRequest, Application, Parameters], HttpResponse],
) -> Callable[Concatenate[ActingRequest, Parameters], HttpResponse]:
    """A page that changes what was sent; where that is over, the page that says where it stands."""

    @functools.wraps(view)
    def open_only(request: ActingRequest, application: Application, *args: Parameters.args, **kwargs: Parameters.kwargs) -> HttpResponse:
        try:
            if correcting.may_correct(application):
                return view(request, application, *args, **kwargs)
        except WrongState:  # answered in another tab, or the review began meanwhile
            pass
        messages.info(request, _("The answers cannot be changed any more. Nothing was lost of what you sent."))
        return redirect("onboarding:status")

    return with_application(open_only)


@require_GET
@with_correction
def correct(request: ActingRequest, application: Application) -> HttpResponse:
    """What we asked, the answers as they would be, and the button that hands them in."""
    return _overview(request, application, correcting.pending(application))


@require_http_methods(["GET", "POST"])
@with_correction
def page(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Some questions to answer anew."""
    correction = correcting.pending(application)
    here = _step(correction, step)
    if request.method == "GET":
        return _draw(request, correction, page_of(correction, here))
    words, problems = typed(request), _files(request, application, here)
    try:
        correction, reading = correcting.save_page(
            application, here, words, etag=etag(request), window=window(request), by=acting(request, application)
        )
    except StaleAnswers as stale:
        return _draw(request, stale.now, page_of_both(stale.now, here, words), status=409)
    again = page_again(correction, here, words, lacking(correction, here) | reading.problems | problems)
    if not is_complete(again):
        return _draw(request, correction, again)
    if opens_more(again):
        messages.info(request, _("Your answer opened one more question on this page."))
        return redirect("onboarding:correct_page", step)
    return redirect("onboarding:correct")


@require_POST
@with_correction
def attach(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Keep the page with its files, and stay."""
    here = _step(correcting.pending(application), step)
    words, problems = typed(request), _files(request, application, here)
    try:
        correction, reading = correcting.save_page(
            application, here, words, etag=etag(request), window=window(request), by=acting(request, application)
        )
    except StaleAnswers as stale:
        return _draw(request, stale.now, page_of_both(stale.now, here, words), status=409)
    return _draw(request, correction, page_again(correction, here, words, reading.problems | problems))


@require_POST
@with_correction
def keep(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Keep what is being written, for the script that does so by itself."""
    here, words = _step(correcting.pending(application), step), typed(request)
    try:
        correction = correcting.keep_page(
            application, here, words, etag=etag(request), window=window(request), by=acting(request, application)
        )
    except Overtaken as overtaken:
        return not_kept(overtaken)
    except StaleAnswers as stale:
        return _draw(request, stale.now, page_of_both(stale.now, here, words), status=409)
    return kept(correction)


@require_POST
@with_correction
@limited(SENDS)
def hand_in(request: ActingRequest, application: Application) -> HttpResponse:
    """Hand the changed answers in."""
    try:
        apply_command(application, "answer", by=applicant(application))
    except Incomplete:
        messages.error(request, _("An answer that we need is missing. It is marked below."))
        return redirect("onboarding:correct")
    except (NotAllowed, Refused) as refused:
        messages.info(request, str(refused.words))
    else:
        messages.success(request, _("Thank you. Your answers are with us."))
    return redirect("onboarding:status")


@require_POST
@with_correction
def drop(request: ActingRequest, application: Application) -> HttpResponse:
    """Leave everything as it was sent."""
    correcting.drop(application, by=acting(request, application))
    messages.success(request, _("Your answers stay as you sent them."))
    return redirect("onboarding:status")


def _files(request: ActingRequest, application: Application, step: Step) -> dict[str, str]:
    by = acting(request, application)
    return take_files(
        request,
        step,
        attach=lambda question, uploads: correcting.attach(application, question, uploads, by=by),
        detach=lambda question, key: correcting.detach(application, question, key, by=by),
    )


def _step(correction: Correction, key: str) -> Step:
    """The page of what we asked for, or a step of the form without its address."""
    form = correction.form_version.form
    if key == ASKED:
        step = correcting.asked_step(form, _waiting(correction.application))
    else:
        step = next((each for each in steps_shown(form, correction.answers) if each.key == key), None)
    if step is None:
        raise Http404
    changeable = correcting.changeable(form)
    return Step(key=step.key, title=step.title, intro=step.intro, fields=[field for field in step.fields if field in changeable])


def _waiting(application: Application) -> list[Question]:
    return list(application.questions.waiting())


def _overview(request: ActingRequest, application: Application, correction: Correction) -> HttpResponse:
    questions = _waiting(application)
    asked = correcting.asked_step(application.form_version.form, questions)
    sections = summary(application.form_version.form, correction.answers)
    context = {
        "application": application,
        "questions": questions,
        "asked": _only(sections, asked) if asked else [],
        "sections": sections,
        "missing": [line for section in sections for line in section.lines if line.is_missing],
        "has_changes": bool(correction.changes),
    }
    return render(request, "onboarding/correct.html", context)


def _only(sections: list[Section], step: Step) -> list[Section]:
    keys = {field.key for field in step.fields}
    lines = [(section, [line for line in section.lines if line.key in keys]) for section in sections]
    return [Section(section.key, section.title, kept_lines) for section, kept_lines in lines if kept_lines]


def _draw(request: ActingRequest, correction: Answered, drawn: Page, *, status: int = 200) -> HttpResponse:
    key = drawn.step.key
    questions = _waiting(correction.application) if isinstance(correction, Correction) else []
    context = {
        "page": drawn,
        "questions": questions,
        "is_stale": status == 409,
        "saved": saved_line(correction),
        "save_url": reverse("onboarding:correct_page", args=[key]),
        "keep_url": reverse("onboarding:correct_keep", args=[key]),
        "attach_url": reverse("onboarding:correct_attach", args=[key]),
        "before": reverse("onboarding:correct"),
    }
    return render(request, "onboarding/correct_page.html", context, status=status)
