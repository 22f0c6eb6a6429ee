"""The one door of states, and the pages drawn from them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from communities.models import Community
from communities.roles import StaffGroup
from communities.states import CommunityState
from ground.actors import Actor
from ground.states import WrongState
from tests.factories import CommunityFactory, acting, staff

pytestmark = pytest.mark.django_db


def test_move_to_writes_who_when_and_why():
    community, guide = CommunityFactory(), acting(staff(StaffGroup.COMMUNITY_GUIDE, name="Gita"))
    community.move_to(CommunityState.LIVE, by=guide, note="validated")
    event = community.stage_events().get()
    assert (event.before, event.after, event.actor, event.actor_label, event.note) == (
        "onboarding",
        "live",
        guide.user,
        "Gita",
        "validated",
    )


@pytest.mark.parametrize("change", [{"after": "ended"}, {"before": "live"}, {"at": timezone.now()}, {"object_id": 0}])
def test_what_happened_is_never_changed(change):
    community = CommunityFactory()
    community.move_to(CommunityState.LIVE, by=Actor.system())
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        community.stage_events().update(**change)
    community.stage_events().update(actor_label="", note="")
    assert community.stage_events().get().after == "live"


def test_move_to_a_state_that_may_not_follow_is_refused():
    with pytest.raises(WrongState):
        CommunityFactory().move_to(CommunityState.ENDED, by=Actor.system())


def test_move_to_when_somebody_was_quicker_is_refused_and_writes_nothing():
    community = CommunityFactory()
    Community.objects.get(pk=community.pk).move_to(CommunityState.LIVE, by=Actor.system())
    with pytest.raises(WrongState):
        community.move_to(CommunityState.ENDING, by=Actor.system())
    assert [event.after for event in community.stage_events()] == ["live"]


def test_write_docs_check_refuses_a_stale_page_until_it_is_written(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match=r"Stale: states.md, roles.md"):
        call_command("write_docs", check=True)
    call_command("write_docs")
    call_command("write_docs", check=True)


def test_healthz_answers_without_a_database_row():
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_names_what_is_missing():
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["checks"]["database"], response.json()["checks"]["worker"]) == (503, True, False)
