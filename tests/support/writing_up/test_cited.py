"""Which tickets cite an article, for whom: on the article's page a line, behind it a list."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support.access import can_work
from support.models import Citation, WriteUp
from support.states import MessageKind
from support.writing_up.cited import citing
from tests.access.routes import WHO, World
from tests.factories import CommunityFactory, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def article():
    return published(bare(), title="Storage").article


def cite(article, community, *, kind=MessageKind.REPLY, **fields):
    message = MessageFactory(ticket=TicketFactory(community=community, **fields), kind=kind)
    Citation.objects.create(ticket=message.ticket, message=message, article=article)
    return message.ticket


def test_who_finds_which_tickets_for_everybody(article):
    world = World()
    ours, theirs = cite(article, world.community), cite(article, world.other)
    secret, noted = cite(article, world.community, confidential=True), cite(article, world.community, kind=MessageKind.NOTE)
    written = TicketFactory(community=world.community)
    WriteUp.objects.create(ticket=written, article=article, at=timezone.now())
    cite(published(bare(), title="Other").article, world.community)
    team = {"representative", "hub_champion"}
    desk = {"Support agent", "Support triager", "Engineer", "Community guide", "Operator"}
    for who in WHO:
        actor = Actor.person(world.people[who]) if world.people[who] else Actor.anonymous()
        expected = (
            {ours, theirs, secret, noted, written} if who in desk else {ours} if who in team else {theirs} if who == "outsider" else set()
        )
        assert set(citing(article.pk, reader=actor)) == expected, who
        assert WriteUp.objects.visible_to(actor).exists() == can_work(actor), who


def test_a_removed_letter_cites_nothing(article, community):
    ticket = cite(article, community)
    ticket.messages.update(removed_at=timezone.now())
    assert not citing(article.pk, reader=Actor.person(staff(StaffGroup.SUPPORT_AGENT))).exists()


class TestPages:
    def test_the_article_asks_for_it_only_for_who_may_see(self, article, community):
        bare(community)
        desk_url, own_url = reverse("support:desk_citing", args=[article.pk]), reverse("support:citing", args=["coastal", article.pk])
        champion, reader = member(community, Role.HUB_CHAMPION), member(community, Role.MEMBER)
        pages = {
            "staff": signed_in(staff(StaffGroup.SUPPORT_AGENT)).get("/kb/storage/"),
            "champion": signed_in(champion).get("/c/coastal/kb/storage/"),
            "champion outside": signed_in(champion).get("/kb/storage/"),
            "member": signed_in(reader).get("/c/coastal/kb/storage/"),
            "anonymous": Client().get("/kb/storage/"),
        }
        asked = {who: (desk_url in page.content.decode(), own_url in page.content.decode()) for who, page in pages.items()}
        assert asked == {
            "staff": (True, False),
            "champion": (False, True),
            "champion outside": (False, False),
            "member": (False, False),
            "anonymous": (False, False),
        }

    def test_the_desk_is_told_how_many_and_shown_which(self, article, community):
        ticket = cite(article, community)
        cite(article, CommunityFactory())
        client, address = signed_in(staff(StaffGroup.SUPPORT_AGENT)), reverse("support:desk_citing", args=[article.pk])
        line = client.get(address, headers={"HX-Request": "true"})
        assert ("Cited by 2 tickets" in line.content.decode(), "<html" in line.content.decode()) == (True, False)
        page = client.get(address).content.decode()
        assert (ticket.get_absolute_url() in page, "Storage" in page) == (True, True)

    def test_the_list_takes_as_many_queries_with_one_and_three_rows(self, article, community, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client, address = signed_in(staff(StaffGroup.SUPPORT_AGENT)), reverse("support:desk_citing", args=[article.pk])
        cite(article, community)
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _number in range(2):
            cite(article, community)
        with django_assert_num_queries(len(few)):
            client.get(address)

    def test_an_article_nobody_cites_says_so(self, article):
        client, address = signed_in(staff(StaffGroup.SUPPORT_AGENT)), reverse("support:desk_citing", args=[article.pk])
        assert "No ticket cites this article" in client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "No ticket cites it" in client.get(address).content.decode()
        assert client.get(reverse("support:desk_citing", args=[0])).status_code == 404

    def test_a_champion_is_told_of_their_own_tickets_alone(self, article, community):
        ticket = cite(article, community, subject="Ours")
        cite(article, CommunityFactory(), subject="Foreign")
        cite(article, community, subject="Hidden", confidential=True)
        TicketFactory(community=community, subject="Unrelated")
        client, address = signed_in(member(community, Role.HUB_CHAMPION)), reverse("support:citing", args=["coastal", article.pk])
        assert "Cited by 1 ticket<" in client.get(address, headers={"HX-Request": "true"}).content.decode()
        page = client.get(address, follow=True)
        assert page.redirect_chain[-1][0] == f"/c/coastal/tickets/?article={article.pk}"
        shown = page.content.decode()
        assert [subject for subject in ("Ours", "Foreign", "Hidden", "Unrelated") if subject in shown] == ["Ours"]
        assert ticket.reference in shown

    @pytest.mark.parametrize("typed", ["x", "-1", "9" * 40, "1 OR 1=1", "%00"])
    def test_an_article_that_is_none_chooses_nothing_or_everything(self, community, typed):
        assert signed_in(member(community)).get(f"/c/coastal/tickets/?article={typed}").status_code == 200
