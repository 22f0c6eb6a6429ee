"""Filling in each kind of request, as a champion does: what stands there already, what has to be typed, what is said about it."""

import re

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from communities.roles import Role
from hubs import requests
from hubs.documents import LARGEST, HubFacts
from hubs.models import Hub, HubRequest
from hubs.states import RequestState
from tests.factories import CommunityFactory, acting, member
from tests.hubs.documents import EVENT, HUB, change, decommission, event, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory
from tests.hubs.filling import read, untouched

pytestmark = pytest.mark.django_db

SPEC = {
    "images": ["quay.io/pangeo/pangeo-notebook:2026.08.01"],
    "admins": ["ana-ruiz"],
    "memory_gb": [4, 8, 16],
    "home_quota_gib": 10,
    "features": ["dask_gateway"],
    "default_interface": "/lab",
}


@pytest.fixture
def theirs(client, representative):
    client.force_login(representative.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def hub(community):
    return HubFactory(community=community, name="aurora", domain="aurora.hubs.example", facts={"spec": SPEC})


def begun(community, by, kind="new-hub", **facts):
    return requests.draft(community, facts=HubFacts(kind=kind, **facts), by=by)


def address(request, name="request", **more):
    return reverse(f"hubs:{name}", kwargs={"slug": request.community.slug, "reference": request.reference, **more})


def page_of(client, request):
    return client.get(address(request)).content.decode()


def posted(client, request, name="request", *, drawn_with=None, follow=False, **typed):
    """Post the page's form with what was typed; `drawn_with` is first chosen, and the questions drawn anew."""
    page = page_of(client, request)
    if drawn_with:
        page = client.post(address(request, "questions"), untouched(page) | drawn_with).content.decode()
    return client.post(address(request, name), untouched(page) | typed, follow=follow)


def test_a_second_hub_is_as_the_first_under_a_name_of_its_own(theirs, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    assert posted(theirs, request, "add_hub").status_code == 302
    request.refresh_from_db()
    first, second = request.document["hubs"]
    assert first == HUB
    assert second == HUB | {
        "name": "aurora-staging",
        "display_name": "Aurora Research Hub – staging",
        "domain": "aurora-staging.shared.hubs.example",
    }
    page = page_of(theirs, request)
    assert "aurora-staging: Signing in" in page
    assert "As with the first hub: look or change" in page
    assert posted(theirs, request, "submit").status_code == 302
    request.refresh_from_db()
    assert (request.state, len(request.document["hubs"])) == (RequestState.SUBMITTED, 2)


def test_a_hub_is_taken_out_and_what_was_typed_is_kept(theirs, community, representative):
    request = HubRequestFactory(
        community=community, document=new_hub() | {"hubs": [HUB, HUB | {"name": "b", "display_name": "Bbb", "domain": "b.example.org"}]}
    )
    assert posted(theirs, request, "request", **{"hubs.1.display_name": "Second"}).status_code == 302
    response = theirs.post(address(request, "remove_hub", number=0), untouched(page_of(theirs, request)) | {"hubs.1.display_name": "Third"})
    assert response.status_code == 302
    request.refresh_from_db()
    assert [(spec["name"], spec["display_name"]) for spec in request.document["hubs"]] == [("b", "Third")]


@pytest.mark.parametrize(
    ("hubs", "name", "where"), [(6, "add_hub", {}), (1, "remove_hub", {"number": 0}), (2, "remove_hub", {"number": 7})]
)
def test_there_are_one_to_six_hubs(theirs, community, hubs, name, where):
    specs = [HUB | {"name": f"h{n}", "display_name": f"Hub {n}", "domain": f"h{n}.example.org"} for n in range(hubs)]
    request = HubRequestFactory(community=community, document=new_hub() | {"hubs": specs})
    theirs.post(address(request, name, **where), untouched(page_of(theirs, request)))
    request.refresh_from_db()
    assert len(request.document["hubs"]) == hubs


def test_a_wrong_answer_keeps_another_hub_from_being_added(theirs, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    response = posted(theirs, request, "add_hub", **{"hubs.0.name": "Not a name!"})
    assert response.status_code == 422
    assert "Not a name!" in response.content.decode()
    request.refresh_from_db()
    assert len(request.document["hubs"]) == 1


def test_problems_of_a_further_hub_stand_at_its_own_field(theirs, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    posted(theirs, request, "add_hub")
    response = posted(theirs, request, "request", **{"hubs.1.domain": "aurora.shared.hubs.example"})
    assert re.search(r'id="id_hubs\.1\.domain_error"[^>]*><ul><li>Another hub of this request', response.content.decode())


def test_who_would_look_after_the_hub_is_proposed_as_admin_once_sign_in_is_chosen(theirs, community, representative):
    champion = member(community, Role.HUB_CHAMPION, name="Lee", email="lee@aurora.example")
    SocialAccount.objects.create(user=champion, provider="github", uid="1", extra_data={"login": "lee-codes"})
    request = begun(community, representative)
    page = theirs.post(address(request, "questions"), untouched(page_of(theirs, request)) | {"hubs.0.authentication.method": "github"})
    assert untouched(page.content.decode())["hubs.0.authentication.admins"] == ["lee-codes"]
    page = theirs.post(address(request, "questions"), untouched(page_of(theirs, request)) | {"hubs.0.authentication.method": "google"})
    shown = untouched(page.content.decode())
    assert (shown["hubs.0.authentication.admins"], shown["hubs.0.authentication.allowed_hosted_domains"]) == (
        ["lee@aurora.example"],
        ["aurora.example"],
    )
    request.refresh_from_db()
    assert "authentication" not in request.document["hubs"][0]


def test_addresses_that_anybody_can_have_are_not_proposed_as_a_domain(theirs, community, representative):
    member(community, Role.HUB_CHAMPION, email="lee@gmail.com")
    request = begun(community, representative, values={"/hubs/0/authentication/method": "google"})
    assert untouched(page_of(theirs, request))["hubs.0.authentication.allowed_hosted_domains"] == [""]


def test_the_picture_of_the_github_organisation_is_proposed_as_the_logo(theirs, community, representative):
    github = {"method": "github", "allowed_organizations": ["aurora-institute:users"]}
    request = begun(community, representative, values={"/hubs/0/authentication": github})
    assert untouched(page_of(theirs, request))["hubs.0.homepage.org.logo_url"] == ["https://github.com/aurora-institute.png"]


def test_another_hub_signs_people_in_as_the_one_before(theirs, community, representative, hub):
    HubRequestFactory(
        community=community,
        document=new_hub(),
        state="succeeded",
        plan_digest="sha256:1",
        approved_by=representative.user,
        approved_at=timezone.now(),
    )
    document = begun(community, representative).document
    assert document["hubs"][0]["authentication"] == HUB["authentication"]
    assert document["hubs"][0]["homepage"]["org"]["logo_url"] == HUB["homepage"]["org"]["logo_url"]


def test_a_change_says_what_the_hub_has_now_and_begins_with_it(theirs, community, representative, hub):
    request = begun(community, representative, "change")
    page = theirs.post(address(request, "questions"), untouched(page_of(theirs, request)) | {"changes.0.op": "set_image"}).content.decode()
    assert "Now: quay.io/pangeo/pangeo-notebook:2026.08.01." in page
    assert untouched(page)["changes.0.image"] == ["quay.io/pangeo/pangeo-notebook:2026.08.01"]


@pytest.mark.parametrize(
    ("op", "told"),
    [
        ("admins", ("Now: ana-ruiz.", "changes.0.add", "")),
        ("set_resources", ("Now: 16.", "changes.0.resources.max_memory_gb", "16")),
        ("set_storage", ("Now: 10.", "changes.0.storage.home_quota_gib", "10")),
        ("set_domain", ("Now: aurora.hubs.example.", "changes.0.domain", "aurora.hubs.example")),
        ("set_homepage", ("Now: Aurora.", "changes.0.homepage.org.name", "Aurora")),
        ("set_environment", ("Now: /lab.", "changes.0.environment.default_interface", "/lab")),
    ],
)
def test_each_change_says_what_is_now(theirs, hub, op, told):
    request = HubRequestFactory(community=hub.community, kind="change", hub=hub, document=change({"op": op}, hub=hub.name))
    page, (words, name, value) = page_of(theirs, request), told
    assert words in page
    assert untouched(page)[name] == [value]


@pytest.mark.parametrize(
    ("op", "told"),
    [
        ("set_image", ("Now: quay.io/a/b:latest.", "changes.0.image", "")),
        ("set_resources", ("Now: 600.", "changes.0.resources.max_memory_gb", "")),
        ("set_resources", ("Now: 7.", "changes.0.resources.choices", "")),
        ("set_storage", ("Now: 2000.", "changes.0.storage.home_quota_gib", "")),
        ("set_environment", ("Now: /lab/tree/start.ipynb.", "changes.0.environment.default_interface", "")),
    ],
)
def test_what_may_not_be_asked_for_is_said_and_not_proposed(theirs, hub, op, told):
    spec = {"images": ["quay.io/a/b:latest"], "memory_gb": [1, 2, 4, 8, 16, 32, 600], "home_quota_gib": 2000}
    Hub.objects.update(facts={"spec": {**spec, "default_interface": "/lab/tree/start.ipynb"}})
    request = HubRequestFactory(community=hub.community, kind="change", hub=hub, document=change({"op": op}, hub=hub.name))
    page, (words, name, value) = page_of(theirs, request), told
    assert words in page
    assert untouched(page).get(name, [""]) == [value]


def test_a_feature_that_is_on_stays_on_unless_it_is_unticked(theirs, community, representative, hub):
    request = begun(community, representative, "change", values={"/changes/0/op": "set_environment"})
    shown = untouched(page_of(theirs, request))
    assert "changes.0.environment.dask_gateway" in shown
    del shown["changes.0.environment.dask_gateway"]
    assert theirs.post(address(request), shown).status_code == 302
    request.refresh_from_db()
    assert request.document["changes"][0]["environment"]["dask_gateway"] is False


def test_one_request_carries_several_changes(theirs, community, representative, hub):
    request = begun(community, representative, "change")
    posted(theirs, request, **{"changes.0.op": "set_image", "changes.0.image": "quay.io/a/b:2026.11.01"})
    posted(theirs, request, **{"changes.1.op": "admins", "changes.1.add": "lee"})
    page = page_of(theirs, request)
    assert "Change 2" in page
    assert "One more change" in page
    assert posted(theirs, request, "submit").status_code == 302
    request.refresh_from_db()
    assert request.document["changes"] == [{"op": "set_image", "image": "quay.io/a/b:2026.11.01"}, {"op": "admins", "add": ["lee"]}]


def test_an_event_may_have_a_hub_of_its_own(theirs, community, representative, hub):
    start = reverse("hubs:start_request", args=[community.slug, "event"])
    assert "A hub of its own, for this event only" in theirs.get(start).content.decode()
    theirs.post(start, {"hub": ""})
    request = HubRequest.objects.get()
    assert (request.hub, "hub" in request.document) == (None, False)
    assert request.document["new_hub"]["name"] == "aurora-2" if hub.cluster.name == request.document.get("cluster") else "aurora"
    assert request.document["event"] == {"timezone": community.timezone, "decommission_after": True}
    assert 'name="new_hub.display_name"' in page_of(theirs, request)


@pytest.mark.parametrize("kind", ["event", "change", "decommission"])
def test_the_only_hub_is_chosen_until_there_is_another(theirs, community, hub, kind):
    start = reverse("hubs:start_request", args=[community.slug, kind])
    assert f'<option value="{hub.pk}" selected>' in theirs.get(start).content.decode()
    other = HubFactory(community=community)
    page = theirs.get(start).content.decode()
    assert ('<option value="" selected>' in page, f'<option value="{hub.pk}" selected>' in page) == (True, False)
    assert f'<option value="{other.pk}" selected>' in theirs.get(f"{start}?hub={other.pk}").content.decode()


def test_an_event_on_a_hub_is_about_that_hub(theirs, community, representative, hub):
    theirs.post(reverse("hubs:start_request", args=[community.slug, "event"]), {"hub": hub.pk})
    request = HubRequest.objects.get()
    assert (request.hub, request.document["hub"], "new_hub" in request.document) == (hub, "aurora", False)


@pytest.mark.parametrize("kind", ["change", "decommission"])
def test_without_a_hub_there_is_nothing_to_change_or_to_close(theirs, community, kind):
    start = reverse("hubs:start_request", args=[community.slug, kind])
    assert "There is no hub yet" in theirs.get(start).content.decode()
    assert theirs.post(start).status_code == 200
    assert not HubRequest.objects.exists()


def test_the_wrong_name_of_the_hub_to_be_closed_stays_and_is_named(theirs, community, representative, hub):
    request = HubRequestFactory(community=community, kind="decommission", hub=hub, document=decommission(cluster=hub.cluster.name))
    response = posted(theirs, request, **{"decommission.confirm_hub_name": "aurora-prod"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="aurora-prod"' in page
    assert "You typed “aurora-prod”; the hub to be removed is called “aurora”." in page


def test_the_page_names_the_hub_it_is_about(theirs, community, hub):
    request = HubRequestFactory(community=community, kind="decommission", hub=hub, document=decommission(cluster=hub.cluster.name))
    assert f"{hub.display_name} (<code>aurora</code>)" in page_of(theirs, request)


def test_an_event_is_looked_at_while_it_is_filled_in(theirs, community, representative, hub):
    request = HubRequestFactory(
        community=community, kind="event", hub=hub, document=event() | {"cluster": hub.cluster.name, "hub": hub.name}
    )
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        theirs.force_login(representative.user, backend="django.contrib.auth.backends.ModelBackend")
        response = theirs.post(address(request, "questions"), untouched(page_of(theirs, request)) | {"event.ends_at": "2027-03-14T17:00"})
    noticed = response.content.decode().partition('id="cautions"')[2].partition("</section>")[0]
    assert re.findall(r"<li>.*?</a>: (.*?)</li>", noticed) == [
        "Only 7 days&#x27; notice; 21 days are asked for.",
        "Part of the event is on a weekend, when nobody is on call.",
    ]
    request.refresh_from_db()
    assert request.document["event"]["ends_at"] == EVENT["ends_at"]


def test_an_exam_without_notice_is_refused_at_its_field(theirs, community, representative, hub):
    request = HubRequestFactory(
        community=community, kind="event", hub=hub, document=event(kind="exam") | {"cluster": hub.cluster.name, "hub": hub.name}
    )
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False):
        theirs.force_login(representative.user, backend="django.contrib.auth.backends.ModelBackend")
        response = posted(theirs, request, "submit")
    assert response.status_code == 422
    assert re.search(r'id="id_event\.starts_at_error"[^>]*><ul><li>An exam needs at least 21 days', response.content.decode())


def test_enter_keeps_the_answers_and_sends_nothing(theirs, community, representative):
    request = begun(community, representative)
    form = page_of(theirs, request).partition('id="answers"')[2]
    first = re.search(r"<button[^>]*>", form)[0]
    assert "formaction" not in first


def test_sending_twice_sends_once(theirs, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    shown = untouched(page_of(theirs, request))
    assert theirs.post(address(request, "submit"), shown).status_code == 302
    assert theirs.post(address(request, "submit"), shown).status_code == 404
    request.refresh_from_db()
    assert (request.state, request.revision) == (RequestState.SUBMITTED, 1)


def test_two_windows_do_not_write_over_each_other(theirs, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    first, second = untouched(page_of(theirs, request)), untouched(page_of(theirs, request))
    assert theirs.post(address(request), first | {"note": "First"}).status_code == 302
    late = theirs.post(address(request, "submit"), second | {"note": "Second"})
    assert late.status_code == 409
    assert "Second" in late.content.decode()
    request.refresh_from_db()
    assert (request.state, request.document["note"]) == (RequestState.DRAFT, "First")


@pytest.mark.parametrize("name", ["request", "questions", "submit", "add_hub", "cancel"])
def test_a_request_is_not_found_under_another_community(theirs, community, representative, name):
    request = HubRequestFactory(community=community, document=new_hub())
    mine = CommunityFactory()
    member(mine, Role.REPRESENTATIVE)
    wrong = reverse(f"hubs:{name}", args=[mine.slug, request.reference])
    assert theirs.post(wrong, {}).status_code == 404
    request.refresh_from_db()
    assert request.state == RequestState.DRAFT


def test_a_flood_of_words_is_not_kept_and_stays_on_the_page(theirs, community, representative):
    request = begun(community, representative)
    flood = "x@y.example\n" * (LARGEST // 10)
    response = posted(theirs, request, note=flood)
    assert response.status_code == 422
    assert "This is more than a request can hold." in response.content.decode()
    request.refresh_from_db()
    assert "note" not in request.document


def test_nobody_writes_where_no_question_is(theirs, community, representative):
    request = begun(community, representative)
    before = request.document
    hostile = {
        "kind": "decommission",
        "community": "other",
        "hubs.0.__class__": "x",
        "hubs.9.name": "y",
        "unsure": ["/kind", "/../etc"],
        "drawn": ["/x"],
    }
    posted(theirs, request, **hostile)
    request.refresh_from_db()
    assert (request.document, request.unsure) == (before, [])


def test_markup_in_answers_is_text(theirs, community, representative):
    request = begun(community, representative)
    posted(theirs, request, note="<script>alert(1)</script>", **{"hubs.0.display_name": "<b>Bold</b> hub"})
    page = page_of(theirs, request)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>Bold" not in page


def test_what_is_missing_counts_only_what_does_not_stand_there(theirs, community, representative):
    ClusterFactory(name="shared", shared=True, domain_suffix="hubs.example")
    github = {"method": "github", "allowed_organizations": ["aurora"], "admins": ["ana"]}
    request = begun(community, representative, values={"/hubs/0/authentication": github})
    assert "Everything we need from you is here" in page_of(theirs, request)
    assert posted(theirs, request, "submit").status_code == 302
    request.refresh_from_db()
    assert request.document["hubs"][0]["homepage"]["org"]["logo_url"] == "https://github.com/aurora.png"


def test_the_form_says_whose_turn_everything_else_is(theirs, community, representative):
    page = page_of(theirs, begun(community, representative))
    assert "What others do" in page
    assert "Who funds the hub" in page


def test_a_champion_from_elsewhere_reads_nothing(client, community, representative):
    request = begun(community, representative)
    outsider = acting(member(CommunityFactory(), Role.HUB_CHAMPION))
    client.force_login(outsider.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address(request)).status_code == 404


def test_the_kinds_of_controls_stay_few(theirs, community, representative):
    kinds = set(read(page_of(theirs, begun(community, representative))).kinds.values())
    assert kinds <= {"hidden", "text", "email", "date", "checkbox", "select", "textarea"}


def _deep(levels):
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ('{"version": 1, "request": ' + _deep(60) + "}", 400, None),
        ('{"version": 1, "request": ' + _deep(20_000) + "}", 400, None),
        ('{"version": 1, "request": {"note": "%s"}}' % ("x" * LARGEST), 422, "/request"),
        ('{"version": 1, "request": {"__class__": "x"}}', 422, "/request/__class__"),
        ('{"version": 1, "request": {"hubs": [{"name": "a/../b"}]}}', 422, "/request/hubs/0/name"),
    ],
)
def test_the_api_refuses_what_no_request_can_hold(community, representative, body, status, pointer):
    request = begun(community, representative)
    client = APIClient()
    client.force_authenticate(representative.user)
    response = client.patch(f"/api/v1/hub-requests/{request.reference}/", body, content_type="application/json")
    assert response.status_code == status
    assert pointer is None or pointer in [error["pointer"] for error in response.json()["errors"]]
    request.refresh_from_db()
    assert request.version == 1
