"""Who may read and edit: predicates proven equal to `Edition.objects.visible_to`, and the rights of this room."""

from django.utils.translation import gettext_lazy as _

from communities.access import can_see_community, is_staff, right, roles_in
from communities.models import Community
from communities.roles import StaffGroup
from ground.actors import Actor
from knowledgebase.models import (
    EDITORS,
    SHARED_EDITORS,
    Article,
    ArticleDocument,
    ArticleImage,
    Audience,
    Edition,
    Offer,
    Override,
    SearchMiss,
    Vote,
)

__all__ = ["EDIT", "EDITORS", "EDIT_SHARED", "OFFER", "OVERRIDE", "SHARED_EDITORS", "TAKE_OFFERS"]

EDIT = right("knowledgebase.edit", _("write and publish articles of a community"), staff=SHARED_EDITORS, members=EDITORS)
EDIT_SHARED = right("knowledgebase.edit_shared", _("write and publish shared articles"), staff=SHARED_EDITORS)
OVERRIDE = right("knowledgebase.override", _("write a community’s own version of a shared article"), staff=SHARED_EDITORS, members=EDITORS)
OFFER = right("knowledgebase.offer", _("offer a community’s article to the shared shelf"), members=EDITORS)
TAKE_OFFERS = right("knowledgebase.take_offers", _("take or decline what communities offer to the shared shelf"), staff=SHARED_EDITORS)
KEEP_SYNONYMS = right(
    "knowledgebase.keep_synonyms", _("say which words mean the same when articles are looked for"), staff={StaffGroup.OPERATOR}
)


def can_see_miss(actor: Actor, miss: SearchMiss) -> bool:
    """The predicate of `SearchMiss.objects.visible_to`."""
    if actor.user is None:
        return False
    return is_staff(actor) or (miss.community_id is not None and bool(roles_in(actor, miss.community_id) & EDITORS))


def can_see(actor: Actor, edition: Edition) -> bool:
    """The predicate of `Edition.objects.visible_to`."""
    if edition.audience == Audience.PUBLIC or is_staff(actor):
        return True
    if edition.audience != Audience.MEMBERS or actor.user is None:
        return False
    community_id = edition.knowledge_base.community_id
    return bool(actor.user.roles_by_community) if community_id is None else community_id in actor.user.roles_by_community


def can_care(actor: Actor, community: Community | None) -> bool:
    """Whether they look after the articles of that community, or without one after the shared ones."""
    return EDIT_SHARED.is_held_by(actor) if community is None else EDIT.is_held_by(actor, community)


def can_read_vote(actor: Actor, vote: Vote) -> bool:
    """The predicate of `Vote.objects.visible_to`."""
    edition = Edition.objects.filter(pk=vote.article_id).select_related("knowledge_base__community").first()
    return can_care(actor, edition.knowledge_base.community if edition else None)


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


def can_see_override(actor: Actor, override: Override) -> bool:
    """The predicate of `Override.objects.visible_to`."""
    return OVERRIDE.is_held_by(actor, override.knowledge_base.community_id)


def can_see_offer(actor: Actor, offer: Offer) -> bool:
    """The predicate of `Offer.objects.visible_to`."""
    return TAKE_OFFERS.is_held_by(actor) or OFFER.is_held_by(actor, offer.knowledge_base.community_id)


def may_unpublish(actor: Actor, article: Article) -> bool:
    """Whether nobody loses a text by that, or this person takes texts back without a second one. What we do ourselves waits for nobody."""
    return not article.live or actor.user is None or bool(article.permissions_for_user(actor.user).can_unpublish())
