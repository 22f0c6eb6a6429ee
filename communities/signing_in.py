"""How people sign in: a mailed code, a passkey, or a provider that has verified their address; accounts come by invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up: an account is made when somebody is invited or their application is accepted."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        return False

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        return super().is_email_verified(request, email) or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A provider signs in people we know; it makes no accounts."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  allauth's signature
        return False
