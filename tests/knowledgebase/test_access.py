"""The predicate equals the queryset, over everybody."""

import pytest

from ground.actors import Actor
from knowledgebase.access import can_open, can_see
from knowledgebase.models import ArticleImage, Edition
from tests.access.routes import WHO, World
from tests.knowledgebase.factories import bare, picture, published

pytestmark = pytest.mark.django_db


def actors(world: World) -> dict[str, Actor]:
    people = world.people
    return {who: Actor.person(people[who]) if people[who] else Actor.anonymous() for who in WHO}


def test_can_see_equals_visible_to_for_everybody():
    world = World()
    for knowledge_base in (bare(), bare(world.community), bare(world.other)):
        for audience in ("public", "members", "staff"):
            published(knowledge_base, title=audience, audience=audience)
    everything = list(Edition.objects.select_related("knowledge_base"))
    for who, actor in actors(world).items():
        assert {edition for edition in everything if can_see(actor, edition)} == set(Edition.objects.visible_to(actor)), who


def test_an_image_of_another_community_put_into_an_article_stays_closed():
    world = World()
    secret = picture(bare(world.other))
    published(bare(world.community), title="Theft", body=[{"type": "figure", "value": {"image": secret.pk, "alt": "", "caption": ""}}])
    published(bare(world.community), title="Theft too", body=f"![x](/files/images/{secret.key}/width-800/)")
    opened = {who for who, actor in actors(world).items() if can_open(actor, ArticleImage.objects.get())}
    assert opened & {"anonymous", "member", "representative", "hub_champion"} == set()
