"""The public status: what everybody may know, in their language, and cheap."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from hubs.models import Hub, HubDay, HubWatch
from support import incidents
from support.incidents import status_page
from support.models import Incident, StatusComponent
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import TITLE, a_cluster, a_hub, declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def eli():
    return staff(StaffGroup.ENGINEER, name="Eli Braun")


@pytest.fixture
def incident(eli):
    kelp = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    cluster = a_cluster("secret-cluster")
    a_hub(kelp, cluster)
    shown = declared(by=eli, cluster=cluster, summary="Only for us", ticket=TicketFactory(community=kelp, subject="Ana cannot log in"))
    StatusComponent.objects.create(name="Shared hubs", name_es="Hubs compartidos", cluster=cluster)
    StatusComponent.objects.create(name="Hidden part", is_public=False)
    incidents.say(shown, text={"en": "We look", "es": "Miramos"}, state="identified", by=acting(eli))
    return shown


def public_pages(incident):
    now = timezone.now()
    return [
        "/status/",
        reverse("support:status_incident", args=[incident.reference]),
        reverse("support:status_month", args=[incident.began_at.astimezone(UTC).year, incident.began_at.astimezone(UTC).month]),
        reverse("support:status_feed"),
        reverse("support:status_month", args=[now.year - 1, 1]),
    ]


def test_pages_show_the_public_words_and_nothing_else(client, incident):
    for address in public_pages(incident)[:4]:
        page = client.get(address).content.decode()
        assert TITLE["en"] in page
        private = ("Kelp", "kelp-watch", "secret-cluster", "Only for us", "Ana cannot", "Eli Braun", "Hidden part")
        assert not any(word in page for word in private), address
    assert all(word in client.get("/status/").content.decode() for word in ("Shared hubs", "We look", "Cause found", "every two minutes"))


def test_pages_speak_the_readers_language(incident):
    reader = Client(headers={"accept-language": "es"})

    page = reader.get("/status/").content.decode()

    assert all(word in page for word in (TITLE["es"], "Miramos", "Hubs compartidos"))


def test_update_without_the_readers_language_says_so(client, incident, eli):
    incidents.say(incident, text={"en": "Only English"}, state="monitoring", by=acting(eli))
    address = reverse("support:status_incident", args=[incident.reference])

    english = client.get(address).content.decode()
    french = Client(headers={"accept-language": "fr"}).get(address).content.decode()

    assert ("written in English only" in english, "Only English" in french) == (False, True)


def test_incident_that_is_not_public_is_nowhere(client, incident):
    Incident.objects.update(is_public=False)

    assert [client.get(address).status_code for address in public_pages(incident)] == [200, 404, 200, 200, 200]
    assert not any(TITLE["en"] in client.get(address).content.decode() for address in public_pages(incident))


def test_resolved_incident_is_among_the_past(client, incident, eli):
    incidents.say(incident, text={"en": "It works"}, state="resolved", by=acting(eli))

    page = client.get("/status/").content.decode()

    assert all(word in page for word in ("No incident now", "The last thirty days", TITLE["en"], "no incident known"))


def test_status_costs_at_most_eleven_queries_however_much_there_is(client, incident, eli):
    def cost(address="/status/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    cost()
    one = cost()
    for name in ("Logins fail", "Disks are full"):
        other = declared(by=eli, title={"en": name})
        incidents.say(other, text={"en": "We look"}, state="investigating", by=acting(eli))
        StatusComponent.objects.create(name=f"Part {other.reference}")

    assert (cost(), one <= 11) == (one, True)
    assert all(cost(address) <= 11 for address in public_pages(incident))


def a_day(hub, *, ago=0, watched=86_400, down=0):
    return HubDay.objects.create(hub=hub, day=timezone.now().date() - timedelta(days=ago), watched_seconds=watched, down_seconds=down)


def test_part_of_a_cluster_shows_how_its_hubs_are_together_and_names_none(client, incident):
    cluster = incident.cluster
    other = a_hub(None, cluster, state="troubled", display_name="Kelp two")
    a_day(Hub.objects.exclude(pk=other.pk).get(), watched=43_200)
    a_day(other, watched=43_200, down=8640)

    page = client.get("/status/").content.decode()

    assert all(word in page for word in ("partly in trouble", "It answered 90.00 %", "1 day of the last 90", "2 h 24 min"))
    assert "Kelp" not in page


def test_hub_is_named_only_where_its_community_wants_it(client, incident):
    shown = a_hub(CommunityFactory(slug="reef"), display_name="Reef for all", is_public_status=True)
    a_day(shown)

    page = client.get("/status/").content.decode()

    assert ("Reef for all" in page, "Kelp" in page, "100.00 %" in page) == (True, False, True)
    Hub.objects.update(is_public_status=False)
    assert "Reef for all" not in client.get("/status/").content.decode()


def test_what_was_seen_long_ago_is_not_claimed_for_everybody(client, incident):
    long_ago = timezone.now() - timedelta(days=1)
    hub = Hub.objects.get()
    HubWatch.objects.create(hub=hub, seen="up", seen_since=long_ago, looked_at=long_ago, due_at=long_ago, created_at=long_ago)

    (part,) = status_page.overview(timezone.now()).parts

    assert (part.tone, part.word) == ("wait", "not known")


def test_status_costs_the_same_with_more_hubs(client, incident):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get("/status/")
        return len(captured)

    a_day(a_hub(CommunityFactory(), is_public_status=True))
    cost()
    one = cost()
    for number in range(3):
        cluster = a_cluster(f"more-{number}")
        StatusComponent.objects.create(name=f"More {number}", cluster=cluster)
        a_day(a_hub(CommunityFactory(), cluster, is_public_status=True))

    assert cost() == one


def test_page_that_did_not_change_is_not_sent_again(client, incident, eli):
    for address in public_pages(incident)[:4]:
        etag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"if-none-match": etag}).status_code == 304
        assert client.get(address, headers={"if-none-match": etag, "accept-language": "pt"}).status_code == 200
    etag = client.get("/status/").headers["ETag"]
    incidents.say(incident, text={"en": "Better"}, state="monitoring", by=acting(eli))
    assert client.get("/status/", headers={"if-none-match": etag}).status_code == 200


def test_page_of_a_person_is_kept_by_nobody_else(client, incident):
    assert client.get("/status/").headers["Cache-Control"] == "private, no-cache"
    assert client.get(reverse("support:status_feed")).headers["Cache-Control"] == "public, max-age=60"


def test_feed_is_atom_with_an_entry_an_incident(client, incident, eli):
    declared(by=eli, title={"en": "A <b> & more"})

    feed = ET.fromstring(client.get(reverse("support:status_feed")).content)

    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in feed.findall(f"{atom}entry")]
    assert sorted(titles) == ["A <b> & more: Investigating", "Servers start slowly: Cause found"]
    assert "<p>We look</p>" in "".join(entry.findtext(f"{atom}content") for entry in feed.findall(f"{atom}entry"))


@pytest.mark.parametrize("path", ["/status/2026/13/", "/status/1999/1/", "/status/99999/1/", "/status/I-0000-0000/"])
def test_what_is_not_there_is_404(client, path):
    assert client.get(path).status_code == 404


def test_month_that_ends_a_year_holds_its_last_day(client, eli):
    Incident.objects.filter(pk=declared(by=eli).pk).update(began_at=datetime(2025, 12, 31, 23, 0, tzinfo=UTC))

    assert TITLE["en"] in client.get("/status/2025/12/").content.decode()
    assert "/status/2025/12/" in client.get("/status/2025/11/").content.decode()
    assert TITLE["en"] not in client.get("/status/2025/11/").content.decode()


def test_status_says_the_zone_of_its_times(client, eli):
    assert "UTC+0000)" in client.get(reverse("portal:status")).content.decode()
