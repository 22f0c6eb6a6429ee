"""What somebody can do about an application next: each command with what it asks, where it goes, or why it cannot be given."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise

from ground.actors import Actor
from onboarding.commands import Offer, offered
from onboarding.forms.commands import ON_THEIR_OWN_PAGES, form_of
from onboarding.models import Application


@dataclass(frozen=True)
class Step:
    """One command as a button: a `form` where it is given at once, `url` where to post it or to read more first."""

    key: str
    words: str | Promise
    url: str
    form: forms.Form | None
    why_not: str | Promise
    may_be_overridden: bool

    @property
    def can_be_given(self) -> bool:
        return not self.why_not or self.may_be_overridden

    @property
    def is_link(self) -> bool:
        return self.form is None

    @property
    def asks(self) -> bool:
        """Whether there is something to fill in before the button."""
        return self.form is not None and bool(self.form.fields) and (self.may_be_overridden or "override" not in self.form.fields)


def next_steps(
    application: Application,
    by: Actor,
    *,
    leave_out: Collection[str] = (),
    tried: tuple[str, forms.Form] | None = None,
    known: Mapping[str, Any] | None = None,
) -> list[Step]:
    """The commands that fit, those that can be given first; `tried` is the form that came back with errors, `known` as in `offered`."""
    steps = [_step(offer, application, by, tried) for offer in offered(application, by, known=known) if offer.key not in leave_out]
    return sorted(steps, key=lambda step: not step.can_be_given)


def _step(offer: Offer, application: Application, by: Actor, tried: tuple[str, forms.Form] | None) -> Step:
    form = None if offer.key in ON_THEIR_OWN_PAGES else form_of(offer.command, by)
    if tried is not None and tried[0] == offer.key:
        form = tried[1]
    if form is not None and offer.may_be_overridden and "override" in form.fields:
        form.fields["override"].required = True  # here it is the only way
    return Step(offer.key, offer.command.words, _url(offer.key, application), form, offer.why_not, offer.may_be_overridden)


def _url(key: str, application: Application) -> str:
    if key == "ask":
        return reverse("onboarding:ask_applicant", args=[application.reference])
    if key in ON_THEIR_OWN_PAGES:
        return reverse("onboarding:decision", args=[application.reference])
    return reverse("onboarding:give_command", args=[application.reference, key])
