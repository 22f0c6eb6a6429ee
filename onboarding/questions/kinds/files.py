"""Files sent along. An answer names them; they come and go one by one, never with the words of a page."""

from typing import Any

from django.template.defaultfilters import filesizeformat

from onboarding.questions.kinds.base import Typed
from onboarding.questions.shape import Field


class FileList:
    """A list of `{"file", "name", "size"}`: its key in the store, what the applicant called it, its octets."""

    def read(self, field: Field, typed: Typed) -> None:  # noqa: ARG002  a kind's signature
        """Nothing of a file is typed."""
        return

    def inputs(self, field: Field, answer: Any) -> dict[str, list[str]]:  # noqa: ARG002  a kind's signature
        """A browser fills no file in."""
        return {}

    def say(self, _field: Field, answer: Any) -> str:
        return "; ".join(f"{each['name']} ({filesizeformat(each['size'])})" for each in answer)
