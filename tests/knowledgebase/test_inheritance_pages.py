"""The pages of own versions and offers in a real browser: on a phone, in the dark, by axe."""

import pytest

from communities.roles import Role, StaffGroup
from hubs.states import HubState
from knowledgebase import offering, overriding
from knowledgebase.models import Article, Edition
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = """Every person has a home folder on [{{ hub.name }}]({{ hub.url }}).

## Quota

Each person gets {{ hub.storage }}. Files that nobody opened for a year are moved to the archive.

```bash
ping {{ hub.domain }}
```

## Backups

We copy every folder once a night and keep the copies for thirty days.
"""


def test_every_page_reads_on_a_phone_and_in_the_dark(chromium, live_server):
    community = CommunityFactory(slug="coastal", name="Coastal Sciences")
    HubFactory(community=community, name="coast", display_name="Coast Hub", domain="coast.example.org", state=HubState.LIVE)
    champion, guide = member(community, Role.HUB_CHAMPION, name="Ana Reis"), staff(StaffGroup.COMMUNITY_GUIDE)
    shared, own = bare(), bare(community)
    edition = published(shared, title="Where files live", body=TEXT, summary="Find your files and know who keeps them.")
    override = overriding.write_own(community, edition, section="backups", by=acting(champion))
    override.article.body = [("text", "## Backups\n\nAna copies the data of the boats every evening. Ask her first.")]
    override.article.save_revision().publish()
    page = Article.objects.get(pk=edition.pk)
    page.body = [("text", TEXT.replace("once a night", "every hour").replace("thirty days", "two weeks"))]
    page.save_revision().publish()
    mine = published(own, title="Tides", body="Ana Reis of Coastal Sciences plots them on {{ hub.name }}.", audience="members")
    offer = offering.offer(Edition.objects.get(pk=mine.pk), note="Others asked for it.", by=acting(champion))
    seen = [
        (champion, "/c/coastal/kb/where-files-live/"),
        (champion, "/c/coastal/kb/our-versions/"),
        (champion, f"/c/coastal/kb/our-versions/{override.pk}/"),
        (champion, f"/c/coastal/kb/offers/new/{mine.pk}/"),
        (champion, "/c/coastal/kb/offers/"),
        (guide, "/kb/offers/"),
        (guide, f"/kb/offers/{offer.pk}/"),
    ]
    for size, theme in ((PHONE, "dark"), (DESK, "light")):
        with opened(chromium, size=size, theme=theme) as tab:
            for user, address in seen:
                sign_in(tab, live_server.url, user)
                tab.goto(live_server.url + address)
                assert (address, barriers(tab), overflows(tab)) == (address, [], False)


def test_a_champion_writes_a_section_without_script_and_lands_in_the_editor(chromium, live_server):
    community = CommunityFactory(slug="coastal", name="Coastal Sciences")
    bare(community)
    published(bare(), title="Where files live", body=TEXT)
    with opened(chromium, script=False) as tab:
        sign_in(tab, live_server.url, member(community, Role.HUB_CHAMPION))
        tab.goto(f"{live_server.url}/c/coastal/kb/where-files-live/")
        tab.get_by_role("button", name="Write our own version of this section : Backups").click()
        assert tab.input_value("[name=title]") == "Where files live: Backups"
