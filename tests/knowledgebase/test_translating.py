"""Translations: begun from an article, followed as it changes, told to readers and translators."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from communities.roles import Role, StaffGroup
from knowledgebase import overriding, translating
from knowledgebase.models import Article, Change, Edition, LanguageShelf, Translation
from knowledgebase.significance import Reason, Significance
from knowledgebase.translating import NotPossible
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db

LONG = "Your server keeps every file in your own folder until you delete it yourself, and a shared folder holds what all of you need"


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def shared():
    return bare()


@pytest.fixture
def guide():
    return acting(staff(StaffGroup.COMMUNITY_GUIDE))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def begun(edition: Edition, into, by, language="es") -> Article:
    return translating.start(edition, language=language, into=into, by=by)


def translated(edition: Edition, into, by, language="es", **fields) -> Article:
    """A published translation."""
    article = begun(edition, into, by, language)
    return publish(article, **fields)


def publish(article: Article, **fields) -> Article:
    """Publish new text of an article, as the editor does."""
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, [("text", value)] if name == "body" else value)
    article.save_revision().publish()
    return Article.objects.get(pk=article.pk)


def lag(article: Article) -> str:
    return Translation.objects.get(pk=article.pk).lag


class TestBeginning:
    def test_a_draft_has_the_originals_blocks_at_the_mirrored_place(self, shared, guide):
        section = published(shared, title="Files", summary="All about files")
        edition = published(section.article, title="Storage", body=LONG, summary="Where files are")
        article = begun(edition, shared, guide)
        shelf = LanguageShelf.objects.get(slug="es")
        above = Article.objects.get(slug="files", path__startswith=shelf.path)
        assert article.get_parent().pk == above.pk
        assert (article.slug, article.title, article.summary, article.live) == ("storage", "Storage", "Where files are", False)
        assert [block.value for block in article.body] == [LONG]
        assert (above.translation_of_id, above.live) == (section.pk, False)
        assert Translation.objects.get(pk=article.pk).based_on_id == edition.article.live_revision_id
        assert PageLogEntry.objects.filter(page=article.pk, action="knowledgebase.translate").exists()

    def test_beginning_again_gives_the_same_draft(self, shared, guide):
        edition = published(shared, title="Storage")
        assert begun(edition, shared, guide).pk == begun(edition, shared, guide).pk

    def test_begun_from_a_translation_it_is_one_of_the_original(self, shared, guide):
        edition = published(shared, title="Storage")
        spanish = translated(edition, shared, guide)
        french = begun(Edition.objects.get(pk=spanish.pk), shared, guide, "fr")
        assert (french.translation_of_id, french.get_parent().slug) == (edition.pk, "fr")

    def test_a_section_that_is_translated_elsewhere_is_the_place(self, shared, guide):
        section = published(shared, title="Files")
        edition = published(section.article, title="Storage")
        spanish = translated(section, shared, guide)
        spanish.slug = "archivos"
        publish(spanish, slug="archivos")
        assert begun(edition, shared, guide).get_parent().pk == spanish.pk

    def test_a_community_writes_its_own_version_of_a_shared_article_beside_it(self, shared, community):
        edition, own = published(shared, title="Storage"), bare(community, language="es")
        champion = acting(member(community, Role.HUB_CHAMPION))
        article = begun(edition, own, champion)
        assert (article.translation_of_id, article.get_parent().slug) == (edition.pk, "es")
        assert article.is_descendant_of(own)

    @pytest.fixture
    def own_words(self, shared, community):
        """A shared article with a chapter, and the writing of a community's version of it."""
        edition = published(shared, title="Storage", summary="Where files are", body="Intro.\n\n## Quota\n\nTen.\n\n## Backups\n\nNightly.")
        own, champion = bare(community), acting(member(community, Role.HUB_CHAMPION))

        def write(section: str, words: str, **fields) -> Edition:
            override = overriding.write_own(community, edition, section=section, by=champion)
            publish(override.article, body=words, **fields)
            return Edition.objects.get(knowledge_base=own, in_place_of=edition.pk)

        return edition, own, champion, write

    @pytest.mark.parametrize("named", ["composed", "shared"])
    def test_of_a_page_with_own_sections_all_of_it_is_translated(self, own_words, named):
        edition, own, champion, write = own_words
        composed = write("quota", "## Quota\n\nFive.", audience="members")
        article = begun(composed if named == "composed" else edition, own, champion)
        text = "\n".join(block.value for block in article.body)
        assert (article.title, article.summary, article.audience, article.translation_of_id, article.slug) == (
            "Storage",
            "Where files are",
            "members",
            edition.pk,
            "storage",
        )
        assert [words in text for words in ("Intro.", "Five.", "Nightly.", "Ten.")] == [True, True, True, False]

    def test_a_version_of_all_of_it_is_what_is_translated(self, own_words):
        edition, own, champion, write = own_words
        article = begun(write("", "Ours.", title="Our storage", summary="Ours"), own, champion)
        assert (article.title, article.summary, article.translation_of_id, article.get_parent().slug) == (
            "Our storage",
            "Ours",
            edition.pk,
            "es",
        )
        assert [block.value for block in article.body] == ["Ours."]

    def test_readers_are_offered_the_translation_of_a_page_with_own_sections(self, own_words):
        _edition, own, champion, write = own_words
        composed = write("quota", "## Quota\n\nFive.")
        own.add_child(instance=LanguageShelf(title="Español", slug="es"))
        assert [row.edition for row in translating.missing(own, most=5)] == [composed]
        publish(begun(composed, own, champion), title="Espacio")
        assert translating.missing(own, most=5) == []
        pages = [signed_in(champion.user).get(f"/c/coastal/kb/{address}/").content.decode() for address in ("storage", "es/storage")]
        assert ['href="/c/coastal/kb/es/storage/"' in pages[0], 'href="/c/coastal/kb/storage/"' in pages[1]] == [True, True]

    def test_a_version_of_a_translation_leads_to_the_original_too(self, own_words, shared, community, guide):
        edition, own, champion, _write = own_words
        spanish = Edition.objects.get(pk=translated(edition, shared, guide, title="Espacio").pk)
        publish(overriding.write_own(community, spanish, by=champion).article, body="Nuestro.")
        french = begun(Edition.objects.get(knowledge_base=own, in_place_of=spanish.pk), own, champion, "fr")
        assert (french.translation_of_id, french.title) == (edition.pk, "Storage")

    def test_an_own_article_on_a_shelf_is_translated_into_the_communitys_language(self, community):
        own = bare(community)
        begun_at = LanguageShelf(title="Español", slug="es")
        own.add_child(instance=begun_at)
        edition = published(begun_at, title="Datos")
        article = begun(edition, own, acting(member(community, Role.HUB_CHAMPION)), "en")
        assert article.get_parent().pk == own.pk

    def test_nothing_begins_in_its_own_language_one_unknown_or_where_a_page_stands(self, shared, guide):
        edition = published(shared, title="Storage")
        shelf = LanguageShelf(title="Français", slug="fr")
        shared.add_child(instance=shelf)
        published(shelf, title="Storage")
        for language in ("en", "xx", "fr"):
            with pytest.raises(NotPossible):
                begun(edition, shared, guide, language)

    def test_nothing_begins_once_the_original_is_taken_back(self, shared, guide):
        edition = published(shared, title="Storage")
        edition.article.unpublish()
        with pytest.raises(NotPossible):
            begun(edition, shared, guide)


class TestFollowing:
    @pytest.fixture
    def pair(self, shared, guide):
        edition = published(shared, title="Storage", body=LONG)
        return edition.article, translated(edition, shared, guide, title="Almacén", body="Texto")

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (LONG, ""),
            (LONG.replace("server", "sever"), ""),
            (LONG.replace("your own folder", "our folder"), Significance.MEDIUM),
            ("Nothing of that is true any more", Significance.LARGE),
        ],
    )
    def test_a_change_of_the_original_counts_by_its_proposal(self, pair, body, expected):
        original, translation = pair
        publish(original, body=body)
        assert lag(translation) == expected

    def test_the_same_text_published_again_is_no_change(self, pair):
        publish(pair[0], body=LONG)
        assert Change.objects.count() == 0

    def test_an_article_without_translations_keeps_no_changes(self, shared):
        publish(published(shared, title="Alone").article, body="Other")
        assert (Change.objects.count(), Translation.objects.count()) == (0, 0)

    def test_the_heaviest_change_counts_until_it_is_followed(self, pair, guide):
        original, translation = pair
        publish(original, body="Nothing of that is true any more")
        publish(original, body="Nothing of that is true any longer now")
        row = Translation.objects.get(pk=translation.pk)
        first, second = Change.objects.order_by("pk")
        assert (row.lag, row.since, second.before_id) == (Significance.LARGE, first.at, first.revision_id)
        followed = translating.follow(row, change=second, by=guide)
        assert (followed.lag, followed.based_on_id) == ("", second.revision_id)

    def test_following_what_one_saw_leaves_what_came_meanwhile(self, pair, guide):
        original, translation = pair
        publish(original, body=LONG.replace("your own folder", "our folder"))
        seen = Change.objects.get()
        publish(original, body="Nothing of that is true any more")
        assert translating.follow(Translation.objects.get(pk=translation.pk), change=seen, by=guide).lag == Significance.LARGE

    def test_a_change_of_another_article_is_not_followed(self, pair, shared, guide):
        other = published(shared, title="Other", body=LONG)
        translated(other, shared, guide)
        publish(other.article, body="Nothing of that is true any more")
        publish(pair[0], body="Nothing of that is true any more")
        foreign = Change.objects.get(article=other.pk)
        assert translating.follow(Translation.objects.get(pk=pair[1].pk), change=foreign, by=guide).lag == Significance.LARGE

    def test_publishing_a_translation_alone_brings_nothing_up_to_date(self, pair):
        publish(pair[0], body="Nothing of that is true any more")
        publish(pair[1], body="Textos")
        assert lag(pair[1]) == Significance.LARGE

    def test_what_came_in_both_languages_at_once_is_up_to_date(self, pair, shared, guide):
        other = published(shared, title="Other", body=LONG)
        apart = translated(other, shared, guide)
        for original in (pair[0], other.article):
            publish(original, body="Nothing of that is true any more")
        translating.follow_brought([pair[0].pk, pair[1].pk], by=guide)
        assert (lag(pair[1]), lag(apart)) == ("", Significance.LARGE)

    def test_pages_kept_for_strangers_tell_at_once_how_far_behind_it_is(self, pair, guide, settings, django_capture_on_commit_callbacks):
        settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "behind"}}
        original, translation = pair
        address, told = f"/kb/{Edition.objects.get(pk=translation.pk).address}/", []
        with django_capture_on_commit_callbacks(execute=True):
            publish(original, body="Nothing of that is true any more")
        for step in (
            lambda: None,
            lambda: translating.decide(Change.objects.get(), Significance.SMALL, by=guide),
            lambda: translating.decide(Change.objects.get(), Significance.LARGE, by=guide),
            lambda: translating.follow(Translation.objects.get(pk=translation.pk), change=Change.objects.get(), by=guide),
        ):
            with django_capture_on_commit_callbacks(execute=True):
                step()
            told.append("This translation is out of date" in Client().get(address).content.decode())
        assert told == [True, False, True, False]

    def test_what_somebody_decides_counts_instead_of_the_proposal(self, pair, guide):
        publish(pair[0], body="Nothing of that is true any more")
        change = translating.decide(Change.objects.get(), Significance.SMALL, by=guide)
        assert (change.proposed, change.significance, change.decided_by) == (Significance.LARGE, Significance.SMALL, guide.user)
        assert lag(pair[1]) == ""
        translating.decide(change, Significance.MEDIUM, by=guide)
        assert lag(pair[1]) == Significance.MEDIUM

    def test_a_text_that_is_no_longer_kept_is_taken_for_medium(self, pair):
        original, translation = pair
        Translation.objects.filter(pk=translation.pk).update(based_on=None)
        publish(original, body="Nothing of that is true any more")
        assert (lag(translation), Change.objects.get().reasons) == (Significance.MEDIUM, [Reason.UNKNOWN])

    def test_linked_by_hand_it_follows_what_the_original_says_now(self, shared):
        original = published(shared, title="Storage", body=LONG).article
        article = draft(shared, title="Almacén", translation_of=original)
        article = publish(article, body="Texto")
        assert Translation.objects.get(pk=article.pk).based_on_id == original.live_revision_id
        publish(article, translation_of=None)
        assert not Translation.objects.filter(pk=article.pk).exists()

    def test_linked_to_another_original_it_begins_anew(self, pair, shared):
        other = published(shared, title="Other").article
        publish(pair[0], body="Nothing of that is true any more")
        publish(pair[1], translation_of=other)
        row = Translation.objects.get(pk=pair[1].pk)
        assert (row.original_id, row.lag, row.based_on_id) == (other.pk, "", other.live_revision_id)


class TestReading:
    @pytest.fixture
    def pair(self, shared, guide):
        edition = published(shared, title="Storage", body=LONG, summary="Where")
        return edition.article, translated(edition, shared, guide, title="Almacén", body="Texto")

    def page(self, path="/kb/es/storage/", language="en") -> str:
        return " ".join(Client().get(path, headers={"Accept-Language": language}).content.decode().split())

    @pytest.mark.parametrize(
        ("level", "said", "unsaid"),
        [
            (Significance.MEDIUM, "The original has changed since this was translated.", "This translation is out of date"),
            (Significance.LARGE, "This translation is out of date", "has changed since this was translated"),
            (Significance.SMALL, "Almacén", "The original has"),
        ],
    )
    def test_readers_of_a_translation_are_told_by_significance(self, pair, guide, level, said, unsaid):
        publish(pair[0], body="Nothing of that is true any more")
        translating.decide(Change.objects.get(), level, by=guide)
        page = self.page()
        assert (said in page, unsaid in page) == (True, False)
        assert ('<a href="/kb/storage/" hreflang="en">Read the original (English)</a>' in page) == (level != Significance.SMALL)

    def test_the_original_itself_says_nothing_of_it(self, pair):
        publish(pair[0], body="Nothing of that is true any more")
        assert "out of date" not in self.page("/kb/storage/")

    def test_an_original_the_reader_may_not_read_is_not_offered(self, pair):
        publish(pair[0], body="Nothing of that is true any more", audience="staff")
        page = self.page()
        assert ("This translation is out of date" in page, "Read the original" in page, "/kb/storage/" in page) == (True, False, False)

    def test_the_head_names_every_language(self, pair, settings):
        page = self.page("/kb/storage/")
        for code, path in (("en", "/kb/storage/"), ("es", "/kb/es/storage/"), ("x-default", "/kb/storage/")):
            assert f'<link rel="alternate" hreflang="{code}" href="{settings.SITE_URL}{path}">' in page

    def test_an_article_in_one_language_names_none(self, shared):
        published(shared, title="Alone")
        assert "hreflang" not in self.page("/kb/alone/")

    @pytest.mark.parametrize(
        ("language", "shown", "hidden"), [("es", "Almacén", "Storage"), ("en", "Storage", "Almacén"), ("fr", "Storage", "Almacén")]
    )
    @pytest.mark.usefixtures("pair")
    def test_the_first_page_lists_an_article_once_in_the_readers_language(self, shared, language, shown, hidden):
        published(shared, title="Alone")
        page = self.page("/kb/", language)
        assert (f">{shown}</a>" in page, f">{hidden}</a>" in page) == (True, False)
        assert ('<span class="meta" lang="en">English</span>' in page) == (language != "en")

    def test_a_translation_is_listed_for_everybody_who_may_not_read_its_original(self, pair):
        publish(pair[0], audience="members")
        page = self.page("/kb/", "fr")
        assert (">Almacén</a>" in page, ">Storage</a>" in page) == (True, False)

    def test_a_translation_stands_where_its_original_stands(self, pair, shared, guide):
        child = published(pair[0], title="Quota")
        translated(child, shared, guide, title="Cuota")
        page = self.page("/kb/", "es")
        assert page.count('<li class="card">') == 1
        assert page.index("Almacén") < page.index("Cuota")

    def test_a_community_reads_its_own_version_of_a_shared_article(self, pair, community):
        own = bare(community, language="es")
        champion = member(community, Role.HUB_CHAMPION)
        translated(Edition.objects.get(pk=pair[0].pk), own, acting(champion), title="Nuestro almacén", audience="members")
        client = signed_in(champion)
        page = client.get("/c/coastal/kb/", headers={"Accept-Language": "es"}).content.decode()
        champion.language = "es"
        champion.save()
        page = client.get("/c/coastal/kb/").content.decode()
        assert ("Nuestro almacén" in page, ">Almacén</a>" in page, ">Storage</a>" in page) == (True, False, False)
        article = client.get("/c/coastal/kb/storage/").content.decode()
        assert ("/c/coastal/kb/es/storage/" in article, article.count('hreflang="es"')) == (True, 2)

    def test_what_a_community_wrote_instead_has_no_shared_translation(self, pair, community):
        published(bare(community), title="Storage", audience="members")
        reader = member(community)
        reader.language = "es"
        reader.save()
        page = signed_in(reader).get("/c/coastal/kb/").content.decode()
        assert (">Storage</a>" in page, "Almacén" in page) == (True, False)


class TestPages:
    @pytest.fixture
    def champion(self, community):
        return member(community, Role.HUB_CHAMPION)

    @pytest.fixture
    def own(self, community):
        return bare(community)

    @pytest.fixture
    def pair(self, own, champion):
        edition = published(own, title="Data", body=LONG, audience="members")
        return edition.article, translated(edition, own, acting(champion), title="Datos", body="Texto")

    def test_a_button_begins_a_translation_and_opens_the_editor_with_the_original_beside(self, own, champion):
        edition = published(own, title="Data", body=LONG, audience="members")
        client = signed_in(champion)
        page = client.get("/c/coastal/kb/data/").content.decode()
        assert all(f'value="{code}">Translate into' in page for code in ("es", "pt", "fr"))
        response = client.post("/c/coastal/kb/translations/start/", {"article": edition.pk, "language": "es"})
        article = Article.objects.get(translation_of=edition.pk)
        assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
        editor = client.get(response.headers["Location"]).content.decode()
        assert ('class="original"' in editor, f"/c/coastal/kb/translations/{article.pk}/" in editor) == (True, True)

    def test_the_original_beside_is_shown_as_somebody_reads_it(self, own, champion):
        target = published(own, title="Target", audience="members")
        body = f"[Lab]({{{{ hub.url }}}}/lab) of {{{{ hub.name }}}}, see [that](/c/coastal/kb/{target.address}/)."
        article = begun(published(own, title="Data", body=body, audience="members"), own, acting(champion))
        page = signed_in(champion).get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
        beside = page.split('class="original__text"')[1].split("</details>")[0]
        assert ("of your hub, see" in beside, 'href="#"' in beside, 'href="/c/coastal/kb/target/"' in beside) == (True, True, True)
        assert not any(mark in beside for mark in "\ue000\ue001\ue002\ue003")

    def test_a_reader_has_no_button(self, own, community):
        published(own, title="Data", audience="members")
        assert "Translate into" not in signed_in(member(community, Role.MEMBER)).get("/c/coastal/kb/data/").content.decode()

    @pytest.mark.parametrize("posted", [{}, {"article": "x"}, {"article": "9" * 30}, {"article": "1", "language": "es"}])
    def test_an_article_nobody_has_cannot_be_translated(self, own, champion, posted):
        assert signed_in(champion).post("/c/coastal/kb/translations/start/", posted).status_code == 404

    def test_an_article_of_another_community_cannot_be_translated(self, own, champion):
        foreign = published(bare(CommunityFactory()), title="Secret", audience="members")
        response = signed_in(champion).post("/c/coastal/kb/translations/start/", {"article": foreign.pk, "language": "es"})
        assert (response.status_code, Article.objects.filter(translation_of=foreign.pk).count()) == (404, 0)

    def test_a_refusal_is_said_on_the_article(self, own, champion):
        edition = published(own, title="Data", audience="members")
        page = signed_in(champion).post("/c/coastal/kb/translations/start/", {"article": edition.pk, "language": "en"}, follow=True)
        assert (page.redirect_chain[-1][0], "written in that language" in page.content.decode()) == ("/c/coastal/kb/data/", True)

    def test_the_list_says_what_fell_behind_what_is_begun_and_what_nobody_has_begun(self, pair, own, champion):
        publish(pair[0], body="Nothing of that is true any more")
        begun(published(own, title="Half done", audience="members"), own, acting(champion))
        published(own, title="Untouched", audience="members")
        page = " ".join(signed_in(champion).get("/c/coastal/kb/translations/").content.decode().split())
        behind, started, missing = page.index('id="behind"'), page.index('id="begun"'), page.index('id="missing-1"')
        assert behind < page.index(">Datos</a>") < started < page.index("Half done") < missing < page.index("Untouched")
        assert "Out of date" in page

    def test_the_list_takes_as_many_queries_with_one_and_three_rows(self, pair, own, champion, django_assert_num_queries):
        publish(pair[0], body="Nothing of that is true any more")
        begun(published(own, title="Half", audience="members"), own, acting(champion))
        published(own, title="None", audience="members")
        client = signed_in(champion)
        client.get("/c/coastal/kb/translations/")
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as few:
            client.get("/c/coastal/kb/translations/")
        for number in range(2):
            edition = published(own, title=f"More {number}", body=LONG, audience="members")
            translated(edition, own, acting(champion), title=f"Más {number}")
            publish(edition.article, body="Nothing of that is true any more")
            begun(published(own, title=f"Half {number}", audience="members"), own, acting(champion))
            published(own, title=f"None {number}", audience="members")
        with django_assert_num_queries(len(few)):
            client.get("/c/coastal/kb/translations/")

    def test_an_empty_list_says_so(self, own, champion):
        assert "Every translation is up to date" in signed_in(champion).get("/c/coastal/kb/translations/").content.decode()

    def test_comparing_shows_what_changed_and_one_button_says_it_is_up_to_date(self, pair, champion):
        publish(pair[0], body=LONG.replace("your own folder", "our folder"))
        client, address = signed_in(champion), f"/c/coastal/kb/translations/{pair[1].pk}/"
        page = client.get(address).content.decode()
        gone, new = (
            '<del><span class="visually-hidden">gone: </span>your own</del>',
            '<ins><span class="visually-hidden">new: </span>our</ins>',
        )
        assert (gone in page, new in page) == (True, True)
        change = Change.objects.get()
        response = client.post(f"{address}follow/", {"change": change.pk})
        assert (response.headers["Location"], lag(pair[1])) == ("/c/coastal/kb/translations/", "")
        assert "Nothing that matters." in client.get(address).content.decode()

    def test_what_changed_meanwhile_is_shown_instead(self, pair, champion):
        publish(pair[0], body=LONG.replace("your own folder", "our folder"))
        seen = Change.objects.get()
        publish(pair[0], body="Nothing of that is true any more")
        address = f"/c/coastal/kb/translations/{pair[1].pk}/"
        response = signed_in(champion).post(f"{address}follow/", {"change": seen.pk}, follow=True)
        assert (response.redirect_chain[-1][0], "changed again meanwhile" in response.content.decode()) == (address, True)

    @pytest.mark.parametrize("posted", [{"change": "x"}, {}])
    def test_following_nothing_leaves_it_behind(self, pair, champion, posted):
        publish(pair[0], body="Nothing of that is true any more")
        signed_in(champion).post(f"/c/coastal/kb/translations/{pair[1].pk}/follow/", posted)
        assert lag(pair[1]) == Significance.LARGE

    def test_the_text_before_that_is_no_longer_kept_is_said(self, pair, champion):
        publish(pair[0], body="Nothing of that is true any more")
        Translation.objects.update(based_on=None)
        assert "no longer kept" in signed_in(champion).get(f"/c/coastal/kb/translations/{pair[1].pk}/").content.decode()

    def test_an_original_the_translator_may_not_read_shows_nothing(self, own, champion, shared, guide):
        edition = published(shared, title="Storage", body="Secret words")
        article = translated(edition, own, acting(champion), title="Almacén")
        publish(edition.article, audience="staff", body="More secret words")
        response = signed_in(champion).get(f"/c/coastal/kb/translations/{article.pk}/")
        assert (response.status_code, "ecret words" in response.content.decode()) == (404, False)
        editor = signed_in(champion).get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
        assert 'class="original"' not in editor

    def test_a_page_of_another_knowledge_base_is_nowhere(self, pair):
        other = CommunityFactory(slug="other")
        bare(other)
        publish(pair[0], body="Nothing of that is true any more")
        client = signed_in(member(other, Role.HUB_CHAMPION))
        change = Change.objects.get()
        for where in ("other", "coastal"):
            for path in (f"{pair[1].pk}/", f"changes/{change.pk}/"):
                assert client.get(f"/c/{where}/kb/translations/{path}").status_code == 404

    def test_publishing_in_the_editor_asks_what_the_change_means(self, pair, champion):
        client = signed_in(champion)
        response = self.publish_in_editor(client, pair[0], "Nothing of that is true any more")
        change = Change.objects.get()
        address = f"/c/coastal/kb/translations/changes/{change.pk}/"
        assert response.headers["Location"] == address
        page = " ".join(client.get(address).content.decode().split())
        assert ('value="large"' in page, "Español" in page, "of the words changed" in page) == (True, True, True)
        assert 'value="large" required id="id_significance_2" checked' in page or "checked" in page.split('value="large"')[1].split(">")[0]
        response = client.post(f"{address}decide/", {"significance": "medium"})
        assert (response.headers["Location"], lag(pair[1])) == ("/c/coastal/kb/data/", Significance.MEDIUM)

    def test_no_level_gets_the_page_again(self, pair, champion):
        publish(pair[0], body="Nothing of that is true any more")
        address = f"/c/coastal/kb/translations/changes/{Change.objects.get().pk}/decide/"
        assert signed_in(champion).post(address, {"significance": "huge"}).status_code == 422
        assert lag(pair[1]) == Significance.LARGE

    def test_publishing_a_translation_that_was_behind_asks_whether_it_is_up_to_date(self, pair, champion):
        publish(pair[0], body="Nothing of that is true any more")
        response = self.publish_in_editor(signed_in(champion), pair[1], "Nada de eso")
        assert response.headers["Location"] == f"/c/coastal/kb/translations/{pair[1].pk}/"

    def test_publishing_anything_else_asks_nothing(self, own, champion):
        article = published(own, title="Alone", audience="members").article
        response = self.publish_in_editor(signed_in(champion), article, "New")
        assert "/translations/" not in response.headers["Location"]

    @pytest.mark.parametrize("whose", ["foreign", "itself", "a translation"])
    def test_only_an_article_of_ours_or_a_shared_one_is_chosen_as_original(self, pair, own, champion, whose):
        foreign = draft(bare(CommunityFactory()), title="Secret draft")
        article = published(own, title="Alone", audience="members").article
        chosen = {"foreign": foreign, "itself": article, "a translation": pair[1]}[whose]
        response = self.publish_in_editor(signed_in(champion), article, "New", translation_of=chosen.pk)
        refused = 404 if whose == "foreign" else 200  # what is foreign does not exist for them
        assert (response.status_code, Article.objects.get(pk=article.pk).translation_of_id) == (refused, None)

    def test_a_shared_article_is_chosen_as_original(self, own, champion, shared):
        original = published(shared, title="Storage").article
        article = published(own, title="Alone", audience="members").article
        self.publish_in_editor(signed_in(champion), article, "New", translation_of=original.pk)
        assert Article.objects.get(pk=article.pk).translation_of_id == original.pk

    def publish_in_editor(self, client, article, body, **more):
        article = Article.objects.get(pk=article.pk)
        form = {
            "title": article.title,
            "slug": article.slug,
            "summary": article.summary,
            "audience": article.audience,
            "translation_of": article.translation_of_id or "",
            "body-count": "1",
            "body-0-type": "text",
            "body-0-order": "0",
            "body-0-deleted": "",
            "body-0-id": "",
            "body-0-value": body,
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            "action-publish": "1",
            **more,
        }
        return client.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), form)
