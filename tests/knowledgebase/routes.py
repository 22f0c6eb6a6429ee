"""Who gets through to the knowledge bases' addresses."""

from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile

from knowledgebase.models import ArticleDocument, Edition
from tests.access.routes import EVERYBODY, MEMBERS, STAFF, Route, World, of_community
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


ROUTES = [
    Route("knowledgebase:home", EVERYBODY),
    Route("knowledgebase:search", EVERYBODY),
    Route("knowledgebase:article", EVERYBODY, public_article),
    Route("knowledgebase:community_home", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_search", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_suggestions", MEMBERS | STAFF, members_knowledge_base),
    Route("knowledgebase:community_article", MEMBERS | STAFF, members_article),
    Route("knowledgebase:image", MEMBERS | STAFF, members_image),
    Route("knowledgebase:document", STAFF | {"representative", "hub_champion"}, staff_document),  # editors open their own files
    Route("api:article-list", EVERYBODY, api=True),
    Route("api:article-suggest", EVERYBODY, api=True),
]
