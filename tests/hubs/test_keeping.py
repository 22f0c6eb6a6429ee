"""Keeping the registry as the deployer tells it: what is new, what changed, what is gone, and how the last look went."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from hubs import conditions, keeping, registry
from hubs.deployers import Cluster as Seen
from hubs.deployers import Condition, Hub
from hubs.models import Cluster, ConfigurationRead, HubFactChange, HubValues, HubWatch, Match, Source
from hubs.models import Hub as Row
from hubs.registry.hubs import take_in
from hubs.states import HubState
from hubs.tasks import keep_current
from tests.factories import CommunityFactory
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db
POLAR = Seen("polar", "aws", region="us-west-2", domain_suffix="polar.example", facts={"account": "1"})


def told(name: str = "prod", *, domain: str = "", cluster: str = "polar", **more) -> Hub:
    spec = {"images": ["a:1"], "admins": ["ana"], "domain": domain} | more.pop("spec", {})
    unseen = (Condition("Synced", "True"), Condition("Ready", "Unknown"), Condition("Usable", "Unknown"))
    defaults = {
        "conditions": unseen,
        "chart": "basehub",
        "authentication": "github",
        "observed_commit": "c0ffee",
        "values": {"a": {"b": name}},
    }
    return Hub(cluster, name, name.title(), f"https://{domain or f'{name}.polar.example'}", spec=spec, **(defaults | more))


def keep(*hubs: Hub, clusters=(POLAR,)) -> registry.Kept:
    return registry.keep_all(clusters, hubs)


def row(name: str = "prod") -> Row:
    return Row.objects.get(name=name)


def test_what_is_told_is_kept_with_its_values_beside_it():
    assert keep(told()) == registry.Kept(1, 1, ("polar/prod",), (), added=1)
    hub = row()
    assert (hub.cluster.region, hub.cluster.facts["account"], hub.cluster.source) == ("us-west-2", "1", Source.DEPLOYER)
    assert (hub.display_name, hub.domain, hub.state, hub.source) == ("Prod", "prod.polar.example", "recorded", Source.DEPLOYER)
    assert hub.facts == {
        "chart": "basehub",
        "authentication": "github",
        "spec": {"images": ["a:1"], "admins": ["ana"], "domain": ""},
        "observed_commit": "c0ffee",
    }
    assert (hub.values.document, hub.values.commit) == ({"a": {"b": "prod"}}, "c0ffee")
    assert HubFactChange.objects.count() == 0


def test_what_changed_is_noted_by_fact_with_the_commit():
    keep(told())
    keep(told(spec={"images": ["a:2", "b:1"]}, authentication="cilogon", observed_commit="beef", values={"a": 2}))
    noted = list(HubFactChange.objects.order_by("fact").values_list("fact", "before", "after", "commit"))
    assert noted == [("authentication", ["github"], ["cilogon"], "beef"), ("images", ["a:1"], ["a:2", "b:1"], "beef")]
    assert row().values.document == {"a": 2}


def test_a_fact_that_nobody_had_read_before_is_no_change():
    keep(told())
    keep(told(spec={"gpus": ["t4"]}))
    assert (row().spec["gpus"], HubFactChange.objects.count()) == (["t4"], 0)


def test_the_same_again_writes_nothing():
    keep(told())
    before = row().updated_at
    assert keep(told()) == registry.Kept(1, 1, ("polar/prod",), ())
    assert row().updated_at == before


def test_what_is_not_told_any_more_is_marked_and_comes_back():
    keep(told("one"), told("two"))
    assert keep(told("one")).gone == 1
    assert (row("one").gone_at, row("two").gone_at is None, row("two").state) == (None, False, HubState.RECORDED)
    assert list(Row.objects.present()) == [row("one")]
    keep(told("one"), told("two"))
    assert row("two").gone_at is None
    assert list(HubFactChange.objects.order_by("pk").values_list("fact", "before", "after")) == [
        ("presence", ["here"], ["gone"]),
        ("presence", ["gone"], ["here"]),
    ]


def test_a_hub_of_another_name_takes_over_the_address_of_one_that_is_gone():
    keep(told("old", domain="x.example"))
    keep(told("new", domain="x.example"))
    assert (row("new").domain, row("old").gone_at is not None) == ("x.example", True)


def test_a_cluster_is_gone_with_its_hubs():
    keep(told(), told("ours", cluster="tundra"), clusters=(POLAR, replace(POLAR, name="tundra")))
    keep(told())
    assert [cluster.name for cluster in Cluster.objects.exclude(gone_at=None)] == ["tundra"]
    assert row("ours").gone_at is not None


def test_only_what_the_same_source_told_can_be_missed():
    by_hand, by_folder = HubFactory(), HubFactory(source=Source.FOLDER)
    keep(told())
    assert not Row.objects.filter(pk__in=[by_hand.pk, by_folder.pk]).exclude(gone_at=None).exists()


def test_silence_says_nothing():
    keep(told())
    assert registry.keep_all([], []) == registry.Kept(0, 0, (), ())
    assert row().gone_at is None


def test_most_hubs_missing_at_once_are_not_believed():
    keep(*(told(f"hub-{number}") for number in range(10)))
    kept = keep(told("hub-0"))
    assert (kept.gone, kept.warnings) == (0, ("9 of 10 hubs were missed at once; none was marked as gone.",))
    assert Row.objects.present().count() == 10
    assert keeping.last_look().problem == "9 of 10 hubs were missed at once; none was marked as gone."


def test_two_hubs_change_addresses():
    keep(told("one", domain="a.example"), told("two", domain="b.example"))
    keep(told("one", domain="b.example"), told("two", domain="a.example"))
    assert (row("one").domain, row("two").domain) == ("b.example", "a.example")


def test_an_address_that_is_taken_is_left_blank_and_told():
    HubFactory(domain="a.example")
    assert keep(told(domain="a.example")).warnings == ("polar/prod: another hub answers at a.example already",)
    assert row().domain == ""


def test_what_somebody_has_seen_is_not_forgotten_for_a_configuration_that_looks_at_nothing():
    keep(told(conditions=(Condition("Ready", "True"), Condition("Usable", "False"))))
    keep(told())
    assert [(each["type"], each["status"]) for each in row().conditions] == [("Synced", "True"), ("Ready", "True"), ("Usable", "False")]


def test_a_hub_that_has_just_ended_stays_ended_by_a_reading_older_than_that():
    keep(told())
    Row.objects.update(state=HubState.ENDED, updated_at=timezone.now())
    keep(told(observed_commit="beef"))
    assert row().state == HubState.ENDED
    Row.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    keep(told(observed_commit="beef"))
    assert row().state == HubState.RECORDED


def test_names_that_cannot_be_kept_are_left_out():
    assert keep(told("fine"), told("not fine"), told("x" * 64)).hubs == 1


def test_a_community_that_is_certain_is_matched_and_a_persons_word_stays():
    aurora, coral = CommunityFactory(slug="aurora"), CommunityFactory(slug="coral")
    keep(told("aurora", community="aurora"), told("coral"), told("staging"))
    assert row("coral").community is None  # a name alone
    assert (row("aurora").community, row("aurora").match) == (aurora, Match.RULE)
    Row.objects.filter(name="coral").update(community=aurora, match=Match.PERSON)
    Row.objects.filter(name="staging").update(is_ours=True, match=Match.PERSON)
    keep(told("aurora"), told("coral", community="coral"), told("staging", community="coral"))
    assert (row("coral").community, row("staging").community, coral.hubs.count()) == (aurora, None, 0)


def test_a_name_and_a_website_together_are_certain():
    aurora = CommunityFactory(slug="aurora", website="https://aurora.example.org")
    keep(told("aurora", spec={"homepage": {"org": {"url": "https://aurora.example.org/"}}}))
    assert (row("aurora").community, row("aurora").match) == (aurora, Match.RULE)


def test_what_a_request_made_belongs_to_its_community():
    request = HubRequestFactory(document={"kind": "new-hub", "new_cluster": {"name": "fresh", "provider": "gcp", "region": "europe-west2"}})
    hub = registry.keep_outcome(request, [told(cluster="fresh")])
    assert (hub.community, hub.match, hub.source) == (request.community, Match.REQUEST, "")
    assert (hub.cluster.provider, hub.cluster.region) == ("gcp", "europe-west2")


def test_values_that_are_too_large_are_not_told():
    from hubs.clusters import HubFacts
    from hubs.deployers.gitops import inventory

    small, large = (HubFacts("polar", "prod", values={"a": "x" * size}) for size in (10, 300_000))
    assert (inventory.told_whole(small, commit="").values, inventory.told_whole(large, commit="").values) == ({"a": "x" * 10}, {})


@pytest.mark.parametrize(("number", "queries"), [(1, 19), (500, 30)])
def test_a_reading_of_five_hundred_hubs_asks_a_few_times_more_than_one_of_a_single_hub(number, queries, django_assert_max_num_queries):
    """More only where a statement carries as many rows as the database takes at once."""
    CommunityFactory(slug="hub-0")
    keep(*(told(f"hub-{each}") for each in range(number)), told("old"))
    with django_assert_max_num_queries(queries):
        kept = keep(*(told(f"hub-{each}", spec={"images": ["a:2"]}, values={"x": each}) for each in range(number)), told("new"))
    assert (kept.hubs, kept.added, kept.changed, kept.gone) == (number + 1, 1, number, 1)


def test_the_task_reads_what_the_deployer_knows(repository):
    keep_current()
    look = keeping.last_look()
    assert (look.problem, look.clusters, look.read_at is not None) == ("", Cluster.objects.filter(source=Source.DEPLOYER).count(), True)


def test_a_deployer_that_cannot_be_asked_is_told_and_nothing_is_lost(settings, tmp_path):
    keep(told())
    settings.DEPLOYER_URL = f"git+file://{tmp_path}/nowhere"
    assert keeping.keep_current() is None
    look = keeping.last_look()
    assert ("run setup" in look.problem, look.read_at is not None, row().gone_at) == (True, True, None)


def test_a_deployer_nobody_knows_is_told(settings):
    settings.DEPLOYER_URL = "ftp://x"
    keep_current()
    assert keeping.last_look().problem.startswith("DEPLOYER_URL is none of")


def test_a_folder_speaks_for_its_own_clusters_alone():
    cluster = ClusterFactory(name="tundra", source=Source.FOLDER)
    HubFactory(cluster=cluster, source=Source.FOLDER)
    registry._keep([POLAR], [told()], source=Source.FOLDER)
    registry._keep([POLAR], [told("other")], source=Source.FOLDER)
    assert [hub.name for hub in Row.objects.exclude(gone_at=None)] == ["prod"]
    assert Cluster.objects.exclude(gone_at=None).count() == 0


def test_one_row_tells_of_each_source():
    keep(told())
    keep(told())
    assert [(look.source, look.hubs) for look in ConfigurationRead.objects.all()] == [(Source.DEPLOYER, 1)]
    assert HubValues.objects.count() == 1


@pytest.mark.parametrize(
    ("source", "commit", "state"),
    [
        (Source.DEPLOYER, "beef", HubState.RECORDED),
        (Source.DEPLOYER, "c0ffee", HubState.ENDED),
        (Source.DEPLOYER, "", HubState.ENDED),
        (Source.FOLDER, "beef", HubState.ENDED),
        ("", "c0ffee", HubState.RECORDED),
    ],
)
def test_an_ended_hub_comes_back_by_a_request_or_another_commit_of_the_deployer_alone(source, commit, state):
    keep(told())
    Row.objects.update(state=HubState.ENDED, updated_at=timezone.now() - timedelta(days=2))
    take_in([told(observed_commit=commit)], {"polar": Cluster.objects.get()}, source=source)
    assert row().state == state
    noted = [] if state == HubState.ENDED else [("presence", ["ended"], ["here"])]
    assert list(HubFactChange.objects.values_list("fact", "before", "after")) == noted


@pytest.mark.parametrize(
    ("seen", "ago", "ready"),
    [
        (HubWatch.Seen.DOWN, timedelta(minutes=5), "False"),
        (HubWatch.Seen.DOWN, timedelta(hours=2), "True"),
        (HubWatch.Seen.HIDDEN, timedelta(minutes=5), "True"),
    ],
)
def test_whether_a_hub_answers_is_ours_to_say_where_we_looked_lately(seen, ago, ready):
    keep(told())
    now = timezone.now()
    at = {"seen_since": now - ago, "answered_at": now - timedelta(days=1), "looked_at": now - ago, "due_at": now, "created_at": now}
    HubWatch.objects.create(hub=row(), seen=seen, **at)
    keep(told(conditions=(Condition("Ready", "True"),)))
    assert conditions.status(row().conditions, "Ready") == ready
    assert row().state == (HubState.TROUBLED if ready == "False" else HubState.LIVE)
