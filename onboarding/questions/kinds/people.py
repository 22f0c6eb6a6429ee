"""People named in an answer."""

from typing import Any

from django.utils.translation import gettext as _

from onboarding.questions.kinds.base import Problem, Typed, one, part
from onboarding.questions.kinds.texts import SHORT, email_problem, too_long
from onboarding.questions.shape import Field


class Person:
    """A name and an e-mail address; both, or neither."""

    def read(self, field: Field, typed: Typed) -> dict[str, str] | Problem | None:
        name, email = one(typed, part(field, "name")), one(typed, part(field, "email"))
        if not name and not email:
            return None
        if not name or not email:
            return Problem(_("Write both the name and the e-mail address."))
        return too_long(name, SHORT) or email_problem(email) or {"name": name, "email": email}

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:
        return {part(field, name): [answer[name]] for name in ("name", "email")}

    def say(self, _field: Field, answer: Any) -> str:
        return f"{answer['name']}, {answer['email']}"
