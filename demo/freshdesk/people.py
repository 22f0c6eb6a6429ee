"""Contacts and agents over the API."""

from typing import Any

from demo.freshdesk import checking, companies, paging, shapes
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

FIELDS: checking.Fields = {
    "name": str,
    "email": str,
    "phone": str,
    "mobile": str,
    "twitter_id": str,
    "unique_external_id": str,
    "address": str,
    "description": str,
    "job_title": str,
    "language": str,
    "time_zone": str,
    "company_id": int,
    "view_all_tickets": bool,
    "other_companies": list,
    "other_emails": list,
    "tags": list,
    "custom_fields": dict,
}
FILTERS = (
    "email",
    "mobile",
    "phone",
    "company_id",
    "state",
    "contact_type",
    "updated_since",
    "_updated_since",
    "unique_external_id",
    "order_by",
    "order_type",
)


def list_contacts(account: Account, request: Request) -> Answer:
    """By name; neither blocked nor deleted unless asked for."""
    query = checking.query(request, (*paging.PARAMETERS, *FILTERS))
    where, values = ["place = ?"], ["deleted" if query.get("state") == "deleted" else ""]
    for column in ("email", "company_id", "unique_external_id"):
        if column in query:
            where.append(f"{column} = ?")
            values.append(query[column].lower() if column == "email" else query[column])
    since = query.get("updated_since") or query.get("_updated_since")
    if since:
        where.append("updated_at >= ?")
        values.append(since)
    window = paging.cut(query)
    rows = account.store.contacts.find(
        " AND ".join(where), *values, order="name COLLATE NOCASE, id", limit=window.limit, offset=window.offset
    )
    return paging.paged(request, window, rows, shapes.contact_listed)


def view_contact(account: Account, request: Request, contact_id: int) -> Answer:
    return Answer(200, shapes.contact_viewed(find(account, contact_id)))


def create_contact(account: Account, request: Request) -> Answer:
    given = checking.body(request, FIELDS, required=("name",))
    if not any(given.get(key) for key in ("email", "phone", "mobile", "twitter_id", "unique_external_id")):
        checking.refuse("email", "Please fill at least 1 of email, mobile, phone, twitter_id, unique_external_id fields.", "missing_field")
    _refuse_duplicates(account, given, own_id=None)
    contact = add(account, given)
    return Answer(201, shapes.contact_viewed(contact), {"location": f"{request.host}/api/v2/contacts/{contact['id']}"})


def update_contact(account: Account, request: Request, contact_id: int) -> Answer:
    contact = find(account, contact_id)
    if contact["place"]:
        raise method_refused("PUT", "GET")
    given = checking.body(request, FIELDS)
    _refuse_duplicates(account, given, own_id=contact_id)
    _refuse_unknown_company(account, given)
    changed = {**contact, **given, "updated_at": account.now()}
    return Answer(200, shapes.contact_viewed(account.store.contacts.put(_tidy(changed))))


def delete_contact(account: Account, request: Request, contact_id: int) -> Answer:
    account.store.contacts.put({**find(account, contact_id), "place": "deleted", "deleted": True, "updated_at": account.now()})
    return Answer(204)


def restore_contact(account: Account, request: Request, contact_id: int) -> Answer:
    account.store.contacts.put({**find(account, contact_id), "place": "", "deleted": False, "updated_at": account.now()})
    return Answer(204)


def list_agents(account: Account, request: Request) -> Answer:
    query = checking.query(request, (*paging.PARAMETERS, "email", "mobile", "phone", "state"))
    window = paging.cut(query)
    where, values = ("email = ?", [query["email"]]) if "email" in query else ("1", [])
    return paging.paged(
        request, window, account.store.agents.find(where, *values, limit=window.limit, offset=window.offset), shapes.agent_listed
    )


def view_me(account: Account, request: Request) -> Answer:
    return Answer(200, shapes.agent_viewed(account.me))


def view_agent(account: Account, request: Request, agent_id: int) -> Answer:
    agent = account.store.agents.get(agent_id)
    if agent is None:
        raise Refusal(404)
    return Answer(200, shapes.agent_viewed(agent))


def list_groups(account: Account, request: Request) -> Answer:
    query = checking.query(request, paging.PARAMETERS)
    window = paging.cut(query)
    rows = account.store.groups.find(limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, lambda row: {key: value for key, value in row.items() if key != "agent_ids"})


def find(account: Account, contact_id: int) -> Row:
    """A contact; an agent's id finds nobody here."""
    contact = account.store.contacts.get(contact_id)
    if contact is None:
        raise Refusal(404)
    return contact


def add(account: Account, given: dict[str, Any]) -> Row:
    """A new contact, in the company of its mail domain unless another was named."""
    _refuse_unknown_company(account, given)
    now = account.now()
    company_id = given.get("company_id") or companies.of_domain(account, (given.get("email") or "").lower())
    return account.store.contacts.put(
        _tidy({**given, "company_id": company_id, "place": "", "contact_type": "contact", "created_at": now, "updated_at": now})
    )


def requester_for(account: Account, given: dict[str, Any]) -> Row:
    """Whoever the ticket is for: found by id, address or external id, else made from what was said."""
    if given.get("requester_id"):
        person = account.store.contacts.get(given["requester_id"]) or account.store.agents.get(given["requester_id"])
        if person is None:
            checking.refuse("requester_id", "There is no contact matching the given requester_id", "invalid_value")
        return person
    if given.get("unique_external_id"):
        known = account.store.contacts.find("unique_external_id = ?", given["unique_external_id"])
        if known:
            return known[0]
    email = (given.get("email") or "").lower()
    known = [*account.store.contacts.find("email = ?", email), *account.store.agents.find("email = ?", email)] if email else []
    name = given.get("name") or email.partition("@")[0].capitalize() or "Someone"
    return known[0] if known else add(account, {"name": name, "email": email or None, "phone": given.get("phone")})


def name_of(account: Account, user_id: int | None) -> str:
    person = user_id and (account.store.contacts.get(user_id) or account.store.agents.get(user_id))
    if not person:
        return "System"
    return str(person["contact"]["name"] if "contact" in person else person.get("name"))


def method_refused(method: str, allowed: str) -> Refusal:
    return Refusal(405, {"message": f"{method} method is not allowed. It should be one of these method(s): {allowed}"})


def _refuse_duplicates(account: Account, given: dict[str, Any], *, own_id: int | None) -> None:
    for column in ("email", "unique_external_id"):
        value = (given.get(column) or "").lower() if column == "email" else given.get(column)
        holders = account.store.contacts.find(f"{column} = ?", value) if value else []
        if column == "email" and value:
            holders += account.store.agents.find("email = ?", value)
        if holders and holders[0]["id"] != own_id:
            checking.refuse(
                column, "It should be a unique value", "duplicate_value", status=409, additional_info={"user_id": holders[0]["id"]}
            )


def _refuse_unknown_company(account: Account, given: dict[str, Any]) -> None:
    if given.get("company_id") and account.store.companies.get(given["company_id"]) is None:
        checking.refuse("company_id", f"There is no company matching the given company_id {given['company_id']}", "invalid_value")


def _tidy(contact: dict[str, Any]) -> Row:
    first, _, last = (contact.get("name") or "").partition(" ")
    return {**contact, "email": (contact.get("email") or "").lower() or None, "first_name": first, "last_name": last or None}
