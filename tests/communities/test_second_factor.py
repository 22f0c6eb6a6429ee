"""Staff get no page before they have a second factor, the one that makes tokens neither; whoever has the shell has the site."""

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


@pytest.mark.parametrize("proof", [None, Authenticator.Type.TOTP])
def test_a_token_made_at_the_shell_opens_the_api(client, bare, proof, capsys):
    if proof:
        Authenticator.objects.create(user=bare, type=proof, data={})
    call_command("create_token", bare.email)
    assert asked_with(client, capsys.readouterr().out.strip()) == 200


def test_a_members_token_needs_no_second_factor(client):
    person = member(CommunityFactory(), Role.MEMBER)
    assert asked_with(client, tokens.mint(person, name="t")) == 200
