"""A community's archive: everything on it, nothing of another one."""

import csv
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from communities import matrix
from communities.roles import Role, StaffGroup
from communities.states import CommunityState
from ground.actors import Actor
from hubs.models import HubDay, HubUse, Outage
from knowledgebase import voting
from knowledgebase.links import collecting
from support import incidents
from support.models import Approval, SatisfactionRating, TicketReader, WidgetAsk, WidgetSite
from support.states import HeldFor, MessageKind
from support.working import spending
from tests.factories import CommunityFactory, member, staff
from tests.hubs.factories import HubFactory, HubRequestFactory
from tests.knowledgebase.factories import bare, draft, picture, published
from tests.onboarding.factories import AnswerRevisionFactory, ApplicationFactory
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory
from tests.support.incidents.factories import declared

pytestmark = pytest.mark.django_db


def desk(community, ticket):
    """One row of every sort that the desk keeps of a community."""
    ana = member(community, Role.MEMBER, email=f"ana@{community.slug}.example")
    TicketReader.objects.create(ticket=ticket, user=ana)
    Approval.objects.create(ticket=ticket, reason=HeldFor.GUARD, asked_at=timezone.now())
    SatisfactionRating.objects.create(ticket=ticket, rating=103, is_ours=True, created_at=timezone.now())
    spending.add(ticket, minutes=15, note=f"In {community.slug}", by=Actor.system())
    site = WidgetSite.objects.create(community=community, name=f"{community.slug} docs", origins=["https://docs.example.org"])
    WidgetAsk.objects.create(ticket=ticket, site=site, page_url="https://docs.example.org/start")
    spending.agree(community, minutes=600, period="month")
    incident = declared(hubs=list(community.hubs.all()), by=staff(StaffGroup.ENGINEER, name="Eli"))
    incidents.say(incident, text={"en": "We look."}, state="identified", by=Actor.system())


def seen(hub):
    """One day, one outage and one count of a hub."""
    now = timezone.now()
    HubDay.objects.create(hub=hub, day=now.date(), checks=720, ok=719, watched_seconds=86_400, down_seconds=120)
    Outage.objects.create(hub=hub, began=now, ended=now)
    HubUse.objects.create(hub=hub, day=now.date(), monthly=40, source=HubUse.Source.METRICS, read_at=now)


def fill(community):
    member(community, Role.REPRESENTATIVE, email=f"{community.slug}@example.org")
    matrix.draft(community, by=Actor.system())
    application = ApplicationFactory(community=community, reference=f"CI-{community.slug}")
    AnswerRevisionFactory(application=application)
    seen(HubFactory(community=community, name=f"{community.slug}-hub"))
    HubRequestFactory(community=community)
    ticket = TicketFactory(community=community, subject=f"{community.slug} asks")
    MessageFactory(ticket=ticket, body_text="Look at the node first.", kind=MessageKind.NOTE)
    AttachmentFactory(ticket=ticket, message=MessageFactory(ticket=ticket))
    AttachmentFactory(ticket=ticket, name="there.png", file="", freshdesk_id=7)
    desk(community, ticket)
    knowledge_base = bare(community)
    steps = {"type": "steps", "value": {"steps": [{"title": "Open", "text": "the *hub*"}]}}
    edition = published(knowledge_base, title=f"{community.slug} first", body="[x](https://example.org/) and [y](kb:none)")
    reader = voting.Reader("0" * 64)
    voting.explain(edition, helped=False, reader=reader, why="wrong", words=f"Not so in {community.slug}")
    collecting.collect()
    draft(knowledge_base, title="Open a hub", body=[{"type": "text", "value": "First **this**."}, steps])
    picture(knowledge_base)
    community.move_to(CommunityState.LIVE, by=Actor.system())


@pytest.fixture
def _site():
    call_command("setup", skip_migrate=True, verbosity=0)


@pytest.mark.usefixtures("_site")
def test_the_archive_holds_everything_of_the_community_and_nothing_of_another(tmp_path):
    reef, other = CommunityFactory(slug="reef", name="Reef"), CommunityFactory(slug="glacier", name="Glacier")
    fill(reef)
    fill(other)
    call_command("export_community", "reef", str(tmp_path / "reef.zip"), verbosity=0)
    with zipfile.ZipFile(tmp_path / "reef.zip") as archive:
        held = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    rows = {
        name.removesuffix(".json"): json.loads(text) for name, text in held.items() if name.endswith(".json") and name != "manifest.json"
    }
    assert {name: len(table) for name, table in rows.items() if name != "responsibilities"} == {
        **dict.fromkeys(("community", "applications", "answers", "hub_requests", "hubs", "tickets", "history"), 1),
        "people": 2,
        "messages": 2,
        "ticket_files": 2,
        **dict.fromkeys(
            ("ticket_readers", "approvals", "ratings", "time_spent", "widget_sites", "widget_asks", "support_terms", "incidents"), 1
        ),
        "ticket_links": 0,
        "responsibility_comments": 0,
        "decisions": 0,
        "onboarding": 0,
        "questions": 0,
        "agreements": 0,
        "endings": 0,
        "use": 0,
        **dict.fromkeys(("hub_days", "hub_outages", "hub_use"), 1),
        "ticket_events": 0,
        "article_votes": 1,
        "article_links": 2,
        "article_care": 1,
        "own_versions": 0,
        "offers": 0,
    }
    assert rows["responsibilities"]
    assert [row["internal"] for row in rows["messages"]] == [True, False]
    assert (rows["history"][0]["before"], rows["history"][0]["after"]) == ("onboarding", "live")
    assert (rows["article_votes"][0]["words"], "reader" in rows["article_votes"][0]) == ("Not so in reef", False)
    assert rows["people"][0]["email"] == "reef@example.org"
    assert held["articles/open-a-hub.md"].endswith("---\n\nFirst **this**.\n\n:::{steps}\n1. Open\n   the *hub*\n:::\n")
    assert "title: Open a hub" in held["articles/open-a-hub.md"]
    assert "file: open-a-hub.md" in held["articles/myst.yml"]
    assert "<strong>this</strong>" in held["articles/open-a-hub.html"]
    assert [name for name in held if name.startswith("files/")]
    there, here = sorted(rows["ticket_files"], key=lambda row: row["path"])
    assert (there["name"], there["path"], there["internal"], there["message_kind"]) == ("there.png", "", False, None)
    assert (here["name"], held[here["path"]], here["message_kind"]) == ("server.log", "It failed.\n", "reply")
    assert held["tickets.csv"].startswith("reference,")
    assert "glacier" not in "".join(held.values()).casefold()
    assert [path.name for path in tmp_path.iterdir() if "reef" in path.name] == ["reef.zip"]


def test_a_community_nobody_knows_and_a_folder_that_is_not_there_end_with_2(tmp_path):
    for slug, file in (("nobody", tmp_path / "x.zip"), (CommunityFactory().slug, tmp_path / "none" / "x.zip")):
        with pytest.raises(CommandError) as failure:
            call_command("export_community", slug, str(file))
        assert failure.value.returncode == 2
        assert not file.exists()


@pytest.mark.usefixtures("_site")
def test_no_table_of_the_archive_holds_a_formula_and_what_was_written_is_whole(tmp_path):
    subject = '=HYPERLINK("https://evil.example")'
    TicketFactory(community=CommunityFactory(slug="reef"), subject=subject)

    call_command("export_community", "reef", str(tmp_path / "reef.zip"), verbosity=0)

    with zipfile.ZipFile(tmp_path / "reef.zip") as archive:
        (row,) = csv.DictReader(io.StringIO(archive.read("tickets.csv").decode()))
        (kept,) = json.loads(archive.read("tickets.json"))
    assert (row["subject"], kept["subject"]) == (f"'{subject}", subject)
