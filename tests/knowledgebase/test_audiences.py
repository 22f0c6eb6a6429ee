"""For whom an article is: nobody reads it who may not read the sections above it, whichever way it is asked for."""

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Community
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase import audiences, publishing
from knowledgebase.access import can_see
from knowledgebase.models import Article, ArticleDocument, Audience, Edition, KnowledgeBase
from tests.factories import CommunityFactory, member, staff
from tests.knowledgebase.factories import bare, draft, picture, published

pytestmark = pytest.mark.django_db

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


def audience_of(page: Article) -> str:
    return Edition.objects.get(pk=page.pk).audience


def publish(page: Article, **changes: object) -> Article:
    """As the editor does: a revision of the page as it stands, changed and published."""
    page = Article.objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return Article.objects.get(pk=page.pk)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ([], PUBLIC),
        (["public"], PUBLIC),
        (["public", "members"], MEMBERS),
        (["staff", "public"], STAFF),
        (["members", "staff", "public"], STAFF),
    ],
)
def test_the_narrowest_of_several_counts(of, expected):
    assert audiences.narrowest(of) == expected


@pytest.mark.parametrize("section", Audience.values)
@pytest.mark.parametrize("own", Audience.values)
def test_an_article_is_published_for_the_narrower_of_its_own_and_its_sections_audience(section, own):
    above = published(bare(), title="Section", audience=section).article
    assert published(above, title="Article", audience=own).audience == audiences.narrowest([section, own])


def test_a_section_that_was_never_published_narrows_too():
    above = draft(bare(), title="Section", audience="staff")
    assert published(above, title="Article").audience == STAFF


def test_the_knowledge_base_narrows_everything_in_it(community):
    knowledge_base = bare(community)
    article = published(published(knowledge_base, title="Section").article, title="Article").article
    knowledge_base = KnowledgeBase.objects.get(pk=knowledge_base.pk)
    knowledge_base.audience = MEMBERS
    knowledge_base.save_revision().publish()
    assert (audience_of(article), published(knowledge_base, title="Later").audience) == (MEMBERS, MEMBERS)


class TestBelowASection:
    @pytest.fixture
    def deep(self):
        """A section, in it a section, in it an article; beside it one that is none of its business."""
        section = published(bare(), title="Section").article
        article = published(published(section, title="Inner").article, title="Article").article
        beside = published(bare(), title="Section two").article
        return section, article, beside

    def test_narrowing_and_widening_it_reaches_all_below_and_nothing_beside(self, deep):
        section, article, beside = deep
        section = publish(section, audience=STAFF)
        narrowed = (audience_of(article), audience_of(beside))
        publish(section, audience=PUBLIC)
        assert (narrowed, audience_of(article)) == ((STAFF, PUBLIC), PUBLIC)

    def test_an_inner_section_that_is_narrower_stays_so(self, deep):
        section, article, _beside = deep
        publish(article.get_parent(), audience=STAFF)
        publish(section, audience=MEMBERS)
        assert (audience_of(section), audience_of(article)) == (MEMBERS, STAFF)

    def test_a_draft_of_it_changes_nothing(self, deep):
        section, article, _beside = deep
        section = Article.objects.get(pk=section.pk)
        section.audience = STAFF
        section.save_revision()
        assert audience_of(article) == PUBLIC

    def test_moving_below_a_narrower_one_narrows_and_moving_away_widens(self, deep):
        section, article, beside = deep
        publish(beside, audience=MEMBERS)
        Article.objects.get(pk=section.pk).move(Article.objects.get(pk=beside.pk), pos="last-child")
        inside = audience_of(article)
        Article.objects.get(pk=section.pk).move(KnowledgeBase.objects.get(community=None), pos="last-child")
        assert (inside, audience_of(article)) == (MEMBERS, PUBLIC)

    def test_unpublishing_it_leaves_what_it_says_in_force(self, deep):
        section, article, _beside = deep
        section = publish(section, audience=MEMBERS)
        section.unpublish()
        assert audience_of(article) == MEMBERS
        publish(section, audience=PUBLIC)
        assert audience_of(article) == PUBLIC

    @pytest.mark.parametrize("was_published", [True, False])
    def test_a_draft_of_one_that_nobody_reads_narrows_and_never_widens(self, was_published):
        section = draft(bare(), title="Section", audience=MEMBERS)
        article = published(section, title="Article").article
        if was_published:
            publish(section, audience=MEMBERS).unpublish()
        editor = Client()
        editor.force_login(staff(StaffGroup.OPERATOR), backend="django.contrib.auth.backends.ModelBackend")
        seen = []
        for audience in (STAFF, PUBLIC):
            form = {"title": "Section", "slug": section.slug, "summary": "", "audience": audience, "body-count": "0", "review_by": ""}
            assert editor.post(f"/cms/pages/{section.pk}/edit/", form).status_code == 302
            seen.append((Article.objects.get(pk=section.pk).audience, audience_of(article)))
        assert seen == [(STAFF, STAFF), (PUBLIC, STAFF)]
        publish(section)
        assert audience_of(article) == PUBLIC

    def test_however_many_there_are_the_statements_are_the_same(self, deep):
        section, _article, _beside = deep
        section = Article.objects.get(pk=section.pk)

        def statements(audience: str) -> int:
            Article.objects.filter(pk=section.pk).update(audience=audience)
            with CaptureQueriesContext(connection) as captured:
                audiences.rewrite(section)
            return len(captured)

        few = statements(STAFF)
        for number in range(5):
            published(Article.objects.get(pk=section.pk), title=f"More {number}")
        assert statements(MEMBERS) == few
        assert set(Edition.objects.filter(tree__startswith=section.path).values_list("audience", flat=True)) == {MEMBERS}


def test_paths_that_a_move_shifted_are_written_for_those_that_did_not_move():
    shared = bare()
    first, second, third = (published(shared, title=title).article for title in ("One", "Two", "Three"))
    Article.objects.get(pk=third.pk).move(Article.objects.get(pk=first.pk), pos="left")
    assert dict(Edition.objects.values_list("pk", "tree")) == dict(Article.objects.values_list("pk", "path"))
    assert list(Edition.objects.in_reading_order().values_list("pk", flat=True)) == [third.pk, first.pk, second.pk]


class TestWords:
    def words(self, page: Article) -> str:
        page = Article.objects.get(pk=page.pk)
        return audiences.in_words(page, list(page.get_ancestors().specific()))

    def test_its_own_audience_is_told(self, community):
        mine, common = bare(community), bare()
        assert [self.words(draft(mine, title=audience, audience=audience)) for audience in Audience.values] == [
            "Everybody can read this, also without signing in, and search engines find it.",
            "Members of Coastal and our staff can read this.",
            "Only our staff can read this.",
        ]
        assert self.words(draft(common, title="x", audience=MEMBERS)) == "Members of every community and our staff can read this."

    def test_a_section_that_narrows_it_is_named(self, community):
        section = draft(bare(community), title="House rules", audience=MEMBERS)
        article = draft(section, title="Public, it says", audience=PUBLIC)
        assert self.words(article) == "Members of Coastal and our staff can read this. “House rules” above it says so."


def test_the_editor_says_who_can_really_read_it(community):
    section = published(bare(community), title="House rules", audience=MEMBERS).article
    article = published(section, title="Article", audience=PUBLIC).article
    client = Client()
    client.force_login(staff(StaffGroup.OPERATOR), backend="django.contrib.auth.backends.ModelBackend")
    there = client.get(f"/cms/pages/{article.pk}/edit/").content.decode()
    new = client.get(f"/cms/pages/add/knowledgebase/article/{section.pk}/").content.decode()
    said = "Members of Coastal and our staff can read this."
    assert (f"{said} “House rules” above it says so." in there, said in new) == (True, True)


# Every way out


def _titles(text: str) -> set[str]:
    return set(re.findall(r"Quokka [a-z]+ \d", re.sub(r"</?mark>", "", text)))


def _body(client: Client, address: str) -> bytes | None:
    """What the answer holds, read to its end, if it is one."""
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body if response.status_code == 200 else None


def _asked(client: Client, *addresses: str) -> set[str]:
    """The articles that the answers name."""
    return {title for address in addresses for title in _titles((_body(client, address) or b"").decode())}


HOMES = ("/kb/", "/c/coastal/kb/", "/c/other/kb/")


def _in_each(path: str):
    return lambda client, _all: _asked(client, *(f"{home}{path}" for home in HOMES))


def _one_by_one(address_of):
    """Each article by its own address."""
    return lambda client, everything: {edition.title for edition in everything if _body(client, address_of(edition)) is not None}


def _home(edition: Edition) -> str:
    community = edition.knowledge_base.community
    return f"/c/{community.slug}/kb/" if community else "/kb/"


WAYS = {
    "page": _one_by_one(lambda edition: f"{_home(edition)}{edition.address}/"),
    "markdown": _one_by_one(lambda edition: f"{_home(edition)}{edition.address}.md"),
    "image": _one_by_one(lambda edition: f"/files/images/{edition.images.get().key}/width-800/"),
    "document": _one_by_one(lambda edition: f"/files/documents/{edition.documents.get().key}/"),
    "first page": _in_each(""),
    "list as a file": _in_each("?download=csv"),
    "search": _in_each("search/?q=quokka"),
    "suggestions": lambda client, _all: _asked(client, "/c/coastal/kb/suggest/?q=quokka", "/c/other/kb/suggest/?q=quokka"),
    "feed": _in_each("feed.xml"),
    "llms.txt": lambda client, _all: _asked(client, "/llms.txt", "/c/coastal/kb/llms.txt", "/c/other/kb/llms.txt"),
    "API list": lambda client, _all: _asked(client, "/api/v1/articles/?page_size=200"),
    "API search": lambda client, _all: _asked(client, "/api/v1/articles/?q=quokka&page_size=200"),
    "API suggestions": lambda client, _all: _asked(
        client, *(f"/api/v1/articles/suggest/?q=quokka{of}" for of in ("", "&community=coastal", "&community=other"))
    ),
    "articles below": lambda client, _all: _asked(
        client, *(f"{home}section-{audience}/" for home in HOMES for audience in Audience.values)
    ),
}
AT_MOST = {"suggestions", "API suggestions"}  # shows a few


def _furnish(community: Community | None, name: str) -> None:
    """In a section for each audience, one that itself says it is for everybody, with an image and a document."""
    knowledge_base = bare(community)
    for number, audience in enumerate(Audience.values):
        section = published(knowledge_base, title=f"Section {audience}", audience=audience).article
        document = ArticleDocument(title="Plan", collection=knowledge_base.collection)
        document.file.save("plan.txt", ContentFile(b"plan"))
        body = [
            {"type": "figure", "value": {"image": picture(knowledge_base).pk, "alt": "Map", "caption": ""}},
            {"type": "download", "value": {"document": document.pk, "words": ""}},
        ]
        published(section, title=f"Quokka {name} {number}", audience="public", body=body)


def test_every_way_out_obeys_who_may_read():
    coastal, other = CommunityFactory(slug="coastal", name="Coastal"), CommunityFactory(slug="other", name="Other")
    for community, name in ((None, "shared"), (coastal, "coastal"), (other, "other")):
        _furnish(community, name)
    everything = list(Edition.objects.filter(title__startswith="Quokka").select_related("knowledge_base__community"))
    people = {
        "nobody": None,
        "of coastal": member(coastal, Role.MEMBER),
        "of other": member(other, Role.MEMBER),
        "staff": staff(StaffGroup.REVIEWER),
    }
    expected = {"nobody": 3, "of coastal": 5, "of other": 5, "staff": 9}
    wrong = []
    for who, user in people.items():
        client = Client()
        if user:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        actor = Actor.person(user) if user else Actor.anonymous()
        may = {edition.title for edition in everything if can_see(actor, edition)}
        assert len(may) == expected[who], who
        for way, ask in WAYS.items():
            seen = ask(client, everything)
            if not seen or (not seen <= may if way in AT_MOST else seen != may):
                wrong.append((who, way, sorted(seen - may), sorted(may - seen)))
    assert wrong == []


def test_the_sitemap_names_what_is_for_everybody_whoever_asks():
    coastal = CommunityFactory(slug="coastal")
    _furnish(coastal, "coastal")
    _furnish(None, "shared")
    client = Client()
    client.force_login(staff(StaffGroup.OPERATOR), backend="django.contrib.auth.backends.ModelBackend")
    for asking in (client, Client()):
        page = asking.get("/sitemap.xml").content.decode()
        found = set(re.findall(r"<loc>http://127.0.0.1:8000(.*?)</loc>", page))
        assert {path for path in found if "quokka" in path} == {
            "/c/coastal/kb/section-public/quokka-coastal-0/",
            "/kb/section-public/quokka-shared-0/",
        }


def test_what_an_earlier_release_published_is_rendered_again_once():
    edition = published(bare(), title="Old")
    Edition.objects.filter(pk=edition.pk).update(markdown="")
    assert (publishing.publish_again(), publishing.publish_again()) == (1, 0)
    assert Edition.objects.get(pk=edition.pk).markdown.startswith("# Old")
