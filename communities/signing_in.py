"""How people sign in: a mailed code, a passkey, or a provider that has verified their address; accounts come by invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up: an account is made when somebody is invited or their application is accepted."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A provider signs in people we know; it makes no accounts."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  allauth's signature
        return False
