"""Who gets through to the knowledge bases' addresses."""

from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase import offering, overriding, translating
from knowledgebase.models import SHARED_EDITORS, Article, ArticleDocument, Edition, KnowledgeBase
from tests.access.routes import EVERYBODY, MEMBERS, STAFF, Route, World, of_community
from tests.factories import acting
from tests.knowledgebase.factories import bare, picture, published


def public_article(_world: World) -> Sequence[Any]:
    return (published(bare(), title="First login").address,)


def members_article(world: World) -> Sequence[Any]:
    return (world.community.slug, published(bare(world.community), title="Our data", audience="members").address)


def members_knowledge_base(world: World) -> Sequence[Any]:
    members_article(world)
    return of_community(world)


def members_image(world: World) -> Sequence[Any]:
    image = picture(bare(world.community))
    figure = {"type": "figure", "value": {"image": image.pk, "alt": "", "caption": ""}}
    published(bare(world.community), title="Map", audience="members", body=[figure])
    return (image.key, "width-800")


def staff_document(world: World) -> Sequence[Any]:
    document = ArticleDocument(title="Plan", collection=bare(world.community).collection)
    document.file.save("plan.txt", ContentFile(b"plan"))
    edition: Edition = published(bare(world.community), title="Plan", audience="staff")
    edition.documents.add(document)
    return (document.key,)


EDITORS = frozenset({"Support agent", "Support triager", "Engineer", "Community guide", "Operator"})
KEY = 987654
OWN_EDITORS = EDITORS | {"representative", "hub_champion"}


def to_translate(knowledge_base: KnowledgeBase) -> None:
    """An article of that key, which the form names."""
    article = Article(pk=KEY, title="First login", live=False, audience="public")
    knowledge_base.add_child(instance=article)
    article.save_revision().publish()


def shared_to_translate(_world: World) -> Sequence[Any]:
    to_translate(bare())
    return ()


def own_to_translate(world: World) -> Sequence[Any]:
    to_translate(bare(world.community))
    return of_community(world)


def a_changed_pair(knowledge_base: KnowledgeBase) -> tuple[int, int]:
    """A translation that is behind, and the change it is behind of."""
    original = published(knowledge_base, title="Data", body="Some words").article
    translation = translating.start(original.edition, language="es", into=knowledge_base, by=Actor.system())
    translation.save_revision().publish()
    original.body = [("text", "All other ones")]
    original.save_revision().publish()
    return translation.pk, original.changes.get().pk


def shared_translation(_world: World) -> Sequence[Any]:
    return a_changed_pair(bare())[:1]


def shared_change(_world: World) -> Sequence[Any]:
    return a_changed_pair(bare())[1:]


def own_translation(world: World) -> Sequence[Any]:
    return (world.community.slug, *a_changed_pair(bare(world.community))[:1])


def own_change(world: World) -> Sequence[Any]:
    return (world.community.slug, *a_changed_pair(bare(world.community))[1:])


def with_shared(_world: World) -> Sequence[Any]:
    published(bare(), title="First login")
    return ()


def shared_article(world: World) -> Sequence[Any]:
    bare(world.community)
    return (world.community.slug, published(bare(), title="Shared").pk)


def own_version(world: World) -> Sequence[Any]:
    bare(world.community)
    champion = acting(world.people["hub_champion"])
    return (world.community.slug, overriding.write_own(world.community, published(bare(), title="Shared"), by=champion).pk)


def own_article(world: World) -> Sequence[Any]:
    return (world.community.slug, published(bare(world.community), title="Our data").pk)


def own_offer(world: World) -> Sequence[Any]:
    bare()
    edition = published(bare(world.community), title="Our data")
    return (world.community.slug, offering.offer(edition, by=acting(world.people["hub_champion"])).pk)


def waiting_offer(world: World) -> Sequence[Any]:
    return own_offer(world)[1:]


WRITERS = frozenset({"representative", "hub_champion"})


def public_key(_world: World) -> Sequence[Any]:
    return (published(bare(), title="First login").pk,)


def members_key(world: World) -> Sequence[Any]:
    return (world.community.slug, published(bare(world.community), title="Our data", audience="members").pk)


CARERS_OF_SHARED = STAFF - {StaffGroup.REVIEWER.value, StaffGroup.REVIEW_LEAD.value}
CARERS = CARERS_OF_SHARED | {Role.REPRESENTATIVE.value, Role.HUB_CHAMPION.value}
FROM_HERE = {"Origin": "http://testserver"}


def shared_book(_world: World) -> Sequence[Any]:
    bare()
    return ()


ROUTES = [
    Route("knowledgebase:translations", EDITORS, with_shared),
    Route("knowledgebase:translation", EDITORS, shared_translation),
    Route("knowledgebase:translation_follow", EDITORS, shared_translation, method="post"),
    Route("knowledgebase:translation_change", EDITORS, shared_change),
    Route("knowledgebase:translation_decide", EDITORS, shared_change, method="post", data={"significance": "small"}),
    Route("knowledgebase:translate", EDITORS, shared_to_translate, method="post", data={"article": KEY, "language": "es"}),
    Route("knowledgebase:community_translate", OWN_EDITORS, own_to_translate, method="post", data={"article": KEY, "language": "es"}),
    Route("knowledgebase:community_translations", OWN_EDITORS, members_knowledge_base),
    Route("knowledgebase:community_translation", OWN_EDITORS, own_translation),
    Route("knowledgebase:community_translation_follow", OWN_EDITORS, own_translation, method="post"),
    Route("knowledgebase:community_translation_change", OWN_EDITORS, own_change),
    Route("knowledgebase:community_translation_decide", OWN_EDITORS, own_change, method="post", data={"significance": "small"}),
    Route("knowledgebase:feedback", EVERYBODY, public_key),
    Route("knowledgebase:feedback", EVERYBODY, public_key, "post", {"helped": "no"}, FROM_HERE),
    Route("knowledgebase:community_feedback", MEMBERS | STAFF, members_key),
    Route("knowledgebase:community_feedback", MEMBERS | STAFF, members_key, "post", {"helped": "no"}, FROM_HERE),
    Route("knowledgebase:care", CARERS_OF_SHARED),
    Route("knowledgebase:community_care", CARERS, members_knowledge_base),
    Route("knowledgebase:care_looked", CARERS_OF_SHARED, public_key, "post"),
    Route("knowledgebase:community_care_looked", CARERS, members_key, "post"),
    Route("knowledgebase:found_shown", EVERYBODY, method="post", headers=FROM_HERE),
    Route("knowledgebase:found_opened", EVERYBODY, method="post", headers=FROM_HERE),
    Route("knowledgebase:community_found_shown", MEMBERS | STAFF, members_knowledge_base, "post", headers=FROM_HERE),
    Route("knowledgebase:community_found_opened", MEMBERS | STAFF, members_knowledge_base, "post", headers=FROM_HERE),
    Route("knowledgebase:home", EVERYBODY),
    Route("knowledgebase:search", EVERYBODY),
    Route("knowledgebase:article", EVERYBODY, public_article),
    Route("knowledgebase:community_home", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_search", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_suggestions", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_article", MEMBERS | STAFF, members_article),
    Route("knowledgebase:own_versions", WRITERS | SHARED_EDITORS, of_community),
    Route("knowledgebase:write_own", WRITERS | SHARED_EDITORS, shared_article, method="post"),
    Route("knowledgebase:compare_own", WRITERS | SHARED_EDITORS, own_version),
    Route("knowledgebase:adopt_shared", WRITERS | SHARED_EDITORS, own_version, method="post"),
    Route("knowledgebase:keep_own", WRITERS | SHARED_EDITORS, own_version, method="post"),
    Route("knowledgebase:stand_alone", WRITERS | SHARED_EDITORS, own_version, method="post"),
    Route("knowledgebase:offers_of_community", WRITERS, of_community),
    Route("knowledgebase:offer_article", WRITERS, own_article),
    Route("knowledgebase:withdraw_offer", WRITERS, own_offer, method="post"),
    Route("knowledgebase:use_shared", WRITERS, own_offer, method="post"),
    Route("knowledgebase:offers", SHARED_EDITORS),
    Route("knowledgebase:offer", SHARED_EDITORS, waiting_offer),
    Route("knowledgebase:take_offer", SHARED_EDITORS, waiting_offer, method="post"),
    Route("knowledgebase:decline_offer", SHARED_EDITORS, waiting_offer, method="post"),
    Route("knowledgebase:image", MEMBERS | STAFF, members_image),
    Route("knowledgebase:document", STAFF | {"representative", "hub_champion"}, staff_document),  # editors open their own files
    Route("knowledgebase:robots", EVERYBODY),
    Route("knowledgebase:sitemap", EVERYBODY),
    Route("knowledgebase:llms", EVERYBODY),
    Route("knowledgebase:feed", EVERYBODY),
    Route("knowledgebase:offline", EVERYBODY),
    Route("knowledgebase:offline_worker", EVERYBODY),
    Route("knowledgebase:markdown", EVERYBODY, public_article),
    Route("knowledgebase:community_llms", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_feed", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_markdown", MEMBERS | STAFF, members_article),
    Route("knowledgebase:book", SHARED_EDITORS, shared_book),
    Route("knowledgebase:community_book", SHARED_EDITORS | {"representative", "hub_champion"}, members_knowledge_base),
    Route("api:article-list", EVERYBODY, api=True),
    Route("api:article-suggest", EVERYBODY, api=True),
]
