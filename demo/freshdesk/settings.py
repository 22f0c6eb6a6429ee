"""What is set up once and read rarely: the account, its roles and products, its hours, promises and mailboxes."""

from collections.abc import Mapping
from typing import Any

from demo.freshdesk import checking, paging
from demo.freshdesk.account import Account
from demo.freshdesk.conversations import SUPPORT_ADDRESS
from demo.freshdesk.exchange import Answer, Request

Shown = dict[str, Any]
DAY = {"start_time": "8:00 am", "end_time": "5:00 pm"}
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), DAY)
TARGET = {"respond_within": 3600, "resolve_within": 86400, "next_respond_within": None, "business_hours": False, "escalation_enabled": True}
FURNITURE: Mapping[str, list[Shown]] = {
    "roles": [{"id": 158000301, "name": "Account Administrator", "description": "Has complete control", "default": True, "agent_type": 1}],
    "products": [{"id": 158000401, "name": "Hubs", "description": None, "primary_email": SUPPORT_ADDRESS}],
    "business_hours": [
        {
            "id": 158000501,
            "name": "Default",
            "description": "Default Business Calendar",
            "is_default": True,
            "time_zone": "Eastern Time (US & Canada)",
            "business_hours": WEEK,
        }
    ],
    "email_configs": [
        {
            "id": 158000601,
            "name": "Support",
            "product_id": None,
            "to_email": SUPPORT_ADDRESS,
            "reply_email": SUPPORT_ADDRESS,
            "active": True,
        }
    ],
    "sla_policies": [
        {
            "id": 158000701,
            "name": "Default SLA Policy",
            "description": "default policy",
            "active": True,
            "sla_target": {f"priority_{priority}": TARGET for priority in (4, 3, 2, 1)},
            "applicable_to": {},
            "is_default": True,
            "position": 1,
            "escalation": {},
        }
    ],
}


def list_roles(account: Account, request: Request) -> Answer:
    return _listed(account, request, "roles")


def list_products(account: Account, request: Request) -> Answer:
    return _listed(account, request, "products")


def list_business_hours(account: Account, request: Request) -> Answer:
    return _listed(account, request, "business_hours")


def list_email_configs(account: Account, request: Request) -> Answer:
    return _listed(account, request, "email_configs")


def list_sla_policies(account: Account, request: Request) -> Answer:
    return _listed(account, request, "sla_policies")


def view_account(account: Account, request: Request) -> Answer:
    checking.query(request, ())
    agents = account.store.agents.count()
    names = {"account_id": 1580001, "account_name": "Desk", "account_domain": request.host.partition("://")[2], "tier_type": "Pro"}
    return Answer(200, {**names, "total_agents": {"full_time": agents, "occasional": 0, "field_service": 0}, "timezone": "UTC"})


def view_helpdesk(account: Account, request: Request) -> Answer:
    checking.query(request, ())
    return Answer(200, {"primary_language": "en", "supported_languages": ["de", "es", "fr"], "portal_languages": ["de"]})


def _listed(account: Account, request: Request, kind: str) -> Answer:
    window = paging.cut(checking.query(request, paging.PARAMETERS))
    opened = account.me["created_at"]
    rows = FURNITURE[kind][window.offset : window.offset + window.limit]
    return paging.paged(request, window, rows, lambda row: {**row, "created_at": opened, "updated_at": opened})
