"""Mails of the onboarding room."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from ground.mail import Context, mail
from onboarding import links
from onboarding.models import Application, Assignment, Decision, Letter


@mail("onboarding/resume.txt")
def resume_link(application_id: int) -> Context:
    """Your answers are kept; here is the link back to them."""
    return _with_link(application_id)


@mail("onboarding/acknowledgement.txt")
def acknowledgement(application_id: int) -> Context:
    """We have your application; confirm your address, and follow it here."""
    return _with_link(application_id)


def _with_link(application_id: int) -> Context:
    application = Application.objects.get(pk=application_id)
    return {"application": application, "name": application.answers.get("contact.name", ""), "path": links.mint(application)}


@mail("onboarding/invited.txt")
def invited(assignment_id: int) -> Context:
    """Please review this application until a day."""
    return _assignment(assignment_id)


@mail("onboarding/review_due.txt")
def review_due(assignment_id: int) -> Context:
    """A review that was asked for is due soon, today, or was some days ago."""
    return _assignment(assignment_id)


@mail("onboarding/late_reviews.txt")
def late_reviews(assignment_ids: list[int]) -> Context:
    """The reviews that did not come, for a lead."""
    rows = Assignment.objects.due().filter(pk__in=assignment_ids).select_related("application", "reviewer").order_by("due_at", "pk")
    return {"assignments": list(rows), "path": reverse("onboarding:review_queue")}


def _assignment(assignment_id: int) -> Context:
    assignment = Assignment.objects.select_related("application", "reviewer", "invited_by").get(pk=assignment_id)
    days = (timezone.localdate(assignment.due_at) - timezone.localdate()).days
    path = reverse("onboarding:review", args=[assignment.application.reference])
    return {"assignment": assignment, "application": assignment.application, "days": days, "late": max(0, -days), "path": path}


def applicant_name(application: Application) -> str:
    """How to greet whoever applied."""
    return str(application.answers.get("contact.name") or application.email.split("@", maxsplit=1)[0])


def decision_letter(letter: Letter) -> None:
    """Hand the letter over as it was approved; an acceptance goes to the representatives too and says how to sign in."""
    decision = letter.decision
    context = {"letter": letter, "decision": decision, "community": decision.community, "reference": decision.application.reference}
    with translation.override(letter.language):
        text = render_to_string(
            "mails/onboarding/letter.txt",
            {**context, "site_url": settings.SITE_URL, "operator": settings.OPERATOR_NAME, "support_email": settings.SUPPORT_EMAIL},
        )
    subject, _rest, body = text.strip().partition("\n")
    message = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=_readers(decision))
    get_connection(settings.EMAIL_TRANSPORT).send_messages([message])


def _readers(decision: Decision) -> list[str]:
    """Whoever applied, and who represents the community now."""
    addresses = [decision.application.email]
    if decision.community is not None:
        addresses += decision.community.representatives().values_list("email", flat=True)
    return list({address.lower(): address for address in addresses}.values())
