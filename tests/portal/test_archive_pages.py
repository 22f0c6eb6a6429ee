"""The archive as who leaves meets it: whole by its sums, readable without a site, within what the reader may know, in little memory."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from communities.roles import Role
from hubs import choosing, deployers
from hubs.deployers.git import Repository, initialise
from hubs.models import HubValues
from knowledgebase.models import Article, Audience, Offer, Override
from portal import leaving
from portal.leaving import Scope
from support.models import Ticket, TicketReader
from support.states import MessageKind
from tests.factories import CommunityFactory, acting, member
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory
from tests.knowledgebase.factories import bare, published
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


def written(scope):
    """The names and contents of an archive of that scope."""
    file = io.BytesIO()
    leaving.write(scope, file)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(held, name):
    return json.loads(held[f"{name}.json"])


@pytest.fixture
def reef():
    return CommunityFactory(slug="reef", name="Reef")


def test_every_file_stands_in_the_manifest_and_every_sum_is_right(reef):
    AttachmentFactory(ticket=TicketFactory(community=reef))
    held = written(Scope(reef))
    manifest = json.loads(held["manifest.json"])
    sums = dict(reversed(line.split("  ", 1)) for line in held["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in held.items() if name != "SHA256SUMS"}
    told = {row["path"]: (row["size"], row["sha256"]) for row in manifest["files"]}
    others = {name: content for name, content in held.items() if name not in {"manifest.json", "SHA256SUMS"}}
    assert told == {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in others.items()}
    assert {name: manifest[name] for name in ("format", "format_version", "community", "holds", "missing", "product_version")} == {
        "format": "hubdesk-community-archive",
        "format_version": 1,
        "community": "reef",
        "holds": "everything",
        "missing": [],
        "product_version": leaving.product_version(),
    }
    assert manifest["counts"] == {
        name.removesuffix(".json"): len(json.loads(held[name])) for name in held if name.endswith(".json") and name != "manifest.json"
    }


def test_two_archives_of_the_same_hold_the_same_files_in_the_same_order(reef):
    for _number in range(3):
        MessageFactory(ticket=TicketFactory(community=reef))
    first, second = written(Scope(reef)), written(Scope(reef))
    changing = {"manifest.json", "SHA256SUMS"}
    assert list(first) == list(second)
    assert {name: first[name] for name in first if name not in changing} == {name: second[name] for name in second if name not in changing}


def test_json_lines_hold_every_message_as_it_was_written(reef):
    ticket = TicketFactory(community=reef)
    said = ["Línea\nuna", '{"a": 1}', "\u2028 and a line of its own", "=1+1"]
    for words in said:
        MessageFactory(ticket=ticket, body_text=words)
    lines = written(Scope(reef))["messages.jsonl"].decode().split("\n")
    assert [json.loads(line)["body_text"] for line in lines if line] == said
    assert table(written(Scope(reef)), "messages") == [json.loads(line) for line in lines if line]


def test_a_ticket_is_a_page_with_its_conversation_and_its_files_beside_it(reef):
    ticket = TicketFactory(community=reef, subject="No server", body_text="Help", body_html="")
    message = MessageFactory(ticket=ticket, author_label="Sam", body_text="Try again.")
    here = AttachmentFactory(ticket=ticket, message=message, name="here.log")
    AttachmentFactory(ticket=ticket, name="there.png", file="", freshdesk_id=7)
    held = written(Scope(reef))
    page = held[f"tickets/{ticket.reference}.html"].decode()
    assert f'<a href="{ticket.reference}.html">No server</a>' in held["tickets/index.html"].decode()
    assert f'<a href="{ticket.reference}/{here.key}.log">here.log</a>' in page
    assert held[f"tickets/{ticket.reference}/{here.key}.log"] == b"It failed.\n"
    assert "there.png <span" in page
    assert page.index("Help") < page.index("Try again.")


def test_words_that_are_html_or_a_script_stay_words(reef):
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    ticket = TicketFactory(community=reef, subject=evil, body_html=evil)
    MessageFactory(ticket=ticket, author_label=evil, body_html=f"<p>hello</p>{evil}", body_text=evil)
    AttachmentFactory(ticket=ticket, name='"><svg onload=alert(3)>.a"b', file=ContentFile(b"x", "x.txt"))
    held = written(Scope(reef))
    pages = "".join(content.decode() for name, content in held.items() if name.endswith(".html")).lower()
    assert "<script" not in pages
    assert "<img " not in pages
    assert "<svg" not in pages
    assert "&lt;script&gt;alert(1)" in pages
    assert "hello" in pages
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") for name in held)


def test_a_representative_gets_neither_notes_nor_what_they_may_not_read(reef):
    ana, ben = member(reef, Role.REPRESENTATIVE), member(reef, Role.HUB_CHAMPION)
    open_one = TicketFactory(community=reef, subject="open to the team")
    MessageFactory(ticket=open_one, body_text="answered")
    note = MessageFactory(ticket=open_one, kind=MessageKind.NOTE, body_text="said behind the desk")
    AttachmentFactory(ticket=open_one, message=note, name="staff.log", file=ContentFile(b"staff's file", "s.log"))
    closed = TicketFactory(community=reef, subject="secret of Ben", confidential=True, opened_by=ben)
    named = TicketFactory(community=reef, subject="secret that names Ana", confidential=True, opened_by=ben)
    TicketReader.objects.create(ticket=named, user=ana)
    MessageFactory(ticket=closed, body_text="secret answer")
    whole, theirs = written(Scope(reef)), written(Scope(reef, acting(ana)))
    assert {row["subject"] for row in table(theirs, "tickets")} == {"open to the team", "secret that names Ana"}
    assert {row["subject"] for row in table(whole, "tickets")} == {"open to the team", "secret that names Ana", "secret of Ben"}
    everything = b"".join(theirs.values())
    assert [words for words in (b"said behind the desk", b"staff's file", b"secret of Ben", b"secret answer") if words in everything] == []
    assert [name for name in ("time_spent.json", "ticket_links.json") if name in theirs] == []
    assert "What is not in it" in theirs["README.md"].decode()
    assert "What is not in it" not in whole["README.md"].decode()
    assert json.loads(theirs["manifest.json"])["holds"] == "what a representative may read"


def test_articles_for_staff_alone_are_not_in_a_representatives_archive(reef):
    knowledge_base = bare(reef)
    published(knowledge_base, title="For us", body="ours")
    Article.objects.filter(pk=published(knowledge_base, title="For staff", body="theirs").article_id).update(audience=Audience.STAFF)
    theirs = written(Scope(reef, acting(member(reef, Role.REPRESENTATIVE))))
    assert "articles/for-us.html" in theirs
    assert [name for name in theirs if "for-staff" in name] == []


def test_own_versions_and_offers_are_rows(reef):
    knowledge_base = bare(reef)
    own = published(knowledge_base, title="Our way", body="as we do it")
    Override.objects.create(article=own.article, knowledge_base=knowledge_base, address="start/log-in", language="en", title="Log in")
    Offer.objects.create(article=own.article, knowledge_base=knowledge_base, title="Our way", note="for everybody")
    held = written(Scope(reef))
    (version,), (offer,) = table(held, "own_versions"), table(held, "offers")
    assert (version["address"], version["own_title"], version["standing"]) == ("start/log-in", "Our way", "same")
    assert (offer["title"], offer["state"], offer["note"]) == ("Our way", "offered", "for everybody")


CLUSTER = """\
name: shared
provider: gcp
gcp:
  project: our-account
hubs:
- name: reef
  display_name: Reef
  domain: reef.hubs.example
  helm_chart: basehub
  helm_chart_values_files:
  - common.values.yaml
  - reef.values.yaml
  - enc-reef.secret.values.yaml
# the glacier's hub, which pays more
- name: glacier
  display_name: Glacier
  domain: glacier.hubs.example
  helm_chart: basehub
  helm_chart_values_files:
  - common.values.yaml
  - glacier.values.yaml
"""


def test_configuration_is_theirs_alone_and_never_a_secret(reef, settings, tmp_path):
    path = tmp_path / "configuration"
    initialise(path)
    repository = Repository(path)
    folder = "config/clusters/shared"
    files = {
        f"{folder}/cluster.yaml": CLUSTER,
        f"{folder}/common.values.yaml": "culling: 3600 # for all\n",
        f"{folder}/reef.values.yaml": "image: reef\n",
        f"{folder}/glacier.values.yaml": "image: glacier\n",
        f"{folder}/enc-reef.secret.values.yaml": "password: hidden\n",
    }
    repository.move(repository.main(), repository.commit("", files, message="Begin", at=datetime(2026, 1, 1, tzinfo=UTC)), old="")
    settings.DEPLOYER_URL = f"git+file://{path}"
    HubFactory(community=reef, cluster=ClusterFactory(name="shared"), name="reef")
    held = {name: content.decode() for name, content in written(Scope(reef)).items() if name.startswith("configuration/")}
    assert list(held) == [f"configuration/{folder}/{name}" for name in ("cluster.yaml", "common.values.yaml", "reef.values.yaml")]
    assert held[f"configuration/{folder}/common.values.yaml"] == "culling: 3600 # for all\n"
    words = "".join(held.values())
    assert [each for each in ("glacier", "our-account", "hidden") if each in words] == []
    assert "reef.hubs.example" in held[f"configuration/{folder}/cluster.yaml"]


def test_of_configuration_kept_elsewhere_the_merged_values_are_there(reef, settings):
    settings.DEPLOYER_URL = "manual"
    shared = ClusterFactory(name="shared")
    for name, community in (("reef", reef), ("glacier", None)):
        hub = HubFactory(cluster=shared, name=name, community=community)
        HubValues.objects.create(hub=hub, document={"image": name}, digest="d", read_at=hub.created_at)
    held = {name: content.decode() for name, content in written(Scope(reef)).items() if name.startswith("configuration/")}
    assert held == {"configuration/shared/reef.values.yaml": "image: reef\n"}


def test_configuration_kept_elsewhere_is_not_asked_for():
    assert deployers.configuration_of("manual", hubs={("shared", "reef")}, surroundings=choosing.surroundings()) == {}


def test_a_plan_names_no_hub_of_another(reef):
    HubFactory(community=reef, cluster=ClusterFactory(name="shared"), name="reef")
    redeploys = [{"cluster": "shared", "hub": "reef", "why": "x"}, {"cluster": "shared", "hub": "glacier", "why": "x"}]
    files = [{"path": "a/cluster.yaml", "diff": " - name: glacier"}, {"path": "a/reef.values.yaml", "diff": "+image: reef"}]
    HubRequestFactory(community=reef, plan={"digest": "d", "redeploys": redeploys, "files": files})
    (row,) = table(written(Scope(reef)), "hub_requests")
    assert row["plan"] == {
        "digest": "d",
        "redeploys": [redeploys[0], {"cluster": "shared", "hub": "", "why": "Other hubs on the same machines.", "staging": False}],
        "files": [{"path": "a/cluster.yaml", "diff": ""}, {"path": "a/reef.values.yaml", "diff": "+image: reef"}],
    }


def test_a_file_that_the_store_lost_is_told_and_stops_nothing(reef):
    lost = AttachmentFactory(ticket=TicketFactory(community=reef))
    lost.file.storage.delete(lost.file.name)
    manifest = json.loads(written(Scope(reef))["manifest.json"])
    assert manifest["missing"] == [f"tickets/{lost.ticket.reference}/{lost.key}.log"]


def test_many_tickets_cost_little_more_memory_than_few(reef):
    few = peak_of(reef, tickets=110)
    many = peak_of(reef, tickets=220)
    assert many < few + 1_500_000, (few, many)  # 4.4 MB of words more


def peak_of(community, *, tickets):
    """The most memory that writing took, with so many tickets of 20 kB each."""
    body = "word " * 4000
    rows = TicketFactory.build_batch(tickets, community=community, requester=None, body_text=body, body_html="")
    Ticket.objects.bulk_create(rows)
    leaving.write(Scope(community), Nowhere())  # what is read once and kept is not of this archive
    tracemalloc.start()
    leaving.write(Scope(community), Nowhere())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


class Nowhere(io.RawIOBase):
    """A file that is only written, as a pipe is."""

    def write(self, part):
        return len(part)

    def writable(self):
        return True
