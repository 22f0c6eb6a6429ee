"""The facts of a reader's community, for who may know them."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.roles import Role
from ground.actors import Actor
from knowledgebase import facts
from knowledgebase.filling import Frame, fill
from knowledgebase.placeholders import NAMES, Fact
from tests.factories import CommunityFactory, acting, member
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db

SPEC = {"images": ["scipy", "r"], "memory_gb": [4, 16], "home_quota_gib": 50, "default_interface": "/lab", "admins": ["ana@example.org"]}


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal", website="https://coastal.example/")


def hub(community, **fields):
    return HubFactory(community=community, **{"name": "main", "display_name": "Main", "domain": "main.example.org", **fields})


def read(edition, frame) -> str:
    return "".join(fill(edition.parts, frame, language=edition.language))


def test_every_fact_of_one_hub_is_told_to_a_member(community):
    hub(community, facts={"spec": SPEC, "authentication": "github"})
    told = Frame(acting(member(community, Role.REPRESENTATIVE, name="Ana")), community).facts
    assert {name: told(name).words for name in NAMES} == {
        "hub.name": "Main",
        "hub.url": "https://main.example.org/",
        "hub.domain": "main.example.org",
        "hub.images": "scipy, r",
        "hub.memory": "4, 16 GB",
        "hub.storage": "50 GiB",
        "hub.sign_in": "GitHub",
        "hub.interface": "JupyterLab",
        "hub.admins": "ana@example.org",
        "community.name": "Coastal",
        "community.website": "https://coastal.example/",
        "community.representatives": "Ana",
        "support.email": "support@hubs.example",
        "operator.name": "Example Hubs",
    }


def test_a_stranger_is_told_neither_hubs_nor_people(community):
    hub(community)
    member(community, Role.REPRESENTATIVE, name="Ana")
    told = Frame(Actor.anonymous(), community).facts
    assert [told(name).words for name in ("hub.url", "community.representatives", "community.name")] == ["", "", "Coastal"]
    assert told.elsewhere == "/c/"


def test_a_member_of_another_community_is_told_neither(community):
    hub(community)
    told = Frame(acting(member(CommunityFactory())), community).facts
    assert [told(name).words for name in ("hub.url", "community.representatives")] == ["", ""]


def test_several_hubs_are_told_apart_and_staging_is_left_out(community):
    hub(community)
    hub(community, name="workshop", display_name="Workshop", domain="workshop.example.org")
    hub(community, name="staging", display_name="Staging", domain="staging.example.org")
    told = Frame(acting(member(community)), community).facts
    assert told("hub.url") == Fact("https://main.example.org/ (Main), https://workshop.example.org/ (Workshop)", "")
    assert told("hub.name").words == "Main, Workshop"
    assert told.elsewhere == "/c/coastal/hubs/"


def test_facts_that_are_odd_in_the_configuration_are_missing(community):
    hub(community, facts={"spec": ["not", "a", "table"], "authentication": None}, domain="")
    told = Frame(acting(member(community)), community).facts
    assert [told(name).words for name in ("hub.images", "hub.memory", "hub.sign_in", "hub.url")] == ["", "", "", ""]


def test_an_article_reads_with_the_facts_of_each_frame(community):
    hub(community)
    edition = published(bare(), title="First login", body="Open [{{ hub.name }}]({{ hub.url }}hub/home), says {{ operator.name }}.")
    inside = read(edition, Frame(acting(member(community)), community))
    assert inside == (
        '<p>Open <a href="https://main.example.org/hub/home" rel="noopener noreferrer nofollow">Main</a>, says Example Hubs.</p>\n'
    )
    assert '<a href="/c/" rel="noopener noreferrer nofollow">your hub</a>' in read(edition, Frame(Actor.anonymous()))


def test_two_queries_however_many_facts_there_are(community):
    hub(community)
    few = published(bare(), title="Few", body="{{ hub.url }} {{ community.representatives }}")
    many = published(bare(), title="Many", body="{{ hub.url }} {{ hub.name }} {{ hub.images }} {{ community.representatives }} " * 20)
    user = member(community)
    counts = []
    for edition in (few, many):
        frame = Frame(acting(type(user).objects.get(pk=user.pk)), community)
        frame.belongs  # noqa: B018  roles are asked once a request
        with CaptureQueriesContext(connection) as queries:
            read(edition, frame)
        counts.append(len([query for query in queries if "staff_groups" not in query["sql"] and "auth_group" not in query["sql"]]))
    assert counts[0] == counts[1] <= 2


def test_used_facts_are_kept_while_publishing_and_follow_the_text():
    edition = published(bare(), title="A", body="{{ hub.url }} {{ hub.name }} {{ hub.nope }}")
    published(bare(), title="B", body="nothing")
    assert facts.used_by(edition) == {"hub.url", "hub.name"}
    assert list(facts.using(["hub.url", "hub.memory"])) == [edition]
    edition.article.body = [("text", "{{ hub.url }}")]
    edition.article.save_revision().publish()
    assert facts.used_by(edition) == {"hub.url"}


def test_every_fact_of_a_hub_can_be_compared(community):
    assert facts.of_hub(hub(community, facts={"spec": SPEC}))["hub.storage"] == "50 GiB"


def test_reading_stays_within_its_queries_with_facts_and_for_who_writes(community):
    hub(community)
    member(community, Role.REPRESENTATIVE, name="Ana")
    published(bare(), title="Plain", body="## One\n\ntext")
    published(bare(), title="Facts", body="## One\n\n{{ hub.url }} {{ hub.name }} {{ community.representatives }}")
    bare(community)
    counts = []
    for role, address in ((Role.MEMBER, "plain"), (Role.MEMBER, "facts"), (Role.HUB_CHAMPION, "facts")):
        client = Client()
        client.force_login(member(community, role), backend="django.contrib.auth.backends.ModelBackend")
        client.get(f"/c/coastal/kb/{address}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/c/coastal/kb/{address}/")
        counts.append(len([query for query in queries if not re.search("SAVEPOINT|usersession|django_session", query["sql"])]))
    assert counts[1] - counts[0] == 2  # hubs, representatives
    assert counts[2] - counts[1] == 1  # the versions of the article
    assert counts[0] <= 9
