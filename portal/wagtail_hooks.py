"""The portal's decisions in the audit log, and community updates in the editor: written by guides, published by operators."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from ground.actors import Actor
from portal import updating
from portal.access import PUBLISH_UPDATES, WRITE_UPDATES
from portal.models import CommunityUpdate

ACTIONS = {
    "portal.ask_archive": _("Archive asked for"),
    "portal.take_archive": _("Archive taken"),
    "portal.draft_update": _("Community update drafted"),
    "portal.publish_update": _("Community update published"),
    "portal.named_for_all": _("Agreed to be named in the update for everybody"),
    "portal.not_named_for_all": _("Took back being named in the update for everybody"),
}
WRITING = frozenset({"view", "change"})
PUBLISHING = frozenset({"publish", "unpublish"})


class WritersAndPublishers(ModelPermissionPolicy):
    """Guides and operators write, operators publish; nobody adds one here, since drafts are made from facts, and nobody deletes one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not user.is_authenticated:
            return False
        right = WRITE_UPDATES if action in WRITING else PUBLISH_UPDATES
        return action in WRITING | PUBLISHING and right.is_held_by(Actor.person(user))


class PublishUpdate(EditView):
    """Publishing here is publishing: its readers are told."""

    def publish_action(self) -> Any:
        response = super().publish_action()
        updating.note_published(self.object, by=Actor.person(self.request.user))
        return response


class CommunityUpdateViewSet(SnippetViewSet):
    """The updates of all communities and of all together."""

    model = CommunityUpdate
    icon = "calendar-alt"
    menu_label = _("Community updates")
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ["__str__", "live", "has_unpublished_changes", "first_published_at"]
    list_filter = ["month", "language", "live"]
    edit_view_class = PublishUpdate


register_permission_policy(CommunityUpdate, WritersAndPublishers(CommunityUpdate))
register_snippet(CommunityUpdateViewSet)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
