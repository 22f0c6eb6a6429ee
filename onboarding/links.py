"""The links by which an applicant comes back and a community answers: minted while a mail is written, kept only as their SHA-256."""

import hashlib
import secrets
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from onboarding.models import Application, Asking, ResumeToken

LIFE = timedelta(days=365)


def mint(application: Application, *, purpose: ResumeToken.Purpose | None = None) -> str:
    """The path of a new link to this application; the secret in it is known to nobody else from here on.

    Without a purpose it goes on with a draft, or follows what was sent.
    """
    secret = secrets.token_urlsafe(32)
    ResumeToken.objects.create(
        application=application,
        sha256=sha256(secret),
        purpose=purpose or (ResumeToken.Purpose.RESUME if application.is_draft else ResumeToken.Purpose.FOLLOW),
        expires_at=application.purge_after or timezone.now() + LIFE,
    )
    return reverse("onboarding:open", args=[secret])


def mint_asking(asking: Asking) -> str:
    """The path of a new link to these questions; whatever link was minted for them before opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    Asking.objects.filter(pk=asking.pk).update(sha256=sha256(secret))
    return reverse("onboarding:open_asked", args=[secret])


def find(secret: str) -> ResumeToken | None:
    """The link with that secret, if it still opens its application."""
    return ResumeToken.objects.valid().select_related("application__form_version").filter(sha256=sha256(secret)).first()


def sha256(secret: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(secret.encode()).hexdigest()
