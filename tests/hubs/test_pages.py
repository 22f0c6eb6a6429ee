"""The pages of the hubs' room, through the client."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from hubs import deployment, requests
from hubs.documents import HubFacts
from hubs.models import HubRequest
from hubs.states import RequestState
from tests.factories import UserFactory, member, staff
from tests.hubs.documents import GITHUB, decommission, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    """A client of that person."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def theirs(signed_in, representative):
    return signed_in(representative.user)


@pytest.fixture
def engineers(signed_in, engineer):
    return signed_in(engineer.user)


def draft(community, by, **values):
    return requests.draft(community, facts=HubFacts(values=values), by=by)


def address(request, name="request"):
    return reverse(f"hubs:{name}", args=[request.community.slug, request.reference])


def answers(request, **given):
    """What a browser posts: every field of the form as it stands, and what was typed."""
    flat = {"requested_by.name": "Ana", "requested_by.email": "ana@example.org", "hubs.0.name": "aurora", "hubs.0.type": "jupyterhub"}
    more = {name.replace("__", "."): value for name, value in given.items()}
    return {"version": request.version, **flat, **more}


def test_a_community_without_hubs_is_shown_how_to_ask_for_one(theirs, community):
    page = theirs.get(reverse("hubs:community", args=[community.slug])).content.decode()
    assert "No hub yet" in page
    assert reverse("hubs:start_request", args=[community.slug, "new-hub"]) in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_community_page_costs_the_same_with_more_hubs(theirs, community, rows, django_assert_num_queries):
    kinds = ["new-hub", "event", "change"]
    for kind in kinds[:rows]:
        HubFactory(community=community)
        HubRequestFactory(community=community, kind=kind)
    theirs.get("/")
    with django_assert_num_queries(7):
        assert theirs.get(reverse("hubs:community", args=[community.slug])).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_with_more_requests(engineers, rows, django_assert_num_queries):
    for _row in range(rows):
        HubRequestFactory()
        HubRequestFactory(state="rejected", reason="No", finished_at=timezone.now())
    engineers.get("/")
    with django_assert_num_queries(7):  # the two last: what is late for events, what is to be handed over
        assert engineers.get(reverse("hubs:queue")).status_code == 200


def test_starting_makes_one_draft_and_coming_back_continues_it(theirs, community):
    start = reverse("hubs:start_request", args=[community.slug, "new-hub"])
    assert theirs.get(start).status_code == 200
    assert HubRequest.objects.count() == 0
    first = theirs.post(start)
    assert theirs.get(start).headers["Location"] == first.headers["Location"]
    assert HubRequest.objects.count() == 1


def test_starting_a_change_asks_which_hub(theirs, community):
    one, _other = HubFactory(community=community), HubFactory(community=community)
    start = reverse("hubs:start_request", args=[community.slug, "change"])
    assert f'value="{one.pk}"' in theirs.get(start).content.decode()
    theirs.post(start, {"hub": one.pk})
    request = HubRequest.objects.get()
    assert (request.hub, request.document["hub"]) == (one, one.name)


def test_naming_somebody_elses_hub_is_refused_on_the_page(theirs, community, representative):
    cluster = ClusterFactory(name="shared")
    for _number in range(2):
        HubFactory(community=community, cluster=cluster)
    HubFactory(name="foreign", cluster=cluster)
    facts = HubFacts(kind="change", values={"/cluster": "shared"})
    request = requests.draft(community, facts=facts, by=representative)
    given = {"version": request.version, "requested_by.name": "Ana", "requested_by.email": "ana@example.org", "hub": "foreign"}
    for name in ("request", "submit"):
        response = theirs.post(address(request, name), given)
        assert (response.status_code, "This is no hub of this community." in response.content.decode()) == (422, True)
    request.refresh_from_db()
    assert "hub" not in request.document


def test_a_sent_hub_that_became_somebody_elses_is_refused_on_the_page(theirs, community):
    hub = HubFactory(name="aurora", cluster=ClusterFactory(name="shared"))
    request = HubRequestFactory(community=community, kind="decommission", document=decommission(), hub=hub)
    given = {"version": request.version, "requested_by.name": "Ana", "requested_by.email": "ana@example.org"}
    response = theirs.post(address(request, "submit"), given)
    assert (response.status_code, "This is no hub of this community." in response.content.decode()) == (422, True)


def test_a_draft_about_another_hub_is_said_and_both_are_offered(theirs, community):
    one, other = HubFactory(community=community), HubFactory(community=community)
    start = reverse("hubs:start_request", args=[community.slug, "decommission"])
    theirs.post(start, {"hub": one.pk})
    begun = HubRequest.objects.get()
    assert theirs.get(start, {"hub": one.pk}).headers["Location"] == begun.get_absolute_url()
    page = theirs.get(start, {"hub": other.pk}).content.decode()
    instead = reverse("hubs:start_instead", args=[community.slug, begun.reference])
    assert (one.display_name in page, f'href="{begun.get_absolute_url()}"' in page, f'action="{instead}"' in page) == (True, True, True)
    theirs.post(instead, {"hub": other.pk})
    begun.refresh_from_db()
    assert (begun.state, HubRequest.objects.get(state="draft").hub) == ("cancelled", other)


def test_a_champion_may_not_take_the_other_draft_back(signed_in, community):
    one, other = HubFactory(community=community), HubFactory(community=community)
    begun = HubRequestFactory(community=community, kind="change", hub=one)
    theirs = signed_in(member(community, Role.HUB_CHAMPION))
    instead = reverse("hubs:start_instead", args=[community.slug, begun.reference])
    page = theirs.get(reverse("hubs:start_request", args=[community.slug, "change"]), {"hub": other.pk}).content.decode()
    assert (instead in page, theirs.post(instead, {"hub": other.pk}).status_code) == (False, 404)


def test_what_waits_for_its_day_is_looked_at_once_a_minute(theirs, community):
    later = timezone.now() + timedelta(days=9)
    told = {"state": "approved", "plan_digest": "d", "approved_by": UserFactory(), "approved_at": timezone.now()}
    for not_before, pause in ((later, "every 60s"), (None, "every 4s")):
        row = HubRequestFactory(community=community, kind="change", not_before=not_before, **told)
        assert pause in theirs.get(reverse("hubs:progress", args=[community.slug, row.reference])).content.decode()


def test_starting_a_kind_that_does_not_exist_is_not_found(theirs, community):
    assert theirs.get(reverse("hubs:start_request", args=[community.slug, "rocket"])).status_code == 404


def test_answers_are_kept_while_others_are_missing(theirs, community, representative):
    request = draft(community, representative)
    response = theirs.post(address(request), answers(request, hubs__0__display_name="Polar"))
    assert response.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.document["hubs"][0]["display_name"]) == (RequestState.DRAFT, "Polar")


def test_a_wrong_answer_keeps_every_word_and_says_why_beside_it(theirs, community, representative):
    request = draft(community, representative)
    hostile = '"><script>alert(1)</script>' + "x" * 10_000
    response = theirs.post(address(request), answers(request, hubs__0__name="Not a name!", hubs__0__display_name=hostile, wanted_by="soon"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "<script>alert" not in page
    assert "Not a name!" in page
    assert 'value="soon"' in page
    assert page.count("x" * 10_000) == 1
    assert re.search(r'id="id_hubs\.0\.name_error"[^>]*><ul><li>Use small letters', page)
    request.refresh_from_db()
    assert request.document["hubs"][0]["name"] == "aurora"


def test_answers_over_somebody_elses_keep_the_words_and_go_through_the_second_time(theirs, community, representative):
    request = draft(community, representative)
    stale = answers(request, note="Mine")
    requests.save(request, values={"/note": "Theirs"}, by=representative, version=1)
    response = theirs.post(address(request), stale)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed the answers" in page
    assert "Mine" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert theirs.post(address(request), stale | {"version": version}).status_code == 302
    request.refresh_from_db()
    assert request.document["note"] == "Mine"


def test_sending_names_what_is_missing_beside_each_field(theirs, community, representative):
    request = draft(community, representative)
    response = theirs.post(address(request, "submit"), answers(request))
    page = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'id="id_hubs\.0\.authentication\.method_error"', page)
    assert "Your logo" not in page
    request.refresh_from_db()
    assert request.state == RequestState.DRAFT


def test_sending_with_what_is_not_known_yet_goes_through(theirs, community, representative):
    ClusterFactory(name="shared", shared=True, domain_suffix="hubs.example")
    request = draft(community, representative)
    github = {
        "hubs.0.authentication.method": "github",
        "hubs.0.authentication.allowed_organizations": "aurora\naurora:users",
        "hubs.0.authentication.admins": "ana",
    }
    typed = answers(request, hubs__0__display_name="Aurora", hubs__0__domain="aurora.hubs.example", **github)
    typed |= {
        "hubs.0.homepage.org.name": "Aurora",
        "hubs.0.homepage.org.url": "https://aurora.example",
        "unsure": ["/hubs/0/homepage/org/logo_url"],
    }
    assert theirs.post(address(request, "submit"), typed).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.unsure) == (RequestState.SUBMITTED, ["/hubs/0/homepage/org/logo_url"])
    assert request.document["hubs"][0]["authentication"] == {
        "method": "github",
        "allowed_organizations": ["aurora", "aurora:users"],
        "admins": ["ana"],
    }


def test_choosing_another_way_to_sign_in_draws_its_questions_and_keeps_the_words(theirs, community, representative):
    request = draft(community, representative)
    response = theirs.post(address(request, "questions"), answers(request, note="Kept", **{"hubs.0.authentication.method": "google"}))
    page = response.content.decode()
    assert 'name="hubs.0.authentication.allowed_hosted_domains"' in page
    assert "Kept" in page
    request.refresh_from_db()
    assert "authentication" not in request.document["hubs"][0]


def test_answers_to_questions_that_no_longer_come_up_fall_away(theirs, community, representative):
    request = draft(community, representative, **{"/hubs/0/authentication": GITHUB})
    theirs.post(address(request), answers(request, **{"hubs.0.authentication.method": "google"}))
    request.refresh_from_db()
    assert request.document["hubs"][0]["authentication"] == {"method": "google"}


def test_a_tick_nobody_saw_changes_nothing_and_an_unticked_one_says_no(theirs, community, representative):
    request = draft(community, representative)
    theirs.post(address(request), answers(request))
    request.refresh_from_db()
    assert "environment" not in request.document["hubs"][0]
    theirs.post(address(request), answers(request, drawn=["/hubs/0/environment/bring_your_own_image"]))
    request.refresh_from_db()
    assert request.document["hubs"][0]["environment"] == {"bring_your_own_image": False}


def test_a_box_that_appears_after_a_choice_is_ticked_as_it_would_be_by_itself(theirs, community, representative):
    request = draft(community, representative)
    chosen = answers(request, **{"hubs.0.authentication.method": "cilogon"})
    page = theirs.post(address(request, "questions"), chosen).content.decode()
    box = re.search(r'<input[^>]*name="hubs\.0\.authentication\.identity_providers\.0\.allow_all"[^>]*>', page)[0]
    assert "checked" in box


def test_graphics_processors_are_one_question(theirs, community, representative):
    request = draft(community, representative)
    theirs.post(address(request), answers(request, **{"hubs.0.resources.gpu": "nvidia-l4"}))
    request.refresh_from_db()
    assert request.document["hubs"][0]["resources"] == {"gpu": {"type": "nvidia-l4"}}
    assert 'name="hubs.0.resources.gpu"' in theirs.get(address(request)).content.decode()


def test_a_hub_champion_keeps_answers_and_cannot_send(signed_in, community, representative):
    champion = signed_in(member(community, Role.HUB_CHAMPION))
    request = draft(community, representative)
    assert "Send request" not in champion.get(address(request)).content.decode()
    assert champion.post(address(request), answers(request, note="From me")).status_code == 302
    assert champion.post(address(request, "submit"), answers(request)).status_code == 404


def test_a_sent_request_is_followed_step_by_step_and_told_again_only_when_it_moved(repository, theirs, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    requests.submit(request, by=representative)
    page = theirs.get(address(request)).content.decode()
    assert "We have your request and are working out what would change." in page
    fragment = theirs.get(address(request, "progress"))
    again = theirs.get(address(request, "progress"), headers={"If-None-Match": fragment.headers["ETag"]})
    assert (fragment.status_code, again.status_code) == (200, 304)
    deployment.carry_on(request.pk)
    assert theirs.get(address(request, "progress"), headers={"If-None-Match": fragment.headers["ETag"]}).status_code == 200


def test_problems_of_the_plan_stand_beside_the_answers(theirs, community):
    problem = {"pointer": "/hubs/0/domain", "code": "taken", "detail": "Another hub answers there."}
    request = HubRequestFactory(community=community, document=new_hub(), state="returned", problems=[problem])
    assert re.search(r'id="id_hubs\.0\.domain_error"[^>]*><ul><li>Another hub answers there', theirs.get(address(request)).content.decode())


def test_an_engineer_reads_the_plan_as_a_diff_and_approves_what_was_read(repository, engineers, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    requests.submit(request, by=representative)
    deployment.carry_on(request.pk)
    review = reverse("hubs:review", args=[request.reference])
    page = engineers.get(review).content.decode()
    assert "<ins>+- name: aurora</ins>" in page
    digest = re.search(r'name="plan_digest"\s+value="([^"]+)"', page)[1]
    assert engineers.post(reverse("hubs:approve", args=[request.reference]), {"plan_digest": digest}).headers["Location"] == review
    request.refresh_from_db()
    assert request.state == RequestState.APPROVED


def test_a_plan_that_changed_while_it_was_read_is_shown_again(repository, engineers, community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    requests.submit(request, by=representative)
    deployment.carry_on(request.pk)
    response = engineers.post(reverse("hubs:approve", args=[request.reference]), {"plan_digest": "sha256:" + "0" * 64})
    page = response.content.decode()
    assert response.status_code == 409
    assert "The plan changed while you read it" in page
    assert HubRequest.objects.get().plan_digest in page


def test_a_rejection_without_a_reason_asks_for_one(engineers):
    request = HubRequestFactory(state="planned", plan={"checks": []}, plan_digest="sha256:1")
    response = engineers.post(reverse("hubs:reject", args=[request.reference]), {"reason": " "})
    assert response.status_code == 422
    assert engineers.post(reverse("hubs:reject", args=[request.reference]), {"reason": "Too dear."}).status_code == 302
    request.refresh_from_db()
    assert request.state == RequestState.REJECTED


def test_closing_a_hub_asks_a_second_engineer(repository, engineers, signed_in, community):
    request = HubRequestFactory(
        community=community, kind="decommission", document=decommission(), state="planned", plan={"checks": []}, plan_digest="sha256:1"
    )
    approve = reverse("hubs:approve", args=[request.reference])
    assert engineers.post(approve, {"plan_digest": "sha256:1"}).status_code == 302
    assert engineers.post(approve, {"plan_digest": "sha256:1"}).status_code == 409
    other = signed_in(staff(StaffGroup.ENGINEER))
    assert "Approve as the second person" in other.get(reverse("hubs:review", args=[request.reference])).content.decode()
    assert other.post(approve, {"plan_digest": "sha256:1"}).status_code == 302
    request.refresh_from_db()
    assert request.state == RequestState.APPROVED


def test_an_engineer_gives_our_answers_and_the_plan_is_made(repository, engineers, community, representative):
    without = new_hub()
    del without["hubs"][0]["homepage"]["funded_by"]
    request = HubRequestFactory(community=community, document=without)
    requests.submit(request, by=representative)
    deployment.carry_on(request.pk)
    review = reverse("hubs:review", args=[request.reference])
    assert "Who funds the hub" in engineers.get(review).content.decode()
    funder = {"hubs.0.homepage.funded_by.name": "NSF", "hubs.0.homepage.funded_by.url": "nsf.example", "cluster": "shared", "version": 1}
    response = engineers.post(reverse("hubs:answer", args=[request.reference]), funder)
    assert response.status_code == 422
    assert "nsf.example" in response.content.decode()
    funder["hubs.0.homepage.funded_by.url"] = "https://nsf.example"
    assert engineers.post(reverse("hubs:answer", args=[request.reference]), funder).status_code == 302
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.PLANNED


def test_settling_on_the_page_takes_what_is_told_with_it(engineers):
    preconditions = [{"key": "home-disk", "title": "A disk", "status": "open", "who": "engineer", "outputs": {"volumeId": ""}}]
    request = HubRequestFactory(state="planned", plan={"checks": [], "preconditions": preconditions}, plan_digest="sha256:1")
    settle = reverse("hubs:settle", args=[request.reference])
    assert engineers.post(settle, {"key": "home-disk", "status": "perhaps"}).status_code == 422
    assert engineers.post(settle, {"key": "home-disk", "status": "met", "output.volumeId": "vol-1"}).status_code == 302
    request.refresh_from_db()
    assert request.orders[0]["outputs"] == {"volumeId": "vol-1"}


def test_clusters_are_listed_with_how_many_hubs_run(engineers, django_assert_num_queries):
    for _row in range(3):
        HubFactory()
    engineers.get("/")
    with django_assert_num_queries(5):
        page = engineers.get(reverse("hubs:clusters")).content.decode()
    assert page.count("cluster-") >= 3


def test_the_queue_says_in_words_that_the_deployer_is_not_supported(engineers, settings):
    settings.DEPLOYER_URL = "ftp://deployer.example"
    assert "DEPLOYER_URL is none of" in engineers.get("/hubs/").content.decode()


def test_a_request_waits_when_the_deployer_is_not_supported(settings):
    settings.DEPLOYER_URL = "ftp://deployer.example"
    row = HubRequestFactory(state=RequestState.SUBMITTED, document=new_hub(), next_attempt_at=timezone.now())
    deployment.carry_on(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (RequestState.SUBMITTED, 1)
    assert "DEPLOYER_URL is none of" in row.last_error


def test_pages_about_all_hubs_mark_where_one_is_among_them(engineers):
    page = engineers.get(reverse("hubs:clusters")).content.decode()
    assert f'<a href="{reverse("hubs:clusters")}" aria-current="page">' in page
    assert f'<a href="{reverse("hubs:list")}">' in page


def test_a_request_that_was_not_sent_says_so_in_the_queue(engineers):
    HubRequestFactory()
    assert "not sent yet" in engineers.get(reverse("hubs:queue")).content.decode()
