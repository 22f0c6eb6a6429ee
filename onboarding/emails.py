"""Mails of the onboarding room."""

import hashlib
import secrets

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from communities.models import Community, ServicePolicy
from ground.mail import Context, mail
from onboarding import letter_words, links
from onboarding.models import (
    Agreement,
    Application,
    Asking,
    Assignment,
    Decision,
    EndingLetter,
    Letter,
    LetterOccasion,
    LetterTemplateVersion,
    PrivacyLink,
    PrivacyRequest,
    Question,
    ResumeToken,
)


@mail("onboarding/resume.txt")
def resume_link(application_id: int) -> Context:
    """Your answers are kept; here is the link back to them."""
    return _with_link(application_id)


@mail("onboarding/acknowledgement.txt")
def acknowledgement(application_id: int) -> Context:
    """We have your application; confirm your address, and follow it here."""
    application = Application.objects.get(pk=application_id)
    return _with_link(application_id) | {"reply_days": ServicePolicy.of(application.programme_id).reply_days}


@mail("onboarding/withdrawn.txt")
def withdrawn(application_id: int) -> Context:
    """You took your application back, and nothing is left to do; in the words an operator wrote."""
    application = Application.objects.get(pk=application_id)
    _version, words = letter_words_for(application, LetterOccasion.WITHDRAWN, language=application.language)
    return {"letter": words}


def letter_words_for(
    application: Application, occasion: str, *, language: str, conditions: str = ""
) -> tuple[LetterTemplateVersion | None, dict[str, str]]:
    """Subject and body of a letter, filled in; the words we begin with, where a programme has published none."""
    version = LetterTemplateVersion.objects.current_for(application.programme_id, occasion)
    words = version.words(language) if version else letter_words.default(occasion, language)
    values = {
        "name": applicant_name(application),
        "community": application.name or application.reference,
        "reference": application.reference,
        "operator": settings.OPERATOR_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "reply_days": str(ServicePolicy.of(application.programme_id).reply_days),
        "conditions": conditions,
    }
    with translation.override(language):
        values["next_steps"] = letter_words.next_steps()
    return version, {part: letter_words.filled(text, values) for part, text in words.items()}


@mail("onboarding/reminder.txt")
def reminder(application_id: int) -> Context:
    """Your answers still wait; here is a new link to them, and the day on which we delete them."""
    return _with_link(application_id)


@mail("onboarding/question.txt")
def question(question_id: int) -> Context:
    """A reader of your application asks something; here is the link to answer it."""
    asked = Question.objects.select_related("application").get(pk=question_id)
    return _with_link(asked.application_id, purpose=ResumeToken.Purpose.CORRECT) | {"question": asked}


def _with_link(application_id: int, *, purpose: ResumeToken.Purpose | None = None) -> Context:
    application = Application.objects.get(pk=application_id)
    return {
        "application": application,
        "name": application.answers.get("contact.name", ""),
        "path": links.mint(application, purpose=purpose),
    }


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
