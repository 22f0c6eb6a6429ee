"""A community's own versions of shared articles: written, read in place, changed under, settled."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page

from communities.models import User
from communities.roles import Role, StaffGroup
from knowledgebase import care, overriding, searching, voting
from knowledgebase.access import can_see_override
from knowledgebase.filling import Frame
from knowledgebase.models import Article, Edition, LanguageShelf, Override, OwnVersions, Standing, Vote
from knowledgebase.publishing import readdress
from knowledgebase.reading import sections as listed_sections
from knowledgebase.suggestions import find
from knowledgebase.voting import Reader
from support.asking import deflecting
from support.models import Citation, Suggested
from tests.access.routes import World
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.knowledgebase.test_access import actors
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db

TEXT = "Intro.\n\n## Quota\n\nTen gigabytes.\n\n### More\n\nAsk us.\n\n## Backups\n\nEvery night."


class Shelf:
    """A shared article in a community that may have its own words for it."""

    def __init__(self) -> None:
        self.community, self.other = CommunityFactory(slug="coastal", name="Coastal"), CommunityFactory(slug="other", name="Other")
        self.champion = acting(member(self.community, Role.HUB_CHAMPION))
        self.member = acting(member(self.community, Role.MEMBER))
        self.shared = bare()
        self.edition = published(self.shared, title="Storage", body=TEXT)
        self.own, self.theirs = bare(self.community), bare(self.other)

    @property
    def frame(self) -> Frame:
        return Frame(self.member, self.community)

    def write(self, section: str = "", words: str = "", *, publish: bool = True, community=None, **fields) -> Override:
        override = overriding.write_own(community or self.community, self.edition, section=section, by=self.champion)
        page = Article.objects.get(pk=override.article_id)
        if words:
            page.body = [("text", words)]
        for name, value in fields.items():
            setattr(page, name, value)
        revision = page.save_revision()
        if publish:
            revision.publish()
        return Override.objects.get(pk=override.pk)

    def change(self, text: str, **fields) -> None:
        """Publish the shared article with another text."""
        page = Article.objects.get(pk=self.edition.pk)
        page.body = [("text", text)]
        for name, value in fields.items():
            setattr(page, name, value)
        page.save_revision().publish()

    def read(self, address: str = "/c/coastal/kb/storage/", user=None) -> str:
        client = Client()
        client.force_login(user or self.member.user, backend="django.contrib.auth.backends.ModelBackend")
        response = client.get(address)
        return response.content.decode() if response.status_code == 200 else ""

    def composed(self) -> Edition | None:
        return Edition.objects.filter(knowledge_base=self.own).first()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


class TestWriting:
    def test_a_section_begins_with_the_shared_text_as_its_editors_wrote_it(self, shelf):
        override = shelf.write("quota", publish=False)
        page = override.article
        assert (page.title, page.live, page.audience) == ("Storage: Quota", False, "members")
        assert [block.value for block in page.body] == ["## Quota\n\nTen gigabytes.\n\n### More\n\nAsk us.\n"]
        assert (override.heading, override.replaced_text, override.standing) == ("Quota", "Quota\nTen gigabytes.\nMore\nAsk us.", "same")
        assert isinstance(Page.objects.get(pk=page.get_parent().pk).specific, OwnVersions)
        assert Edition.objects.filter(knowledge_base=shelf.own).count() == 0

    def test_a_section_that_reaches_over_several_blocks_takes_them_along(self, shelf):
        blocks = [
            {"type": "text", "value": "## A\n\none\n\n## B\n\ntwo"},
            {"type": "code", "value": {"language": "", "code": "x"}},
            {"type": "text", "value": "three\n\n## C"},
        ]
        edition = published(shelf.shared, title="Long", body=blocks)
        page = overriding.write_own(shelf.community, edition, section="b", by=shelf.champion).article
        assert [(block.block_type, str(block.value)[:12]) for block in page.body] == [
            ("text", "## B\n\ntwo"),
            ("code", "StructValue("),
            ("text", "three\n"),
        ]

    def test_twice_is_once_and_two_champions_get_the_same_draft(self, shelf):
        first = shelf.write("quota", publish=False)
        other = acting(member(shelf.community, Role.HUB_CHAMPION))
        assert overriding.write_own(shelf.community, shelf.edition, section="quota", by=other) == first
        assert (Override.objects.count(), Article.objects.descendant_of(shelf.own).count()) == (1, 1)

    def test_a_section_inside_an_own_section_or_article_leads_there(self, shelf):
        outer = shelf.write("quota", publish=False)
        assert overriding.write_own(shelf.community, shelf.edition, section="more", by=shelf.champion) == outer
        whole = shelf.write(publish=False)
        assert whole.is_whole
        assert overriding.write_own(shelf.community, shelf.edition, section="backups", by=shelf.champion) == whole

    def test_the_whole_begins_with_the_sections_that_are_the_communitys_already(self, shelf):
        shelf.write("more", "### More\n\nCall Ana.")
        shelf.write("backups", "## Backups\n\nNever.")
        whole = shelf.write(publish=False)
        text = "\n".join(block.value for block in whole.article.body)
        assert ("Ten gigabytes." in text, "Call Ana." in text, "Never." in text, "Ask us." in text, "Every night." in text) == (
            True,
            True,
            True,
            False,
            False,
        )

    def test_a_section_that_is_not_there_is_refused(self, shelf):
        with pytest.raises(overriding.CannotWrite):
            shelf.write("nowhere")

    def test_a_community_without_a_knowledge_base_is_refused(self, shelf):
        with pytest.raises(overriding.CannotWrite):
            shelf.write("quota", community=CommunityFactory())

    def test_nothing_can_be_put_below_a_version(self, shelf):
        page = shelf.write("quota").article
        assert [Article.can_exist_under(parent) for parent in (page, page.get_parent().specific, shelf.edition.article)] == [
            False,
            False,
            True,
        ]


class TestReading:
    def test_the_section_is_replaced_at_the_same_address_and_anchor(self, shelf):
        shelf.write("quota", "## Our quota\n\nFive gigabytes, see [more](#notes).\n\n### Notes\n\nAna helps.")
        page = shelf.read()
        assert [words in page for words in ("Five gigabytes", "Ana helps", "Every night", "Intro.")] == [True] * 4
        assert [words in page for words in ("Ten gigabytes", "Ask us.")] == [False, False]
        assert '<h2 id="quota">Our quota <' in page
        assert '<p class="credit">Written by Coastal</p>' in page
        assert '<a href="#quota">Our quota</a>' in page
        assert '<a href="#more">' not in page
        assert "A shared article, with sections in the words of Coastal." in " ".join(page.split())

    def test_outside_the_frame_nothing_changes(self, shelf):
        shelf.write("quota", "## Quota\n\nFive gigabytes.", audience="public")
        pages = [shelf.read("/kb/storage/"), shelf.read("/c/other/kb/storage/", member(shelf.other))]
        assert [("Ten gigabytes" in page, "Five gigabytes" in page) for page in pages] == [(True, False), (True, False)]
        assert "Five" not in Client().get("/api/v1/articles/").content.decode()

    def test_who_may_not_read_the_communitys_words_reads_the_shared_ones(self, shelf):
        shelf.write("quota", "## Quota\n\nFive gigabytes.")
        published(shelf.own, title="Public page")
        page = Client().get("/c/coastal/kb/storage/").content.decode()
        assert ("Ten gigabytes" in page, "Five gigabytes" in page) == (True, False)

    def test_a_section_without_its_heading_gets_the_shared_one(self, shelf):
        shelf.write("quota", "Five gigabytes.")
        assert '<h2 id="quota">Quota <' in shelf.read()

    def test_an_anchor_of_ours_that_the_article_has_too_gets_another_name(self, shelf):
        shelf.write("quota", "## Quota\n\n### Backups\n\nNone. [x](#backups)")
        page = shelf.read()
        assert (page.count('id="backups"'), page.count('id="quota-backups"'), 'href="#quota-backups"' in page) == (1, 1, True)

    def test_two_sections_of_one_article_are_both_replaced(self, shelf):
        shelf.write("quota", "## Quota\n\nFive.")
        shelf.write("backups", "## Backups\n\nNever.")
        page = shelf.read()
        assert [words in page for words in ("Five.", "Never.", "Ten gigabytes", "Every night")] == [True, True, False, False]
        assert Edition.objects.filter(knowledge_base=shelf.own).count() == 1
        live = [page.address_on_site() for page in Article.objects.descendant_of(shelf.own).order_by("path")]
        assert live == ["/c/coastal/kb/storage/", "/c/coastal/kb/storage/#backups"]

    def test_the_whole_article_takes_its_place_and_ends_the_sections(self, shelf):
        section = shelf.write("quota", "## Quota\n\nFive.")
        shelf.write(words="All ours.", title="Our storage", summary="Ours")
        page = shelf.read()
        assert ("All ours." in page, ">Our storage</h1>" in page, "Every night" in page) == (True, True, False)
        section.refresh_from_db()
        assert (section.retired_at is not None, section.article.live) == (True, False)
        assert "In place of the shared article, in the words of Coastal." in " ".join(page.split())

    @pytest.mark.parametrize(
        ("heading", "anchor"),
        [
            ("## Quota on {{ hub.name }}", "quota-on-hub-name"),
            ("## Your [quota](kb:files) `now`", "your-quota-now"),
            ("Your *quota*\n---", "your-quota"),
            ("# Quota", "quota"),
            (":::\n## No heading\n:::\n\n## Quota ##", "quota"),
            ("- ## Quota\n\n## Quota", "quota-2"),
        ],
    )
    def test_its_markdown_holds_the_communitys_words_in_place_of_the_shared_ones(self, shelf, heading, anchor):
        shelf.change(f"Intro.\n\n{heading}\n\nTen gigabytes.\n\n### More\n\nAsk us.\n\n## Backups\n\nEvery night.")
        shelf.edition.refresh_from_db()
        shelf.write(anchor, "## Ours\n\nFive terabytes.")
        markdown = shelf.composed().markdown
        assert ("Ten gigabytes" in markdown, "Ask us" in markdown, markdown.count("## Ours")) == (False, False, 1)
        assert markdown.endswith("\n## Ours\n\nFive terabytes.\n\n## Backups\n\nEvery night.\n")

    def test_its_markdown_has_the_heading_that_words_without_one_are_read_under(self, shelf):
        shelf.write("more", "Write to us.")
        shelf.write("backups", "## Backups\n\nEvery hour.")
        assert shelf.composed().markdown == (
            "# Storage\n\nIntro.\n\n## Quota\n\nTen gigabytes.\n\n### More\n\nWrite to us.\n\n## Backups\n\nEvery hour.\n"
        )

    def test_its_markdown_holds_a_section_within_another_as_little_as_the_page(self, shelf):
        shelf.write("more", "### More\n\nInner.")
        shelf.write("quota", "## Quota\n\nOuter.")
        markdown = shelf.composed().markdown
        assert markdown == "# Storage\n\nIntro.\n\n## Quota\n\nOuter.\n\n## Backups\n\nEvery night.\n"

    def test_its_markdown_is_its_words_where_the_source_tells_other_headings(self, shelf):
        Edition.objects.filter(pk=shelf.edition.pk).update(parts=[{"html": '<h2 id="quota">Quota</h2><p>Ten gigabytes.</p>'}])
        shelf.write("quota", "## Quota\n\nOurs.")
        markdown = shelf.composed().markdown
        assert ("Ours." in markdown, "Ten gigabytes" in markdown) == (True, False)

    def test_search_finds_it_by_the_communitys_words_and_not_by_the_shared_ones_it_replaced(self, shelf):
        shelf.write("quota", "## Quota\n\nZebrafish get five.")
        within = Edition.objects.visible_to(shelf.member).readable_in(shelf.community)
        found = find("zebrafish", within=within, community=shelf.community)
        assert [(one.title, one.url) for one in found] == [("Storage", "/c/coastal/kb/storage/")]
        assert find("gigabytes", within=within, community=shelf.community) == []
        assert [one.url for one in find("gigabytes", within=Edition.objects.shared())] == ["/kb/storage/"]

    def test_it_stands_in_lists_where_the_shared_article_stands(self, shelf):
        second = published(shelf.shared, title="Zones")
        published(shelf.edition.article, title="Below")
        shelf.write("quota", "## Quota\n\nFive.")
        [own_or_shared] = [[section.edition.title for section in listed_sections(shelf.frame)]]
        assert own_or_shared == ["Storage", "Zones"]
        page = shelf.read()
        assert f'rel="next" href="/c/coastal/kb/{"storage/below"}/"' in " ".join(page.split())
        assert 'aria-current="page">Storage</a>' in page
        assert "Written by Coastal" not in shelf.read("/c/coastal/kb/")
        assert f'href="/c/coastal/kb/{second.address}/"' in page

    def test_a_translation_is_overridden_by_itself_and_linked_like_the_shared_one(self, shelf):
        spanish = LanguageShelf(title="Español", slug="es")
        shelf.shared.add_child(instance=spanish)
        translated = published(spanish, title="Espacio", body="## Cuota\n\nDiez.", translation_of=shelf.edition.article)
        override = overriding.write_own(shelf.community, translated, section="cuota", by=shelf.champion)
        override.article.body = [("text", "## Cuota\n\nCinco.")]
        override.article.save_revision().publish()
        page = shelf.read("/c/coastal/kb/es/espacio/")
        assert ("Cinco." in page, "Diez." in page, 'href="/c/coastal/kb/storage/"' in page) == (True, False, True)
        assert 'href="/c/coastal/kb/es/espacio/"' in shelf.read()
        assert "Espacio" not in shelf.read("/c/coastal/kb/")

    @pytest.mark.parametrize(("by_hand", "listed"), [(False, "Espacio"), (True, "Storage")])
    def test_its_shared_translation_is_listed_for_who_speaks_it_unless_it_is_another_article(self, shelf, by_hand, listed):
        spanish = shelf.shared.add_child(instance=LanguageShelf(title="Español", slug="es"))
        published(spanish, title="Espacio", translation_of=shelf.edition.article)
        if by_hand:
            published(shelf.own, title="Storage", audience="members")
        else:
            shelf.write("quota", "## Quota\n\nFive.")
        for language, title in (("es", listed), ("en", "Storage")):
            with translation.override(language):
                assert [section.edition.title for section in listed_sections(shelf.frame)] == [title]

    def test_an_article_of_its_own_at_the_address_stands_before_its_versions(self, shelf):
        shelf.write("quota", "## Quota\n\nFive.")
        own = published(shelf.own, title="Storage", body="An article.", audience="members")
        assert ("An article." in shelf.read(), "Five." in shelf.read()) == (True, False)
        own.article.unpublish()
        assert "Five." in shelf.read()

    def test_unpublishing_and_deleting_a_version_brings_the_shared_text_back(self, shelf):
        first, second = shelf.write("quota", "## Quota\n\nFive."), shelf.write("backups", "## Backups\n\nNever.")
        first.article.unpublish()
        assert ("Ten gigabytes" in shelf.read(), "Never." in shelf.read()) == (True, True)
        Article.objects.get(pk=second.article_id).delete()
        assert ("Every night" in shelf.read(), shelf.composed()) == (True, None)

    def test_facts_files_and_explained_rows_of_the_shared_text_stay(self, shelf):
        shelf.change(TEXT + "\n\n{{ hub.url }}", responsibilities=["backups"])
        shelf.write("quota", "## Quota\n\n{{ hub.storage }}")
        composed = shelf.composed()
        assert set(composed.used_facts.values_list("name", flat=True)) == {"hub.url", "hub.storage"}
        assert list(composed.explanations.values_list("key", flat=True)) == ["backups"]

    def test_a_version_costs_its_readers_no_query(self, shelf, django_assert_num_queries):
        client = Client()
        client.force_login(shelf.member.user, backend="django.contrib.auth.backends.ModelBackend")
        client.get("/c/coastal/kb/storage/")
        with CaptureQueriesContext(connection) as before:
            client.get("/c/coastal/kb/storage/")
        shelf.write("quota", "## Quota\n\nFive.")
        shelf.write("backups", "## Backups\n\nNever.")
        with django_assert_num_queries(len(before)):
            client.get("/c/coastal/kb/storage/")


class TestUpstream:
    def test_a_change_elsewhere_in_the_article_is_shown_and_marks_nothing(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("Every night", "Every hour"))
        override.refresh_from_db()
        assert (override.standing, override.changed_at, "Every hour" in shelf.read(), "Five." in shelf.read()) == ("same", None, True, True)

    def test_a_change_of_the_replaced_text_marks_the_version(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("Ten", "Twenty"))
        override.refresh_from_db()
        assert (override.standing, override.needs_look) == (Standing.CHANGED, True)
        assert list(Override.objects.to_look_at()) == [override]
        shelf.change(TEXT)
        override.refresh_from_db()
        assert (override.standing, override.needs_look) == (Standing.SAME, False)

    def test_a_draft_is_marked_too(self, shelf):
        override = shelf.write("quota", publish=False)
        shelf.change(TEXT.replace("Ten", "Twenty"))
        override.refresh_from_db()
        assert override.needs_look

    def test_a_renamed_section_is_followed_and_said(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("## Quota", "## Limits"))
        override.refresh_from_db()
        assert (override.section, override.heading, override.needs_look) == ("limits", "Limits", True)
        assert ('<h2 id="limits">Quota <' in shelf.read(), "Ten gigabytes" in shelf.read()) == (True, False)

    def test_a_section_that_vanished_stands_at_the_end_and_is_said(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change("Intro.\n\n## Backups\n\nEvery night.")
        override.refresh_from_db()
        page = shelf.read()
        assert (override.standing, override.needs_look) == (Standing.MISSING, True)
        assert page.index("Every night") < page.index("Five.")
        assert "has no section “Quota” any more" in shelf.read(user=shelf.champion.user)

    def test_a_moved_article_takes_its_versions_along(self, shelf):
        shelf.write("quota", "## Quota\n\nFive.")
        target = published(shelf.shared, title="Target").article
        Article.objects.get(pk=shelf.edition.pk).move(target, pos="last-child")
        assert ("Five." in shelf.read("/c/coastal/kb/target/storage/"), shelf.read()) == (True, "")

    def test_of_an_unpublished_article_sections_are_kept_and_a_whole_version_is_read_on(self, shelf):
        section = shelf.write("quota", "## Quota\n\nFive.")
        shelf.edition.article.unpublish()
        section.refresh_from_db()
        assert (section.standing, shelf.read(), section.article.live) == (Standing.GONE, "", True)
        Article.objects.get(pk=shelf.edition.pk).save_revision().publish()
        section.refresh_from_db()
        assert (section.standing, section.needs_look, "Five." in shelf.read()) == (Standing.SAME, False, True)
        shelf.write(words="All ours.")
        Article.objects.get(pk=shelf.edition.pk).unpublish()
        assert "All ours." in shelf.read()

    def test_of_a_deleted_article_a_whole_version_is_read_on_and_can_be_edited(self, shelf):
        override = shelf.write(words="All ours.")
        Article.objects.get(pk=shelf.edition.pk).delete()
        override.refresh_from_db()
        assert (override.shared, override.standing, "All ours." in shelf.read()) == (None, Standing.GONE, True)
        page = Article.objects.get(pk=override.article_id)
        page.body = [("text", "Still ours.")]
        page.save_revision().publish()
        assert "Still ours." in shelf.read()

    def test_what_became_for_staff_alone_is_gone_to_the_community(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("Ten", "Secret"), audience="staff", title="Secret storage")
        override.refresh_from_db()
        assert (override.standing, override.needs_look, override.title, override.now_text) == (Standing.GONE, True, "Storage", "")
        assert "Secret" not in shelf.read(f"/c/coastal/kb/our-versions/{override.pk}/", user=shelf.champion.user)
        overriding.keep(override, seen=override.now_digest, by=acting(staff(StaffGroup.OPERATOR)))
        shelf.change(TEXT, audience="public", title="Storage")
        override.refresh_from_db()
        assert (override.standing, "Ten" in override.replaced_text, "Five." in shelf.read()) == (Standing.SAME, True, True)

    def test_narrowing_the_section_above_hides_it_as_well_until_it_is_widened(self, shelf):
        below = published(shelf.edition.article, title="Zones", body=TEXT)
        override = overriding.write_own(shelf.community, below, section="quota", by=shelf.champion)
        standings = []
        for audience in ("staff", "members"):
            shelf.change(TEXT, audience=audience)
            override.refresh_from_db()
            standings.append((override.standing, "Ten gigabytes" in override.now_text, override.needs_look))
        assert standings == [(Standing.GONE, False, True), (Standing.SAME, True, False)]


class TestSettling:
    def changed(self, shelf) -> Override:
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("Ten", "Twenty"))
        return Override.objects.get(pk=override.pk)

    def test_adopting_takes_the_shared_text_and_keeps_the_page_as_a_draft(self, shelf):
        override = self.changed(shelf)
        overriding.adopt(override, by=shelf.champion)
        overriding.adopt(override, by=shelf.champion)
        override.refresh_from_db()
        assert (override.needs_look, override.article.live) == (False, False)
        assert ("Twenty" in shelf.read(), "Five." in shelf.read()) == (True, False)
        again = overriding.write_own(shelf.community, Edition.objects.get(pk=shelf.edition.pk), section="quota", by=shelf.champion)
        assert again != override

    def test_adopting_the_first_of_two_sections_takes_along_what_hung_on_the_page(self, shelf):
        quota, backups = shelf.write("quota", "## Quota\n\nFive."), shelf.write("backups", "## Backups\n\nNever.")
        page, reader = shelf.composed(), Reader.of(shelf.member, shelf.composed(), address="", agent="")
        assert page.pk == quota.article_id
        voting.vote(page, helped=False, reader=reader)
        care.looked(page, by=shelf.champion)
        voting.explain(page, helped=False, reader=reader, why="wrong")
        message, form = MessageFactory(ticket=TicketFactory(community=shelf.community)), deflecting.new_form()
        Citation.objects.create(ticket=message.ticket, message=message, article=page.article)
        deflecting.note_opened(form, community=shelf.community, articles=[page.pk])
        overriding.adopt(quota, by=shelf.champion)
        page = shelf.composed()
        assert (page.pk, page.text.count("Never.")) == (backups.article_id, 1)
        assert [vote.article_id for vote in Vote.objects.standing()] == [page.pk]
        assert (page.article.care.looked_at is None, page.article.care.looked_by) == (False, shelf.champion.user)
        assert (list(page.article.citations.values_list("message", flat=True)), Suggested.objects.filter(article=page.pk).count()) == (
            [message.pk],
            1,
        )

    def test_what_hangs_on_the_other_page_already_stays_as_it_is(self, shelf):
        quota, backups = shelf.write("quota", "## Quota\n\nFive."), shelf.write("backups", "## Backups\n\nNever.")
        page, reader = shelf.composed(), Reader.of(shelf.member, shelf.composed(), address="", agent="")
        voting.vote(page, helped=False, reader=reader)
        Vote.objects.create(article=backups.article, version=page.published_at, reader=reader.key, helped=True, at=page.published_at)
        overriding.adopt(quota, by=shelf.champion)
        assert [vote.helped for vote in Vote.objects.standing()] == [True]

    def test_publishing_an_adopted_version_again_brings_it_back_unless_another_took_its_place(self, shelf):
        override = self.changed(shelf)
        overriding.adopt(override, by=shelf.champion)
        Article.objects.get(pk=override.article_id).save_revision().publish()
        override.refresh_from_db()
        assert (override.retired_at, "Five." in shelf.read()) == (None, True)
        overriding.adopt(override, by=shelf.champion)
        shelf.edition.refresh_from_db()
        shelf.write("quota", "## Quota\n\nSix.")
        Article.objects.get(pk=override.article_id).save_revision().publish()
        assert ("Six." in shelf.read(), "Five." in shelf.read()) == (True, False)

    def test_published_again_it_is_looked_at(self, shelf):
        override = self.changed(shelf)
        overriding.adopt(override, by=shelf.champion)
        shelf.change(TEXT.replace("Ten", "Twenty").replace("## Quota", "## Limits"))
        Article.objects.get(pk=override.article_id).save_revision().publish()
        override.refresh_from_db()
        assert (override.section, override.standing, override.needs_look) == ("limits", Standing.CHANGED, True)
        page = shelf.read()
        assert ('<h2 id="limits">' in page, "Twenty" in page, page.index("Five.") < page.index("Every night")) == (True, False, True)

    def test_where_a_second_person_reads_one_takes_no_text_away(self, shelf):
        published_one, drafted = shelf.write("quota", "## Quota\n\nFive."), shelf.write("backups", publish=False)
        shelf.own.second_reader = True
        shelf.own.save_revision().publish()
        champion = acting(User.objects.get(pk=shelf.champion.user.pk))
        client = Client()
        client.force_login(champion.user, backend="django.contrib.auth.backends.ModelBackend")
        response = client.post(f"/c/coastal/kb/our-versions/{published_one.pk}/adopt/", follow=True)
        assert "A second person has to approve." in response.content.decode()
        with pytest.raises(overriding.WaitsForAnother):
            overriding.adopt(published_one, by=champion)
        overriding.adopt(drafted, by=champion)
        published_one.refresh_from_db()
        assert (published_one.retired_at, "Five." in shelf.read(), Override.objects.active().count()) == (None, True, 1)
        overriding.adopt(published_one, by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))
        assert "Ten gigabytes" in shelf.read()

    def test_keeping_takes_what_was_compared_as_seen(self, shelf):
        override = self.changed(shelf)
        overriding.keep(override, seen=override.now_digest, by=shelf.champion)
        overriding.keep(override, seen=override.now_digest, by=shelf.champion)
        override.refresh_from_db()
        assert (override.needs_look, override.standing, "Twenty" in override.replaced_text, "Five." in shelf.read()) == (
            False,
            Standing.SAME,
            True,
            True,
        )

    def test_keeping_what_changed_again_in_the_meantime_keeps_the_mark(self, shelf):
        override = self.changed(shelf)
        shelf.change(TEXT.replace("Ten", "Thirty"))
        overriding.keep(override, seen=override.now_digest, by=shelf.champion)
        override.refresh_from_db()
        assert override.needs_look

    def test_keeping_what_was_given_up_is_refused(self, shelf):
        override = self.changed(shelf)
        overriding.adopt(override, by=shelf.champion)
        with pytest.raises(overriding.NothingToKeep):
            overriding.keep(override, seen=override.now_digest, by=shelf.champion)

    def test_keeping_a_vanished_section_is_remembered(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change("## Backups\n\nEvery night.")
        override.refresh_from_db()
        overriding.keep(override, seen=override.now_digest, by=shelf.champion)
        shelf.change("## Backups\n\nEvery hour.")
        override.refresh_from_db()
        assert (override.needs_look, override.standing) == (False, Standing.MISSING)

    def test_what_has_no_place_any_more_can_stand_alone(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        slug = override.article.slug
        published(shelf.own, title="Storage Quota", slug=slug)
        shelf.edition.article.unpublish()
        override.refresh_from_db()
        overriding.let_stand_alone(override, by=shelf.champion)
        page = Article.objects.get(pk=override.article_id)
        assert (Override.objects.count(), page.get_parent().pk, page.slug) == (0, shelf.own.pk, f"{slug}-2")
        assert "Five." in shelf.read(f"/c/coastal/kb/{page.slug}/")

    def test_what_has_its_place_still_cannot(self, shelf):
        with pytest.raises(overriding.NothingToKeep):
            overriding.let_stand_alone(shelf.write("quota"), by=shelf.champion)

    def test_a_version_moved_in_the_editor_is_an_article_of_its_own(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        Article.objects.get(pk=override.article_id).move(Page.objects.get(pk=shelf.own.pk), pos="last-child")
        assert (Override.objects.count(), "Ten gigabytes" in shelf.read()) == (0, True)
        assert "Five." in shelf.read(f"/c/coastal/kb/{override.article.slug}/")


class TestComparing:
    def test_words_that_were_added_and_removed_are_told(self):
        words = [(word.kind, word.text) for word in overriding.compare("You get ten gigabytes of space.", "You get twenty big gigabytes.")]
        assert words == [
            ("same", "You get "),
            ("removed", "ten"),
            ("added", "twenty big"),
            ("same", " gigabytes"),
            ("removed", " of space"),
            ("same", "."),
        ]

    @pytest.mark.parametrize(("before", "after"), [("", ""), ("a b", "a b"), ("", "x"), ("x y z", ""), ("a\nb", "a\nc d")])
    def test_both_texts_can_be_read_back(self, before, after):
        words = overriding.compare(before, after)
        assert "".join(word.text for word in words if word.kind != "added") == before
        assert "".join(word.text for word in words if word.kind != "removed") == after

    def test_the_page_tells_the_three_texts(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("Ten", "Twenty"))
        override.refresh_from_db()
        found = overriding.comparison(override)
        assert (found.replaced.splitlines()[1], found.now.splitlines()[1], found.own) == (
            "Ten gigabytes.",
            "Twenty gigabytes.",
            "Quota\nFive.",
        )


class TestPages:
    def signed_in(self, shelf) -> Client:
        client = Client()
        client.force_login(shelf.champion.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_a_champion_writes_a_section_from_the_article_and_lands_in_the_editor(self, shelf):
        client = self.signed_in(shelf)
        page = client.get("/c/coastal/kb/storage/").content.decode()
        assert ('name="section" value="quota"' in page, "Write our own version</button>" in page) == (True, True)
        response = client.post(f"/c/coastal/kb/our-versions/write/{shelf.edition.pk}/", {"section": "quota"})
        override = Override.objects.get()
        assert response.headers["Location"] == f"/cms/pages/{override.article_id}/edit/"
        assert client.get(response.headers["Location"]).status_code == 200
        assert "Draft, not published yet" in client.get("/c/coastal/kb/storage/").content.decode()

    def test_a_member_sees_no_tools(self, shelf):
        assert ("Write our own version" in shelf.read(), "own-version" in shelf.read()) == (False, False)

    def test_a_missing_section_brings_them_back_with_a_word(self, shelf):
        response = self.signed_in(shelf).post(f"/c/coastal/kb/our-versions/write/{shelf.edition.pk}/", {"section": "gone"}, follow=True)
        assert (response.status_code, "not there any more" in response.content.decode()) == (200, True)

    def test_an_own_or_foreign_or_staff_article_is_not_found(self, shelf):
        editions = [
            published(shelf.own, title="Own"),
            published(shelf.theirs, title="Theirs"),
            published(shelf.shared, title="Staff", audience="staff"),
        ]
        client = self.signed_in(shelf)
        assert [client.post(f"/c/coastal/kb/our-versions/write/{one.pk}/").status_code for one in editions] == [404, 404, 404]

    def test_compare_shows_the_change_and_the_ways_to_settle_it(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        shelf.change(TEXT.replace("Ten", "Twenty"))
        client = self.signed_in(shelf)
        page = client.get(f"/c/coastal/kb/our-versions/{override.pk}/").content.decode()
        assert [words in page for words in (">Ten</del>", ">Twenty</ins>", "Keep ours", "Take the shared text", "Five.")] == [True] * 5
        assert "Changed under your version" in client.get("/c/coastal/kb/our-versions/").content.decode()
        assert "Compare and decide" in client.get("/c/coastal/kb/storage/").content.decode()
        override.refresh_from_db()
        client.post(f"/c/coastal/kb/our-versions/{override.pk}/keep/", {"seen": override.now_digest})
        assert "Changed under your version" not in client.get("/c/coastal/kb/our-versions/").content.decode()
        client.post(f"/c/coastal/kb/our-versions/{override.pk}/adopt/")
        assert "Twenty gigabytes" in client.get("/c/coastal/kb/storage/").content.decode()

    def test_keep_and_stand_alone_say_why_not(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        client = self.signed_in(shelf)
        client.post(f"/c/coastal/kb/our-versions/{override.pk}/adopt/")
        pages = [
            client.post(f"/c/coastal/kb/our-versions/{override.pk}/{what}/", follow=True).content.decode()
            for what in ("keep", "stand-alone")
        ]
        assert ["given up" in pages[0], "stays in its place" in pages[1]] == [True, True]

    def test_a_version_of_another_community_is_not_found(self, shelf):
        override = shelf.write("quota", "## Quota\n\nFive.")
        client = Client()
        client.force_login(member(shelf.other, Role.HUB_CHAMPION), backend="django.contrib.auth.backends.ModelBackend")
        assert [client.get(f"/c/{slug}/kb/our-versions/{override.pk}/").status_code for slug in ("coastal", "other")] == [404, 404]

    def test_the_list_asks_as_much_with_one_version_as_with_three(self, shelf):
        client = self.signed_in(shelf)
        shelf.write("quota", "## Quota\n\nFive.")
        client.get("/c/coastal/kb/our-versions/")
        with CaptureQueriesContext(connection) as few:
            client.get("/c/coastal/kb/our-versions/")
        shelf.write("backups", "## Backups\n\nNever.")
        overriding.write_own(shelf.community, published(shelf.shared, title="Third"), by=shelf.champion)
        with CaptureQueriesContext(connection) as many:
            client.get("/c/coastal/kb/our-versions/")
        assert len(few) == len(many)


def test_the_predicate_equals_the_queryset_for_everybody():
    world = World()
    edition = published(bare(), title="Shared")
    for community in (world.community, world.other):
        bare(community)
        overriding.write_own(community, edition, by=acting(staff(StaffGroup.OPERATOR)))
    everything = list(Override.objects.select_related("knowledge_base"))
    for who, actor in actors(world).items():
        assert {one for one in everything if can_see_override(actor, one)} == set(Override.objects.visible_to(actor)), who


def test_words_of_search_are_learnt_from_versions(shelf):
    shelf.write("quota", "## Quota\n\nZebrafish.")
    found = searching.answer("zebrafsh", within=Edition.objects.readable_in(shelf.community))
    assert [hit.edition.address for hit in found.hits] == ["storage"]


def test_two_shared_articles_that_swap_addresses_swap_their_versions(shelf):
    second = published(shelf.shared, title="Zones", body="## Quota\n\nZonal.")
    shelf.write("quota", "## Quota\n\nFive.")
    override = overriding.write_own(shelf.community, second, section="quota", by=shelf.champion)
    override.article.body = [("text", "## Quota\n\nOur zones.")]
    override.article.save_revision().publish()
    pages = Page.objects
    pages.filter(pk=shelf.edition.pk).update(slug="zones")
    pages.filter(pk=second.pk).update(slug="storage")
    readdress(Page.objects.get(pk=shelf.shared.pk))
    assert ("Five." in shelf.read("/c/coastal/kb/zones/"), "Our zones." in shelf.read("/c/coastal/kb/storage/")) == (True, True)


class TestAnotherSharedArticleAtTheAddress:
    @pytest.fixture
    def orphan(self, shelf) -> Override:
        """A whole version whose shared article is gone."""
        override = shelf.write(words="Ours of the first.")
        Article.objects.get(pk=shelf.edition.pk).unpublish()
        Page.objects.filter(pk=shelf.edition.pk).update(slug="elsewhere")
        return override

    @pytest.fixture
    def second(self, shelf, orphan) -> Edition:
        return published(shelf.shared, title="Storage anew", slug="storage", body="The second.")

    def again(self, override: Override) -> None:
        Article.objects.get(pk=override.article_id).save_revision().publish()

    def addresses(self, shelf) -> list[tuple[str, int]]:
        return list(Edition.objects.filter(knowledge_base=shelf.own).values_list("address", "pk"))

    def test_it_is_read_in_the_place_of_a_version_whose_own_is_gone(self, shelf, second):
        assert ("The second." in shelf.read(), self.addresses(shelf)) == (True, [])

    def test_the_list_and_the_comparison_of_that_version_say_so(self, shelf, orphan, second):
        pages = [shelf.read(f"/c/coastal/kb/our-versions/{end}", user=shelf.champion.user) for end in ("", f"{orphan.pk}/")]
        assert ["nobody reads your version" in page for page in pages] == [True, True]

    def test_a_version_of_it_stands_there_and_nothing_at_an_address_in_between(self, shelf, orphan, second):
        override = overriding.write_own(shelf.community, second, by=shelf.champion)
        self.again(override)
        assert self.addresses(shelf) == [("storage", override.article_id)]
        self.again(orphan)
        assert self.addresses(shelf) == [("storage", override.article_id)]

    def test_of_two_versions_whose_shared_articles_are_gone_the_one_published_last_is_read(self, shelf, orphan, second):
        override = overriding.write_own(shelf.community, second, by=shelf.champion)
        self.again(override)
        Article.objects.get(pk=second.pk).unpublish()
        assert self.addresses(shelf) == [("storage", override.article_id)]
        self.again(orphan)
        assert self.addresses(shelf) == [("storage", orphan.article_id)]

    @pytest.mark.parametrize("leave", ["unpublish", "move", "rename"])
    def test_the_first_version_is_read_again_once_the_address_is_free(self, shelf, orphan, second, leave):
        page = Article.objects.get(pk=second.pk)
        if leave == "unpublish":
            page.unpublish()
        elif leave == "move":
            page.move(published(shelf.shared, title="Target").article, pos="last-child")
        else:
            page.slug = "renamed"
            page.save_revision().publish()
        assert ("Ours of the first." in shelf.read(), self.addresses(shelf)) == (True, [("storage", orphan.article_id)])

    def test_a_version_whose_shared_article_was_deleted_gives_way_too(self, shelf):
        orphan = shelf.write(words="Ours of the first.")
        Article.objects.get(pk=shelf.edition.pk).delete()
        second = published(shelf.shared, title="Storage anew", slug="storage", body="The second.")
        self.again(orphan)
        assert ("The second." in shelf.read(), self.addresses(shelf)) == (True, [])
        Article.objects.get(pk=second.pk).unpublish()
        assert "Ours of the first." in shelf.read()

    def test_an_address_in_between_is_neither_listed_nor_served(self, shelf):
        shelf.write(words="Ours.")
        Edition.objects.filter(knowledge_base=shelf.own).update(address="moving:1")
        assert ("moving:" in shelf.read("/c/coastal/kb/"), shelf.read("/c/coastal/kb/moving:1/")) == (False, "")


def test_the_editor_refuses_an_unknown_fact():
    community = CommunityFactory(slug="ours")
    home, client = bare(community), Client()
    client.force_login(member(community, Role.HUB_CHAMPION), backend="django.contrib.auth.backends.ModelBackend")
    form = {
        "title": "Facts",
        "slug": "facts",
        "summary": "",
        "audience": "members",
        "translation_of": "",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "action-publish": "1",
    }
    address = f"/cms/pages/add/knowledgebase/article/{home.pk}/"
    refused = client.post(address, {**form, "body-0-value": "Open {{ hub.adress }}."}).content.decode()
    assert ("We know no fact called {{ hub.adress }}" in refused, Edition.objects.count()) == (True, 0)
    for name in ("title", "summary"):
        refused = client.post(address, {**form, "body-0-value": "x", name: "Open {{ hub.name }}"}).content.decode()
        assert ("A fact can stand in the text alone" in refused, Edition.objects.count()) == (True, 0)
    assert client.post(address, {**form, "body-0-value": "Open {{ hub.url }}, `{{ .Values.x }}`."}).status_code == 302
    assert Edition.objects.get().text == "Open your hub’s address, {{ .Values.x }}."
