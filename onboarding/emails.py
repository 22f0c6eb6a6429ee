"""Mails of the onboarding room."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from communities.models import Community
from ground.mail import Context, mail
from onboarding import links
from onboarding.models import Agreement, Application, Asking, Decision, EndingLetter, Letter


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


@mail("onboarding/asked.txt")
def asked(asking_id: int) -> Context:
    """A few questions on the way to a hub, behind a link that needs no account."""
    asking = Asking.objects.select_related("plan__community", "to", "asked_by").get(pk=asking_id)
    return {
        "asking": asking,
        "name": asking.to.get_full_name(),
        "community": asking.plan.community,
        "number": len(asking.pointers) + asking.items.count(),
        "path": links.mint_asking(asking),
    }


@mail("onboarding/renewal.txt")
def renewal(agreement_id: int, ours: bool) -> Context:
    """The agreement ends soon; what there is to look at."""
    agreement = Agreement.objects.select_related("community").get(pk=agreement_id)
    return {"agreement": agreement, "community": agreement.community, "ours": ours} | _plan_path(agreement.community)


@mail("onboarding/ending.txt")
def ending(letter_id: int) -> Context:
    """A letter about the end: two weeks before, two days before, and after the deletion."""
    letter = EndingLetter.objects.select_related("ending__community", "to").get(pk=letter_id)
    community = letter.ending.community
    return {"letter": letter, "ending": letter.ending, "community": community, "name": letter.to.get_full_name()} | _plan_path(community)


def _plan_path(community: Community) -> Context:
    return {"path": reverse("onboarding:plan", args=[community.slug])}


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
