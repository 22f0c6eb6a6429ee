"""The one task of the workflow of articles: somebody who may edit them, and did not write this one, reads it first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState
from wagtail.permissions import policy_registry

Action = tuple[str, str | Promise, bool]
READERS_ACTIONS: list[Action] = [
    ("approve", _("Publish"), False),
    ("reject", _("Ask for changes"), True),
]


class ReadByAnother(Task):
    """An article is read by a second person of its knowledge base, or of the staff, before it is published."""

    class Meta:
        verbose_name = _("reading by a second person")

    def get_actions(self, obj: Page, user: Any) -> list[Action]:
        return READERS_ACTIONS if may_pass(obj, user) else []

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Wagtail asks about the page of the address; the state may be another page's, so it is asked about again here."""
        if not may_pass(task_state.workflow_state.content_object, user):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """While somebody else reads, who wrote it waits; it can be taken back and changed."""
        return not may_pass(obj, user)

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> QuerySet[TaskState]:
        waiting = TaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        return TaskState.objects.filter(pk__in=[state.pk for state in waiting if may_pass(state.workflow_state.content_object, user)])

    @classmethod
    def get_description(cls) -> str | Promise:
        return _("Somebody who may edit the article and did not write it reads it, then publishes it or asks for changes.")


def may_pass(page: Page | None, user: Any) -> bool:
    """Whether this person may edit the page and wrote none of what waits."""
    if page is None or not user.is_active:
        return False
    return _edits(page, user) and user.pk not in writers(page)


def writers(page: Page) -> set[int]:
    """Who wrote any of what is not published yet, or asked for it to be read."""
    revisions = page.revisions.all()
    if page.live_revision is not None:
        revisions = revisions.filter(created_at__gt=page.live_revision.created_at)
    state = page.current_workflow_state
    asked = {state.requested_by_id} if state else set()
    return {key for key in {*revisions.values_list("user", flat=True), *asked} if key is not None}


def _edits(page: Page, user: Any) -> bool:
    return bool(user.is_superuser or policy_registry.get_by_type(Page).user_has_permission_for_instance(user, "change", page))
