"""People."""

import zoneinfo
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from communities.roles import StaffGroup


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone we know."), params={"name": name})


class UserManager(BaseUserManager["User"]):
    """Makes people; nobody has a password unless somebody sets one on the command line."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


SECOND_STEPS = ("totp", "webauthn")  # allauth's Authenticator.Type


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by their e-mail address."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.SYSTEM, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open /admin/"), default=False)
    date_joined = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.name or self.email.split("@", maxsplit=1)[0]

    def get_short_name(self) -> str:
        return self.get_full_name().split(" ", maxsplit=1)[0]

    @cached_property
    def _standing(self) -> tuple[frozenset[str], bool]:
        """The names of all groups, and whether a second step is set up: both are asked of staff on every page, so in one query."""
        proofs = models.Count("authenticator", filter=models.Q(authenticator__type__in=SECOND_STEPS))
        rows = list(User.objects.filter(pk=self.pk).annotate(proofs=proofs).values_list("groups__name", "proofs"))
        return frozenset(name for name, _proofs in rows if name), any(count for _name, count in rows)

    @property
    def staff_groups(self) -> frozenset[str]:
        """The staff groups this person is in; one query a request."""
        return self._standing[0] & frozenset(StaffGroup.values)

    @property
    def has_second_step(self) -> bool:
        """Whether this person has a one-time code or a passkey; the same query."""
        return self._standing[1]

    @cached_property
    def roles_by_community(self) -> dict[int, frozenset[str]]:
        """Role values by community key; one query a request."""
        roles: dict[int, frozenset[str]] = {}
        for community_id, role in self.memberships.values_list("community_id", "role"):
            roles[community_id] = roles.get(community_id, frozenset()) | {role}
        return roles
