"""Every object that Freshdesk is known to send, in each of the shapes it comes in. Written by hand from the documented and recorded keys."""

AT = "2026-08-19T23:48:41Z"
LATER = "2026-08-19T23:49:09Z"
BIG = 158018097111

ATTACHMENT = {
    "id": BIG,
    "name": "kernel.log",
    "content_type": "text/plain",
    "size": 12_345,
    "created_at": AT,
    "updated_at": AT,
    "attachment_url": "https://cdn.freshdeskusercontent.com/data/helpdesk/attachments/1?Expires=1787183363&Signature=x",
}
ATTACHMENT_OF_A_TICKET = {**{key: value for key, value in ATTACHMENT.items() if key != "size"}, "file_size": 12_345, "thumb_url": None}

CREATED_TICKET = {
    "cc_emails": [],
    "fwd_emails": [],
    "reply_cc_emails": [],
    "ticket_cc_emails": [],
    "ticket_bcc_emails": [],
    "fr_escalated": False,
    "spam": False,
    "email_config_id": None,
    "group_id": None,
    "priority": 1,
    "requester_id": BIG,
    "responder_id": None,
    "source": 2,
    "company_id": None,
    "status": 2,
    "subject": "Kernel dies",
    "support_email": None,
    "to_emails": None,
    "product_id": None,
    "id": 7,
    "type": None,
    "due_by": None,
    "fr_due_by": None,
    "is_escalated": False,
    "description": "<div>At noon</div>",
    "description_text": "At noon",
    "custom_fields": {"cf_hub": "leap", "cf_new_field956329": None},
    "created_at": AT,
    "updated_at": AT,
    "tags": ["ext-1"],
    "attachments": [],
    "source_info": None,
    "structured_description": None,
    "form_id": 158000012345,
    "nr_due_by": None,
    "nr_escalated": False,
}
VIEWED_TICKET = {
    **CREATED_TICKET,
    "due_by": "2026-08-22T23:48:41Z",
    "fr_due_by": "2026-08-20T23:48:41Z",
    "attachments": [ATTACHMENT_OF_A_TICKET],
    "association_type": 3,
    "associated_tickets_list": [8, 9],
    "source_additional_info": None,
    "sentiment_score": 45,
    "initial_sentiment_score": 45,
}
LISTED_TICKET = {
    **{
        key: value
        for key, value in VIEWED_TICKET.items()
        if key not in {"description", "description_text", "attachments", "source_additional_info", "associated_tickets_list"}
    },
    "associated_tickets_count": None,
    "cc_emails": None,
    "fwd_emails": None,
    "status": 9000,
    "source": 22,
}
FOUND_TICKET = {**LISTED_TICKET, "description": "<div>At noon</div>", "description_text": "At noon"}
REQUESTER = {"id": BIG, "name": "Lena Meyer", "email": "lena@uni.example", "mobile": None, "phone": None}
STATS = {
    "agent_responded_at": AT,
    "requester_responded_at": None,
    "first_responded_at": AT,
    "status_updated_at": AT,
    "reopened_at": None,
    "resolved_at": LATER,
    "closed_at": None,
    "pending_since": None,
}
REPLY = {
    "id": BIG,
    "user_id": BIG,
    "from_email": "Hub support <support@acme.freshdesk.com>",
    "cc_emails": [],
    "bcc_emails": [],
    "body": "<div>Hello</div>",
    "body_text": "Hello",
    "ticket_id": 7,
    "to_emails": ["lena@uni.example"],
    "attachments": [ATTACHMENT],
    "source_additional_info": None,
    "created_at": AT,
    "updated_at": AT,
}
NOTE = {
    "body": "<div>Among us</div>",
    "body_text": "Among us",
    "structured_body": None,
    "id": BIG,
    "incoming": False,
    "private": True,
    "user_id": BIG,
    "support_email": None,
    "ticket_id": 7,
    "to_emails": [],
    "created_at": AT,
    "updated_at": AT,
    "attachments": [],
}
LISTED_CONVERSATION = {
    "body": "<div>Among us</div>",
    "body_text": "Among us",
    "id": BIG,
    "incoming": False,
    "private": True,
    "user_id": None,
    "support_email": None,
    "source": 2,
    "category": 2,
    "to_emails": [],
    "from_email": None,
    "cc_emails": [],
    "bcc_emails": None,
    "email_failure_count": None,
    "outgoing_failures": None,
    "thread_id": None,
    "thread_message_id": None,
    "created_at": AT,
    "updated_at": AT,
    "last_edited_at": LATER,
    "last_edited_user_id": BIG,
    "attachments": [],
    "automation_id": None,
    "automation_type_id": None,
    "auto_response": False,
    "ticket_id": 7,
    "source_additional_info": None,
    "structured_body": None,
}
SURVEY_FEEDBACK = {**LISTED_CONVERSATION, "source": 6, "category": 7, "private": False, "incoming": True, "bcc_emails": []}
WHOLE_TICKET = {
    **VIEWED_TICKET,
    "conversations": [LISTED_CONVERSATION, REPLY],
    "requester": REQUESTER,
    "company": {"id": BIG, "name": "Ocean Lab"},
    "stats": STATS,
}
DELETED_TICKET = {**VIEWED_TICKET, "deleted": True, "requester": None}
ARCHIVED_TICKET = {**VIEWED_TICKET, "archived": True, "status": 5}

LISTED_CONTACT = {
    "active": False,
    "address": None,
    "description": None,
    "email": "lena@uni.example",
    "id": BIG,
    "job_title": None,
    "language": "en",
    "mobile": None,
    "name": "Lena Meyer",
    "phone": None,
    "time_zone": "Eastern Time (US & Canada)",
    "twitter_id": None,
    "custom_fields": {"test_field": None},
    "facebook_id": None,
    "created_at": AT,
    "updated_at": AT,
    "csat_rating": None,
    "preferred_source": None,
    "contact_type": "contact",
    "first_seen": None,
    "last_seen": None,
    "ip_address": None,
    "company_id": 1,
    "other_companies": [2, 3],
    "unique_external_id": None,
    "first_name": "Lena",
    "last_name": "Meyer",
    "visitor_id": "6a1f",
    "org_contact_id": 2090222879473345536,
    "org_contact_id_str": "2090222879473345536",
    "other_phone_numbers": [],
    "social_handler": None,
    "guest_name": None,
    "guest_profile_pic": None,
}
VIEWED_CONTACT = {
    **LISTED_CONTACT,
    "deleted": False,
    "tags": ["vip"],
    "lists": [],
    "other_emails": ["l@uni.example"],
    "view_all_tickets": True,
    "avatar": {"avatar_url": "https://cdn.example/a.png", "id": BIG, "name": "a.png", "size": 9},
    "other_companies": [{"company_id": 2, "view_all_tickets": True}, {"company_id": 3, "view_all_tickets": False}],
}
COMPANY = {
    "id": BIG,
    "name": "Ocean Lab",
    "description": None,
    "note": None,
    "domains": ["ocean.example"],
    "created_at": AT,
    "updated_at": LATER,
    "custom_fields": {"tier": "gold"},
    "health_score": "Happy",
    "account_tier": "Premium",
    "renewal_date": "2020-12-31T00:00:00Z",
    "industry": None,
    "org_company_id": "2090222879473345536",
}
LISTED_AGENT = {
    "available": False,
    "occasional": False,
    "id": BIG,
    "ticket_scope": 1,
    "signature": "<p>Freya</p>",
    "type": "support_agent",
    "created_at": AT,
    "updated_at": AT,
    "available_since": None,
    "last_active_at": LATER,
    "deactivated": False,
    "focus_mode": True,
    "contact": {
        "active": True,
        "email": "freya@desk.example",
        "job_title": None,
        "language": "en",
        "last_login_at": LATER,
        "mobile": None,
        "name": "Freya Lind",
        "phone": None,
        "time_zone": "Magadan",
        "created_at": AT,
        "updated_at": AT,
    },
}
VIEWED_AGENT = {**LISTED_AGENT, "group_ids": [1, 2], "role_ids": [3], "skill_ids": []}
LISTED_GROUP = {
    "id": BIG,
    "name": "Hub support",
    "description": None,
    "escalate_to": None,
    "unassigned_for": None,
    "business_hour_id": None,
    "group_type": "support_agent_group",
    "auto_ticket_assign": 12,
    "created_at": AT,
    "updated_at": AT,
}
OLD_GROUP = {**LISTED_GROUP, "auto_ticket_assign": True}
VIEWED_GROUP = {**LISTED_GROUP, "auto_ticket_assign": 0, "agent_ids": [BIG, BIG + 1]}


def ticket_field(name, kind, choices=None, **more):
    field = {
        "id": BIG,
        "name": name,
        "label": name.title(),
        "description": None,
        "position": 3,
        "required_for_closure": False,
        "required_for_agents": True,
        "type": kind,
        "default": kind.startswith("default_"),
        "customers_can_edit": True,
        "customers_can_filter": True,
        "label_for_customers": name.title(),
        "required_for_customers": False,
        "displayed_to_customers": True,
        "created_at": AT,
        "updated_at": AT,
        **more,
    }
    return field if choices is None else {**field, "choices": choices}


STATUS_FIELD = ticket_field(
    "status",
    "default_status",
    {"2": ["Open", "Open"], "6": ["Waiting on Customer", "Awaiting your Reply"], "9000": ["Assigned to AI Agent", "Open"]},
)
PRIORITY_FIELD = ticket_field("priority", "default_priority", {"Low": 1, "Urgent": 4})
SOURCE_FIELD = ticket_field("source", "default_source", {"Email": 1, "Web Chat": 15, "SMS": 22})
TYPE_FIELD = ticket_field("ticket_type", "default_ticket_type", ["Question", "Incident"])
GROUP_FIELD = ticket_field("group", "default_group", {"Hub support": BIG})
REQUESTER_FIELD = ticket_field("requester", "default_requester", portal_cc=False, portal_cc_to="company")
DROPDOWN_FIELD = ticket_field("cf_cloud", "custom_dropdown", ["AWS", "GCP"])
NESTED_FIELD = ticket_field(
    "cf_area",
    "nested_field",
    {"Hub": {"Kernel": ["Python", "R"]}, "Bill": {}},
    nested_ticket_fields=[{"id": BIG + 1, "name": "cf_part", "label": "Part", "level": 2, "ticket_field_id": BIG}],
)
LISTED_NESTED_FIELD = ticket_field("cf_area", "nested_field", [{"Hub": [{"Kernel": ["Python"]}]}, {"Bill": []}])

FOLDER = {"id": BIG, "name": "Personal", "personal": True, "responses_count": 3, "created_at": AT, "updated_at": AT}
VIEWED_FOLDER = {**FOLDER, "canned_responses": [{"id": BIG, "title": "Restart"}]}
CANNED_RESPONSE = {
    "id": BIG,
    "title": "Restart",
    "folder_id": BIG,
    "short_code": None,
    "content": "Please restart {{ticket.url}}",
    "content_html": "<div>Please restart {{ticket.url}}</div>",
    "attachments": [ATTACHMENT],
    "created_at": AT,
    "updated_at": AT,
    "group_ids": [1],
    "visibility": 2,
}
RATING = {
    "id": BIG,
    "survey_id": BIG,
    "user_id": BIG,
    "agent_id": None,
    "feedback": "Quick!",
    "group_id": None,
    "ticket_id": 7,
    "created_at": AT,
    "updated_at": AT,
    "ratings": {"default_question": 103, "question_158000001": -102},
}
TIME_ENTRY = {
    "billable": True,
    "note": "Looked at the node",
    "id": BIG,
    "timer_running": False,
    "agent_id": BIG,
    "ticket_id": 7,
    "company_id": None,
    "time_spent": "01:20",
    "executed_at": AT,
    "start_time": AT,
    "created_at": AT,
    "updated_at": AT,
    "time_spent_in_seconds": 4800,
}
STARTED_JOB = {"job_id": "813263e8-7e22-90f9-a35f-d92c2c9bda50", "href": "https://acme.freshdesk.com/api/v2/jobs/813263e8"}
JOB = {"id": "813263e8-7e22-90f9-a35f-d92c2c9bda50", "status": "IN PROGRESS", "created_at": AT}
OLD_JOB = {"id": 4096, "status": "COMPLETED"}
THREAD = {"id": "2090222879473345536", "title": "About 7", "parent_id": "7", "created_at": AT, "type": "discussion"}

REFUSALS = (
    (
        400,
        {
            "description": "Validation failed",
            "errors": [{"field": "name", "message": "Mandatory attribute missing", "code": "missing_field"}],
        },
    ),
    (
        400,
        {
            "description": "Validation failed",
            "errors": [
                {
                    "field": "page",
                    "message": "You cannot access tickets beyond the 300th page. Please provide a smaller page number.",
                    "code": "invalid_value",
                }
            ],
        },
    ),
    (401, {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."}),
    (403, {"code": "access_denied", "message": "You are not authorized to perform this action."}),
    (
        403,
        {
            "code": "require_feature",
            "message": "The Surveys feature(s) is/are not supported in your plan. Please upgrade your account to use it.",
        },
    ),
    (403, {"code": "invalid_user", "message": "You are not authorized to perform this action on behalf of this user"}),
    (404, None),
    (405, {"message": "PUT method is not allowed. It should be one of these method(s): GET"}),
    (
        409,
        {
            "description": "Validation failed",
            "errors": [
                {"field": "email", "additional_info": {"user_id": BIG}, "message": "It should be a unique value", "code": "duplicate_value"}
            ],
        },
    ),
)
