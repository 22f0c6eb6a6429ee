"""Looking up hubs in a real browser: on a phone, in the dark, and by keyboard."""

import os

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from hubs import registry
from hubs.clusters import read_folder
from hubs.models import Hub, HubFactChange, Match
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, staff
from tests.hubs.deploying import REAL

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not REAL.is_dir(), reason="the reference folders are not here"),
]
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize(("size", "theme"), [(NARROW, "dark"), (PHONE, "light"), (DESK, "light"), (DESK, "dark")])
def test_every_page_of_the_registry_is_read_by_everybody(chromium, live_server, size, theme):
    CommunityFactory(slug="leap", name="LEAP")
    registry.keep_reading(read_folder(REAL / "clusters"))
    HubFactChange.objects.create(
        hub=Hub.objects.get(cluster__name="leap", name="prod"),
        at=timezone.now(),
        fact="images",
        before=["a:1"],
        after=["a:2"],
        commit="c0ffee",
    )
    places = {
        "list": reverse("hubs:list"),
        "hub": reverse("hubs:one", args=["leap", "prod"]),
        "clusters": reverse("hubs:clusters"),
        "cluster": reverse("hubs:cluster", args=["nmfs-openscapes"]),
        "unmatched": reverse("hubs:unmatched"),
    }
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, staff(StaffGroup.ENGINEER))
        for name, place in places.items():
            page.goto(f"{live_server.url}{place}")
            page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
            if folder := os.environ.get("LOOK_AT"):
                page.screenshot(path=f"{folder}/{name}-{size['width']}-{theme}.png", full_page=True)
            assert (name, barriers(page), overflows(page)) == (name, [], False)


def test_many_hubs_are_matched_by_keyboard_alone(chromium, live_server):
    CommunityFactory(slug="noaa", name="NOAA Fisheries")
    registry.keep_reading(read_folder(REAL / "clusters"))
    hubs = list(Hub.objects.unmatched().order_by("cluster__name", "name")[:2])
    with opened(chromium) as page:
        sign_in(page, live_server.url, staff(StaffGroup.ENGINEER))
        page.goto(f"{live_server.url}{reverse('hubs:unmatched')}")
        for hub in hubs:
            page.locator(f"input[name=whose-{hub.pk}][value='']").focus()
            page.keyboard.press("ArrowUp")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Kept for 2 hubs.").wait_for()
    assert set(Hub.objects.filter(match=Match.PERSON, is_ours=True)) == set(hubs)
