"""How much a representative still types for the first hub once the application is accepted: at most twelve answers."""

from html import unescape

import pytest
from django.urls import reverse

from hubs import defaults as hub_defaults
from hubs import deployment, drifting, owing, requests
from hubs.models import HubRequest
from hubs.states import RequestState
from onboarding import acceptance, intake
from onboarding.models import AnswerRevision
from tests.factories import acting
from tests.hubs.filling import read, untouched
from tests.onboarding.factories import ANSWERS
from tests.onboarding.review_factories import approved, in_review, lead

pytestmark = pytest.mark.django_db

MOST_TYPED = 12
CHOICES = {
    "with GitHub, as the application says": ({"community.github_org": "https://github.com/glaciares"}, {}),
    "with GitHub": (
        {},
        {
            "hubs.0.authentication.method": "github",
            "hubs.0.authentication.allowed_organizations": "glaciares",
            "hubs.0.authentication.admins": "luis-huaman",
        },
    ),
    "with an institution": (
        {},
        {
            "hubs.0.authentication.method": "cilogon",
            "hubs.0.authentication.identity_providers.0.entity_id": "https://idp.glaciares.example.org/shibboleth",
        },
    ),
    "with Google": ({}, {"hubs.0.authentication.method": "google"}),
}
TYPED = {"hubs.0.homepage.org.logo_url": "https://glaciares.example.org/logo.png", "hubs.0.authentication.admins": "luis-huaman"}


@pytest.fixture
def machines(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.DEPLOYER_URL = f"git+file://{tmp_path / 'configuration'}"
    hub_defaults.ensure()


def accepted(**answers):
    application = in_review(answers=ANSWERS | answers)
    return acceptance.release(approved(application), by=acting(lead()))


def fill_in(client, request, choices):
    """Go on as a representative would: choose how people sign in, then type what the page still lacks. What was typed."""
    address = reverse("hubs:request", args=[request.community.slug, request.reference])
    page, typed = client.get(address).content.decode(), {}
    for name, value in choices.items():
        if not untouched(page).get(name, [""])[0]:
            typed[name] = value
            redrawn = client.post(f"{address}questions/", untouched(page) | typed)
            page = redrawn.content.decode()
    response = client.post(f"{address}submit/", untouched(page) | typed)
    while response.status_code == 422:
        page = response.content.decode()
        lacking = [name for name in read(page).kinds if f'id="id_{name}_error"' in page]
        assert lacking, unescape(page)
        typed |= {name: TYPED[name] for name in lacking}
        response = client.post(f"{address}submit/", untouched(page) | typed)
    assert response.status_code == 302
    return typed


@pytest.mark.parametrize("way", CHOICES)
@pytest.mark.usefixtures("house", "machines")
def test_a_new_hub_takes_at_most_twelve_typed_answers_after_a_whole_application(client, way):
    more, choices = CHOICES[way]
    community = accepted(**more)
    request = HubRequest.objects.get(community=community)
    client.force_login(community.representatives().get(), backend="django.contrib.auth.backends.ModelBackend")
    typed = fill_in(client, request, choices)
    print(f"signing in {way}: {len(typed)} typed: {sorted(typed)}")  # noqa: T201  the figure that the issue asks for
    request.refresh_from_db()
    assert (request.state, owing.owed_by_community(request)) == (RequestState.SUBMITTED, [])
    assert len(typed) <= min(MOST_TYPED, len(choices) + 2)


@pytest.mark.usefixtures("house", "machines")
def test_what_we_add_to_it_makes_a_plan_that_passes_its_checks(client):
    community = accepted(**{"community.github_org": "https://github.com/glaciares"})
    request = HubRequest.objects.get(community=community)
    client.force_login(community.representatives().get(), backend="django.contrib.auth.backends.ModelBackend")
    fill_in(client, request, {})
    request.refresh_from_db()
    ours = {"/hubs/0/homepage/funded_by/name": "Fund", "/hubs/0/homepage/funded_by/url": "https://fund.example.org"}
    owed = [debt.pointer for debt in owing.debts(request)]
    assert owed == sorted(ours)
    requests.save(request, values=ours, by=acting(lead()), version=request.version)
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.PLANNED
    assert [check["name"] for check in request.plan["checks"] if check["status"] == "fail"] == []


@pytest.mark.usefixtures("house")
def test_how_many_people_were_spoken_of_is_kept_with_the_community():
    assert accepted().agreed_people == 50


@pytest.mark.usefixtures("house")
def test_answers_that_change_after_the_hub_was_asked_for_are_noticed():
    community = accepted()
    request = HubRequest.objects.get(community=community)
    assert request.known[drifting.INTAKE]["/hubs/0/display_name"] == "Red Andina de Glaciares"
    request.move_to(RequestState.SUBMITTED, by=acting(lead()))
    application = community.applications.get()
    application.answers = application.answers | {"community.long_name": "Red de Glaciares"}
    application.save()
    intake.record_revision(application, reason=AnswerRevision.Reason.STAFF, by=acting(lead()))
    request.refresh_from_db()
    assert [(row["pointer"], row["source"], row["after"]) for row in request.drift] == [
        ("/hubs/0/display_name", "intake", "Red de Glaciares"),
        ("/hubs/0/homepage/org/name", "intake", "Red de Glaciares"),
    ]
