"""Every list as a file: its rows are the page's rows, for everybody who may open the page, and for nobody else."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from communities import defaults
from communities import matrix as matrices
from communities.roles import Role, StaffGroup
from onboarding import acceptance, meetings, plans
from onboarding.models import DuplicateLink, PrivacyRequest
from onboarding.states import LetterState, Outcome
from tests.access.routes import ANONYMOUS, World
from tests.factories import CommunityFactory, acting, member
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory
from tests.knowledgebase.factories import bare, published
from tests.onboarding.review_factories import approved, in_review, rubric, screened
from tests.portal.routes import update_of
from tests.support.factories import ContactFactory, TicketFactory

pytestmark = pytest.mark.django_db


def filled() -> World:
    """A world in which every list has something, some of it not everybody's."""
    world = World()
    person = acting(world.people[StaffGroup.REVIEW_LEAD.value])
    defaults.ensure()
    rubric()
    matrices.propose(matrices.draft(world.community, by=person), by=person)
    plans.open_plan(world.community, by=person)
    cluster = ClusterFactory()
    HubFactory(community=world.community, cluster=cluster)
    HubFactory(community=world.other, cluster=cluster)
    ClusterFactory()
    HubRequestFactory(community=world.community)
    HubRequestFactory(community=world.other, state="submitted", submitted_at=timezone.now())
    own = ContactFactory(user=world.people[Role.MEMBER.value])
    for fields in ({"requester": own}, {"confidential": True}, {"subject": "=cmd()"}, {}):
        TicketFactory(community=world.community, **fields)
    TicketFactory(community=world.other)
    TicketFactory(community=None)
    application = in_review()
    screened()
    acceptance.release(approved(outcome=Outcome.WAITLIST), by=person)
    told_no = approved(outcome=Outcome.DECLINE)
    acceptance.release(told_no, by=person)
    told_no.letters.update(state=LetterState.FAILED)
    meetings.plan(application.programme, date=date(2027, 1, 15), chair=person.user, by=person)
    PrivacyRequest.objects.create(reference="PR-0000-0001", email="ana@glaciares.example.org", due_at=timezone.now())
    DuplicateLink.objects.create(a=application, b=screened(email="bea@glaciares.example.org"), score=1)
    shelf = bare(world.community)
    published(bare(), title="Shared one")
    published(shelf, title="For members", audience="members")
    for community in (world.community, world.other, None):
        update_of(community)
        update_of(community, language="es", live=False)
    return world


@dataclass(frozen=True)
class List:
    """One list: where it is, and the keys of the rows its page shows."""

    url: str
    shown: Callable[[Any], list[str]]
    key: int = 0
    in_order: bool = True


def of_page(key: Callable[[Any], str], name: str = "page") -> Callable[[Any], list[str]]:
    return lambda context: [key(row) for row in getattr(context[name], "rows", context[name])]


def of_queue(context: Any) -> list[str]:
    queue = context["queue"]
    return [
        row.reference
        for part in (queue.mine, queue.volunteer, queue.to_start, queue.to_decide, queue.with_others, queue.released)
        for row in part
    ]


LISTS = {
    "communities": List("/c/", of_page(lambda row: row.slug)),
    "communities-searched": List("/c/?q=coast", of_page(lambda row: row.slug)),
    "people": List("/c/coastal/people/", of_page(lambda row: row.user.email, "memberships"), key=1),
    "responsibilities": List(
        "/c/coastal/responsibilities/", lambda context: [line.row.key for _area, lines in context["areas"] for line in lines]
    ),
    "plan": List("/c/coastal/onboarding/", lambda context: [each.item.key for phase in context["phases"] for each in phase.items], key=2),
    "hubs": List("/c/coastal/hubs/", of_page(lambda row: row.name, "hubs")),
    "requests": List("/c/coastal/hubs/?list=requests", of_page(lambda row: row.reference, "requests")),
    "hub-queue": List(
        "/hubs/", lambda context: list({row.reference for _title, rows in context["sections"] for row in rows}), in_order=False
    ),
    "clusters": List("/hubs/clusters/", of_page(lambda row: row.name, "clusters")),
    "hub-use": List("/hubs/use/", of_page(lambda row: row.name, "rows")),
    "community-use": List("/c/coastal/hubs/use/", of_page(lambda row: row.name, "rows")),
    "desk": List("/desk/?view=all", of_page(lambda row: row.reference)),
    "desk-of-one": List("/desk/?view=all&community=coastal", of_page(lambda row: row.reference)),
    "tickets": List("/c/coastal/tickets/", of_page(lambda row: row.reference)),
    "tickets-solved": List("/c/coastal/tickets/?show=solved", of_page(lambda row: row.reference)),
    "queue": List("/review/", of_queue),
    "board": List(
        "/review/board/", lambda context: [card.reference for stage in context["board"].stages for card in stage.cards], in_order=False
    ),
    "waiting-list": List("/review/waiting/", of_page(lambda row: row.application.reference)),
    "on-the-way": List("/review/onboarding/", of_page(lambda row: row.slug)),
    "meetings": List("/review/meetings/", of_page(lambda row: row.date.isoformat())),
    "duplicates": List("/review/duplicates/", of_page(lambda row: row.a.reference)),
    "failed-letters": List("/review/letters/", of_page(lambda row: row.decision.application.reference)),
    "privacy": List("/review/privacy/", lambda context: [row["request"].reference for row in context["rows"]]),
    "articles": List(
        "/c/coastal/kb/", lambda context: [each.address for part in context["sections"] for each in (part.edition, *part.below)]
    ),
    "updates": List("/c/coastal/updates/", of_page(lambda row: str(row.of_month))),
    "updates-for-all": List("/updates/", of_page(lambda row: str(row.of_month))),
    "shared-articles": List("/kb/", lambda context: [each.address for part in context["sections"] for each in (part.edition, *part.below)]),
}


def opened(client: Client, url: str, kind: str) -> Any:
    return client.get(url + ("&" if "?" in url else "?") + f"download={kind}")


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@pytest.mark.parametrize("name", LISTS)
def test_file_holds_the_rows_of_the_page_for_everybody(name):
    world, which = filled(), LISTS[name]
    seen = 0
    for who, user in world.people.items():
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page, file = client.get(which.url), opened(client, which.url, "csv")
        assert file.status_code == page.status_code, who
        if page.status_code != 200:
            continue
        keys = [row[which.key] for row in rows_of(file)]
        shown = [str(key) for key in which.shown(page.context)]
        assert (keys, sorted(keys))[not which.in_order] == (shown, sorted(shown))[not which.in_order], who
        seen += bool(keys)
        if keys:
            assert "download=csv" in page.content.decode(), who
    assert seen or name == "tickets-solved"
    assert ANONYMOUS in world.people


def test_formula_in_a_ticket_stays_text_in_both_files(client):
    world = filled()
    client.force_login(world.people[StaffGroup.SUPPORT_AGENT.value], backend="django.contrib.auth.backends.ModelBackend")
    assert "'=cmd()" in [row[2] for row in rows_of(opened(client, "/desk/?view=all", "csv"))]
    book = load_workbook(io.BytesIO(b"".join(opened(client, "/desk/?view=all", "xlsx").streaming_content)))
    assert "'=cmd()" in [row[2].value for row in book.active.iter_rows()]


def test_list_takes_the_same_queries_with_one_and_three_rows(client):
    world = filled()
    client.force_login(world.people[StaffGroup.SUPPORT_AGENT.value], backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            rows_of(opened(client, "/desk/?view=all", "csv"))
        counts.append(len(queries))
        for user in (member(CommunityFactory()), member(CommunityFactory())):
            TicketFactory(community=world.community, requester=None, opened_by=user, assignee=world.people[StaffGroup.SUPPORT_AGENT.value])
    assert counts[0] == counts[1]
