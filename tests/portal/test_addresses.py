"""Every address that others rely on answers, from the first day on."""

import pytest
from django.core.management import call_command
from django.test import Client

from communities.roles import StaffGroup
from tests.factories import CommunityFactory, staff

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/apply/", "/kb/", "/status/", "/widget.js", "/api/v1/schema/", "/healthz", "/api/v1/articles/"]
GUARDED = ["/accounts/settings/", "/c/", "/review/", "/desk/", "/hubs/", "/cms/", "/admin/", "/api/v1/docs/"]
OF_A_COMMUNITY = ["", "people/", "onboarding/", "responsibilities/", "tickets/", "hubs/", "kb/"]
API = ["communities", "applications", "tickets", "hubs", "clusters", "hub-requests"]


@pytest.fixture
def operator(client):
    call_command("setup", skip_migrate=True, verbosity=0)
    person = staff(*StaffGroup, is_staff=True, is_superuser=True)
    client.force_login(person)
    return client


def test_public_addresses_answer_strangers(client: Client) -> None:
    call_command("setup", skip_migrate=True, verbosity=0)
    assert {path: client.get(path).status_code for path in PUBLIC} == dict.fromkeys(PUBLIC, 200)


def test_guarded_addresses_answer_who_may(operator: Client) -> None:
    community = CommunityFactory()
    wanted = [*GUARDED, *(f"/c/{community.slug}/{room}" for room in OF_A_COMMUNITY), *(f"/api/v1/{name}/" for name in API)]
    assert {path: operator.get(path).status_code for path in wanted} == dict.fromkeys(wanted, 200)


@pytest.mark.parametrize("path", ["/accounts/settings", "/desk", "/hubs", "/status", "/kb", "/apply", "/c", "/review"])
def test_an_address_without_its_last_slash_is_sent_on(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, f"{path}/")


@pytest.mark.parametrize("path", ["/accounts/settings/", "/c/", "/review/", "/desk/", "/hubs/", "/cms/", "/admin/"])
def test_guarded_pages_send_a_stranger_to_the_login(client: Client, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_webhooks_refuse_what_is_not_signed(client: Client) -> None:
    assert [client.post(f"/webhooks/{name}/", {}, "application/json").status_code for name in ("freshdesk", "deployer")] == [401, 401]


def test_numbers_are_not_for_strangers(client: Client) -> None:
    assert client.get("/metrics").status_code in {401, 403, 404}
