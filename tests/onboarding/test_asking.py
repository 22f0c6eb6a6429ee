"""Asking a community by a link: each decider, a test an exit, and the pages behind the link."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communities.models import Membership
from communities.roles import Role
from ground import mail as mails
from ground.models import OutgoingMail
from ground.states import WrongState
from hubs import documents, requests
from onboarding import asking, links, progress
from onboarding.asking import NothingToAsk, NotTheirs, Reply
from onboarding.models import Asking, Item
from onboarding.states import ItemState
from tests.factories import CommunityFactory, acting, member
from tests.onboarding.ready import agreed, drafted, guide, item, on_the_way

pytestmark = pytest.mark.django_db

METHOD = "/hubs/0/authentication/method"


@pytest.fixture
def plan():
    plan = agreed(on_the_way())
    drafted(plan)
    return plan


@pytest.fixture
def person(plan):
    return member(plan.community, Role.HUB_CHAMPION, name="Luis Huamán", email="luis@example.org", language="es")


def sent(plan, person, **fields):
    wanted = {"answers": [METHOD], "items": [item(plan, "environment_confirmed")]} | fields
    return asking.ask(plan, to=person, by=acting(guide()), **wanted)


def opened_by(client, asked):
    client.post(links.mint_asking(asked))
    return client


# the deciders


def test_ask_sends_one_mail_in_the_persons_language_and_keeps_only_a_hash(plan, person):
    asked = sent(plan, person, note="We met on Tuesday.")
    row = OutgoingMail.objects.get(kind="onboarding/asked.txt")
    assert (row.to, row.language, row.params) == (["luis@example.org"], "es", {"asking_id": asked.pk})
    message = mails.KINDS[row.kind].render(row)
    secret = next(line for line in message.body.splitlines() if "/asked/" in line).rstrip("/").rsplit("/", 1)[-1]
    asked.refresh_from_db()
    assert "We met on Tuesday." in message.body
    assert (asked.sha256, secret in str(vars(asked))) == (links.sha256(secret), False)
    assert asking.find(secret) == asked


def test_ask_for_nothing_is_refused(plan, person):
    with pytest.raises(NothingToAsk):
        sent(plan, person, answers=[], items=[])


def test_ask_a_person_of_another_community_is_refused(plan):
    with pytest.raises(NotTheirs):
        sent(plan, member(CommunityFactory(), Role.REPRESENTATIVE))


def test_ask_a_plain_member_is_refused(plan):
    with pytest.raises(NotTheirs):
        sent(plan, member(plan.community, Role.MEMBER))


def test_ask_for_an_answer_that_we_owe_is_refused(plan, person):
    ours = [row.pointer for row in progress.missing_of(progress.hub_request(plan.community)) if row.supplier == "provider"]
    assert ours
    with pytest.raises(NotTheirs):
        sent(plan, person, answers=ours[:1])


def test_ask_for_an_item_that_we_settle_or_that_is_looked_up_is_refused(plan, person):
    for key in ("plan_written", "record_complete"):
        with pytest.raises(NotTheirs):
            sent(plan, person, items=[item(plan, key)])


def test_ask_for_an_item_of_another_plan_is_refused(plan, person):
    with pytest.raises(NotTheirs):
        sent(plan, person, items=[item(on_the_way(), "environment_confirmed")])


def test_answer_writes_into_the_hub_request_and_settles_as_that_person(plan, person):
    asked, request = sent(plan, person), progress.hub_request(plan.community)
    row = item(plan, "environment_confirmed")
    asking.answer(asked, Reply({METHOD: "github"}, items=[row.pk], version=request.version), request=request)
    request.refresh_from_db()
    row.refresh_from_db()
    event = row.stage_events().last()
    assert documents.at(request.document, METHOD) == "github"
    assert (row.state, row.settled_by, row.settled_label, event.actor_role) == (ItemState.DONE, person, "Luis Huamán", "link")
    assert asking.standing(asked, request) == asking.Standing(2, 2)


def test_answer_twice_settles_once(plan, person):
    asked, request = sent(plan, person), progress.hub_request(plan.community)
    row = item(plan, "environment_confirmed")
    for _time in range(2):
        request.refresh_from_db()
        asking.answer(asked, Reply(items=[row.pk], version=request.version), request=request)
    assert row.stage_events().count() == 1


def test_answer_settles_nothing_that_was_not_asked(plan, person):
    asked, request = sent(plan, person), progress.hub_request(plan.community)
    other = item(plan, "resources_confirmed")
    asking.answer(asked, Reply(items=[other.pk], version=request.version), request=request)
    other.refresh_from_db()
    assert other.state == ItemState.TODO


def test_answer_over_somebody_elses_is_stale_and_keeps_nothing(plan, person):
    asked, request = sent(plan, person), progress.hub_request(plan.community)
    requests.save(request, values={"/hubs/0/display_name": "Other"}, by=acting(guide()), version=request.version)
    with pytest.raises(requests.Stale):
        asking.answer(
            asked, Reply({METHOD: "github"}, items=[item(plan, "environment_confirmed").pk], version=request.version), request=request
        )
    assert Item.objects.get(pk=item(plan, "environment_confirmed").pk).state == ItemState.TODO


def test_revoked_link_opens_nothing_and_cannot_be_revoked_twice(plan, person):
    asked = sent(plan, person)
    secret = links.mint_asking(asked).rstrip("/").rsplit("/", 1)[-1]
    asking.revoke(asked, by=acting(guide()))
    assert asking.find(secret) is None
    with pytest.raises(WrongState):
        asking.revoke(asked, by=acting(guide()))


def test_link_ends_after_its_time_and_with_the_persons_role(plan, person):
    asked = sent(plan, person)
    secret = links.mint_asking(asked).rstrip("/").rsplit("/", 1)[-1]
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert asking.find(secret) is None
    assert asking.find(secret) == asked
    Membership.objects.filter(user=person).delete()
    assert asking.find(secret) is None


def test_a_newer_link_ends_the_one_before(plan, person):
    asked = sent(plan, person)
    first, second = (links.mint_asking(asked).rstrip("/").rsplit("/", 1)[-1] for _time in range(2))
    assert (asking.find(first), asking.find(second)) == (None, asked)


# the pages


def test_reading_the_link_opens_nothing_and_pressing_the_button_does(plan, person, client):
    path = links.mint_asking(asked := sent(plan, person))
    page = client.get(path)
    assert (page.status_code, b"Open the questions" in page.content) == (200, True)
    assert Asking.objects.get(pk=asked.pk).opened_at is None
    assert client.get(reverse("onboarding:asked")).status_code == 410
    assert client.post(path).headers["Location"] == reverse("onboarding:asked")
    assert Asking.objects.get(pk=asked.pk).opened_at is not None


def test_a_link_nobody_sent_is_not_found(client):
    assert client.get(reverse("onboarding:open_asked", args=["nothing"])).status_code == 404


def test_the_page_asks_exactly_what_was_asked(plan, person, client):
    page = opened_by(client, sent(plan, person)).get(reverse("onboarding:asked")).content.decode()
    names = {part.split('"')[0] for part in page.split('name="')[1:]} - {
        "csrfmiddlewaretoken",
        "viewport",
        "description",
        "color-scheme",
        "language",
        "next",
    }
    assert names == {"version", "hubs.0.authentication.method", "item"}
    assert "Environment confirmed" in page


def test_the_page_goes_on_asking_what_an_answer_calls_for(plan, person, client):
    asked = sent(plan, person)
    client, request = opened_by(client, asked), progress.hub_request(plan.community)
    client.post(reverse("onboarding:asked"), {"version": request.version, "hubs.0.authentication.method": "github"})
    page = client.get(reverse("onboarding:asked")).content.decode()
    assert "hubs.0.authentication.allowed_organizations" in page
    request.refresh_from_db()
    client.post(
        reverse("onboarding:asked"),
        {
            "version": request.version,
            "hubs.0.authentication.method": "github",
            "hubs.0.authentication.allowed_organizations": "glaciers",
            "item": item(plan, "environment_confirmed").pk,
        },
    )
    request.refresh_from_db()
    assert request.document["hubs"][0]["authentication"] == {"method": "github", "allowed_organizations": ["glaciers"]}
    assert b"That is everything." in client.get(reverse("onboarding:asked")).content


def test_a_wrong_answer_stays_on_the_page_with_its_error_and_nothing_is_kept(plan, person, client):
    owed = {row.pointer for row in asking.answers_owed(progress.hub_request(plan.community))}
    assert "/hubs/0/homepage/org/logo_url" in owed
    asked = sent(plan, person, answers=["/hubs/0/homepage/org/logo_url"])
    client, request = opened_by(client, asked), progress.hub_request(plan.community)
    page = client.post(
        reverse("onboarding:asked"),
        {"version": request.version, "hubs.0.homepage.org.logo_url": "not an address", "item": item(plan, "environment_confirmed").pk},
    )
    text = page.content.decode()
    assert (page.status_code, 'value="not an address"' in text, "field--error" in text, " checked>" in text) == (422, True, True, True)
    assert item(plan, "environment_confirmed").state == ItemState.TODO


def test_a_stale_tab_gets_409_with_both_texts(plan, person, client):
    asked = sent(plan, person, answers=["/hubs/0/domain"], items=[])
    client, request = opened_by(client, asked), progress.hub_request(plan.community)
    requests.save(request, values={"/note": "Soon"}, by=acting(guide()), version=request.version)
    page = client.post(reverse("onboarding:asked"), {"version": request.version, "hubs.0.domain": "glaciers.example.org"})
    assert (page.status_code, 'value="glaciers.example.org"' in page.content.decode()) == (409, True)
    again = client.post(reverse("onboarding:asked"), {"version": request.version + 1, "hubs.0.domain": "glaciers.example.org"})
    assert again.status_code == 302


def test_an_answer_not_asked_for_is_not_taken(plan, person, client):
    asked = sent(plan, person)
    client, request = opened_by(client, asked), progress.hub_request(plan.community)
    client.post(reverse("onboarding:asked"), {"version": request.version, "hubs.0.display_name": "Mine", "note": "Mine"})
    request.refresh_from_db()
    assert (documents.at(request.document, "/hubs/0/display_name"), "note" in request.document) == (plan.community.name, False)


def test_i_do_not_know_yet_is_an_answer(plan, person, client):
    pointer = "/hubs/0/domain"
    client, request = opened_by(client, sent(plan, person, answers=[pointer])), progress.hub_request(plan.community)
    client.post(reverse("onboarding:asked"), {"version": request.version, "unsure": pointer})
    request.refresh_from_db()
    assert request.unsure == [pointer]
    assert asking.standing(Asking.objects.get(), request) == asking.Standing(1, 2)


@pytest.fixture
def browser(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def test_a_guide_asks_from_the_page_and_sees_how_far_it_is(plan, person, browser):
    client = browser(guide())
    page = client.get(reverse("onboarding:ask_community", args=[plan.community.slug])).content.decode()
    assert "Luis Huamán (luis@example.org)" in page
    sent_form = client.post(
        reverse("onboarding:ask_community", args=[plan.community.slug]),
        {"answers": [METHOD], "items": [item(plan, "environment_confirmed").pk], "to": person.pk, "note": ""},
    )
    assert sent_form.status_code == 302
    page = client.get(reverse("onboarding:plan", args=[plan.community.slug])).content.decode()
    assert "not opened yet, 0 of 2 answered" in " ".join(page.split())


def test_a_guide_who_chooses_nothing_is_told_so(plan, person, browser):
    page = browser(guide()).post(reverse("onboarding:ask_community", args=[plan.community.slug]), {"to": person.pk})
    assert (page.status_code, b"Choose at least one thing" in page.content) == (422, True)


def test_a_guide_revokes_a_link(plan, person, browser):
    asked = sent(plan, person)
    browser(guide()).post(reverse("onboarding:revoke_asking", args=[plan.community.slug, asked.pk]))
    assert Asking.objects.get(pk=asked.pk).revoked_at is not None


def test_who_is_signed_in_answers_the_same_on_the_communitys_page(plan, person, browser):
    client, request = browser(person), progress.hub_request(plan.community)
    address = reverse("onboarding:answer", args=[plan.community.slug])
    assert METHOD.strip("/").replace("/", ".") in client.get(address).content.decode()
    row = item(plan, "environment_confirmed")
    client.post(address, {"version": request.version, "hubs.0.authentication.method": "github", "item": row.pk})
    request.refresh_from_db()
    row.refresh_from_db()
    assert (documents.at(request.document, METHOD), row.state, row.settled_by) == ("github", ItemState.DONE, person)


def test_askings_are_seen_by_who_sees_the_plan(plan, person):
    asked = sent(plan, person)
    for user, sees in [(person, True), (guide(), True), (member(CommunityFactory()), False)]:
        assert (asked in Asking.objects.visible_to(acting(user))) is sees
