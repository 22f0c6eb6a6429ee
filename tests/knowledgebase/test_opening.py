"""Opening knowledge bases."""

import json
import re

import pytest

from communities import defaults as communities_defaults
from communities import people
from communities.models import MatrixTemplateVersion, User
from communities.roles import Role
from ground.actors import Actor
from knowledgebase import defaults
from knowledgebase.importing import import_folder
from knowledgebase.importing.reading import SourceArticle, read_folder
from knowledgebase.models import Article, Edition, KnowledgeBase
from knowledgebase.opening import CONTENT, open_knowledge_base, starter_articles
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import SYSTEM, bare

pytestmark = pytest.mark.django_db

LANGUAGES = ["en", "es", "pt", "fr"]
STARTER = ["welcome", "ask-for-your-hub", "people", "teach-with-your-hub", "when-something-is-wrong", "what-we-do-and-what-you-do"]


def test_a_community_gets_starter_articles_its_members_read():
    community = CommunityFactory(slug="coastal")
    knowledge_base = open_knowledge_base(community, by=SYSTEM)
    editions = Edition.objects.filter(knowledge_base=knowledge_base).in_reading_order()
    assert [edition.address for edition in editions] == STARTER
    assert {edition.audience for edition in editions} == {"members"}


def test_opening_twice_is_once():
    community = CommunityFactory()
    first = open_knowledge_base(community, by=SYSTEM)
    assert (open_knowledge_base(community, by=SYSTEM), KnowledgeBase.objects.count()) == (first, 1)


def test_ask_for_your_hub_holds_the_request_block():
    knowledge_base = open_knowledge_base(CommunityFactory(), by=SYSTEM)
    edition = Edition.objects.get(knowledge_base=knowledge_base, address="ask-for-your-hub")
    assert [part["kind"] for part in edition.parts if part.get("live") == "request"] == ["new-hub"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_community_begins_with_articles_in_its_language(language):
    knowledge_base = open_knowledge_base(CommunityFactory(language=language), by=SYSTEM)
    editions = Edition.objects.filter(knowledge_base=knowledge_base).in_reading_order()
    assert ([edition.address for edition in editions], {edition.language for edition in editions}) == (STARTER, {language})
    written = {path.name: path.read_text() for path in (CONTENT / "starter" / language).iterdir()}
    assert all(f"title: {edition.title}" in written[f"{edition.address}.md"] for edition in editions)


def test_a_language_without_starter_articles_begins_in_english():
    assert [starter_articles(code).name for code in ("pt", "qu")] == ["pt", "en"]


def test_what_we_ship_carries_over_without_a_problem_and_every_link_and_anchor_leads_to_an_article():
    communities = [CommunityFactory(language=language) for language in LANGUAGES]
    assert import_folder(CONTENT / "shared", bare(), by=SYSTEM, publish=True).problems == []
    assert not Article.objects.filter(translation_of=None, edition__language__in=LANGUAGES[1:]).exists()
    for community in communities:
        assert import_folder(starter_articles(community.language), bare(community), by=SYSTEM, publish=True).problems == []
        readable = {edition.address: edition for edition in Edition.objects.readable_in(community).exclude(audience="staff")}
        assert [link for edition in readable.values() for link in linked(edition) if not leads(link, readable)] == []


def linked(edition: Edition) -> list[str]:
    """Where an article leads inside its knowledge base: `address/#anchor`."""
    return re.findall(r'href="/kb/([^"]*)"', "".join(part.get("html", "") for part in edition.parts))


def leads(link: str, readable: dict[str, Edition]) -> bool:
    address, _hash, anchor = link.partition("#")
    edition = readable.get(address.strip("/"))
    return edition is not None and (not anchor or anchor in {heading["id"] for heading in edition.contents})


def shipped(language: str) -> dict[str, SourceArticle]:
    """The articles of the shared shelf in that language, by their path without it."""
    articles = read_folder(CONTENT / "shared").articles
    inside = {article.path: article for article in articles if article.path[:3] == f"{language}/"}
    if language == "en":
        return {article.path: article for article in articles if article.path[:3] not in {f"{code}/" for code in LANGUAGES}}
    return {path[3:]: article for path, article in inside.items()}


def test_the_shelf_holds_sixty_articles_in_the_sections_people_ask_about():
    articles = {path: article for path, article in shipped("en").items() if not path.endswith("index.md")}
    sections = {path.partition("/")[0] for path in articles}
    assert sections == {
        *("getting-started", "environments", "files", "data", "sharing", "admin", "events"),
        *("billing", "troubleshooting", "service", "ending"),
    }
    assert len(articles) >= 60
    assert [path for path, article in articles.items() if not 130 <= len(article.raw.split()) <= 500] == []


def test_the_shelf_explains_every_row_of_the_shipped_matrix():
    communities_defaults.ensure()
    areas = [area for template in MatrixTemplateVersion.objects.filter(is_current=True) for area in template.areas]
    explained = {key for article in shipped("en").values() for key in article.facts.get("explains", [])}
    assert explained == {row["key"] for area in areas for row in area["rows"]}


def test_two_articles_of_the_shelf_are_for_staff():
    inside = sorted((article.address, article.facts["audience"]) for article in shipped("en").values() if "audience" in article.facts)
    assert inside == [("events/engineers-checklist", "staff"), ("service/first-weeks-with-a-community", "staff")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_shipped_article_says_in_one_sentence_what_for(language):
    summaries = {path: str(article.facts.get("summary", "")) for path, article in shipped(language).items()}
    assert {path: summary for path, summary in summaries.items() if not summary.endswith(".") or len(summary) > 160} == {}


def test_no_column_of_a_shipped_table_goes_without_a_name():
    texts = {path: path.read_text() for path in CONTENT.rglob("*.md")}
    assert [path.name for path, text in texts.items() if re.search(r"^\|(.*\|)? +\|.*\n\| ---", text, re.MULTILINE)] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_most_read_articles_are_there_in_each_language_and_say_the_same(language):
    english, translated = shipped("en"), shipped(language)
    assert sum(not path.endswith("index.md") for path in translated) >= 24
    assert {path: built(article) for path, article in translated.items()} == {path: built(english[path]) for path in translated}


def built(article: SourceArticle) -> list[tuple[str, int]]:
    """What an article is made of, whatever language it speaks: its blocks, and headings, rows and links in each."""
    blocks = [(block.kind, json.dumps(block.value)) for block in article.blocks]
    return [(kind, *(words.count(mark) for mark in ("## ", "\\n|", "]("))) for kind, words in blocks]


def test_ensure_again_keeps_what_an_operator_changed_and_removed():
    defaults.ensure()
    changed, removed = (Article.objects.get(edition__address=address) for address in ("files/storage", "troubleshooting/memory"))
    changed.title = "Where files live"
    changed.save_revision().publish()
    removed.delete()
    defaults.ensure()
    kept = Edition.objects.filter(address__in=["files/storage", "troubleshooting/memory"])
    assert [edition.title for edition in kept] == ["Where files live"]


def test_a_champion_may_edit_until_removed():
    community = CommunityFactory()
    ana, ben = member(community, Role.REPRESENTATIVE), member(community, Role.HUB_CHAMPION)
    knowledge_base = open_knowledge_base(community, by=SYSTEM)
    assert knowledge_base.permissions_for_user(ben).can_edit()
    people.remove(ben.memberships.get(), by=acting(ana))
    again = User.objects.get(pk=ben.pk)
    assert (knowledge_base.permissions_for_user(again).can_edit(), again.has_perm("wagtailadmin.access_admin")) == (False, False)


def test_nobody_but_a_superuser_deletes_moves_or_unpublishes_a_root():
    community = CommunityFactory()
    ana = member(community, Role.REPRESENTATIVE)
    knowledge_base = open_knowledge_base(community, by=Actor.system())
    tester = knowledge_base.permissions_for_user(ana)
    assert (tester.can_delete(), tester.can_move(), tester.can_unpublish(), tester.can_copy()) == (False, False, False, False)
