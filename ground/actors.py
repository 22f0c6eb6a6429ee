"""Who acts: a person, an applicant holding a link, a token, a mail, the mirror, or the site itself."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from communities.models import User  # the one look to the right, for the type alone


@dataclass(frozen=True)
class Actor:
    """Whoever does something; `label` is what a history shows, `role` how they came to act."""

    user: "User | None"
    role: str
    label: str

    @classmethod
    def person(cls, user: "User") -> "Actor":
        return cls(user=user, role="person", label=user.get_full_name())

    @classmethod
    def token(cls, user: "User") -> "Actor":
        return cls(user=user, role="token", label=user.get_full_name())

    @classmethod
    def anonymous(cls) -> "Actor":
        return cls(user=None, role="anonymous", label="")

    @classmethod
    def applicant(cls, name: str = "") -> "Actor":
        return cls(user=None, role="applicant", label=name)

    @classmethod
    def link(cls, user: "User") -> "Actor":
        """A person whom a mailed link names; nobody signed in."""
        return cls(user=user, role="link", label=user.get_full_name())

    @classmethod
    def system(cls) -> "Actor":
        return cls(user=None, role="system", label="Hubdesk")

    @classmethod
    def rule(cls, name: str) -> "Actor":
        """A rule of the desk; what it does starts no other rule."""
        return cls(user=None, role="rule", label=name)

    @classmethod
    def freshdesk(cls, name: str) -> "Actor":
        return cls(user=None, role="freshdesk", label=name)

    @classmethod
    def mail(cls, name: str, *, user: "User | None" = None) -> "Actor":
        """Whoever a mail says it is from; its sender is only as sure as mail is."""
        return cls(user=user, role="mail", label=name)

    @classmethod
    def widget(cls, name: str) -> "Actor":
        """Whoever wrote on a documentation site; nobody has verified who that is."""
        return cls(user=None, role="widget", label=name)

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None


class ActingRequest(HttpRequest):
    """A request as views of ours see it: the middleware has said who acts, and whether htmx asks."""

    actor: Actor
    htmx: HtmxDetails
