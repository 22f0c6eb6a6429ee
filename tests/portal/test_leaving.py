"""A community's archive: everything on it, nothing of another one."""

import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from communities import matrix
from communities.roles import Role
from communities.states import CommunityState
from ground.actors import Actor
from support.states import MessageKind
from tests.factories import CommunityFactory, member
from tests.hubs.factories import HubFactory, HubRequestFactory
from tests.knowledgebase.factories import bare, draft, picture
from tests.onboarding.factories import AnswerRevisionFactory, ApplicationFactory
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


def fill(community):
    member(community, Role.REPRESENTATIVE, email=f"{community.slug}@example.org")
    matrix.draft(community, by=Actor.system())
    application = ApplicationFactory(community=community, reference=f"CI-{community.slug}")
    AnswerRevisionFactory(application=application)
    HubFactory(community=community, name=f"{community.slug}-hub")
    HubRequestFactory(community=community)
    ticket = TicketFactory(community=community, subject=f"{community.slug} asks")
    MessageFactory(ticket=ticket, body_text="Look at the node first.", kind=MessageKind.NOTE)
    AttachmentFactory(ticket=ticket, message=MessageFactory(ticket=ticket))
    AttachmentFactory(ticket=ticket, name="there.png", file="", freshdesk_id=7)
    knowledge_base = bare(community)
    steps = {"type": "steps", "value": {"steps": [{"title": "Open", "text": "the *hub*"}]}}
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
    rows = {name.removesuffix(".json"): json.loads(text) for name, text in held.items() if name.endswith(".json")}
    assert {name: len(table) for name, table in rows.items() if name != "responsibilities"} == {
        **dict.fromkeys(("community", "people", "applications", "answers", "hub_requests", "hubs", "tickets", "history"), 1),
        "messages": 2,
        "ticket_files": 2,
        "responsibility_comments": 0,
        "decisions": 0,
        "onboarding": 0,
        "questions": 0,
        "agreements": 0,
        "endings": 0,
        "use": 0,
        "ticket_events": 0,
    }
    assert rows["responsibilities"]
    assert [row["internal"] for row in rows["messages"]] == [True, False]
    assert (rows["history"][0]["before"], rows["history"][0]["after"]) == ("onboarding", "live")
    assert rows["people"][0]["email"] == "reef@example.org"
    assert held["articles/open-a-hub.md"] == "# Open a hub\n\nFirst **this**.\n\n1. **Open** the *hub*\n"
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
