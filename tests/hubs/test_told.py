"""A deployer that tells odd things of a hub: every page that reads them stays whole, and so does a plan."""

import json

import pytest
from django.urls import reverse

from hubs import deployment, requests, told
from hubs.clusters import HubFacts
from hubs.deployers import interface
from hubs.deployers.gitops.inventory import spec_of
from hubs.models import Hub
from hubs.registry.hubs import take_in
from hubs.states import Kind, RequestState
from tests.hubs import documents
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db
ODD = {
    "a number": 16,
    "a word": "a:1",
    "a truth": True,
    "a size without end": 1e308,
    "a list of everything": ["a:1", 8, -1, None, True, 1e308, [1], {"image": "a:1", "size": "large", "memory_gb": "x"}],
    "a map of words": {"memory_gb": "x", "cpus": "x", "cpus_guaranteed": [1], "timeout": "x", "servers": "x", "org": "us", "title": 1},
    "a map of large numbers": {"memory_gb": 1e308, "cpus": 1e308, "cpus_guaranteed": 1e308, "timeout": 1e308, "servers": 1e308},
}
NAMES = [*spec_of(HubFacts("shared", "staging")), "of_tomorrow"]


@pytest.fixture(params=[*ODD, "no map at all"])
def spec(request):
    return dict.fromkeys(NAMES, ODD[request.param]) if request.param in ODD else ["a:1"]


@pytest.fixture
def hub(community, spec):
    return HubFactory(community=community, cluster=ClusterFactory(name="shared"), name="staging", facts=told_facts(spec))


def told_facts(spec):
    return {"authentication": "github", "spec": spec}


def test_pages_of_a_hub_survive_odd_facts(client, hub, representative, engineer):
    client.force_login(representative.user)
    assert client.get(hub.get_absolute_url()).status_code == 200
    client.force_login(engineer.user)
    for path in (hub.engineers_url, reverse("hubs:list"), reverse("hubs:list") + "?download=csv", reverse("hubs:cluster", args=["shared"])):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("kind", ["change", "event"])
def test_forms_of_requests_survive_odd_facts(client, hub, representative, engineer, kind):
    document = {
        "change": documents.change({"op": "set_resources", "resources": {"max_memory_gb": 8, "choices": 3}}),
        "event": documents.event(),
    }
    row = HubRequestFactory(community=hub.community, hub=hub, kind=kind, document=document[kind])
    client.force_login(representative.user)
    assert client.get(row.get_absolute_url()).status_code == 200
    client.force_login(engineer.user)
    assert client.get(reverse("hubs:review", args=[row.reference])).status_code == 200


def test_an_event_on_an_odd_hub_gets_its_plan(repository, spec, community, representative):
    Hub.objects.filter(name="staging").update(community=community, facts=told_facts(spec))
    document = documents.event(memory_gb_per_attendee=4)
    row = HubRequestFactory(community=community, hub=Hub.objects.get(name="staging"), kind=Kind.EVENT, document=document)
    requests.submit(row, by=representative)
    deployment.carry_on(row.pk)
    row.refresh_from_db()
    assert row.state == RequestState.PLANNED


def test_odd_facts_are_kept_and_change_without_harm(spec):
    cluster = ClusterFactory(name="shared")
    for facts in ({"images": ["a:1"], "memory_gb": [1], "features": ["gpu"]}, spec):
        odd = interface.Hub("shared", "staging", "Staging", "https://staging.example.org/", spec=facts)
        take_in([odd], {"shared": cluster})
    assert with_one_kind_of_number(Hub.objects.get().facts["spec"]) == with_one_kind_of_number(spec)


def with_one_kind_of_number(document):
    """PostgreSQL gives a very large number back as a whole one."""
    return json.loads(json.dumps(document), parse_int=float)


def test_only_words_and_sizes_are_read():
    spec = {"memory_gb": ODD["a list of everything"], "images": ODD["a list of everything"], "quota": True, "name": 3}
    assert told.numbers(spec, "memory_gb") == [8]
    assert told.words(spec, "images") == ["a:1"]
    assert (told.number(spec, "quota"), told.word(spec, "name")) == (None, "")
