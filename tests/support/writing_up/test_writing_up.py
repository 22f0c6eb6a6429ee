"""From a ticket to a draft: what is taken, what is refused, who may, and that nothing private is kept."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from communities.roles import Role, StaffGroup
from knowledgebase.models import Article
from support import writing_up
from support.models import WriteUp
from support.relations.relating import NotPossible
from support.states import MessageKind, SyncState
from support.writing_up import Wanted
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db

QUESTION = (
    "<p>Hi Sam,</p><p>My file /home/asouza/map.ipynb does not open on https://coastal.hubs.example.org/user/asouza/. Call +55 11 5555-1234.</p>"
    "<p>Saludos,<br>Ana Souza<br>Coastal Lab</p>"
)
ANSWER = (
    "<p>Hello Ana, delete the lock:</p><pre><code>rm /home/asouza/.lock</code></pre><p>The token ghp_0123456789abcdefABCDEF is old.</p>"
)


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal Lab")


@pytest.fixture
def ticket(community):
    hub = HubFactory(community=community, display_name="Coastal hub", domain="coastal.hubs.example.org")
    asker = ContactFactory(name="Ana Souza", email="asouza@mail.example.org")
    row = TicketFactory(
        community=community, requester=asker, hub=hub, subject="RE: [#12] Map of Coastal Lab: a file does not open", body_html=QUESTION
    )
    MessageFactory(ticket=row, author_label="Sam Reyes", body_html=ANSWER, body_text="x")
    MessageFactory(ticket=row, author_label="Sam Reyes", kind=MessageKind.NOTE, body_html="<p>Never show this</p>", body_text="x")
    return row


@pytest.fixture
def agent():
    return staff(StaffGroup.SUPPORT_AGENT)


@pytest.fixture
def desk(agent) -> Client:
    client = Client()
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def shelves(community):
    return bare(), bare(community)


def proposed(ticket, shelf, actor, **more):
    return writing_up.propose(ticket, Wanted(knowledge_base=shelf, letters=writing_up.letters_of(ticket, actor), **more))


def kept_words(article: Article) -> str:
    """Everything of the article that the database holds, in every revision."""
    stored = [article.title, json.dumps(article.body.get_prep_value(), ensure_ascii=False)]
    return " ".join([*stored, *(json.dumps(revision.content, ensure_ascii=False) for revision in article.revisions.all())])


class TestProposing:
    def test_the_question_and_the_answer_without_a_private_word(self, ticket, shelves, agent):
        proposal = proposed(ticket, shelves[0], acting(agent))
        body = proposal.body(frozenset())
        assert proposal.title == "Map of [community]: a file does not open"
        assert body == [
            {
                "type": "text",
                "value": "## The question\n\nHi [name],\n\nMy file /home/[user]/map.ipynb does not open on {{ hub.url }}user/[user]/. Call [number].",
            },
            {"type": "text", "value": "## The answer\n\nHello [name], delete the lock:"},
            {"type": "code", "value": {"language": "", "code": "rm /home/[user]/.lock"}},
            {"type": "text", "value": "The token [secret] is old."},
        ]

    def test_in_its_own_knowledge_base_a_community_keeps_its_name(self, ticket, shelves, agent):
        assert proposed(ticket, shelves[1], acting(agent)).title == "Map of Coastal Lab: a file does not open"

    def test_a_place_is_left_as_it_is_where_somebody_says_so_and_a_secret_never(self, ticket, shelves, agent):
        proposal = proposed(ticket, shelves[0], acting(agent))
        said = json.dumps(proposal.body(frozenset(range(1, proposal.marked + 1))))
        assert ("Ana Souza" in said, "+55 11 5555-1234" in said, "ghp_" in said) == (True, True, False)

    def test_a_note_is_never_offered(self, ticket, agent):
        assert [letter.kind for letter in writing_up.letters_of(ticket, acting(agent))] == [MessageKind.REPLY]

    def test_an_automatic_or_removed_letter_is_never_offered(self, ticket, agent):
        MessageFactory(ticket=ticket, is_automatic=True)
        MessageFactory(ticket=ticket, removed_at=ticket.created_at)
        assert len(writing_up.letters_of(ticket, acting(agent))) == 1

    def test_words_somebody_names_are_taken_out_too(self, ticket, shelves, agent):
        assert "the […]" in proposed(ticket, shelves[0], acting(agent), chosen=("lock",)).body(frozenset())[1]["value"]

    def test_the_digest_changes_with_a_letter(self, ticket, shelves, agent):
        before = proposed(ticket, shelves[0], acting(agent)).digest
        MessageFactory(ticket=ticket, body_html="<p>More</p>")
        assert proposed(ticket, shelves[0], acting(agent)).digest != before

    def test_a_repeated_letter_is_marked_and_left_out(self, ticket, shelves, agent):
        folded = '<p>It works</p><details class="quoted"><summary></summary><blockquote>old words</blockquote></details>'
        MessageFactory(ticket=ticket, body_html=folded)
        proposal = proposed(ticket, shelves[0], acting(agent))
        assert ("old words" in json.dumps(proposal.body(frozenset())), proposal.answer[-1].places[0].word) == (False, "repeated letter")


class TestWriting:
    def write(self, ticket, shelf, agent):
        actor = acting(agent)
        proposal = proposed(ticket, shelf, actor)
        return writing_up.write_up(ticket, proposal, into=shelf, title="A file does not open", kept=frozenset(), by=actor)

    def test_a_draft_begins_and_the_ticket_says_so(self, ticket, shelves, agent):
        article = self.write(ticket, shelves[1], agent)
        assert (article.live, article.slug, article.get_parent().pk) == (False, "a-file-does-not-open", shelves[1].pk)
        assert WriteUp.objects.values_list("ticket", "article", "by").get() == (ticket.pk, article.pk, agent.pk)
        assert ticket.events.get(field="written_up").after == "A file does not open"

    def test_a_second_one_has_another_address(self, ticket, shelves, agent):
        assert [self.write(ticket, shelves[0], agent).slug for _ in range(2)] == ["a-file-does-not-open", "a-file-does-not-open-2"]

    def test_nothing_private_is_kept_anywhere(self, ticket, shelves, agent):
        words = kept_words(self.write(ticket, shelves[0], agent))
        assert not [word for word in ("Ana", "Souza", "asouza", "5555", "ghp_", "Coastal", "Saludos", "Never show", "Sam") if word in words]

    @pytest.mark.parametrize("change", [{"confidential": True}, {"sync_state": SyncState.AWAITING_APPROVAL}])
    def test_a_ticket_that_became_confidential_meanwhile_or_waits_is_refused(self, ticket, shelves, agent, change):
        proposal = proposed(ticket, shelves[0], acting(agent))
        type(ticket).objects.filter(pk=ticket.pk).update(**change)
        with pytest.raises(NotPossible):
            writing_up.write_up(ticket, proposal, into=shelves[0], title="x", kept=frozenset(), by=acting(agent))
        assert not Article.objects.exists()

    def test_a_place_that_is_not_theirs_is_refused(self, ticket, shelves, agent):
        foreign = bare(CommunityFactory())
        with pytest.raises(NotPossible):
            self.write(ticket, foreign, agent)

    def test_a_champion_has_their_own_shelf_alone_and_a_ticket_of_nobody_the_shared_one(self, ticket, shelves, community, agent):
        champion = acting(member(community, Role.HUB_CHAMPION))
        assert writing_up.shelves(ticket, champion) == [shelves[1]]
        assert writing_up.shelves(TicketFactory(community=None), acting(agent)) == [shelves[0]]
        assert writing_up.shelves(ticket, acting(member(CommunityFactory()))) == []


@pytest.mark.usefixtures("shelves")
class TestPages:
    def taken(self, ticket, **more):
        letters = [str(pk) for pk in ticket.messages.filter(kind=MessageKind.REPLY).values_list("pk", flat=True)]
        return {"where": "shared", "question": "on", "letters": letters, **more}

    def seen(self, desk, ticket, **more) -> str:
        response = desk.post(reverse("support:desk_write_up_review", args=[ticket.reference]), self.taken(ticket, **more))
        assert response.status_code == 200
        return response.context["proposal"].digest

    def test_the_ticket_offers_it_and_the_form_offers_letters_and_shelves(self, desk, ticket):
        address = reverse("support:desk_write_up", args=[ticket.reference])
        assert address in desk.get(reverse("support:desk_ticket", args=[ticket.reference])).content.decode()
        page = desk.get(address).content.decode()
        assert ("The knowledge base of Coastal Lab" in page, "Shared with every community" in page, "Never show" in page) == (
            True,
            True,
            False,
        )

    def test_a_confidential_ticket_is_refused_and_does_not_offer_it(self, desk, ticket):
        type(ticket).objects.filter(pk=ticket.pk).update(confidential=True)
        address = reverse("support:desk_write_up", args=[ticket.reference])
        assert address not in desk.get(reverse("support:desk_ticket", args=[ticket.reference])).content.decode()
        for response in (
            desk.get(address),
            desk.post(f"{address}review/", self.taken(ticket)),
            desk.post(f"{address}create/", self.taken(ticket)),
        ):
            page = response.content.decode()
            assert ("confidential" in page, "map.ipynb" in page) == (True, False)
        assert not Article.objects.exists()

    def test_every_marked_place_is_shown_with_what_it_was_and_nothing_is_kept(self, desk, ticket):
        page = desk.post(reverse("support:desk_write_up_review", args=[ticket.reference]), self.taken(ticket)).content.decode()
        assert all(f"<del>{was}</del>" in page for was in ("Sam", "asouza", "+55 11 5555-1234", "ghp_0123456789abcdefABCDEF"))
        assert page.count("<del>") == page.count('class="taken ') == 9
        assert (Article.objects.count(), WriteUp.objects.count()) == (0, 0)

    def test_looked_through_and_confirmed_it_opens_in_the_editor(self, desk, ticket):
        posted = self.taken(ticket, title="A file", seen=self.seen(desk, ticket), confirmed="on", kept=["x", "1", "9" * 30])
        response = desk.post(reverse("support:desk_write_up_create", args=[ticket.reference]), posted)
        article = Article.objects.get()
        assert response.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
        assert "Hi Sam," in article.body[0].value
        panel = desk.get(reverse("support:desk_panel", args=[ticket.reference, "articles"])).content.decode()
        assert ("Written up as" in panel, response.headers["Location"] in panel) == (True, True)
        story = desk.get(reverse("support:desk_ticket", args=[ticket.reference])).content.decode()
        assert "began the article “A file” from this" in story

    @pytest.mark.parametrize("missing", ["confirmed", "title"])
    def test_unconfirmed_or_without_a_title_it_is_shown_again(self, desk, ticket, missing):
        posted = self.taken(ticket, title="A file", seen=self.seen(desk, ticket), confirmed="on")
        response = desk.post(reverse("support:desk_write_up_create", args=[ticket.reference]), {**posted, missing: ""})
        assert (response.status_code, "map.ipynb" in response.content.decode(), Article.objects.exists()) == (422, True, False)

    def test_letters_that_changed_since_are_looked_through_again(self, desk, ticket):
        posted = self.taken(ticket, title="A file", seen=self.seen(desk, ticket), confirmed="on")
        type(ticket).objects.filter(pk=ticket.pk).update(body_html="<p>Other words of Ana Souza</p>")
        response = desk.post(reverse("support:desk_write_up_create", args=[ticket.reference]), posted)
        assert (response.status_code, "have changed since you looked" in response.content.decode(), Article.objects.exists()) == (
            422,
            True,
            False,
        )

    @pytest.mark.parametrize(
        "posted", [{}, {"where": "elsewhere", "question": "on"}, {"where": "shared"}, {"where": "shared", "letters": ["999999"]}]
    )
    def test_nothing_or_something_else_chosen_gets_the_form_again(self, desk, ticket, posted):
        for name in ("support:desk_write_up_review", "support:desk_write_up_create"):
            assert desk.post(reverse(name, args=[ticket.reference]), posted).status_code == 422

    def test_more_letters_than_an_article_holds_are_not_taken(self, desk, ticket):
        letters = [str(MessageFactory(ticket=ticket).pk) for _number in range(13)]
        address = reverse("support:desk_write_up_review", args=[ticket.reference])
        asked = [desk.post(address, {"where": "shared", "letters": chosen}).status_code for chosen in (letters, letters[1:])]
        assert asked == [422, 200]

    def test_a_very_long_letter_is_taken_from_its_beginning(self, desk, ticket):
        type(ticket).objects.filter(pk=ticket.pk).update(body_html="<p>Begin</p>" + "<p>more</p>" * 2_000 + "<p>The end of it</p>")
        page = desk.post(reverse("support:desk_write_up_review", args=[ticket.reference]), self.taken(ticket)).content.decode()
        assert ("only the beginning is taken" in page, "Begin" in page, "The end of it" in page) == (True, True, False)

    def test_a_letter_of_another_ticket_is_not_taken(self, desk, ticket):
        other = MessageFactory(body_html="<p>Elsewhere</p>")
        posted = {"where": "shared", "letters": [str(other.pk)]}
        response = desk.post(reverse("support:desk_write_up_review", args=[ticket.reference]), posted)
        assert (response.status_code, "Elsewhere" in response.content.decode()) == (422, False)

    def test_hostile_words_stay_words(self, desk, ticket):
        ticket.requester.name = '<img src=x onerror="alert(1)">'
        ticket.requester.save()
        type(ticket).objects.filter(pk=ticket.pk).update(
            subject="<script>alert(1)</script>", body_html='<p>&lt;img src=x onerror="alert(1)"&gt; {{ hub.secret }} {% load x %}</p>'
        )
        page = desk.post(reverse("support:desk_write_up_review", args=[ticket.reference]), self.taken(ticket)).content.decode()
        assert ("<script>alert" in page, "<img src=x" in page) == (False, False)

    def test_without_a_shelf_there_is_no_page(self, desk):
        from knowledgebase.models import KnowledgeBase

        KnowledgeBase.objects.all().delete()
        assert desk.get(reverse("support:desk_write_up", args=[TicketFactory().reference])).status_code == 404
