"""The people of the demonstration, all invented, and how each of them signs in."""

import base64
import hashlib
import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Group

from communities.models import User
from communities.roles import StaffGroup


@dataclass(frozen=True)
class Login:
    """Somebody to sign in as."""

    email: str
    name: str
    what: str
    groups: tuple[StaffGroup, ...] = ()

    @property
    def secret(self) -> str:
        """Their authenticator's secret: known to everybody, since this is a demonstration."""
        return base64.b32encode(hashlib.sha256(self.email.encode()).digest()[:20]).decode()

    @property
    def code(self) -> str:
        """The six digits their authenticator shows now."""
        return str(format_hotp_value(hotp_value(self.secret, int(time.time()) // 30)))


STAFF = (
    Login("rita@hubs.example", "Rita Moreau", "Reviewer", (StaffGroup.REVIEWER,)),
    Login("rui@hubs.example", "Rui Tavares", "Reviewer", (StaffGroup.REVIEWER,)),
    Login("lena@hubs.example", "Lena Okafor", "Review lead: approves and releases", (StaffGroup.REVIEW_LEAD,)),
    Login(
        "gita@hubs.example",
        "Gita Rao",
        "Community guide: proposes decisions, keeps the matrix",
        (StaffGroup.COMMUNITY_GUIDE, StaffGroup.REVIEWER),
    ),
    Login("sam@hubs.example", "Sam Duarte", "Support agent and triager", (StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER)),
    Login("eli@hubs.example", "Eli Nakamura", "Engineer: approves hub requests", (StaffGroup.ENGINEER,)),
    Login("olga@hubs.example", "Olga Petrova", "Operator: configures everything", (StaffGroup.OPERATOR,)),
)
BY_EMAIL = {login.email: login for login in STAFF}


def employ(login: Login) -> User:
    """The person's account, groups and authenticator, made when missing."""
    user, _is_new = User.objects.get_or_create(email=login.email, defaults={"name": login.name})
    user.groups.add(*Group.objects.filter(name__in=login.groups))
    if StaffGroup.OPERATOR in login.groups:
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, login.secret)
    return User.objects.get(pk=user.pk)
