"""Staff get nothing, by page or by token, before they have a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from communities import tokens
from communities.roles import Role, StaffGroup
from tests.factories import CommunityFactory, member, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare():
    """Somebody of the staff without a second factor."""
    person = staff(StaffGroup.OPERATOR)
    Authenticator.objects.all().delete()
    return person


@pytest.mark.parametrize(
    "address", ["/accounts/tokens/", "/accounts/my-data/", "/accounts/settings/", "/accounts/email/", "/desk/", "/api/v1/"]
)
def test_staff_without_a_second_factor_are_sent_to_set_one_up(client, bare, address):
    client.force_login(bare)
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/")


@pytest.mark.parametrize("address", ["/accounts/2fa/", "/accounts/logout/"])
def test_staff_without_a_second_factor_reach_what_sets_one_up(client, bare, address):
    client.force_login(bare)
    assert client.get(address).status_code == 200


def test_staff_with_a_second_factor_reach_their_tokens(client):
    client.force_login(staff(StaffGroup.OPERATOR))
    assert client.get("/accounts/tokens/").status_code == 200


def asked_with(client, token):
    return client.get("/api/v1/communities/", headers={"Authorization": f"Token {token}"}).status_code


@pytest.mark.parametrize("proof", [None, Authenticator.Type.RECOVERY_CODES])
def test_a_token_of_staff_without_a_second_factor_opens_nothing(client, bare, proof):
    if proof:
        Authenticator.objects.create(user=bare, type=proof, data={})
    assert asked_with(client, tokens.mint(bare, name="t")) == 401


def test_a_token_made_at_the_shell_opens_the_api_to_staff_with_a_second_factor(client, capsys):
    call_command("create_token", staff(StaffGroup.OPERATOR).email)
    assert asked_with(client, capsys.readouterr().out.strip()) == 200


def test_a_members_token_needs_no_second_factor(client):
    person = member(CommunityFactory(), Role.MEMBER)
    assert asked_with(client, tokens.mint(person, name="t")) == 200
