"""What a community owes, as one form: answers of the hub request, asked by the hubs room's own form, and items to tick."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ground.states import WrongState
from hubs import requests
from hubs.forms import AnswersForm
from hubs.models import HubRequest
from onboarding.asking import Reply
from onboarding.models import Item
from onboarding.states import ItemState


class Owed:
    """The questions of these pointers and these items; `status` is the one to answer with."""

    def __init__(self, request: HubRequest | None, pointers: Collection[str], items: Sequence[Item], data: QueryDict | None = None) -> None:
        self.request, self.pointers, self.items, self.data = request, list(pointers), list(items), data
        self.status = 200
        self.form = self._drawn(data)

    @property
    def ticked(self) -> set[int]:
        """The items said to be done."""
        return {int(key) for key in (self.data.getlist("item") if self.data else []) if key.isdigit()}

    def is_kept(self, keep: Callable[[Reply], object]) -> bool:
        """Hand on what was answered; False leaves the page with words about what keeps it from being kept."""
        if self.form is not None and not self.form.is_valid():
            self.status = 422
            return False
        try:
            keep(self._reply())
        except requests.Stale:
            self._start_over()
            return False
        except WrongState:
            self.status = 409
            return False
        return True

    @property
    def context(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "form": self.form,
            "is_closed": self.status == 409 and not (self.form and self.form.is_stale),
            "sections": self.form.sections() if self.form else [],
            "items": [(item, item.state != ItemState.TODO, item.pk in self.ticked) for item in self.items],
        }

    def _reply(self) -> Reply:
        if self.form is None:
            return Reply(items=self.ticked)
        return Reply(self.form.values, self.form.still_unsure, self.ticked, self.form.cleaned_data["version"])

    def _drawn(self, data: QueryDict | None) -> AnswersForm | None:
        """No form where no answer is asked for, or where they cannot change any more."""
        if self.request is None or not self.pointers or not self.request.can_change_answers:
            return None
        form = AnswersForm.of(self.request, supplier="community", data=data, only=self.pointers)
        return form if form.asked else None

    def _start_over(self) -> None:
        """The same words over the answers as they are now: whoever sends them again has seen that somebody was quicker."""
        self.status = 409
        if self.form is None or self.request is None or self.data is None:
            return
        self.request.refresh_from_db()
        fresh = self.data.copy()
        fresh["version"] = str(self.request.version)
        self.form.start_over(self.request, fresh)
        self.form.add_error(
            None, _("Somebody else changed the answers while you wrote. Yours are kept on this page; look them over and send them again.")
        )
