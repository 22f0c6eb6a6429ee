"""What needs care: each reason, what settles it, in which order, and for whom."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageLogEntry

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from hubs.states import HubState
from knowledgebase import care, searching, voting
from knowledgebase.care import Kind, listing, reasons
from knowledgebase.care.desk import AtTheDesk, Cited, _Nobody, register
from knowledgebase.care.desk import desk as known_desk
from knowledgebase.care.hub_values import changed, hub_values
from knowledgebase.care.listing import of_kind
from knowledgebase.links import collecting, inside
from knowledgebase.models import Article, Care, LinkCheck, Vote
from knowledgebase.models.care import in_a_year
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def desk():
    """A desk that says what a test puts there; the site's own comes back after."""
    before, said = known_desk(), {}

    class Says(_Nobody):
        def told(self, _editions, *, actor, since):
            return said

    register(Says())
    yield said
    register(before)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def champion(community):
    return signed_in(member(community, Role.HUB_CHAMPION))


def no(edition, number=0, **said):
    reader = voting.Reader(f"reader-{number}")
    return voting.explain(edition, helped=False, reader=reader, **said)


def due(edition, days):
    Article.objects.filter(pk=edition.pk).update(review_by=timezone.localdate() + timedelta(days=days))


def kinds(community=None):
    return {item.edition.title: [reason.kind for reason in item.reasons] for item in care.needing_care(community, actor=SYSTEM)}


class TestReasons:
    @pytest.mark.parametrize(("days", "listed"), [(-400, True), (0, True), (14, True), (15, False)])
    def test_a_day_that_has_come_or_comes_soon(self, days, listed):
        due(published(bare(), title="Old"), days)
        assert kinds() == ({"Old": [Kind.REVIEW]} if listed else {})

    def test_an_article_without_a_day_is_never_due(self):
        published(bare(), title="Ever", review_by=None)
        assert kinds() == {}

    def test_readers_who_were_not_helped_with_what_they_wrote(self):
        edition = published(bare(), title="Ports")
        voting.vote(edition, helped=True, reader=voting.Reader("glad"))
        for number, (why, words) in enumerate([("wrong", "It is 22"), ("", ""), ("hard", "")]):
            no(edition, number, why=why, words=words)
        (item,) = care.needing_care(None, actor=SYSTEM)
        (reason,) = item.reasons
        assert (reason.words, [detail.words for detail in reason.details]) == (
            "3 readers were not helped.",
            ["It is hard to understand", "Something in it is wrong: “It is 22”"],
        )
        assert (item.votes.helped, item.votes.did_not) == (1, 3)

    def test_links_that_lead_nowhere_inside_and_outside(self):
        published(bare(), title="Start", body="[x](kb:gone) [y](https://dead.example/) [z](https://well.example/)")
        collecting.collect()
        inside.look_up()
        LinkCheck.objects.filter(url="https://dead.example/").update(dead_since=timezone.now())
        (item,) = care.needing_care(None, actor=SYSTEM)
        (reason,) = item.reasons
        assert (reason.kind, reason.words) == (Kind.LINKS, "2 links lead nowhere.")
        assert [(detail.words, detail.url) for detail in reason.details] == [
            ("/kb/gone/", ""),
            ("https://dead.example/", "https://dead.example/"),
        ]

    def test_hubs_that_changed_since_it_was_published(self, community):
        hub = HubFactory(community=community, display_name="Ours", domain="ours.example.org", facts={"images": ["a"]})
        facts = [{"type": "hub_facts", "value": {"title": ""}}]
        published(bare(community), title="Tells", body=facts)
        published(bare(community), title="Silent")
        published(bare(), title="Shared", body=facts)
        assert kinds(community) == {}
        hub.facts, hub.domain = {"images": ["b"]}, "new.example.org"
        hub.save()
        (item,) = care.needing_care(community, actor=SYSTEM)
        assert (item.edition.title, [detail.words for detail in item.reasons[0].details]) == ("Tells", ["Ours · address", "Ours · images"])
        item.edition.article.save_revision().publish()
        assert (kinds(community), kinds()) == ({}, {})

    def test_a_hub_that_came_or_went_is_a_change_and_one_that_ended_is_gone(self, community):
        hub = HubFactory(community=community, display_name="Ours")
        before = hub_values(community)
        hub.state = HubState.ENDED
        hub.save()
        assert changed(before, hub_values(community)) == ["Ours · address"]

    def test_an_article_that_tells_of_hubs_no_more_is_not_compared(self, community):
        hub = HubFactory(community=community)
        article = published(bare(community), title="Tells", body=[{"type": "hub_facts", "value": {"title": ""}}]).article
        article.body = [("text", "no facts")]
        article.save_revision().publish()
        hub.facts = {"images": ["b"]}
        hub.save()
        assert kinds(community) == {}

    def test_what_the_desk_knows(self, desk):
        edition, other = published(bare(), title="Cited"), published(bare(), title="Opened")
        now = timezone.now()
        desk[edition.pk] = AtTheDesk(cited=3, open_tickets=[Cited("T-1", "No server", "/desk/T-1/", now)])
        desk[other.pk] = AtTheDesk(shown=9, opened=4, asked_anyway=[now, now])
        assert kinds() == {"Opened": [Kind.ASKED], "Cited": [Kind.TICKETS]}
        items = {item.edition.title: item for item in care.needing_care(None, actor=SYSTEM)}
        assert (items["Cited"].reasons[0].details[0].url, items["Cited"].desk.cited) == ("/desk/T-1/", 3)
        assert items["Opened"].reasons[0].words == "2 people opened it while writing, and sent the ticket all the same."

    def test_a_draft_an_unpublished_and_anothers_article_are_not_listed(self, community):
        draft(bare(community), title="Draft", review_by=timezone.localdate())
        due(published(bare(CommunityFactory()), title="Theirs"), -1)
        due(published(bare(), title="Shared"), -1)
        withdrawn = published(bare(community), title="Withdrawn")
        due(withdrawn, -1)
        withdrawn.article.unpublish()
        assert kinds(community) == {}


class TestOrder:
    def test_the_most_important_is_first_then_the_one_that_waits_longest(self):
        late, soon, wrong = (published(bare(), title=title) for title in ("Late", "Soon", "Wrong"))
        due(soon, 10)
        due(late, -200)
        for number in range(3):
            no(wrong, number, why="wrong")
        assert list(kinds()) == ["Wrong", "Late", "Soon"]

    def test_one_reason_alone_may_be_asked_for(self):
        late, wrong = published(bare(), title="Late"), published(bare(), title="Wrong")
        due(late, -1)
        no(wrong)
        assert [item.edition.title for item in of_kind(care.needing_care(None, actor=SYSTEM), "votes")] == ["Wrong"]

    def test_where_there_are_too_many_the_pressing_ones_stay(self, monkeypatch):
        monkeypatch.setattr(listing, "MOST", 1)
        for title, days in (("Late", -400), ("Ever", None), ("Later", -300)):
            edition = published(bare(), title=title, review_by=None)
            if days:
                due(edition, days)
        no(Article.objects.get(title="Ever").edition)
        assert kinds() == {"Ever": [Kind.VOTES]}

    @given(st.integers(1, 10_000), st.integers(0, 10_000))
    def test_weights_grow_with_what_is_the_matter_and_stay_comparable(self, number, wrong):
        weights = [
            reasons.weight_of_links(number),
            reasons.weight_of_votes(number, wrong=min(wrong, number)),
            reasons.weight_of_asked(number),
            reasons.weight_of_tickets(number),
        ]
        assert all(1 <= weight <= 12 for weight in weights)
        assert reasons.weight_of_votes(number, wrong=0) <= reasons.weight_of_votes(number + 1, wrong=0)

    @pytest.mark.parametrize(("late", "weight"), [(-10, 1), (0, 3), (59, 3), (60, 4), (10_000, 8)])
    def test_a_day_weighs_more_the_longer_it_has_passed(self, late, weight):
        today = timezone.localdate()
        assert reasons.weight_of_review(today - timedelta(days=late), today=today) == weight


class TestLooked:
    def test_it_settles_what_was_said_and_moves_the_day_on_in_the_editor_too(self, desk):
        edition = published(bare(), title="Old")
        due(edition, -1)
        no(edition, why="wrong")
        desk[edition.pk] = AtTheDesk(asked_anyway=[timezone.now()], open_tickets=[Cited("T-1", "x", "/x/", timezone.now())])
        guide = acting(staff(StaffGroup.COMMUNITY_GUIDE))
        with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
            care.looked(edition, by=guide)
            article = Article.objects.get(pk=edition.pk)
            assert (kinds(), article.review_by, article.care.looked_by) == ({}, in_a_year(), guide.user)
            assert article.get_latest_revision_as_object().review_by == in_a_year()
            assert article.has_unpublished_changes is False
        assert PageLogEntry.objects.filter(action="knowledgebase.look", page=article.pk).get().user == guide.user

    def test_what_is_said_after_it_counts_again(self):
        edition = published(bare(), title="Old")
        care.looked(edition, by=SYSTEM)
        with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
            no(edition)
        assert kinds() == {"Old": [Kind.VOTES]}

    def test_twice_is_as_once_and_never_stays_never(self):
        edition = published(bare(), title="Ever", review_by=None)
        care.looked(edition, by=SYSTEM)
        care.looked(edition, by=SYSTEM)
        assert (Care.objects.count(), Article.objects.get().review_by) == (1, None)

    def test_a_dead_link_is_not_settled_by_looking(self):
        edition = published(bare(), title="Start", body="[x](kb:gone)")
        collecting.collect()
        inside.look_up()
        care.looked(edition, by=SYSTEM)
        assert kinds() == {"Start": [Kind.LINKS]}

    def test_hubs_as_they_are_today_are_right_then(self, community):
        hub = HubFactory(community=community)
        edition = published(bare(community), title="Tells", body=[{"type": "hub_facts", "value": {"title": ""}}])
        hub.facts = {"images": ["b"]}
        hub.save()
        care.looked(edition, by=SYSTEM)
        assert kinds(community) == {}

    def test_publishing_moves_on_a_day_that_has_passed_and_leaves_one_to_come(self):
        late, soon = published(bare(), title="Late"), published(bare(), title="Soon")
        for edition, days in ((late, -1), (soon, 3)):
            article = edition.article
            article.review_by = timezone.localdate() + timedelta(days=days)
            article.save_revision().publish()
        found = dict(Article.objects.values_list("title", "review_by"))
        assert found == {"Late": in_a_year(), "Soon": timezone.localdate() + timedelta(days=3)}
        assert Article.objects.get(title="Late").get_latest_revision_as_object().review_by == in_a_year()


class TestWaiting:
    def test_one_row_a_knowledge_base_with_how_many_and_since_when(self, community, django_assert_num_queries):
        other = CommunityFactory()
        for knowledge_base in (bare(community), bare(other), bare()):
            for number in range(2):
                due(published(knowledge_base, title=f"A{number}"), -number - 1)
        no(published(bare(community), title="Not late"))
        due(published(bare(community), title="Soon"), 3)
        with django_assert_num_queries(1):
            (found,) = care.waiting([community.pk])
        assert (found.community, found.number, timezone.localdate(found.since)) == (community, 3, timezone.localdate() - timedelta(days=2))
        assert {(row.community, row.number) for row in care.waiting([], shared=True)} == {(None, 2)}

    def test_nothing_waits_where_nothing_is_the_matter(self, community):
        published(bare(community), title="Right")
        assert care.waiting([community.pk], shared=True) == []

    def test_since_the_day_came_and_not_since_one_to_come(self, community):
        edition = published(bare(community), title="Soon")
        due(edition, 3)
        vote = no(edition)
        assert care.waiting([community.pk])[0].since == Vote.objects.get().at == vote.at


class TestPage:
    def test_a_champion_reads_what_is_the_matter_and_says_that_it_is_right(self, community):
        edition = published(bare(community), title="Old", audience="members")
        due(edition, -1)
        no(edition, why="outdated", words="<b>Version 3</b> & more")
        client = champion(community)
        page = client.get("/c/coastal/kb/care/").content.decode()
        assert ("It was to be looked at by" in page, "&lt;b&gt;Version 3&lt;/b&gt; &amp; more" in page) == (True, True)
        answer = client.post(f"/c/coastal/kb/care/{edition.pk}/", {"reason": "review"}, follow=True)
        assert (answer.redirect_chain, "is still right" in answer.content.decode()) == ([("/c/coastal/kb/care/?reason=review", 302)], True)
        assert "Nothing needs care" in answer.content.decode()

    def test_a_double_click_is_as_one(self, community):
        edition = published(bare(community), title="Old")
        due(edition, -1)
        client = champion(community)
        assert [client.post(f"/c/coastal/kb/care/{edition.pk}/").status_code for _ in range(2)] == [302, 302]

    def test_an_article_of_another_knowledge_base_cannot_be_settled_from_here(self, community):
        shared, theirs = published(bare(), title="Shared"), published(bare(CommunityFactory(slug="other")), title="Theirs")
        bare(community)
        client = champion(community)
        codes = [client.post(f"/c/coastal/kb/care/{edition.pk}/").status_code for edition in (shared, theirs)]
        assert (codes, client.post(f"/kb/care/{shared.pk}/").status_code, Care.objects.exclude(looked_at=None).count()) == (
            [404, 404],
            404,
            0,
        )

    def test_it_is_linked_from_the_home_for_who_may_edit_alone(self, community):
        published(bare(community), title="Own", audience="members")
        page = champion(community).get("/c/coastal/kb/").content.decode()
        assert (
            'href="/c/coastal/kb/care/"' in page,
            "kb/care/" in signed_in(member(community, Role.MEMBER)).get("/c/coastal/kb/").content.decode(),
        ) == (
            True,
            False,
        )

    @pytest.mark.parametrize(("asked", "titles"), [("votes", ["Wrong"]), ("review", ["Late"]), ("nonsense", ["Late", "Wrong"])])
    def test_it_is_filtered_by_reason_and_so_is_its_file(self, community, asked, titles):
        due(published(bare(community), title="Late"), -1)
        no(published(bare(community), title="Wrong"), words="My name is Ana")
        client = champion(community)
        shown = client.get("/c/coastal/kb/care/", {"reason": asked})
        assert sorted(item.edition.title for item in shown.context["items"]) == titles
        file = b"".join(client.get("/c/coastal/kb/care/", {"reason": asked, "download": "csv"}).streaming_content).decode()
        assert ([title for title in ("Late", "Wrong") if f",{title}," in file], "Ana" in file) == (titles, False)

    def test_queries_are_the_same_for_one_and_three(self, community):
        client, counts = champion(community), []
        HubFactory(community=community)
        for number in (1, 3):
            for each in range(number):
                edition = published(
                    bare(community),
                    title=f"A{number}{each}",
                    body=[{"type": "hub_facts", "value": {"title": ""}}, {"type": "text", "value": "[x](kb:gone)"}],
                )
                due(edition, -1)
                no(edition, each, words="x")
            collecting.collect()
            inside.look_up()
            client.get("/c/coastal/kb/care/")
            with CaptureQueriesContext(connection) as queries:
                assert len(client.get("/c/coastal/kb/care/").context["items"]) >= number
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 25

    def test_an_empty_list_says_what_will_appear(self, community):
        bare(community)
        assert "Nothing needs care" in champion(community).get("/c/coastal/kb/care/").content.decode()


class TestMissed:
    def test_words_that_found_nothing_are_listed_to_who_cares_for_them(self, community):
        bare(community)
        for _again in range(2):
            searching.note("quokka", language="en", community=community)
        page = " ".join(champion(community).get("/c/coastal/kb/care/").content.decode().split())
        assert ("quokka" in page, "2 times" in page) == (True, True)

    def test_those_of_another_community_are_not(self, community):
        searching.note("quokka", language="en", community=CommunityFactory())
        bare(community)
        assert "quokka" not in champion(community).get("/c/coastal/kb/care/").content.decode()


class TestEditor:
    def test_the_day_is_shown_and_changed_there(self):
        article = published(bare(), title="Own").article
        guide = signed_in(staff(StaffGroup.COMMUNITY_GUIDE))
        page = guide.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
        assert f'value="{in_a_year().isoformat()}"' in page
