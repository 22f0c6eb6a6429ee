"""The pages where companies find their communities and words their meaning."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import Role, StaffGroup
from support import vocabulary
from support.models import CompanyLink, Ticket, TicketPriority, TicketStatus, TicketType
from tests.factories import CommunityFactory, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
COMPANIES, WORDS = "/desk/sync/companies/", "/desk/sync/words/"


def client_of(*groups):
    client = Client()
    client.force_login(staff(*groups, name="Kim"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk():
    return client_of(StaffGroup.SUPPORT_TRIAGER)


@pytest.fixture
def operator():
    return client_of(StaffGroup.OPERATOR)


@pytest.fixture
def kelp():
    return CommunityFactory(name="Kelp Watch", slug="kelp-watch")


@pytest.fixture
def link():
    return CompanyLink.objects.create(freshdesk_company_id=31, name="Kelp-Watch", domains=["kelp.example"])


def page(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(first, last):
    for number in range(first, last):
        CompanyLink.objects.create(freshdesk_company_id=number, name=f"Company {number}")
        CompanyLink.objects.create(freshdesk_company_id=1000 + number, name=f"Ignored {number}", ignored=True)
        CompanyLink.objects.create(freshdesk_company_id=2000 + number, name=f"Matched {number}", community=CommunityFactory())
        TicketFactory(community=None, remote_raw={"company_id": number})
        CommunityFactory()


def test_companies_cost_the_same_with_one_and_thirty(desk):
    fill(1, 2)
    desk.get(COMPANIES)
    one = queries(desk, COMPANIES)
    fill(2, 31)

    assert queries(desk, COMPANIES) == one
    assert one <= 10


def test_companies_show_what_waits_with_a_suggestion_and_what_is_decided(desk, kelp, link):
    TicketFactory(community=None, remote_raw={"company_id": 31})
    CompanyLink.objects.create(freshdesk_company_id=32, name="Suppliers Ltd", ignored=True)
    CompanyLink.objects.create(freshdesk_company_id=33, name="Rivers Org", community=CommunityFactory(name="Rivers"))

    text = page(desk, COMPANIES)

    assert all(
        words in text
        for words in ("kelp.example", "1 ticket that no community sees", "Match with Kelp Watch", "Suppliers Ltd", "Rivers Org →")
    )
    assert "No company of that name waits" in page(desk, COMPANIES, q="nobody")


@pytest.mark.parametrize("query", [{"q": "\0'\"%"}, {"cursor": "%00"}, {"cursor": "WzEsIDJd"}, {"q": "x" * 5000}])
def test_companies_answer_whatever_the_address_says(desk, link, query):
    assert desk.get(COMPANIES, query).status_code == 200


def test_companies_are_read_by_all_staff_without_buttons(link):
    text = page(client_of(StaffGroup.SUPPORT_AGENT), COMPANIES)

    assert ("Kelp-Watch" in text, "Not a community of ours" in text) == (True, False)


def test_match_names_what_opens_to_whom_before_it_is_done(desk, kelp, link):
    member(kelp, Role.REPRESENTATIVE, name="Ana Ruiz")
    TicketFactory.create_batch(2, community=None, remote_raw={"company_id": 31})
    TicketFactory(community=None, remote_raw={"company_id": 31}, confidential=True)

    asked = page(desk, reverse("support:sync_company", args=[link.pk]), community=kelp.pk)
    assert all(words in asked for words in ("<strong>3 tickets</strong>", "Ana Ruiz", "1 of them is confidential"))
    assert Ticket.objects.filter(community=kelp).count() == 0

    address = reverse("support:sync_match", args=[link.pk])
    done, again = desk.post(address, {"community": kelp.pk}, follow=True), desk.post(address, {"community": kelp.pk}, follow=True)

    assert Ticket.objects.filter(community=kelp).count() == 3
    assert "3 tickets now belong to the community." in done.content.decode()
    assert again.status_code == 422


def test_match_twice_with_another_community_is_told_kindly(desk, kelp, link):
    address = reverse("support:sync_match", args=[link.pk])
    desk.post(address, {"community": kelp.pk})

    again = desk.post(address, {"community": CommunityFactory().pk}, follow=True)

    assert "Kelp-Watch is matched already." in again.content.decode()


@pytest.mark.parametrize("chosen", ["", "x", "0", "-1", "9" * 40, "\0"])
def test_match_with_nothing_that_is_a_community_changes_nothing(desk, kelp, link, chosen):
    answer = desk.post(reverse("support:sync_match", args=[link.pk]), {"community": chosen})
    looked = desk.get(reverse("support:sync_company", args=[link.pk]), {"community": chosen})

    link.refresh_from_db()
    assert (answer.status_code, looked.status_code, link.community) == (422, 200, None)


def test_undo_ignore_and_consider_go_there_and_back_and_mind_a_second_click(desk, kelp, link):
    desk.post(reverse("support:sync_match", args=[link.pk]), {"community": kelp.pk})
    seen = []
    for name in ("unmatch", "unmatch", "ignore", "ignore", "consider", "consider"):
        answer = desk.post(reverse(f"support:sync_{name}", args=[link.pk]), follow=True).content.decode()
        link.refresh_from_db()
        seen.append((link.community, link.ignored, "toast--info" in answer))

    assert seen == [
        (None, False, False),
        (None, False, True),
        (None, True, False),
        (None, True, True),
        (None, False, False),
        (None, False, True),
    ]


def test_words_show_what_is_new_first_and_forms_for_operators_alone(desk, operator):
    vocabulary.learn(21, word="On hold")
    vocabulary.meet_types(["Workshop"])
    vocabulary.meet_priorities({9: "Blocker"})

    text, read = page(operator, WORDS), page(desk, WORDS)

    assert text.count("New in Freshdesk") == read.count("New in Freshdesk") == 3
    assert text.index("On hold") < text.index("Pending")
    assert ('<button class="button button--small' in text, "Operators change them" in read, "type-" in read) == (True, True, False)


def test_words_cost_the_same_with_one_and_thirty(operator):
    vocabulary.meet_types(["One"])
    operator.get(WORDS)
    one = queries(operator, WORDS)
    vocabulary.meet_types([f"Type {number}" for number in range(30)])
    for number in range(30):
        vocabulary.learn(100 + number)

    assert queries(operator, WORDS) == one
    assert one <= 9


def test_a_status_is_explained_in_four_languages_and_empty_ones_fall_back(operator):
    vocabulary.learn(21, word="On hold")
    data = {"word_en": "Parked", "word_fr": "En pause", "word_es": "", "customer_word_en": "We paused it", "group": "waiting"}

    answer = operator.post(reverse("support:sync_status", args=[21]), {f"status-21-{name}": value for name, value in data.items()})

    status = TicketStatus.objects.get(code=21)
    assert answer["Location"] == WORDS
    assert (status.word, status.customer_word, status.group, status.is_learned) == (
        {"en": "Parked", "fr": "En pause"},
        {"en": "We paused it"},
        "waiting",
        False,
    )


def test_a_priority_is_explained(operator):
    operator.post(reverse("support:sync_priority", args=[4]), {"priority-4-word_en": "Now", "priority-4-word_pt": "Já"})

    assert TicketPriority.objects.get(code=4).word == {"en": "Now", "pt": "Já"}


def test_a_type_is_explained_and_says_how_many_tickets_have_their_kind(operator):
    type_ = TicketType.objects.create(word="Workshop")
    TicketFactory(remote_raw={"type": "Workshop"})

    answer = operator.post(reverse("support:sync_type", args=[type_.pk]), {f"type-{type_.pk}-kind": "event"}, follow=True)

    assert "1 ticket has their kind" not in answer.content.decode()
    assert "1 ticket has its kind now." in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "pk", "data", "words"),
    [
        ("status", 2, {"status-2-word_en": "", "status-2-group": "open"}, "This field is required"),
        ("status", 2, {"status-2-word_en": "x", "status-2-customer_word_en": "x", "status-2-group": "nowhere"}, "nowhere"),
        ("priority", 1, {"priority-1-word_en": "y" * 61}, "at most 60"),
    ],
)
def test_a_word_that_cannot_be_saved_comes_back_as_it_was_typed(operator, name, pk, data, words):
    answer = operator.post(reverse(f"support:sync_{name}", args=[pk]), data)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_type_of_a_kind_that_is_none_comes_back(operator):
    type_ = TicketType.objects.create(word="Workshop")

    assert operator.post(reverse("support:sync_type", args=[type_.pk]), {f"type-{type_.pk}-kind": "riddle"}).status_code == 422
    assert operator.post(reverse("support:sync_type", args=[10**30])).status_code == 404
