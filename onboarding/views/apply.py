"""Beginning an application, reading everything once more, and sending it, without an account."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communities.models import ServicePolicy
from ground.actors import ActingRequest
from ground.rates import count
from ground.states import WrongState
from ground.texts import pick
from onboarding import intake, statements, upgrading
from onboarding.forms.entering import SendForm, TrapForm
from onboarding.forms.saved import saved_line
from onboarding.intake import Incomplete, TooQuick
from onboarding.models import Application, FormVersion
from onboarding.questions.progress import steps_shown
from onboarding.questions.summary import summary
from onboarding.views.applicants import acting, held, hold, with_application, with_draft
from onboarding.views.limits import SENDS, SENDS_OF_ONE, STARTS, limited
from onboarding.views.steps import first_open

INTEREST = "interest"


@never_cache
@require_http_methods(["GET", "POST"])
@limited(STARTS)
def apply(request: ActingRequest, key: str = INTEREST) -> HttpResponse:
    """What applying is, and the button that begins; a draft of this browser can be gone on with.

    The entry is the form `interest`; others that are open to everybody have an address each, and are named on the entry.
    """
    public = {version.definition.key: version for version in FormVersion.objects.public().titled().order_by("definition__key")}
    version, is_entry = public.get(key), key == INTEREST
    others = [(other, pick(each.title)) for other, each in public.items() if is_entry and other != INTEREST]  # type: ignore[attr-defined]  # `titled` adds it
    if version is None:
        return render(request, "onboarding/closed.html", {"others": others}, status=200 if is_entry else 404)
    form = TrapForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hold(request, intake.start(version, language=_language(version), by=request.actor))
        return redirect("onboarding:page", version.form.steps[0].key)
    application = held(request)
    draft = application if application and application.is_draft else None
    context = {
        "form": form,
        "key": key,
        "title": "" if is_entry else pick(version.form.title),
        "intro": "" if is_entry else pick(version.form.intro),
        "others": others,
        "draft": draft,
        "going_on": reverse("onboarding:page", args=[first_open(draft).key]) if draft else "",
        "pages": len(version.form.steps),
        "is_newer": draft is not None and _is_newer(public, draft),
        "reply_days": ServicePolicy.of(version.definition.programme_id).reply_days,
    }
    return render(request, "onboarding/apply.html", context)


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
@limited(SENDS)
def send(request: ActingRequest, application: Application) -> HttpResponse:
    """Send the application; a second click leads to the same place."""
    form = SendForm(request.POST)
    if not form.is_valid():
        return _check(request, application, form)
    count(SENDS_OF_ONE, application.email)
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


@require_http_methods(["GET", "POST"])
@with_draft
def newer(request: ActingRequest, application: Application) -> HttpResponse:
    """What a newer version of the form would change, and the button that takes it."""
    offer = upgrading.offered(application)
    if offer is None:
        return redirect("onboarding:apply")
    if request.method == "POST":
        upgrading.upgrade(application, by=acting(request, application))
        return redirect("onboarding:page", first_open(application).key)
    return render(request, "onboarding/newer.html", {"offer": offer})


def _check(request: ActingRequest, application: Application, form: SendForm) -> HttpResponse:
    version = application.form_version.form
    sections = summary(version, application.answers)
    context = {
        "application": application,
        "form": form,
        "sections": sections,
        "missing": [line for section in sections for line in section.lines if line.is_missing],
        "changed": statements.outdated(application),
        "saved": saved_line(application),
        "is_newer": upgrading.offered(application) is not None,
    }
    return render(request, "onboarding/check.html", context)


def _is_newer(public: Mapping[str, FormVersion], draft: Application) -> bool:
    """Whether the form that was begun has another version by now."""
    now = public.get(draft.form_version.definition.key)
    return now is not None and now.pk != draft.form_version_id


def _language(version: FormVersion) -> str:
    language = (get_language() or "en").split("-")[0]
    return language if language in version.form.languages else "en"
