"""Who may read and edit: predicates proven equal to `Edition.objects.visible_to`, and the rights of this room."""

from django.utils.translation import gettext_lazy as _

from communities.access import can_see_community, is_staff, right
from communities.models import Community
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase.models import ArticleDocument, ArticleImage, Audience, Edition

EDITORS = frozenset({Role.REPRESENTATIVE, Role.HUB_CHAMPION})
SHARED_EDITORS = frozenset(
    {StaffGroup.COMMUNITY_GUIDE, StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER, StaffGroup.OPERATOR}
)

EDIT = right("knowledgebase.edit", _("write and publish articles of a community"), staff=SHARED_EDITORS, members=EDITORS)
EDIT_SHARED = right("knowledgebase.edit_shared", _("write and publish shared articles"), staff=SHARED_EDITORS)


def can_see(actor: Actor, edition: Edition) -> bool:
    """The predicate of `Edition.objects.visible_to`."""
    if edition.audience == Audience.PUBLIC or is_staff(actor):
        return True
    if edition.audience != Audience.MEMBERS or actor.user is None:
        return False
    community_id = edition.knowledge_base.community_id
    return bool(actor.user.roles_by_community) if community_id is None else community_id in actor.user.roles_by_community


def can_enter(actor: Actor, community: Community) -> bool:
    """Whether there is anything for them in that community's knowledge base: they belong to it, or it published for everybody."""
    if can_see_community(actor, community):
        return True
    return Edition.objects.filter(knowledge_base__community=community, audience=Audience.PUBLIC).exists()


def can_open(actor: Actor, file: ArticleImage | ArticleDocument) -> bool:
    """Readers open the files of articles they may read; editors those they may put into one."""
    if Edition.objects.visible_to(actor).filter(pk__in=file.editions.values("pk")).exists():
        return True
    return actor.user is not None and file.is_editable_by_user(actor.user)
