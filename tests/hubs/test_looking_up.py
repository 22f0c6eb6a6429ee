"""Looking up hubs and clusters, and saying whose a hub is, through the client."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from hubs import matching, registry
from hubs.clusters import read_folder
from hubs.models import ConfigurationRead, Hub, HubFactChange, HubValues, Match, Source
from hubs.states import HubState
from tests.factories import CommunityFactory, staff
from tests.hubs.deploying import REAL
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db
LIST = "/hubs/all/"
FACTS = {"chart": "basehub", "authentication": "github", "spec": {"images": ["quay.io/lab/rstudio:7"], "features": ["gpu", "profiles"]}}


@pytest.fixture
def engineers(client, engineer):
    client.force_login(engineer.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def support(client):
    client.force_login(staff(StaffGroup.SUPPORT_AGENT), backend="django.contrib.auth.backends.ModelBackend")
    return client


def names(response) -> list[str]:
    return [hub.name for hub in response.context["page"].rows]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["one", "two"]),
        ("q=rstudio", ["one"]),
        ("q=ONE", ["one"]),
        ("q=lab+one", ["one"]),
        ("q=lab+two", []),
        ("q=aurora", ["one"]),
        ("cluster=polar", ["one"]),
        ("provider=gcp", ["two"]),
        ("community=aurora", ["one"]),
        ("state=live", ["two"]),
        ("state=ended", ["over"]),
        ("state=gone", ["two"]),
        ("sign_in=github", ["one"]),
        ("feature=gpu", ["one"]),
        ("feature=dask_gateway", []),
        ("chart=basehub", ["one"]),
        ("unmatched=on", ["two"]),
        ("order=state", ["two", "one"]),
        ("order=cluster", ["one", "two"]),
        ("order=changed", ["two", "one"]),
    ],
)
def test_hubs_are_found_by_what_people_remember(engineers, asked, found):
    HubFactory(
        name="one",
        display_name="A one",
        cluster=ClusterFactory(name="polar"),
        facts=FACTS,
        community=CommunityFactory(slug="aurora", name="Lights"),
    )
    HubFactory(
        name="two",
        display_name="B two",
        community=None,
        cluster=ClusterFactory(name="tundra", provider="gcp"),
        state=HubState.LIVE,
        gone_at=timezone.now(),
    )
    HubFactory(name="over", display_name="C over", state=HubState.ENDED)
    assert names(engineers.get(f"{LIST}?{asked}")) == found


def test_a_filter_nobody_knows_is_told_and_finds_nothing(engineers):
    HubFactory()
    response = engineers.get(f"{LIST}?cluster=nowhere")
    assert (response.status_code, names(response)) == (422, [])
    assert "One answer needs another look" in response.content.decode()


def test_what_is_typed_is_text(engineers):
    HubFactory(display_name="100% real")
    assert [len(names(engineers.get(LIST, {"q": words}))) for words in ("100%", "%", "_", "'", '"')] == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("hubs", [1, 500])
def test_the_list_costs_at_most_eight_queries(engineers, hubs, django_assert_max_num_queries):
    cluster, community = ClusterFactory(), CommunityFactory()
    Hub.objects.bulk_create(
        Hub(cluster=cluster, community=community, name=f"h{each}", display_name=f"H {each:03}", facts=FACTS) for each in range(hubs)
    )
    engineers.get(LIST)
    with django_assert_max_num_queries(8):
        response = engineers.get(f"{LIST}?q=rstudio&feature=gpu")
    assert len(names(response)) == min(hubs, 50)


def test_the_next_page_goes_on_where_the_first_ended(engineers):
    cluster = ClusterFactory()
    Hub.objects.bulk_create(Hub(cluster=cluster, name=f"h{each}", display_name=f"H {each:03}") for each in range(60))
    first = engineers.get(LIST)
    second = engineers.get(LIST, {"cursor": first.context["page"].next})
    assert (len(names(first)), names(second)[0], len(names(second))) == (50, "h50", 10)


def test_the_list_as_a_file_has_the_rows_of_the_page(engineers):
    HubFactory(name="one", facts=FACTS)
    HubFactory(name="two")
    response = engineers.get(f"{LIST}?download=csv&chart=basehub")
    [line] = csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    assert (line["Name"], line["Images"], line["Features"]) == ("one", "quay.io/lab/rstudio:7", "gpu; profiles")


@pytest.mark.skipif(not REAL.is_dir(), reason="the reference folders are not here")
def test_a_real_hub_is_told_in_words_with_its_values_for_engineers(engineers):
    registry.keep_reading(read_folder(REAL / "clusters"))
    page = engineers.get("/hubs/all/leap/prod/").content.decode()
    for words in (
        "leap-stc:leap-pangeo-full-access",
        "Base Pangeo Notebook (2026.06.04)",
        "pangeo/pangeo-notebook:2026.06.04",
        "100 GiB",
        "gs://leap-scratch/$(JUPYTERHUB_USER)",
        "enc-prod.secret.values.yaml",
        "nvidia-tesla-a100",
        "n2-highmem-16",
        "hard_quota: 100",
        "Dask gateway",
    ):
        assert words in page, words
    assert all(engineers.get(hub.engineers_url).status_code == 200 for hub in Hub.objects.select_related("cluster"))
    assert all(engineers.get(f"/hubs/clusters/{name}/").status_code == 200 for name in ("2i2c", "leap", "nmfs-openscapes"))


def test_support_staff_read_facts_and_no_values(support):
    hub = HubFactory(facts=FACTS)
    HubValues.objects.create(hub=hub, document={"inner": "most"}, read_at=timezone.now())
    page = support.get(hub.engineers_url).content.decode()
    assert ("quay.io/lab/rstudio:7" in page, "Merged configuration" in page, "inner" in page) == (True, False, False)


def test_values_are_a_file_for_engineers(engineers):
    hub = HubFactory(name="prod", cluster__name="polar")
    HubValues.objects.create(hub=hub, document={"b": {"c": [1, None]}, "a": "x: y"}, read_at=timezone.now())
    response = engineers.get("/hubs/all/polar/prod/values/")
    assert (response.content.decode(), response.headers["Cache-Control"]) == ("a: 'x: y'\nb:\n  c:\n  - 1\n  - null\n", "no-store, private")


def test_a_hub_page_tells_changes_requests_and_that_it_is_gone(engineers):
    hub = HubFactory(gone_at=timezone.now(), facts=FACTS)
    HubFactChange.objects.create(hub=hub, at=timezone.now(), fact="images", before=["a:1"], after=["a:2"], commit="c0ffee")
    request = HubRequestFactory(hub=hub, community=hub.community)
    page = engineers.get(hub.engineers_url).content.decode()
    for words in ("not in the configuration any more", "<del>-a:1</del>", "<ins>+a:2</ins>", "c0ffee", request.reference):
        assert words in page, words


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_a_hub_and_a_cluster_cost_the_same_with_more(engineers, rows, django_assert_num_queries):
    hub = HubFactory(facts=FACTS)
    for _ in range(rows):
        HubFactory(cluster=hub.cluster)
        HubRequestFactory(hub=hub, state="submitted")
        HubFactChange.objects.create(hub=hub, at=timezone.now(), fact="images")
    cluster = reverse("hubs:cluster", args=[hub.cluster.name])
    engineers.get(cluster)
    with django_assert_num_queries(9):
        engineers.get(hub.engineers_url)
    with django_assert_num_queries(7):
        engineers.get(cluster)


def test_a_cluster_shows_staging_first_and_what_is_asked_for(engineers):
    cluster = ClusterFactory(
        name="polar", facts={"account": "123", "paid_by_us": False, "support": {"grafana": "https://grafana.example/"}}
    )
    for name in ("prod", "staging"):
        HubFactory(cluster=cluster, name=name)
    asked = HubRequestFactory(document={"kind": "new-hub", "cluster": "polar"}, state="submitted")
    HubRequestFactory(document={"kind": "new-hub", "cluster": "tundra"}, state="submitted")
    response = engineers.get("/hubs/clusters/polar/")
    assert [hub.name for hub in response.context["hubs"]] == ["staging", "prod"]
    assert response.context["requests"] == [asked]
    assert "https://grafana.example/" in response.content.decode()


def test_the_list_says_since_when_it_is_old(engineers):
    HubFactory()
    ConfigurationRead.objects.create(source=Source.DEPLOYER, looked_at=timezone.now(), problem="It does not answer.")
    page = engineers.get(LIST).content.decode()
    assert ("could not be read yet" in page, "It does not answer." in page) == (True, True)
    ConfigurationRead.objects.update(read_at=timezone.now() - timedelta(hours=3))
    assert "could not be read as usual" in engineers.get(LIST).content.decode()


def test_clusters_tell_how_many_hubs_wait_and_are_in_trouble(engineers):
    cluster = ClusterFactory()
    HubFactory(cluster=cluster, community=None)
    HubFactory(cluster=cluster, state=HubState.TROUBLED)
    HubFactory(cluster=cluster, gone_at=timezone.now())
    [row] = engineers.get("/hubs/clusters/").context["clusters"]
    assert (row.running, row.unmatched, row.troubled) == (2, 1, 1)


UNMATCHED = "/hubs/unmatched/"


def test_many_are_said_at_once_and_stay(engineers):
    aurora, coral = CommunityFactory(slug="aurora"), CommunityFactory(slug="coral")
    one, two, ours, later = (HubFactory(name=name, community=None) for name in ("one", "two", "ours", "later"))
    data = {f"whose-{one.pk}": "aurora", f"other-{two.pk}": "coral", f"whose-{ours.pk}": "ours", f"whose-{later.pk}": ""}
    response = engineers.post(UNMATCHED, data, follow=True)
    assert "Kept for 3 hubs." in response.content.decode()
    said = {hub.name: (hub.community, hub.is_ours, hub.match) for hub in Hub.objects.all()}
    assert said == {
        "one": (aurora, False, Match.PERSON),
        "two": (coral, False, Match.PERSON),
        "ours": (None, True, Match.PERSON),
        "later": (None, False, ""),
    }
    assert [entry.action for entry in matching.history(one)] == ["hubs.match"]
    assert "Said lately" in response.content.decode()


def test_a_short_name_nobody_has_is_told_beside_its_field_and_the_rest_is_kept_on_the_page(engineers):
    hub = HubFactory(community=None)
    response = engineers.post(UNMATCHED, {f"other-{hub.pk}": "nobody"})
    page = response.content.decode()
    assert (response.status_code, "No community has this short name" in page, 'value="nobody"' in page) == (422, True, True)
    assert Hub.objects.unmatched().count() == 1


def test_what_a_person_said_is_taken_back(engineers):
    hub = HubFactory(match=Match.PERSON)
    undo = reverse("hubs:undo_match", args=[hub.cluster.name, hub.name])
    assert "Taken back." in engineers.post(undo, follow=True).content.decode()
    hub.refresh_from_db()
    assert (hub.community, hub.match, hub in Hub.objects.unmatched()) == (None, "", True)
    assert "nothing changed" in engineers.post(undo, follow=True).content.decode()


def test_a_hub_that_waits_again_is_not_public(engineer):
    hub = HubFactory(match=Match.PERSON, is_public_status=True)
    assert matching.undo(hub, by=engineer) is True
    hub.refresh_from_db()
    assert hub.is_public_status is False


def test_what_the_configuration_said_is_not_taken_back(engineer):
    hub = HubFactory(match=Match.RULE)
    assert matching.undo(hub, by=engineer) is False
    hub.refresh_from_db()
    assert hub.community is not None


def test_what_somebody_else_said_meanwhile_stays(engineer):
    hub, other = HubFactory(community=None), CommunityFactory()
    assert matching.say_whose({hub.pk: other}, by=engineer) == 1
    assert matching.say_whose({hub.pk: None}, by=engineer) == 0
    hub.refresh_from_db()
    assert (hub.community, hub.is_ours) == (other, False)


def test_proposals_are_shown_with_their_reasons(engineers):
    CommunityFactory(slug="aurora", name="Aurora Ocean Lab")
    cluster = ClusterFactory(name="polar")
    HubFactory(cluster=cluster, name="prod", community=CommunityFactory(slug="coral", name="Coral"))
    HubFactory(cluster=cluster, name="staging", community=None, domain="aurora.example", facts={"spec": {"domain": "aurora.example"}})
    page = engineers.get(UNMATCHED).content.decode()
    assert ("another hub on this cluster is theirs" in page, "the address names the community" in page) == (True, True)


def test_a_hub_of_our_own_site_looks_like_ours(engineers, settings):
    settings.SITE_URL = "https://desk.example.org"
    HubFactory(community=None, facts={"spec": {"homepage": {"org": {"url": "https://desk.example.org/about"}}}})
    assert "its front page is on our own site" in engineers.get(UNMATCHED).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_hubs_without_community_costs_the_same_with_more(engineers, rows, django_assert_num_queries):
    for _ in range(rows):
        HubFactory(community=None)
        HubFactory(match=Match.PERSON)
    engineers.get(UNMATCHED)
    with django_assert_num_queries(8):
        engineers.get(UNMATCHED)


def test_what_variables_hold_is_for_those_who_may_read_values(support, client, engineer):
    hub = HubFactory(facts={"spec": {"environment": {"AZURE_STORAGE": "AccountName=reef", "PLACE": "polar"}}})
    HubFactChange.objects.create(hub=hub, at=timezone.now(), fact="environment", before=["PLACE: north"], after=["PLACE: polar"])
    page = support.get(hub.engineers_url).content.decode()
    assert ("AZURE_STORAGE" in page, "AccountName=reef" in page, "PLACE: polar" in page) == (True, False, False)
    client.force_login(engineer.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(hub.engineers_url).content.decode()
    assert ("AccountName=reef" in page, "PLACE: polar" in page) == (True, True)
