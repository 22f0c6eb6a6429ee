"""The pages on which somebody applies, one step a page, without an account."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.models import ServicePolicy
from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import intake, statements
from onboarding.forms.entering import AddressForm, SendForm, TrapForm
from onboarding.forms.pages import Page, is_complete, lacking, page_again, page_of, page_of_both
from onboarding.forms.saved import saved_line
from onboarding.intake import Incomplete, StaleAnswers, TooQuick
from onboarding.models import Application, FormVersion
from onboarding.questions.progress import missing, steps_shown
from onboarding.questions.shape import Step
from onboarding.questions.summary import summary
from onboarding.views.applicants import acting, held, hold, let_go, with_application, with_draft

BACK_TO_CHECK = "check"


@never_cache
@require_http_methods(["GET", "POST"])
def apply(request: ActingRequest) -> HttpResponse:
    """What applying is, and the button that begins; a draft of this browser can be gone on with."""
    version = FormVersion.objects.public().filter(definition__key="interest").select_related("definition").defer("schema").first()
    if version is None:
        return render(request, "onboarding/closed.html")
    form = TrapForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hold(request, intake.start(version, language=_language(version), by=request.actor))
        return redirect("onboarding:page", version.form.steps[0].key)
    application = held(request)
    draft = application if application and application.is_draft else None
    going_on = reverse("onboarding:page", args=[_first_open(draft).key]) if draft else ""
    reply_days = ServicePolicy.of(version.definition.programme_id).reply_days
    context = {"form": form, "draft": draft, "going_on": going_on, "pages": len(version.form.steps), "reply_days": reply_days}
    return render(request, "onboarding/apply.html", context)


@require_http_methods(["GET", "POST"])
@with_draft
def page(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """One step of the form."""
    here = _step(application, step)
    if here is None:
        return redirect("onboarding:page", _first_open(application).key)
    if request.method == "POST":
        return _save(request, application, here)
    return _draw(request, application, page_of(application, here))


@require_POST
@with_draft
def pause(request: ActingRequest, application: Application, step: str) -> HttpResponse:
    """Keep what the page holds, however far it is, and stop for now."""
    here = _step(application, step)
    if here is None:
        raise Http404
    typed = _typed(request)
    try:
        reading = intake.save_page(application, here, typed, etag=_etag(request), by=acting(request, application))
    except StaleAnswers as stale:
        return _draw(request, stale.application, page_of_both(stale.application, here, typed), status=409)
    if reading.problems:
        return _draw(request, application, page_again(application, here, typed, reading.problems))
    return redirect("onboarding:later")


def _save(request: ActingRequest, application: Application, step: Step) -> HttpResponse:
    typed = _typed(request)
    before = application.answers
    try:
        reading = intake.save_page(application, step, typed, etag=_etag(request), by=acting(request, application))
    except StaleAnswers as stale:
        return _draw(request, stale.application, page_of_both(stale.application, step, typed), status=409)
    again = page_again(application, step, typed, lacking(application, step) | reading.problems)
    if not is_complete(again):
        return _draw(request, application, again)
    if any(not question.is_hidden and question.requires and not question.was_seen() for question in again.questions):
        messages.info(request, _("Your answer opened one more question on this page."))
        return redirect("onboarding:page", step.key)
    if application.answers.get("use.existing_community") is True and not before.get("use.existing_community"):
        return redirect("onboarding:existing")
    return redirect(_following(request, application, step))


def _following(request: ActingRequest, application: Application, step: Step) -> str:
    """The address after this step: back to the summary for who came from there, else the next step."""
    steps = steps_shown(application.form_version.form, application.answers)
    later = steps[steps.index(step) + 1 :]
    is_ready = not missing(application.form_version.form, application.answers, "submit")
    if not later or (request.GET.get("from") == BACK_TO_CHECK and is_ready):
        return reverse("onboarding:check")
    return reverse("onboarding:page", args=[later[0].key])


@require_GET
@with_draft
def existing(request: ActingRequest, application: Application) -> HttpResponse:
    """For who has a hub already: the shorter way, and the way on."""
    steps = steps_shown(application.form_version.form, application.answers)
    return render(request, "onboarding/existing.html", {"next": steps[1].key})


@require_GET
@with_draft
def check(request: ActingRequest, application: Application) -> HttpResponse:
    """Every answer once more, and the button that sends."""
    return _check(request, application, SendForm())


@require_POST
@with_application
def send(request: ActingRequest, application: Application) -> HttpResponse:
    """Send the application; a second click leads to the same place."""
    form = SendForm(request.POST)
    if not form.is_valid():
        return _check(request, application, form)
    try:
        agreed = statements.agreed_again(request.POST.getlist("agree"))
        intake.send(application, idempotency_key=form.cleaned_data["key"], agreed=agreed, by=acting(request, application))
    except Incomplete:
        form.add_error(None, _("A few answers are still missing. They are marked below."))
    except statements.ConsentOutdated:
        form.add_error(None, _("What you agreed to has changed meanwhile. Please read it and agree again, below."))
    except WrongState:
        return redirect("onboarding:status")
    except TooQuick:
        form.add_error(None, _("That was very quick. Please read your answers once more and press the button again."))
    return redirect("onboarding:status") if form.is_valid() else _check(request, application, form)


def _check(request: ActingRequest, application: Application, form: SendForm) -> HttpResponse:
    version = application.form_version.form
    sections = summary(version, application.answers)
    unanswered = [line for section in sections for line in section.lines if line.is_missing]
    context = {
        "application": application,
        "form": form,
        "sections": sections,
        "missing": unanswered,
        "changed": statements.outdated(application),
        "saved": saved_line(application),
    }
    return render(request, "onboarding/check.html", context)


@require_http_methods(["GET", "POST"])
@with_draft
def later(request: ActingRequest, application: Application) -> HttpResponse:
    """Stop for now: the answers are kept, and the link back goes by mail."""
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": application.email})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["email"] == application.email:
            intake.mail_link(application.email)
        else:
            intake.know_email(application, form.cleaned_data["email"], by=acting(request, application))
        messages.success(request, _("We are mailing the link to %(email)s.") % {"email": form.cleaned_data["email"]})
        return redirect("onboarding:later")
    context = {"application": application, "form": form, "saved": saved_line(application), "going_on": _first_open(application).key}
    return render(request, "onboarding/later.html", context)


@never_cache
@require_POST
def leave(request: ActingRequest) -> HttpResponse:
    """Forget the application on this device: for a computer that others use too."""
    let_go(request)
    messages.success(request, _("This device does not know your application any more. The link in our mail opens it."))
    return redirect("onboarding:apply")


@never_cache
@require_http_methods(["GET", "POST"])
def lost(request: ActingRequest) -> HttpResponse:
    """Mail a new link; the answer is the same whether we know the address or not."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        intake.mail_link(form.cleaned_data["email"])
        return render(request, "onboarding/link_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "onboarding/lost.html", {"form": form})


def _draw(request: ActingRequest, application: Application, drawn: Page, *, status: int = 200) -> HttpResponse:
    steps = steps_shown(application.form_version.form, application.answers)
    place = next((number for number, step in enumerate(steps) if step.key == drawn.step.key), 0)
    context = {
        "page": drawn,
        "number": place + 1,
        "total": len(steps),
        "before": steps[place - 1].key if place else "",
        "is_stale": status == 409,
        "saved": saved_line(application),
        "query": f"?from={BACK_TO_CHECK}" if request.GET.get("from") == BACK_TO_CHECK else "",
    }
    return render(request, "onboarding/page.html", context, status=status)


def _step(application: Application, key: str) -> Step | None:
    """The step of that key; None when these answers do not lead to it, 404 when there is none."""
    try:
        step = application.form_version.form.step(key)
    except KeyError as error:
        raise Http404 from error
    return step if step in steps_shown(application.form_version.form, application.answers) else None


def _first_open(application: Application) -> Step:
    """The first step on which something is missing, else the last."""
    form = application.form_version.form
    steps = steps_shown(form, application.answers)
    blocking = {field.key for field in missing(form, application.answers, "submit")}
    return next((step for step in steps if blocking & {field.key for field in step.fields}), steps[-1])


def _typed(request: ActingRequest) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in request.POST.lists()}


def _etag(request: ActingRequest) -> int:
    """What the page was drawn from; nothing readable counts as stale."""
    etag = request.POST.get("etag", "")
    return int(etag) if etag.isdecimal() and len(etag) < 10 else 0


def _language(version: FormVersion) -> str:
    language = (get_language() or "en").split("-")[0]
    return language if language in version.form.languages else "en"
