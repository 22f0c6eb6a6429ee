"""What people may ask about their own data: a copy of everything, and to be forgotten. By a mailed link, without an account."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from ground.models import OutgoingMail
from ground.references import new_reference
from ground.states import WrongState
from onboarding import emails, erasing, exporting, purging
from onboarding.models import Application, PrivacyLink, PrivacyRequest
from onboarding.states import ApplicationState, PrivacyState

LINKS_AN_HOUR = 3
AT_ONCE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@transaction.atomic
def ask_for_link(email: str, *, language: str) -> None:
    """Mail a link to that address if we hold anything on it. Whoever asks learns nothing from the answer."""
    email, now = email.lower(), timezone.now()
    recent = PrivacyLink.objects.filter(email=email, created_at__gt=now - timedelta(hours=1))
    if not exporting.is_held(email) or recent.count() >= LINKS_AN_HOUR:
        return
    link = PrivacyLink.objects.create(email=email, language=language, expires_at=now + PrivacyLink.LIFE)
    emails.my_data_link.queue(to=email, language=language, link_id=link.pk)


def find(secret: str) -> PrivacyLink | None:
    """The link with that secret, as long as it opens."""
    return PrivacyLink.objects.valid().filter(sha256=hashlib.sha256(secret.encode()).hexdigest()).first()


@transaction.atomic
def ask_to_be_forgotten(email: str, *, language: str) -> PrivacyRequest:
    """Take the request, forget at once what nobody decided on, and say what happens to the rest. Asking twice is asking once."""
    email, now = email.lower(), timezone.now()
    request, is_new = PrivacyRequest.objects.get_or_create(
        email=email,
        state=PrivacyState.RECEIVED,
        defaults={
            "reference": new_reference("PR"),
            "language": language,
            "received_at": now,
            "due_at": now + PrivacyRequest.ANSWERED_WITHIN,
        },
    )
    forgotten = _forget_at_once(email)
    left = list(exporting.applications_of(email).values_list("reference", flat=True))
    request.references = sorted({*request.references, *forgotten, *left})
    request.save(update_fields=["references"])
    if not exporting.is_held(email):
        return _done(request, by=Actor.applicant())
    if is_new:
        emails.privacy_received.queue(to=email, language=language, request_id=request.pk)
    return request


@transaction.atomic
def confirm(request: PrivacyRequest, *, by: Actor) -> PrivacyRequest:
    """Forget everything on the address: every application, being named in others', the account if nothing needs it. Raises `WrongState`."""
    request = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not request.is_open:
        raise WrongState(request.reference)
    _forget_at_once(request.email)
    for application in exporting.applications_of(request.email):
        erasing.erase(application, by=by)
    for application in exporting.naming(request.email):
        erasing.forget_named(application, request.email, by=by)
    return _done(request, by=by)


@transaction.atomic
def refuse(request: PrivacyRequest, *, reason: str, by: Actor) -> PrivacyRequest:
    """Say no, and why; the person is told. Raises `WrongState`."""
    request = PrivacyRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    request.reason, request.settled_at, request.settled_by = reason, timezone.now(), by.user
    if request.is_open:
        request.save(update_fields=["reason", "settled_at", "settled_by"])
    request.move_to(PrivacyState.REFUSED, by=by)
    log(request, "onboarding.refuse_privacy", user=by.user, data={"by": by.label})
    emails.privacy_refused.queue(to=request.email, language=request.language, request_id=request.pk)
    return request


def waiting_applications(requests: Iterable[PrivacyRequest]) -> dict[str, list[Application]]:
    """What each request is about and still there, by its address; one query."""
    found: dict[str, list[Application]] = {}
    for row in Application.objects.filter(email__in=[each.email for each in requests if each.email]).select_related("community"):
        found.setdefault(row.email, []).append(row)
    return found


def _forget_at_once(email: str) -> list[str]:
    """Drafts are deleted, withdrawn applications forgotten; their references."""
    rows = exporting.applications_of(email).filter(state__in=AT_ONCE)
    references = list(rows.values_list("reference", flat=True))
    purging.delete(rows)
    for row in rows.filter(state=ApplicationState.WITHDRAWN):
        erasing.erase(row, by=Actor.applicant())
    return references


def _done(request: PrivacyRequest, *, by: Actor) -> PrivacyRequest:
    """Say that it is done, in a mail whose row forgets the address once it has left."""
    erasing.forget_address(request.email, by=by)
    emails.privacy_done.queue(to=request.email, language=request.language, request_id=request.pk)
    request.email, request.settled_at, request.settled_by = "", timezone.now(), by.user
    request.save(update_fields=["email", "settled_at", "settled_by"])
    return request.move_to(PrivacyState.DONE, by=by)


@emails.privacy_done.settled
def forget_reader(_outcome: object, *, request_id: int) -> None:
    """The last mail to somebody forgotten: once it has left, or was given up, its row does not know them either."""
    OutgoingMail.objects.filter(kind=emails.privacy_done.template, params__request_id=request_id).update(to=[], last_error="")
