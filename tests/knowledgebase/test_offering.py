"""Offering an article to the shared shelf: looked through, taken with its files, declined with a reason, used in place of the own."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import people
from communities.roles import Role, StaffGroup
from ground import mail
from ground.models import OutgoingMail
from ground.states import WrongState
from knowledgebase import offering, overriding
from knowledgebase.access import can_see_offer
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Edition, Offer
from tests.access.routes import World
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, picture, published
from tests.knowledgebase.test_access import actors

pytestmark = pytest.mark.django_db


class Desk:
    """A community's article, its champion, and a guide who edits the shared shelf."""

    def __init__(self, **fields) -> None:
        self.community = CommunityFactory(slug="coastal", name="Coastal Sciences")
        self.user = member(self.community, Role.HUB_CHAMPION, name="Ana Reis", email="ana@coastal.example", language="en")
        self.champion, self.guide = acting(self.user), acting(staff(StaffGroup.COMMUNITY_GUIDE, name="Guide"))
        self.shared, self.own = bare(), bare(self.community)
        self.edition = published(self.own, title="Tides", **{"audience": "members", "body": "How to plot tides.", **fields})

    def offer(self) -> Offer:
        return offering.offer(self.edition, note="Others ask for it.", by=self.champion)

    def client(self, actor) -> Client:
        client = Client()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestOffering:
    def test_an_offer_waits_for_staff_and_twice_is_once(self, desk):
        made = desk.offer()
        assert (desk.offer(), made.state, list(Offer.objects.waiting())) == (made, "offered", [made])

    def test_a_version_of_a_shared_article_is_not_offered(self, desk):
        override = overriding.write_own(desk.community, published(desk.shared, title="Storage"), by=desk.champion)
        override.article.save_revision().publish()
        with pytest.raises(offering.CannotOffer):
            offering.offer(Edition.objects.get(pk=override.article_id), by=desk.champion)

    def test_a_shared_article_is_not_offered(self, desk):
        with pytest.raises(offering.CannotOffer):
            offering.offer(published(desk.shared, title="Storage"), by=desk.champion)

    def test_taken_back_it_can_be_offered_again_and_not_taken(self, desk):
        made = desk.offer()
        offering.withdraw(made, by=desk.champion)
        with pytest.raises(WrongState):
            offering.take(made, by=desk.guide)
        assert desk.offer() != made


class TestFindings:
    def test_names_addresses_links_and_the_circle_are_found(self, desk):
        HubFactory(community=desk.community, display_name="Tidal Hub", domain="tides.example.org")
        body = (
            "In coastal sciences, Ana Reis opens Tidal Hub at https://tides.example.org/ or writes to help@coastal.example; "
            "[form](/c/coastal/tickets/new/), [inside](kb:our-data), {{ hub.url }}."
        )
        edition = published(desk.own, title="Inside", body=body, audience="members")
        found = [(str(finding.what), finding.words) for finding in offering.findings(edition.article, desk.community)]
        assert found == [
            ("Written for a smaller circle", "Members"),
            ("Name of the community", "coastal sciences"),
            ("Name of the community", "coastal"),
            ("Name of a person", "Ana Reis"),
            ("Name of a hub", "Tidal Hub"),
            ("Address of a hub", "tides.example.org"),
            ("E-mail address", "help@coastal.example"),
            ("Link into a community’s pages", "/c/coastal/tickets/new/"),
            ("Link to an article that is not on the shared shelf", "our-data"),
        ]

    def test_an_article_for_everybody_that_names_nobody_has_none(self, desk):
        published(desk.shared, title="Known")
        edition = published(desk.own, title="Plain", body="Open {{ hub.url }}, see [more](kb:known).", audience="public")
        assert offering.findings(edition.article, desk.community) == []

    def test_they_cost_the_same_however_many_people_there_are(self, desk):
        counts, article = [], desk.edition.article
        for _round in range(2):
            with CaptureQueriesContext(connection) as queries:
                offering.findings(article, desk.community)
            counts.append(len(queries))
            for _person in range(3):
                member(desk.community, Role.MEMBER)
        assert counts[0] == counts[1]


class TestTaking:
    def test_a_copy_becomes_a_draft_that_names_the_community(self, desk):
        made = desk.offer()
        draft = offering.take(made, by=desk.guide)
        assert (draft.live, draft.audience, draft.get_parent().pk, draft.title, draft.slug) == (
            False,
            "members",
            desk.shared.pk,
            "Tides",
            "tides",
        )
        assert [block.value for block in draft.body] == ["How to plot tides.", "*First written by Coastal Sciences.*"]
        made.refresh_from_db()
        assert (made.state, made.taken_as, made.decided_by) == ("accepted", draft, desk.guide.user)
        assert Edition.objects.filter(pk=desk.edition.pk).exists()

    def test_a_second_taker_and_a_second_click_are_refused(self, desk):
        made = desk.offer()
        again = Offer.objects.get(pk=made.pk)
        offering.take(made, by=desk.guide)
        with pytest.raises(WrongState):
            offering.take(again, by=desk.guide)
        assert Article.objects.child_of(desk.shared).count() == 1

    def test_what_is_not_published_any_more_is_not_taken(self, desk):
        made = desk.offer()
        desk.edition.article.unpublish()
        with pytest.raises(offering.CannotOffer):
            offering.take(made, by=desk.guide)
        assert Offer.objects.get(pk=made.pk).state == "offered"

    def test_its_files_are_copied_and_anybody_elses_are_left_out(self, desk):
        mine, foreign = picture(desk.own), picture(bare(CommunityFactory()))
        document = ArticleDocument(title="Table", collection=desk.own.collection)
        document.file.save("table.txt", ContentFile(b"1 2 3"))
        body = [
            {"type": "figure", "value": {"image": mine.pk, "alt": "a", "caption": ""}},
            {"type": "figure", "value": {"image": foreign.pk, "alt": "b", "caption": ""}},
            {"type": "download", "value": {"document": document.pk, "words": ""}},
            {"type": "text", "value": f"![m](/files/images/{mine.key}/width-800/) ![f](/files/images/{foreign.key}/width-800/)"},
            {"type": "steps", "value": {"steps": [{"title": "One", "text": f"![m](/files/images/{mine.key}/width-800/)"}]}},
        ]
        edition = published(desk.own, title="Pictures", body=body)
        draft = offering.take(offering.offer(edition, by=desk.champion), by=desk.guide)
        copies = ArticleImage.objects.filter(collection=desk.shared.collection)
        [copy] = copies
        [copied_document] = ArticleDocument.objects.filter(collection=desk.shared.collection)
        values = [block.value for block in draft.body]
        assert (values[0]["image"], values[1]["image"], values[2]["document"]) == (copy, None, copied_document)
        assert (str(copy.key) in values[3], str(mine.key) in values[3], str(copy.key) in values[4]["steps"][0]["text"]) == (
            True,
            False,
            True,
        )
        with copied_document.file.open("rb") as copied:
            assert copied.read() == b"1 2 3"

    def test_an_article_in_another_language_goes_to_that_shelf(self, desk):
        community = CommunityFactory(language="es")
        edition = published(bare(community, language="es"), title="Mareas")
        draft = offering.take(offering.offer(edition, by=acting(member(community, Role.HUB_CHAMPION))), by=desk.guide)
        assert draft.get_parent().slug == "es"

    def test_who_offered_it_is_told(self, desk):
        offering.take(desk.offer(), by=desk.guide)
        row = OutgoingMail.objects.get()
        message = mail.KINDS[row.kind].render(row)
        assert (row.to, message.subject) == (["ana@coastal.example"], "“Tides” is on its way to every community")
        assert "/c/coastal/kb/offers/" in message.body

    def test_when_who_offered_it_has_left_the_other_writers_are_told(self, desk):
        made = desk.offer()
        member(desk.community, Role.REPRESENTATIVE, email="rep@coastal.example")
        people.remove(desk.user.memberships.get(), by=desk.guide)
        offering.take(Offer.objects.get(pk=made.pk), by=desk.guide)
        assert [row.to for row in OutgoingMail.objects.all()] == [["rep@coastal.example"]]


class TestDeclining:
    def test_the_reason_is_kept_and_mailed(self, desk):
        made = desk.offer()
        offering.decline(made, reason="Too close to your data.", by=desk.guide)
        row = OutgoingMail.objects.get()
        message = mail.KINDS[row.kind].render(row)
        assert (Offer.objects.get().state, Offer.objects.get().reason) == ("declined", "Too close to your data.")
        assert (message.subject, "Too close to your data." in message.body) == ("“Tides” stays yours", True)

    def test_what_is_decided_is_not_declined(self, desk):
        made = desk.offer()
        offering.take(made, by=desk.guide)
        with pytest.raises(WrongState):
            offering.decline(Offer.objects.get(pk=made.pk), reason="No", by=desk.guide)
        assert Offer.objects.get().reason == ""


class TestUsingTheShared:
    def test_the_original_is_given_up_once_the_shared_one_is_published(self, desk):
        made = desk.offer()
        draft = offering.take(made, by=desk.guide)
        with pytest.raises(offering.CannotOffer):
            offering.use_shared(made, by=desk.champion)
        draft.save_revision().publish()
        offering.use_shared(made, by=desk.champion)
        offering.use_shared(made, by=desk.champion)
        assert Article.objects.get(pk=desk.edition.pk).live is False
        page = desk.client(desk.champion).get("/c/coastal/kb/tides/").content.decode()
        assert "First written by Coastal Sciences." in page

    def test_where_a_second_person_reads_one_takes_no_text_away(self, desk):
        made = desk.offer()
        offering.take(made, by=desk.guide).save_revision().publish()
        desk.own.second_reader = True
        desk.own.save_revision().publish()
        response = desk.client(desk.champion).post(f"/c/coastal/kb/offers/{made.pk}/use-shared/", follow=True)
        assert "A second person has to approve." in response.content.decode()
        assert Article.objects.get(pk=desk.edition.pk).live

    def test_using_the_shared_one_leads_on_from_the_old_address(self, desk):
        made = desk.offer()
        draft = offering.take(made, by=desk.guide)
        draft.slug = "our-guide"
        draft.save_revision().publish()
        offering.use_shared(made, by=desk.champion)
        reader = desk.client(acting(member(desk.community, Role.MEMBER)))
        assert reader.get("/c/coastal/kb/tides/").headers["Location"] == "/c/coastal/kb/our-guide/"
        assert (reader.get("/kb/tides/").status_code, reader.get("/c/coastal/kb/our-guide/").status_code) == (404, 200)


class TestPages:
    def test_from_the_article_to_the_shelf(self, desk):
        champion, guide = desk.client(desk.champion), desk.client(desk.guide)
        assert f"/c/coastal/kb/offers/new/{desk.edition.pk}/" in champion.get("/c/coastal/kb/tides/").content.decode()
        assert "Written for a smaller circle" in champion.get(f"/c/coastal/kb/offers/new/{desk.edition.pk}/").content.decode()
        response = champion.post(f"/c/coastal/kb/offers/new/{desk.edition.pk}/", {"note": "Useful"}, follow=True)
        assert "Take it back" in response.content.decode()
        made = Offer.objects.get()
        assert "Tides" in guide.get("/kb/offers/").content.decode()
        assert "How to plot tides." in guide.get(f"/kb/offers/{made.pk}/").content.decode()
        response = guide.post(f"/kb/offers/{made.pk}/take/")
        assert response.headers["Location"] == f"/cms/pages/{Offer.objects.get().taken_as_id}/edit/"
        assert "Somebody has decided" in guide.post(f"/kb/offers/{made.pk}/take/", follow=True).content.decode()
        assert "Somebody has decided" in champion.post(f"/c/coastal/kb/offers/{made.pk}/withdraw/", follow=True).content.decode()
        assert "draft on the shared shelf" in champion.get("/c/coastal/kb/offers/").content.decode()
        Offer.objects.get().taken_as.save_revision().publish()
        assert "Use the shared one" in champion.get("/c/coastal/kb/offers/").content.decode()
        assert "reads the shared article" in champion.post(f"/c/coastal/kb/offers/{made.pk}/use-shared/", follow=True).content.decode()

    def test_declining_without_a_reason_keeps_the_page_and_says_so(self, desk):
        made = desk.offer()
        guide = desk.client(desk.guide)
        page = guide.post(f"/kb/offers/{made.pk}/decline/", {"reason": " "})
        assert (page.status_code, Offer.objects.get().state, "This field is required" in page.content.decode()) == (200, "offered", True)
        guide.post(f"/kb/offers/{made.pk}/decline/", {"reason": "Not now"})
        assert "Not now" in desk.client(desk.champion).get("/c/coastal/kb/offers/").content.decode()

    def test_of_another_community_nothing_is_found(self, desk):
        made = desk.offer()
        other = CommunityFactory(slug="other")
        client = desk.client(acting(member(other, Role.HUB_CHAMPION)))
        addresses = [f"/c/{slug}/kb/offers/{made.pk}/withdraw/" for slug in ("coastal", "other")]
        assert [client.post(address).status_code for address in [*addresses, f"/kb/offers/{made.pk}/take/"]] == [404, 404, 404]
        assert client.get(f"/c/other/kb/offers/new/{desk.edition.pk}/").status_code == 404

    @pytest.mark.parametrize("address", ["/c/coastal/kb/offers/", "/kb/offers/"])
    def test_a_list_asks_as_much_with_one_offer_as_with_three(self, desk, address):
        client = desk.client(desk.champion if address.startswith("/c/") else desk.guide)
        offering.take(desk.offer(), by=desk.guide)
        desk.offer()
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for number in range(2):
            edition = published(desk.own, title=f"More {number}")
            offering.take(offering.offer(edition, by=desk.champion), by=desk.guide).save_revision().publish()
            offering.offer(edition, by=desk.champion)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(few) == len(many)


def test_the_predicate_equals_the_queryset_for_everybody():
    world = World()
    for community in (world.community, world.other):
        offering.offer(published(bare(community), title="Own"), by=acting(member(community, Role.HUB_CHAMPION)))
    everything = list(Offer.objects.select_related("knowledge_base"))
    for who, actor in actors(world).items():
        assert {one for one in everything if can_see_offer(actor, one)} == set(Offer.objects.visible_to(actor)), who
