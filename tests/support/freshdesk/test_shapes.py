"""Shapes read what comes, whole or odd, and give it back unchanged."""

import json
from dataclasses import fields
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ground.errors import Rejected, Unavailable
from support.freshdesk import shapes
from support.freshdesk.calls.contacts import holder_of_duplicate
from support.freshdesk.reading import moment
from support.freshdesk.shapes import (
    Agent,
    Attachment,
    CannedFolder,
    CannedResponse,
    CollaborationThread,
    Company,
    Contact,
    Conversation,
    Group,
    Job,
    Requester,
    SatisfactionRating,
    Stats,
    Ticket,
    TicketCompany,
    TicketField,
    TimeEntry,
)
from tests.support.freshdesk import samples
from tests.support.freshdesk.answering import saying
from tests.support.freshdesk.samples import BIG

AT = datetime(2026, 8, 19, 23, 48, 41, tzinfo=UTC)
LATER = datetime(2026, 8, 19, 23, 49, 9, tzinfo=UTC)
UUID = "813263e8-7e22-90f9-a35f-d92c2c9bda50"
STAMPS = {"created_at": AT, "updated_at": AT}
PERSON = {
    "id": BIG,
    "name": "Lena Meyer",
    "email": "lena@uni.example",
    "language": "en",
    "time_zone": "Eastern Time (US & Canada)",
    **STAMPS,
}
FILE = {"id": BIG, "name": "kernel.log", "content_type": "text/plain", **STAMPS}
CREATED = {
    "id": 7,
    "subject": "Kernel dies",
    "description": "<div>At noon</div>",
    "description_text": "At noon",
    "status": 2,
    "priority": 1,
    "source": 2,
    "requester_id": BIG,
    "tags": ("ext-1",),
    "custom_fields": {"cf_hub": "leap", "cf_new_field956329": None},
    "form_id": 158000012345,
    **STAMPS,
}
VIEWED = {
    **CREATED,
    "due_by": datetime(2026, 8, 22, 23, 48, 41, tzinfo=UTC),
    "fr_due_by": datetime(2026, 8, 20, 23, 48, 41, tzinfo=UTC),
    "association_type": 3,
    "associated_tickets_list": (8, 9),
    "sentiment_score": 45,
}
LISTED = {key: value for key, value in VIEWED.items() if key not in {"description", "description_text", "associated_tickets_list"}}
TEXT = {"body": "<div>Among us</div>", "body_text": "Among us", "private": True}
CONVERSATION = {
    **TEXT,
    "id": BIG,
    "ticket_id": 7,
    "source": 2,
    "category": 2,
    "last_edited_at": LATER,
    "last_edited_user_id": BIG,
    **STAMPS,
}
REPLY = {
    "id": BIG,
    "user_id": BIG,
    "ticket_id": 7,
    "from_email": "Hub support <support@acme.freshdesk.com>",
    "to_emails": ("lena@uni.example",),
    "body": "<div>Hello</div>",
    "body_text": "Hello",
    **STAMPS,
}
LISTED_CONTACT = {
    **PERSON,
    "company_id": 1,
    "org_contact_id_str": "2090222879473345536",
    "other_companies": (2, 3),
    "custom_fields": {"test_field": None},
}
VIEWED_CONTACT = {
    **LISTED_CONTACT,
    "other_companies": tuple(samples.VIEWED_CONTACT["other_companies"]),
    "tags": ("vip",),
    "other_emails": ("l@uni.example",),
    "view_all_tickets": True,
}
FREYA = {"email": "freya@desk.example", "name": "Freya Lind", "active": True, "language": "en", "time_zone": "Magadan", **STAMPS}
GROUP = {"id": BIG, "name": "Hub support", **STAMPS}
FOLDER = {"id": BIG, "name": "Personal", "personal": True, "responses_count": 3, **STAMPS}


def field(name, kind, **more):
    return {"id": BIG, "name": name, "label": name.title(), "position": 3, "required_for_agents": True, "type": kind, **STAMPS, **more}


SHOWN = [
    (Attachment, samples.ATTACHMENT, {**FILE, "size": 12_345, "attachment_url": samples.ATTACHMENT["attachment_url"]}),
    (
        Attachment,
        samples.ATTACHMENT_OF_A_TICKET,
        {**FILE, "file_size": 12_345, "attachment_url": samples.ATTACHMENT["attachment_url"]},
    ),
    (Ticket, samples.CREATED_TICKET, CREATED),
    (Ticket, samples.VIEWED_TICKET, {**VIEWED, "attachments": (Attachment.read(samples.ATTACHMENT_OF_A_TICKET),)}),
    (Ticket, samples.LISTED_TICKET, {**LISTED, "status": 9000, "source": 22}),
    (
        Ticket,
        samples.FOUND_TICKET,
        {**LISTED, "status": 9000, "source": 22, "description": "<div>At noon</div>", "description_text": "At noon"},
    ),
    (
        Ticket,
        samples.WHOLE_TICKET,
        {
            **VIEWED,
            "attachments": (Attachment.read(samples.ATTACHMENT_OF_A_TICKET),),
            "conversations": (Conversation(**CONVERSATION), Conversation(**REPLY, attachments=(Attachment.read(samples.ATTACHMENT),))),
            "requester": Requester(id=BIG, name="Lena Meyer", email="lena@uni.example"),
            "company": TicketCompany(id=BIG, name="Ocean Lab"),
            "stats": Stats(agent_responded_at=AT, first_responded_at=AT, status_updated_at=AT, resolved_at=LATER),
        },
    ),
    (Ticket, samples.DELETED_TICKET, {**VIEWED, "deleted": True, "attachments": (Attachment.read(samples.ATTACHMENT_OF_A_TICKET),)}),
    (
        Ticket,
        samples.ARCHIVED_TICKET,
        {**VIEWED, "archived": True, "status": 5, "attachments": (Attachment.read(samples.ATTACHMENT_OF_A_TICKET),)},
    ),
    (Requester, samples.REQUESTER, {"id": BIG, "name": "Lena Meyer", "email": "lena@uni.example"}),
    (
        Stats,
        samples.STATS,
        {"agent_responded_at": AT, "first_responded_at": AT, "status_updated_at": AT, "resolved_at": LATER},
    ),
    (Conversation, samples.REPLY, {**REPLY, "attachments": (Attachment.read(samples.ATTACHMENT),)}),
    (Conversation, samples.NOTE, {**TEXT, "id": BIG, "user_id": BIG, "ticket_id": 7, **STAMPS}),
    (Conversation, samples.LISTED_CONVERSATION, CONVERSATION),
    (Conversation, samples.SURVEY_FEEDBACK, {**CONVERSATION, "source": 6, "category": 7, "private": False, "incoming": True}),
    (Contact, samples.LISTED_CONTACT, LISTED_CONTACT),
    (Contact, samples.VIEWED_CONTACT, VIEWED_CONTACT),
    (
        Company,
        samples.COMPANY,
        {
            "id": BIG,
            "name": "Ocean Lab",
            "domains": ("ocean.example",),
            "health_score": "Happy",
            "account_tier": "Premium",
            "renewal_date": datetime(2020, 12, 31, tzinfo=UTC),
            "custom_fields": {"tier": "gold"},
            "created_at": AT,
            "updated_at": LATER,
        },
    ),
    (
        Agent,
        samples.LISTED_AGENT,
        {
            "id": BIG,
            "ticket_scope": 1,
            "signature": "<p>Freya</p>",
            "type": "support_agent",
            "last_active_at": LATER,
            "contact": Contact(**FREYA),
            **STAMPS,
        },
    ),
    (
        Agent,
        samples.VIEWED_AGENT,
        {
            "id": BIG,
            "ticket_scope": 1,
            "signature": "<p>Freya</p>",
            "type": "support_agent",
            "last_active_at": LATER,
            "contact": Contact(**FREYA),
            "group_ids": (1, 2),
            "role_ids": (3,),
            **STAMPS,
        },
    ),
    (Group, samples.LISTED_GROUP, {**GROUP, "auto_ticket_assign": 12}),
    (Group, samples.OLD_GROUP, {**GROUP, "auto_ticket_assign": True}),
    (Group, samples.VIEWED_GROUP, {**GROUP, "auto_ticket_assign": 0, "agent_ids": (BIG, BIG + 1)}),
    (TicketField, samples.STATUS_FIELD, field("status", "default_status", default=True, choices=samples.STATUS_FIELD["choices"])),
    (TicketField, samples.PRIORITY_FIELD, field("priority", "default_priority", default=True, choices={"Low": 1, "Urgent": 4})),
    (TicketField, samples.SOURCE_FIELD, field("source", "default_source", default=True, choices={"Email": 1, "Web Chat": 15, "SMS": 22})),
    (TicketField, samples.TYPE_FIELD, field("ticket_type", "default_ticket_type", default=True, choices=["Question", "Incident"])),
    (TicketField, samples.GROUP_FIELD, field("group", "default_group", default=True, choices={"Hub support": BIG})),
    (TicketField, samples.REQUESTER_FIELD, field("requester", "default_requester", default=True)),
    (TicketField, samples.DROPDOWN_FIELD, field("cf_cloud", "custom_dropdown", choices=["AWS", "GCP"])),
    (
        TicketField,
        samples.NESTED_FIELD,
        field(
            "cf_area",
            "nested_field",
            choices=samples.NESTED_FIELD["choices"],
            nested_ticket_fields=tuple(samples.NESTED_FIELD["nested_ticket_fields"]),
        ),
    ),
    (TicketField, samples.LISTED_NESTED_FIELD, field("cf_area", "nested_field", choices=samples.LISTED_NESTED_FIELD["choices"])),
    (CannedFolder, samples.FOLDER, FOLDER),
    (CannedFolder, samples.VIEWED_FOLDER, {**FOLDER, "canned_responses": (CannedResponse(id=BIG, title="Restart"),)}),
    (
        CannedResponse,
        samples.CANNED_RESPONSE,
        {
            "id": BIG,
            "title": "Restart",
            "folder_id": BIG,
            "content": "Please restart {{ticket.url}}",
            "content_html": "<div>Please restart {{ticket.url}}</div>",
            "attachments": (Attachment.read(samples.ATTACHMENT),),
            "group_ids": (1,),
            "visibility": 2,
            **STAMPS,
        },
    ),
    (
        SatisfactionRating,
        samples.RATING,
        {
            "id": BIG,
            "survey_id": BIG,
            "user_id": BIG,
            "feedback": "Quick!",
            "ticket_id": 7,
            "ratings": {"default_question": 103, "question_158000001": -102},
            **STAMPS,
        },
    ),
    (
        TimeEntry,
        samples.TIME_ENTRY,
        {
            "id": BIG,
            "billable": True,
            "note": "Looked at the node",
            "agent_id": BIG,
            "ticket_id": 7,
            "time_spent": "01:20",
            "time_spent_in_seconds": 4800,
            "executed_at": AT,
            "start_time": AT,
            **STAMPS,
        },
    ),
    (Job, samples.STARTED_JOB, {"job_id": UUID, "href": "https://acme.freshdesk.com/api/v2/jobs/813263e8"}),
    (Job, samples.JOB, {"id": UUID, "status": "IN PROGRESS", "created_at": AT}),
    (Job, samples.OLD_JOB, {"id": "4096", "status": "COMPLETED"}),
    (CollaborationThread, samples.THREAD, {"id": "2090222879473345536", "title": "About 7", "parent_id": "7", "created_at": AT}),
]
EVERY_SHAPE = [shape for shape in vars(shapes).values() if isinstance(shape, type) and issubclass(shape, shapes.Shape)]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
unknown = st.dictionaries(st.text(min_size=1, max_size=8).map(lambda name: f"new_{name}"), anything, max_size=4)


def shown(shape):
    """What the typed view holds beyond its defaults."""
    values = {each.name: getattr(shape, each.name) for each in fields(shape) if each.name not in {"raw", "seen_at"}}
    return {name: value for name, value in values.items() if value != getattr(type(shape)(), name)}


@pytest.mark.parametrize(("shape", "payload", "known"), SHOWN)
def test_a_shape_shows_what_is_known(shape, payload, known):
    assert shown(shape.read(payload)) == {name: value for name, value in known.items() if value != getattr(shape(), name)}


@pytest.mark.parametrize(("shape", "payload", "known"), SHOWN)
@settings(max_examples=15)
@given(more=unknown)
def test_a_shape_gives_back_what_came_and_is_not_confused_by_new_keys(shape, payload, known, more):
    came = json.loads(json.dumps({**payload, **more}))
    read = shape.read(came)
    assert json.dumps(read.to_payload()) == json.dumps({**payload, **more})
    assert read == shape.read(payload)


@pytest.mark.parametrize("shape", EVERY_SHAPE)
@settings(max_examples=40)
@given(data=st.data())
def test_no_value_of_any_type_stops_the_reading(shape, data):
    names = [each.name for each in fields(shape) if each.name not in {"raw", "seen_at"}]
    came = data.draw(st.dictionaries(st.sampled_from(names), anything, max_size=6))
    assert shape.read(came).to_payload() == came


@pytest.mark.parametrize("payload", [None, 3, "x", ["x"], True])
def test_what_is_no_object_is_an_outage_of_ours(payload):
    with pytest.raises(Unavailable):
        Ticket.read(payload)


@pytest.mark.parametrize(
    ("payload", "known"),
    [
        ({"id": "7", "priority": "1", "status": 2.0, "group_id": "x"}, {"id": 7, "priority": 1, "status": 2}),
        ({"tags": None, "to_emails": "a@b.example", "cc_emails": {"a": 1}}, {}),
        ({"tags": ["a", None, 3, ["b"]]}, {"tags": ("a", "3")}),
        ({"subject": 7, "type": ["x"], "description": None}, {"subject": "7"}),
        ({"spam": "true", "deleted": 1, "is_escalated": "maybe"}, {"spam": True, "deleted": True}),
        ({"created_at": 7, "updated_at": "soon", "due_by": None}, {}),
        ({"custom_fields": ["x"], "stats": [], "requester": 3, "company": {}}, {"company": TicketCompany()}),
        ({"attachments": [None, 3, {"id": 1}], "conversations": {"id": 1}}, {"attachments": (Attachment(id=1),)}),
        ({"responder_id": True, "source": float("inf")}, {}),
    ],
)
def test_a_value_of_another_type_is_read_as_far_as_it_goes(payload, known):
    assert shown(Ticket.read(payload)) == known


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-08-19T23:48:41Z", datetime(2026, 8, 19, 23, 48, 41, tzinfo=UTC)),
        ("2015-08-24T11:59:05+05:30", datetime(2015, 8, 24, 6, 29, 5, tzinfo=UTC)),
        ("2026-08-19", datetime(2026, 8, 19, tzinfo=UTC)),
        ("soon", None),
        (None, None),
    ],
)
def test_moments(text, value):
    assert moment(text) == value


def test_null_and_absent_are_the_default_and_the_payload_tells_them_apart():
    ticket = Ticket.read({"id": 1, "tags": None, "type": None, "status": 9000, "new_thing": {"a": 1}})
    assert (ticket.tags, ticket.type, ticket.status, ticket.subject) == ((), "", 9000, "")
    assert (ticket.has("type"), ticket.has("subject"), ticket.raw["new_thing"]) == (True, False, {"a": 1})


@pytest.mark.parametrize("sample", [samples.ATTACHMENT, samples.ATTACHMENT_OF_A_TICKET])
def test_an_attachments_size_has_two_names(sample):
    assert Attachment.read(sample).octets == 12_345


def test_an_edit_counts_as_a_change():
    assert Conversation.read(samples.LISTED_CONVERSATION).changed_at == LATER
    assert Conversation.read(samples.REPLY).changed_at == AT
    assert Conversation().changed_at is None


@pytest.mark.parametrize("sample", [samples.LISTED_CONTACT, samples.VIEWED_CONTACT])
def test_a_contacts_companies_are_ids_in_either_shape(sample):
    assert Contact.read(sample).company_ids == (1, 2, 3)


def test_an_agent_has_the_name_of_its_contact():
    assert (Agent.read(samples.LISTED_AGENT).name, Agent().name, Agent().email) == ("Freya Lind", "", "")


@pytest.mark.parametrize(("sample", "assigns"), [(samples.LISTED_GROUP, True), (samples.OLD_GROUP, True), (samples.VIEWED_GROUP, False)])
def test_a_group_assigns_by_number_or_by_yes(sample, assigns):
    assert Group.read(sample).assigns_by_itself is assigns


@pytest.mark.parametrize(("sample", "key"), [(samples.STARTED_JOB, UUID), (samples.JOB, UUID), (samples.OLD_JOB, "4096")])
def test_a_job_has_one_key(sample, key):
    assert Job.read(sample).key == key


@pytest.mark.parametrize(("ratings", "overall"), [({"default_question": 103}, 103), ({"default_question": "-101"}, -101), ({}, None)])
def test_a_ratings_first_question_is_the_whole(ratings, overall):
    assert SatisfactionRating(ratings=ratings).overall == overall


@pytest.mark.parametrize(
    ("sample", "options"),
    [
        (samples.STATUS_FIELD, {"2": "Open", "6": "Waiting on Customer", "9000": "Assigned to AI Agent"}),
        (samples.PRIORITY_FIELD, {"1": "Low", "4": "Urgent"}),
        (samples.SOURCE_FIELD, {"1": "Email", "15": "Web Chat", "22": "SMS"}),
        (samples.TYPE_FIELD, {"Question": "Question", "Incident": "Incident"}),
        (samples.GROUP_FIELD, {str(BIG): "Hub support"}),
        (samples.REQUESTER_FIELD, {}),
        (samples.DROPDOWN_FIELD, {"AWS": "AWS", "GCP": "GCP"}),
        (samples.NESTED_FIELD, {"Hub": "Hub", "Bill": "Bill"}),
        (samples.LISTED_NESTED_FIELD, {"Hub": "Hub", "Bill": "Bill"}),
    ],
)
def test_choices_of_every_shape_become_options(sample, options):
    assert TicketField.read(sample).options() == options


@given(choices=anything)
def test_no_choices_stop_the_reading(choices):
    options = TicketField.read({"choices": choices}).options()
    assert all(isinstance(word, str) for pair in options.items() for word in pair)


@pytest.mark.parametrize(("status", "body"), samples.REFUSALS)
@settings(max_examples=15)
@given(more=unknown)
def test_a_refusal_is_read_with_whatever_else_it_says(status, body, more):
    answer = httpx.Response(status) if body is None else httpx.Response(status, json={**body, **more})
    with saying(answer) as freshdesk, pytest.raises(Rejected) as refusal:
        freshdesk.ticket(7)
    assert (refusal.value.status, refusal.value.errors) == (status, (body or {}).get("errors", []))
    assert refusal.value.code == (body or {}).get("code", (body or {}).get("errors", [{}])[0].get("code", ""))


def test_the_holder_of_a_duplicate_is_named():
    status, body = samples.REFUSALS[-1]
    assert holder_of_duplicate(Rejected("taken", status=status, errors=body["errors"])) == BIG
    assert holder_of_duplicate(Rejected("taken", status=status, errors=[{"additional_info": "odd"}])) is None
