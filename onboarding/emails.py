"""Mails of the onboarding room."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation

from ground.mail import Context, mail
from onboarding import links
from onboarding.models import Application, Decision, Letter


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


def applicant_name(application: Application) -> str:
    """How to greet whoever applied."""
    return str(application.answers.get("contact.name") or application.email.split("@", maxsplit=1)[0])


def decision_letter(letter: Letter) -> None:
    """Hand the letter over as it was approved; an acceptance goes to the representatives too and says how to sign in."""
    subject, body = letter_in_full(letter)
    message = EmailMessage(subject=subject, body=body, to=_readers(letter.decision))
    get_connection(settings.EMAIL_TRANSPORT).send_messages([message])


def letter_in_full(letter: Letter) -> tuple[str, str]:
    """Subject and words as the applicant gets them, with what every letter says at its end; also shown before it is sent."""
    decision = letter.decision
    context = {"letter": letter, "decision": decision, "community": decision.community, "reference": decision.application.reference}
    with translation.override(letter.language):
        text = render_to_string(
            "mails/onboarding/letter.txt",
            {**context, "site_url": settings.SITE_URL, "operator": settings.OPERATOR_NAME, "support_email": settings.SUPPORT_EMAIL},
        )
    subject, _rest, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def _readers(decision: Decision) -> list[str]:
    """Whoever applied, and who represents the community now."""
    addresses = [decision.application.email]
    if decision.community is not None:
        addresses += decision.community.representatives().values_list("email", flat=True)
    return list({address.lower(): address for address in addresses}.values())
