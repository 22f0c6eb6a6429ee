"""The pages of the matrix: their words, their cost, and what a form that is wrong gets."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities import defaults, matrix
from communities.models import MatrixComment
from communities.roles import Role, StaffGroup
from communities.states import MatrixState, Party
from tests.communities.factories import (
    agreed_matrix,
    commented,
    proposed_change,
    proposed_matrix,
    review_due,
    settled_matrix,
    signers,
)
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="glaciers", name="Glaciers")


@pytest.fixture
def ana(community):
    return member(community, name="Ana Paz", timezone="America/Argentina/Buenos_Aires")


@pytest.fixture
def client(ana):
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name, *args):
    return reverse(f"communities:{name}", args=["glaciers", *args])


def read(client, name, *args):
    response = client.get(at(name, *args))
    assert response.status_code == 200
    return response.content.decode()


def cost(client, name, *args):
    client.get(at(name, *args))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(at(name, *args)).status_code == 200
    return len(captured)


def test_page_costs_the_same_with_few_and_many_comments(client, community):
    proposed = proposed_matrix(community)
    commented(proposed)
    few = cost(client, "responsibilities")
    for key in ["day.accounts", "day.bill"] * 10:
        commented(proposed, key=key, by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))
    assert cost(client, "responsibilities") == few
    assert few <= 20


def test_page_costs_the_same_with_two_and_thirty_five_rows(client, community):
    proposed_change(community)
    two = cost(client, "responsibilities")
    community.matrices.filter(state=MatrixState.PROPOSED).delete()
    community.matrices.all().delete()
    defaults.publish_matrix_template(community.programme, defaults.areas())
    proposed_change(community)
    assert cost(client, "responsibilities") == two


def test_row_page_costs_the_same_with_one_and_many_comments(client, community):
    proposed = proposed_matrix(community)
    commented(proposed)
    one = cost(client, "responsibility", "day.bill")
    for _ in range(9):
        commented(proposed, by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))
    assert cost(client, "responsibility", "day.bill") == one


def test_history_costs_the_same_with_one_and_three_matrices(client, community):
    agreed_matrix(community)
    one = cost(client, "matrix_history")
    for note in "ab":
        change = [matrix.RowChange(key="day.accounts", party=Party.SHARED, note=note)]
        proposed = matrix.propose_change(community, change, reason=note, by=signers(community)[0])
        for signer in signers(community):
            matrix.agree(proposed, by=signer)
    assert cost(client, "matrix_history") == one


def test_open_questions_stand_above_the_button_to_agree(client, community):
    proposed = settled_matrix(community)
    commented(proposed, by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))
    page = read(client, "responsibilities")
    assert page.index("1 row still has an open question. You may agree all the same") < page.index(">Agree</button>")


def test_what_changed_since_my_side_looked_goes_once_it_is_read(client, community):
    proposed = settled_matrix(community)
    guide = staff(StaffGroup.COMMUNITY_GUIDE, name="Gita Rao")
    matrix.change_row(proposed.rows.get(key="day.accounts"), party=Party.SHARED, note="", by=acting(guide))
    assert "Changed since your side last looked" in read(client, "responsibilities")
    client.post(at("read_matrix"))
    assert "Changed since your side last looked" not in read(client, "responsibilities")


def test_signature_is_shown_with_name_role_and_time_in_the_readers_zone(client, community, ana):
    matrix.agree(settled_matrix(community), by=acting(ana))
    page = read(client, "responsibilities")
    assert "<strong>Ana Paz</strong>, Representative" in page
    assert "UTC-0300" in page


def test_change_is_shown_as_a_difference_with_changed_rows_first(client, community):
    proposed_change(community)
    page = read(client, "responsibilities")
    assert "1 row would change" in page
    assert "<del>Community</del>" in page
    assert "<ins>Shared</ins>" in page
    assert page.index('id="day.accounts"') < page.index("1 row stays as it is") < page.index('id="day.bill"')
    assert f'href="{at("numbered_matrix", 1)}"' in page


def test_change_form_proposes_only_what_differs(client, community):
    agreed_matrix(community)
    sent = {
        "reason": "We grew.",
        "day.accounts-party": "shared",
        "day.accounts-note": "",
        "day.accounts-hours": "2.5",
        "day.bill-party": "community",
    }
    assert client.post(at("propose_matrix_change"), sent).status_code == 302
    proposed = community.matrices.get(state=MatrixState.PROPOSED)
    assert [(row.key, row.party, row.minutes_quarter) for row in proposed.rows.all()] == [
        ("day.accounts", "shared", 150),
        ("day.bill", "community", None),
    ]


def test_change_form_without_a_reason_keeps_every_word(client, community):
    agreed_matrix(community)
    response = client.post(
        at("propose_matrix_change"), {"day.accounts-party": "shared", "day.accounts-note": "kept", "day.bill-party": "community"}
    )
    assert response.status_code == 422
    assert 'value="kept"' in response.content.decode()
    assert community.matrices.count() == 1


def test_row_is_settled_with_person_and_hours(client, community, ana):
    proposed = proposed_matrix(community)
    response = client.post(at("responsibility", "day.bill"), {"party": "community", "person": ana.pk, "hours": "4", "note": "by invoice"})
    assert response.headers["Location"] == f"{at('responsibilities')}#day.bill"
    row = proposed.rows.get(key="day.bill")
    assert (row.party, row.person, row.minutes_quarter, row.note) == (Party.COMMUNITY, ana, 240, "by invoice")


def test_person_of_another_community_is_not_taken(client, community):
    proposed_matrix(community)
    stranger = member(CommunityFactory())
    assert client.post(at("responsibility", "day.bill"), {"party": "community", "person": stranger.pk}).status_code == 422


def test_comment_without_words_is_asked_for_again(client, community):
    proposed_matrix(community)
    assert client.post(at("comment_responsibility", "day.bill"), {"text": ""}).status_code == 422
    assert not MatrixComment.objects.exists()


def test_comment_is_escaped_and_settled_with_a_name(client, community):
    said = commented(proposed_matrix(community))
    MatrixComment.objects.filter(pk=said.pk).update(text="<script>alert(1)</script>")
    assert "<script>alert" not in read(client, "responsibility", "day.bill")
    client.post(at("resolve_comment", said.pk))
    assert "Settled by Ana Paz" in read(client, "responsibility", "day.bill")


def test_renewal_is_one_button(client, community):
    review_due(community)
    assert "It is still right as it is" in read(client, "responsibilities")
    client.post(at("renew_matrix"))
    assert "It is still right as it is" not in read(client, "responsibilities")
    assert community.matrices.get(number=2).community_agreed_at is not None


def test_withdrawn_without_a_reason_stays(client, community):
    proposed_change(community)
    client.post(at("withdraw_matrix"), {"reason": ""})
    assert community.matrices.filter(state=MatrixState.PROPOSED).exists()


def test_print_shows_every_row_both_signatures_and_articles_spelled_out(client, community):
    edition = published(bare(community), title="How to add people", responsibilities=["day.accounts"])
    agreed_matrix(community)
    page = read(client, "print_matrix")
    assert page.count('<th scope="row">') == 2
    assert page.count("Agreed:") == 2
    assert f"/c/glaciers/kb/{edition.address}/" in page


def test_print_of_what_is_not_there_is_not_found(client, community):
    assert client.get(at("print_matrix")).status_code == 404


def test_history_says_who_changed_what(client, community):
    proposed_change(community)
    page = read(client, "matrix_history")
    assert "Responsibility matrix proposed" in page
    assert "We grew." in page
    assert f'href="{at("numbered_matrix", 1)}"' in page


def test_row_says_what_explains_it(client, community):
    published(bare(community), title="How to add people", responsibilities=["day.accounts"])
    proposed_matrix(community)
    assert "How to add people" in read(client, "responsibilities")
    assert "How to add people" in read(client, "responsibility", "day.accounts")


def test_article_for_staff_is_not_named_to_a_member(client, community):
    published(bare(community), title="Our secrets", responsibilities=["day.accounts"], audience="staff")
    proposed_matrix(community)
    assert "Our secrets" not in read(client, "responsibilities")


def test_earlier_matrix_of_another_community_is_not_found(client, community):
    other = CommunityFactory(slug="other")
    agreed_matrix(other)
    assert client.get(reverse("communities:numbered_matrix", args=["other", 1])).status_code == 404


def test_page_of_a_plain_member_offers_nothing_to_do(community):
    proposed_matrix(community)
    plain = Client()
    plain.force_login(member(community, Role.MEMBER), backend="django.contrib.auth.backends.ModelBackend")
    page = read(plain, "responsibilities")
    assert "<select" not in page.split("<main")[1].split("</main>")[0]


def test_agreeing_to_what_was_changed_while_reading_is_refused(client, community):
    proposed = settled_matrix(community)
    seen = client.get(at("responsibilities")).context["seen"]
    row = proposed.rows.get(key="day.accounts")
    matrix.change_row(row, party=Party.SHARED, note="", by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))
    page = client.post(at("agree_matrix"), {"seen": seen}, follow=True).content.decode()
    proposed.refresh_from_db()
    assert proposed.community_agreed_at is None
    assert "A row was changed while you read" in page
    client.post(at("agree_matrix"), {"seen": client.get(at("responsibilities")).context["seen"]})
    proposed.refresh_from_db()
    assert proposed.community_agreed_at is not None


def test_row_keeps_what_was_said_about_it_in_an_earlier_matrix(client, community):
    first = settled_matrix(community)
    commented(first, key="day.accounts")
    for signer in signers(community):
        matrix.agree(first, by=signer)
    change = matrix.RowChange(key="day.accounts", party=Party.SHARED)
    matrix.propose_change(community, [change], reason="We grew.", by=signers(community)[0])
    assert "Who pays in August?" in read(client, "responsibility", "day.accounts")
