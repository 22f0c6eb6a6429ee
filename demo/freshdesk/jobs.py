"""Work on many tickets at once, done in the background: every row of a job gets the same second."""

import uuid
from typing import Any

from demo.freshdesk import acts, checking, conversations, rules, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

ACTION: checking.Fields = {"bulk_action": dict}


def bulk_update(account: Account, request: Request) -> Answer:
    action = _action(request)
    properties = checking.within(action, "properties", rules.CHANGEABLE)
    if not checking.within(action, "reply", {"body": str}, required=("body",)) and not properties:
        checking.refuse("properties", "Mandatory attribute missing", "missing_field")
    rules.check(account, properties, {})
    return _begin(account, request, "update", action)


def bulk_delete(account: Account, request: Request) -> Answer:
    return _begin(account, request, "delete", _action(request))


def view_job(account: Account, request: Request, job_key: str) -> Answer:
    found = account.store.jobs.find("key = ?", job_key)
    if not found:
        raise Refusal(404)
    return Answer(200, {"id": job_key, "status": found[0]["status"], "created_at": found[0]["created_at"]})


def finish(account: Account, job_id: int) -> None:
    """Do what the job is for; tickets that are gone by now are passed over."""
    job = account.store.jobs.get(job_id)
    if job is None:
        return
    now = account.now()
    for ticket in (account.store.tickets.get(ticket_id) for ticket_id in job["action"]["ids"]):
        if ticket and not ticket["place"] and tickets.is_visible(account, ticket):
            _do(account, ticket, job)
            account.bump(ticket["id"], now)
    account.store.jobs.put({**job, "status": "COMPLETED"})


def _do(account: Account, ticket: Row, job: Row) -> None:
    if job["doing"] == "delete":
        acts.move(account, ticket, "deleted")
        return
    changed = acts.change(account, ticket, dict(job["action"].get("properties") or {}))
    reply = job["action"].get("reply")
    if reply:
        conversations.add(account, changed, body=reply["body"], user_id=account.me["id"], source=conversations.REPLY)


def _action(request: Request) -> dict[str, Any]:
    action: dict[str, Any] = checking.body(request, ACTION, required=("bulk_action",))["bulk_action"]
    checking.identifiers(action, "ids")
    return action


def _begin(account: Account, request: Request, doing: str, action: dict[str, Any]) -> Answer:
    key = str(uuid.uuid4())
    job = account.store.jobs.put({"key": key, "doing": doing, "action": action, "status": "IN PROGRESS", "created_at": account.now()})
    if account.knobs.job_delay:
        account.later(account.knobs.job_delay, "job", job_id=job["id"])
    else:
        finish(account, job["id"])
    return Answer(202, {"job_id": key, "href": f"{request.host}/api/v2/jobs/{key}"}, {"x-request-id": key})
