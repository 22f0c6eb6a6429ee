"""The demonstration's page of hubs that run here: for engineers, and for nobody else."""

import pytest
from django.conf import settings as configured
from django.urls import include, path

from communities.roles import Role, StaffGroup
from config.urls import urlpatterns as site
from hubs.deployers.local_hub.places import place
from tests.factories import CommunityFactory, member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [*site, path("demo/", include("demo.urls"))]
handler403 = "ground.error_pages.forbidden"


@pytest.fixture
def hub(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    made = place(tmp_path / "deployer" / "hubs", "shared", "aurora")
    made.furnish({"admins": ["ana@aurora.example"]}, is_running=False)
    return made


def test_engineers_see_how_to_enter(client, hub):
    client.force_login(staff(StaffGroup.ENGINEER))
    page = client.get("/demo/hubs/").content.decode()
    assert [words in page for words in (hub.url, hub.keys().password, hub.keys().admin_password, "ana@aurora.example")] == [True] * 4
    assert not {hub.keys().proxy, hub.keys().check} & set(page.split())


def test_others_do_not(client, hub):
    assert client.get("/demo/hubs/").status_code == 302
    for person in (member(CommunityFactory(), Role.REPRESENTATIVE), staff(StaffGroup.SUPPORT_AGENT)):
        client.force_login(person)
        assert client.get("/demo/hubs/").status_code in {403, 404}


def test_page_without_hubs_says_so(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(staff(StaffGroup.ENGINEER))
    assert "No hub runs here yet." in client.get("/demo/hubs/").content.decode()


def test_there_is_no_such_page_outside_the_demonstration():
    assert not configured.DEMO
    assert not any("demo" in str(pattern.pattern) for pattern in site)
