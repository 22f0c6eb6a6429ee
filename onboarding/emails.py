"""Mails of the onboarding room."""

import hashlib
import secrets

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from ground.mail import Context, mail
from onboarding import links
from onboarding.models import Application, Decision, Letter, PrivacyLink, PrivacyRequest


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


@mail("onboarding/my_data.txt")
def my_data_link(link_id: int) -> Context:
    """The way to what we hold on you. The secret is minted here, and kept nowhere."""
    link, secret = PrivacyLink.objects.get(pk=link_id), secrets.token_urlsafe(32)
    link.sha256 = hashlib.sha256(secret.encode()).hexdigest()
    link.save(update_fields=["sha256"])
    return {"link": link, "path": reverse("onboarding:my_data_opened", args=[secret])}


@mail("onboarding/privacy_received.txt")
def privacy_received(request_id: int) -> Context:
    """We have your request to be forgotten, and answer by that day."""
    return {"request": PrivacyRequest.objects.get(pk=request_id)}


@mail("onboarding/privacy_done.txt")
def privacy_done(request_id: int) -> Context:
    """You are forgotten here."""
    return {"request": PrivacyRequest.objects.get(pk=request_id)}


@mail("onboarding/privacy_refused.txt")
def privacy_refused(request_id: int) -> Context:
    """We cannot forget you, and why."""
    return {"request": PrivacyRequest.objects.get(pk=request_id)}


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
