"""Whether an article helped: who says it, once, changeable, and for how long it is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase import voting
from knowledgebase.access import can_read_vote
from knowledgebase.models import Article, Vote
from knowledgebase.models.care import in_a_year
from onboarding import erasing, exporting
from tests.factories import CommunityFactory, UserFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def article():
    return published(bare(), title="First login")


def stranger(article, address="192.0.2.1", agent="Browser"):
    return voting.Reader.of(Actor.anonymous(), article, address=address, agent=agent)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said():
    return list(Vote.objects.order_by("pk").values_list("helped", "why", "words"))


class TestReader:
    def test_a_stranger_is_one_by_address_browser_article_and_day(self, article):
        other = published(bare(), title="Other")
        first = stranger(article)
        others = [stranger(article, address="192.0.2.2"), stranger(article, agent="Another"), stranger(other)]
        assert (stranger(article), first.user, "192.0.2.1" in first.key) == (first, None, False)
        assert len({first.key, *(each.key for each in others)}) == 4

    def test_tomorrow_nobody_can_tell_who_it_was(self, article):
        first = stranger(article)
        with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
            assert stranger(article).key != first.key
        cache.clear()  # the key of the day is nowhere else
        assert stranger(article).key != first.key

    def test_who_is_signed_in_is_their_account_wherever_they_are(self, article):
        ana = acting(UserFactory())
        readers = {voting.Reader.of(ana, article, address=address, agent="x") for address in ("192.0.2.1", "192.0.2.2")}
        assert readers == {voting.Reader(f"user:{ana.user.pk}", ana.user)}


class TestDeciding:
    def test_a_vote_counts_once_and_the_last_word_holds(self, article):
        reader = stranger(article)
        for helped in (True, True, False):
            voting.vote(article, helped=helped, reader=reader)
        assert said() == [(False, "", "")]

    def test_saying_the_same_again_keeps_what_was_written_and_the_other_thing_begins_anew(self, article):
        reader = stranger(article)
        voting.explain(article, helped=False, reader=reader, why="wrong", words="The port is 22.")
        voting.vote(article, helped=False, reader=reader)
        assert said() == [(False, "wrong", "The port is 22.")]
        voting.vote(article, helped=True, reader=reader)
        assert said() == [(True, "", "")]

    def test_who_was_helped_has_no_reason_why_not(self, article):
        voting.explain(article, helped=True, reader=stranger(article), why="wrong", words="More pictures")
        assert said() == [(True, "", "More pictures")]

    def test_a_new_text_is_voted_on_anew(self, article):
        reader = stranger(article)
        voting.vote(article, helped=False, reader=reader)
        article.article.save_revision().publish()
        article.refresh_from_db()
        assert voting.vote_of(article, reader) is None
        voting.vote(article, helped=True, reader=reader)
        assert [helped for helped, _why, _words in said()] == [False, True]
        assert list(Vote.objects.standing().values_list("helped", flat=True)) == [True]


class TestKeeping:
    def test_votes_go_after_a_year_and_not_before(self, article):
        with time_machine.travel(timezone.now() - timedelta(days=366), tick=False):
            voting.vote(article, helped=False, reader=stranger(article, address="192.0.2.9"))
        with time_machine.travel(timezone.now() - timedelta(days=364), tick=False):
            voting.vote(article, helped=True, reader=stranger(article))
        assert (voting.forget_old(), said()) == (1, [(True, "", "")])

    def test_a_person_gets_what_they_wrote_and_it_is_forgotten_with_them(self, article):
        ana = UserFactory(email="ana@example.org", name="Ana Ruiz")
        reader = voting.Reader.of(acting(ana), article, address="", agent="")
        voting.explain(article, helped=False, reader=reader, why="hard", words="I, Ana, am lost")
        held = exporting.held("ana@example.org")["articles"]
        assert [(row["article_title"], row["helped"], row["words"]) for row in held] == [("First login", False, "I, Ana, am lost")]

        erasing.forget_address("ana@example.org", by=Actor.system())

        vote = Vote.objects.get()
        assert (vote.helped, vote.why, vote.words, vote.user, vote.reader == reader.key) == (
            False,
            "hard",
            "",
            None,
            False,
        )
        assert voting.held(ana) == []

    def test_only_who_looks_after_the_articles_reads_them(self, article):
        community, other = CommunityFactory(), CommunityFactory()
        own = published(bare(community), title="Own", audience="members")
        votes = [voting.vote(edition, helped=False, reader=stranger(edition)) for edition in (article, own)]
        people = [
            *(acting(member(community, role)) for role in Role),
            *(acting(staff(group)) for group in StaffGroup),
            acting(member(other, Role.REPRESENTATIVE)),
            Actor.anonymous(),
        ]
        readable = {person: set(Vote.objects.visible_to(person).values_list("article", flat=True)) for person in people}
        predicted = {person: {vote.article_id for vote in votes if can_read_vote(person, vote)} for person in people}
        assert readable == predicted
        assert readable[people[list(Role).index(Role.HUB_CHAMPION)]] == {own.pk}
        assert readable[people[list(Role).index(Role.MEMBER)]] == set()


class TestPages:
    def url(self, article):
        return f"/kb/feedback/{article.pk}/"

    def test_the_page_of_an_article_asks_the_same_of_everybody_and_sets_no_cookie_of_its_own(self, client, article):
        page = client.get("/kb/first-login/").content.decode()
        box = page[page.index('id="feedback"') : page.index("</section>", page.index('id="feedback"'))]
        assert ("Was this helpful?" in box, f'action="{self.url(article)}"' in box, "csrf" in box) == (True, True, False)

    def test_without_script_a_vote_leads_to_the_reasons_and_they_are_kept(self, client, article):
        answer = client.post(self.url(article), {"helped": "no"}, headers=HERE)
        assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (303, self.url(article), {})
        page = client.get(self.url(article)).content.decode()
        assert ('value="outdated"' in page, 'name="words"' in page) == (True, True)
        client.post(self.url(article), {"helped": "no", "why": "outdated", "words": "Version 3\r\nis gone"}, headers=HERE)
        assert said() == [(False, "outdated", "Version 3\nis gone")]
        assert "What you wrote is with those who look after this article" in client.get(self.url(article)).content.decode()

    def test_with_htmx_the_box_alone_comes_back(self, client, article):
        answer = client.post(self.url(article), {"helped": "yes"}, headers={**HERE, "HX-Request": "true"})
        page = answer.content.decode()
        assert (answer.status_code, "<html" in page, 'name="why"' in page, 'name="words"' in page) == (200, False, False, True)

    def test_another_browser_is_another_reader(self, article):
        for agent in ("One", "Two", "Two"):
            Client(headers={"User-Agent": agent}).post(self.url(article), {"helped": "no"}, headers=HERE)
        assert len(said()) == 2

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://testserver.evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Referer": "https://evil.example/testserver"},
            {"Referer": "http://["},
            {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        ],
    )
    def test_what_comes_from_elsewhere_or_does_not_say_is_refused(self, client, article, headers):
        assert (client.post(self.url(article), {"helped": "no"}, headers=headers).status_code, said()) == (403, [])

    @pytest.mark.parametrize("headers", [HERE, {"Sec-Fetch-Site": "same-origin"}, {"Referer": "http://testserver/kb/first-login/"}])
    def test_what_says_that_it_comes_from_here_is_taken_without_any_token(self, article, headers):
        client = Client(enforce_csrf_checks=True)
        assert (client.post(self.url(article), {"helped": "no"}, headers=headers).status_code, len(said())) == (303, 1)

    def test_a_filled_trap_is_thanked_and_not_kept(self, client, article):
        answer = client.post(self.url(article), {"helped": "no", "website": "https://spam.example"}, headers=HERE)
        assert (answer.status_code, said()) == (303, [])

    def test_a_flood_is_dammed(self, client, article):
        codes = [client.post(self.url(article), {"helped": "no"}, headers=HERE).status_code for _ in range(31)]
        assert (codes[-2:], len(said())) == ([303, 429], 1)

    @pytest.mark.parametrize("data", [{}, {"helped": "maybe"}, {"helped": "no", "why": "x"}, {"helped": "no", "words": "\x00"}])
    def test_what_no_page_of_ours_sends_is_not_kept(self, client, article, data):
        assert (client.post(self.url(article), data, headers=HERE).status_code, said()) == (422, [])

    def test_words_that_are_too_long_come_back_as_they_were_written(self, client, article):
        answer = client.post(self.url(article), {"helped": "no", "words": "é" * 501}, headers=HERE)
        assert (answer.status_code, "é" * 501 in answer.content.decode(), said()) == (422, True, [])

    def test_five_hundred_letters_with_lines_fit(self, client, article):
        words = "\r\n".join(["x" * 49] * 10)  # as browsers send what they count as 499
        assert client.post(self.url(article), {"helped": "no", "words": words}, headers=HERE).status_code == 303

    def test_what_one_may_not_read_one_cannot_vote_on(self, client):
        community = CommunityFactory(slug="coastal")
        own = published(bare(community), title="Own", audience="members")
        answers = [
            client.post(url, {"helped": "no"}, headers=HERE)
            for url in (f"/c/coastal/kb/feedback/{own.pk}/", f"/kb/feedback/{own.pk}/", "/kb/feedback/999999999999/")
        ]
        assert [answer.status_code for answer in answers] == [302, 302, 404]
        outsider = signed_in(member(CommunityFactory(), Role.REPRESENTATIVE))
        assert [outsider.post(f"{at}/kb/feedback/{own.pk}/", {"helped": "no"}, headers=HERE).status_code for at in ("", "/c/coastal")] == [
            404,
            404,
        ]
        assert said() == []

    def test_a_member_reads_a_shared_article_in_their_frame_and_votes_as_themselves(self, article):
        community = CommunityFactory(slug="coastal")
        bare(community)
        ana = member(community, Role.MEMBER)
        answer = signed_in(ana).post(f"/c/coastal/kb/feedback/{article.pk}/", {"helped": "yes"}, headers=HERE)
        assert (answer.status_code, Vote.objects.get().user) == (303, ana)

    def test_a_vote_takes_few_queries(self, client, article, django_assert_max_num_queries):
        with django_assert_max_num_queries(4):
            client.post(self.url(article), {"helped": "no"}, headers=HERE)


def test_an_article_is_good_for_a_year_unless_its_editor_says_otherwise():
    shared = bare()
    assert (Article().review_by, published(shared, title="Ever", review_by=None).article.review_by) == (in_a_year(), None)
