"""The pages of rules, turns, absences and notices in a real browser: on a phone and wide, light and dark, without a barrier."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from support import vocabulary
from support.automation import defaults
from support.models import Absence, Notice, Rotation, Rule, Turn
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, staff
from tests.support.factories import TicketFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def ana():
    vocabulary.ensure()
    defaults.ensure()
    ana = staff(StaffGroup.SUPPORT_TRIAGER, name="Ana Ruiz")
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")
    ticket = TicketFactory(community=CommunityFactory(name="Rivers of the North"), subject="Students cannot start a server", assignee=sam)
    rotation = Rotation.objects.create(name="Everybody")
    for person in (ana, sam):
        Turn.objects.create(rotation=rotation, user=person)
    today = timezone.localdate()
    Absence.objects.create(user=sam, first_day=today, last_day=today + timedelta(days=3), note="Ask Ana")
    for n, kind in enumerate(("assigned", "message", "mention")):
        Notice.objects.create(
            user=ana, ticket=ticket, kind=kind, key=f"k{n}", channel="page", made_at=timezone.now(), actor_label="Sam Okafor"
        )
    return ana


def addresses():
    rule = Rule.objects.get(key="remind")
    plain = [reverse(f"support:{name}") for name in ("rules", "rotations", "absences", "notices", "notice_settings")]
    return [*plain, reverse("support:rule", args=[rule.pk]), reverse("support:try_rule", args=[rule.pk])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "wide"])
def test_pages_have_no_barrier_and_fit(chromium, live_server, ana, screen, scheme):
    with opened(chromium, size=screen, theme=scheme) as page:
        sign_in(page, live_server.url, ana)
        for n, address in enumerate(addresses()):
            page.goto(live_server.url + address)
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"automation-{n}-{screen['width']}-{scheme}.png", full_page=True)
            assert barriers(page) == [], address
            assert not overflows(page), address
