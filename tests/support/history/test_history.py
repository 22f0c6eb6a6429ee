"""What happened to a ticket is said in words, whatever wrote it down."""

import ast
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import history, recording, tickets, timing
from support.models import IncidentEvent, TicketEvent
from support.relations import merging, relating
from support.states import IncidentEventKind, IncidentRole, IncidentState, Severity
from tests.factories import staff
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import a_cluster, declared

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
SETTERS = {"recording.change", "recording.alter", "alter"}
TELLERS = {"recording.happened", "happened"}
WORDS_OF_VARIABLES = {
    "what": {"related", "unrelated", "bounced", "delayed"},
    "field": {"issue_made", "issue_linked"},
    "timing.PARTED": {timing.PARTED},
}
"""Calls that are handed the word: those words, by the name of the variable."""
DECIDED = {"kind", "impact", "responsible", "responsibility_row", "assignee", "assignee_label", "status", "priority", "tags", "hub"}
MIRRORED = {"subject", "status", "priority", "group", "assignee_label", "requester", "community", "tags", "gone_reason"}
AT_ARRIVAL = {"opened", "clock_warned", "clock_missed", "settled", timing.ECHOED}


def calls():
    for path in (settings.BASE_DIR / "support").rglob("*.py"):
        for node in ast.walk(ast.parse(Path(path).read_text())):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node


def written():
    """Every field that the desk's code names when it writes the history."""
    found = set()
    for name, call in calls():
        if name in SETTERS:
            found |= {each.arg for each in call.keywords if each.arg} - {"by", "at"}
        elif name in TELLERS and len(call.args) > 1:
            word = call.args[1]
            assert isinstance(word, ast.Constant) or ast.unparse(word) in WORDS_OF_VARIABLES, ast.unparse(call)
            found |= {word.value} if isinstance(word, ast.Constant) else WORDS_OF_VARIABLES[ast.unparse(word)]
        elif name == "TicketEvent":
            found |= {each.value.value for each in call.keywords if each.arg == "field" and isinstance(each.value, ast.Constant)}
    return found


@pytest.fixture
def sam_at_desk():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


FIELDS = sorted(written() | DECIDED | MIRRORED | AT_ARRIVAL)


def test_the_walk_finds_what_every_area_writes():
    areas = {"snoozed_until", "escalation", "incident", "parent", "merged_into", "timebox_begun", "rated", "approved", "declined", "named"}
    assert areas | {"topic", "confidential", "status", "budget", "issue_closed", "split_off"} <= set(FIELDS)
    assert len(FIELDS) > 40


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("before", "after"), [("", "12"), ("12", "")])
def test_every_field_is_said_in_words(field, before, after):
    event = TicketEvent(field=field, before=before, after=after, note="status" if field == "settled" else "", at=timezone.now())
    if field in history.UNSAID:
        assert field not in chain(history.WORDS, history.HAPPENED)
        return
    said = history.say(event, {})
    assert said
    assert (f"the {field} to" in said and "_" in field, "None" in said, "%(" in said) == (False, False, False)


@pytest.mark.parametrize(("value", "word"), [(True, "on"), (False, "off")])
def test_confidentiality_is_said_as_on_and_off(value, word):
    ticket = recording.locked(TicketFactory(confidential=not value).pk)
    recording.change(ticket, by=SYSTEM, confidential=value)
    assert history.say(ticket.events.get(field="confidential"), {}) == f"set the confidentiality to “{word}”"


def test_a_conversation_says_everything_that_happened_in_it(client, sam_at_desk):
    client.force_login(sam_at_desk, backend="django.contrib.auth.backends.ModelBackend")
    other = TicketFactory(subject="Older")
    ticket = TicketFactory(community=other.community)
    incident = declared(ticket=ticket)
    relating.attach(ticket, to=other, by=SYSTEM)
    relating.detach(ticket, by=SYSTEM)
    tickets.solve(ticket, by=SYSTEM)
    merging.merge(ticket, into=other, by=SYSTEM)
    page = client.get(ticket.get_absolute_url()).content.decode()
    for words in (f"set the incident to “{incident}”", f"made this a part of {other}", "made this no part of", f"merged this into {other}"):
        assert words in page


def test_the_timeline_of_an_incident_knows_no_keys():
    assert declared(cluster=a_cluster("reef")).events.exists()
    kinds = {
        IncidentEventKind.STATE: IncidentState.values,
        IncidentEventKind.ROLE: [f"{role}: Eli" for role in IncidentRole.values],
        IncidentEventKind.SCOPE: [f"Slow · {severity} · reef" for severity in Severity.values],
    }
    said = {(kind, text): IncidentEvent(kind=kind, text=text).said for kind, texts in kinds.items() for text in texts}
    assert said[IncidentEventKind.STATE, "identified"] == "Cause found"
    assert said[IncidentEventKind.ROLE, "lead: Eli"] == "Lead: Eli"
    assert said[IncidentEventKind.SCOPE, "Slow · major · reef"] == "Slow · Major: something does not work · reef"
    assert all(words != text for (_kind, text), words in said.items())
    assert IncidentEvent(kind=IncidentEventKind.NOTE, text="lead: resolved").said == "lead: resolved"


def test_the_timeline_as_a_page_and_as_files_speaks_in_words(client, sam_at_desk):
    client.force_login(sam_at_desk, backend="django.contrib.auth.backends.ModelBackend")
    incident = declared()
    ends = ("", "timeline/", "timeline/?download=csv")
    page, markdown, table = (b"".join(client.get(incident.get_absolute_url() + end)).decode() for end in ends)
    assert all("Lead: Eli" in each for each in (page, markdown, table))
    assert ("- State: Investigating" in markdown, "lead: Eli" in page + markdown + table) == (True, False)
