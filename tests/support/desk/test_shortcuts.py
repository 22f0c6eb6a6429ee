"""Every key of the desk finds what it works on, and every room of the desk is found."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from communities.roles import StaffGroup
from portal import palette
from support.desk.shortcuts import SHORTCUTS, Place
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
OWN = {
    "next": "ticket-row__open",
    "previous": "ticket-row__open",
    "open": "ticket-row__open",
    "select": 'type="checkbox"',
    "reply": 'id="compose-reply"',
    "note": 'id="compose-note"',
    "back": "ticket__back",
    "search": 'id="desk-q"',
    "assign": 'id="id_triage-assignee"',
    "status": 'id="id_triage-status"',
    "priority": 'id="id_triage-priority"',
    "kind": 'id="id_triage-kind"',
    "help": 'id="keys"',
}
"""What an action that the script itself knows works on."""
ROOMS = ("held", "rotations", "absences", "rules", "macros", "incidents", "timeboxes", "reports", "notices", "sync", "desk_views")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(client, sam):
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(desk):
    """The list, and the middle one of three tickets."""
    community = CommunityFactory()
    tickets = [TicketFactory(community=community) for _ in range(3)]
    shown = (reverse("support:desk") + "?view=all", tickets[1].get_absolute_url() + "?view=all")
    return "".join(desk.get(address).content.decode() for address in shown)


def controls(page):
    return {name for each in re.findall(r'data-act="([^"]+)"', page) for name in each.split()}


def test_script_knows_the_same_actions_by_itself():
    script = (settings.BASE_DIR / "static/js/desk-keys.js").read_text()
    own = script[script.index("const OWN = {") : script.index("};", script.index("const OWN = {"))]
    assert set(re.findall(r"^  ([a-z]+):", own, re.MULTILINE)) == set(OWN)


@pytest.mark.parametrize("action", [action for action, each in SHORTCUTS.items() if Place.DESK in each.places])
def test_each_key_of_the_desk_finds_its_control(page, action):
    assert OWN[action] in page if action in OWN else action in controls(page)


@pytest.mark.parametrize("action", [action for action, each in SHORTCUTS.items() if Place.TRIAGE in each.places])
def test_each_key_of_triage_finds_its_control(desk, sam, action):
    first, _second = TicketFactory(), TicketFactory()
    decided = {"kind": "other", "impact": "", "responsible": "", "assignee": "", "version": first.version}
    after = desk.post(reverse("support:triage_decide", args=[first.reference]), decided).url
    TicketFactory()
    page = desk.get(after).content.decode()
    assert (OWN[action] in page) if action == "help" else action in controls(page)


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_linked_from_the_desk_and_opens(desk, room):
    address = reverse(f"support:{room}")
    assert f'href="{address}"' in desk.get(reverse("support:desk")).content.decode()
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize(
    "words",
    ["incidents", "half hours", "macros", "rules", "in turn", "who is away", "notices", "reports", "approval", "status", "kept views"],
)
def test_the_palette_knows_each_room(sam, words):
    found = list(palette.places(acting(sam), words))
    assert found
    assert not [each for each in palette.places(acting(staff()), words) if each.url.startswith("/desk/")]


def test_the_palette_offers_nothing_that_its_reader_may_not_open(desk, sam):
    for entry in palette.places(acting(sam), ""):
        assert (entry.url, desk.get(entry.url, follow=True).status_code) == (entry.url, 200)
