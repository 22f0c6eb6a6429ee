"""The objects as Freshdesk shows them: a ticket has three shapes, a conversation three, a contact and an agent two. Key order kept."""

import html
import re
from collections.abc import Mapping
from typing import Any

from demo.freshdesk.store import Row


def _keys(words: str) -> list[str]:
    return words.split()


CREATED_TICKET = _keys(
    "cc_emails fwd_emails reply_cc_emails ticket_cc_emails ticket_bcc_emails fr_escalated spam email_config_id group_id priority requester_id "
    "responder_id source company_id status subject support_email to_emails product_id id type due_by fr_due_by is_escalated description "
    "description_text custom_fields created_at updated_at tags attachments source_info structured_description form_id nr_due_by nr_escalated"
)
VIEWED_TICKET = [*CREATED_TICKET, "association_type", "source_additional_info", "sentiment_score", "initial_sentiment_score"]
LISTED_TICKET = [key for key in VIEWED_TICKET if key not in {"description", "description_text", "attachments", "source_additional_info"}]
LISTED_CONVERSATION = _keys(
    "body body_text id incoming private user_id support_email source category to_emails from_email cc_emails bcc_emails email_failure_count "
    "outgoing_failures thread_id thread_message_id created_at updated_at last_edited_at last_edited_user_id attachments automation_id "
    "automation_type_id auto_response ticket_id source_additional_info structured_body"
)
REPLY = _keys(
    "id user_id from_email cc_emails bcc_emails body body_text ticket_id to_emails attachments source_additional_info created_at updated_at"
)
NOTE = _keys(
    "body body_text structured_body id incoming private user_id support_email ticket_id to_emails created_at updated_at attachments"
)
STATS = _keys(
    "agent_responded_at requester_responded_at first_responded_at status_updated_at reopened_at resolved_at closed_at pending_since"
)
LISTED_CONTACT = _keys(
    "active address description email id job_title language mobile name phone time_zone twitter_id custom_fields facebook_id created_at updated_at "
    "csat_rating preferred_source contact_type first_seen last_seen ip_address company_id other_companies unique_external_id first_name last_name "
    "visitor_id org_contact_id org_contact_id_str other_phone_numbers social_handler guest_name guest_profile_pic"
)
VIEWED_CONTACT = [*LISTED_CONTACT, "deleted", "tags", "lists", "other_emails", "view_all_tickets", "avatar"]
COMPANY = _keys("id name description note domains created_at updated_at custom_fields health_score account_tier renewal_date industry")

LISTS = {
    "cc_emails",
    "fwd_emails",
    "reply_cc_emails",
    "ticket_cc_emails",
    "ticket_bcc_emails",
    "tags",
    "attachments",
    "domains",
    "other_emails",
    "lists",
    "other_phone_numbers",
}
NO = {"fr_escalated", "spam", "is_escalated", "nr_escalated", "incoming", "private", "active", "deleted", "view_all_tickets"}


def pick(row: Mapping[str, Any], keys: list[str]) -> Row:
    """The keys of a shape, blank ones as Freshdesk blanks them."""
    return {key: row[key] if row.get(key) is not None else _blank(key) for key in keys}


def ticket_created(row: Row) -> Row:
    """Due times come seconds later."""
    return {**pick({**row, **described(row)}, CREATED_TICKET), "due_by": None, "fr_due_by": None}


def ticket_viewed(row: Row) -> Row:
    gone = {"deleted": True} if row.get("place") == "deleted" else {}
    return {**pick({**row, **described(row)}, VIEWED_TICKET), **gone}


def ticket_listed(row: Row) -> Row:
    return {**pick(row, LISTED_TICKET), "associated_tickets_count": None}


def described(row: Row) -> Row:
    """The description, and its flattening where that is not kept."""
    words = row.get("description") or ""
    return {"description": words, "description_text": row.get("description_text") or as_text(words)}


def stats(row: Row) -> Row:
    return pick(row.get("stats") or {}, STATS)


def requester(row: Row) -> Row:
    return pick(row, ["id", "name", "email", "mobile", "phone"])


def conversation_listed(row: Row) -> Row:
    return pick(_worded(row), LISTED_CONVERSATION)


def reply(row: Row) -> Row:
    return pick(_worded(row), REPLY)


def note(row: Row) -> Row:
    return pick(_worded(row), NOTE)


def _worded(row: Row) -> Row:
    return {**row, "body_text": row.get("body_text") or as_text(row["body"])}


def contact_viewed(row: Row) -> Row:
    return pick(row, VIEWED_CONTACT)


def contact_listed(row: Row) -> Row:
    return pick(row, LISTED_CONTACT)


def company(row: Row) -> Row:
    return pick(row, COMPANY)


def agent_listed(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in {"email", "group_ids", "role_ids", "skill_ids"}}


def agent_viewed(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "email"}


def as_html(text: str) -> str:
    """Plain text sent as a body comes back wrapped; pictures within the words are lost."""
    text = re.sub(r"""\ssrc=(["'])data:.*?\1""", "", text)
    if re.match(r"\s*<", text):
        return text
    return f"<div>{text}</div>"


def as_text(markup: str) -> str:
    """The lossy flattening: tags fall away, line breaks become spaces."""
    spaced = re.sub(r"(?i)<br\s*/?>|</p>|</div>|</li>", " ", markup)
    return html.unescape(re.sub(r"<[^>]+>", "", spaced)).replace("\n", " ").strip()


def _blank(key: str) -> Any:
    if key in LISTS:
        return []
    if key in NO:
        return False
    return {} if key == "custom_fields" else None
