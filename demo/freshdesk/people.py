"""Contacts over the API, and who somebody is."""

from collections.abc import Mapping
from typing import Any

from demo.freshdesk import checking, companies, paging, shapes
from demo.freshdesk.account import Account
from demo.freshdesk.account import agent as new_agent
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
MOST_ADDRESSES = 10
MERGED_FIELDS: checking.Fields = {
    "email": str,
    "phone": str,
    "mobile": str,
    "twitter_id": str,
    "unique_external_id": str,
    "other_emails": list,
    "company_ids": list,
}
FILTERS = (
    "email",
    "mobile",
    "phone",
    "company_id",
    "state",
    "contact_type",
    "unique_external_id",
    "order_by",
    "order_type",
)
STATES = {
    "": "place = ''",
    "verified": "place = '' AND json_extract(body, '$.active')",
    "unverified": "place = '' AND NOT coalesce(json_extract(body, '$.active'), 0)",
    "blocked": "place = 'blocked'",
    "deleted": "place = 'deleted'",
}


def list_contacts(account: Account, request: Request) -> Answer:
    """By name; neither blocked nor deleted unless asked for."""
    query = checking.query(request, (*paging.PARAMETERS, *FILTERS, *_since_names(account)))
    where, values = _wanted(query)
    window = paging.cut(query)
    rows = account.store.contacts.find(
        " AND ".join(where), *values, order="name COLLATE NOCASE, id", limit=window.limit, offset=window.offset
    )
    return paging.paged(request, window, rows, shapes.contact_listed)


def autocomplete(account: Account, request: Request) -> Answer:
    """By the start of any word of the name."""
    term = checking.query(request, ("term",)).get("term", "")
    rows = account.store.contacts.find("place = '' AND (name LIKE ? OR name LIKE ?)", f"{term}%", f"% {term}%", order="name COLLATE NOCASE")
    return Answer(200, [{"id": row["id"], "name": row["name"]} for row in rows])


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
    """Softly: it can be restored, and its addresses stay taken."""
    contact = find(account, contact_id)
    if contact["place"]:
        raise method_refused("DELETE", "GET")
    account.store.contacts.put({**contact, "place": "deleted", "deleted": True, "updated_at": account.now()})
    return Answer(204)


def restore_contact(account: Account, request: Request, contact_id: int) -> Answer:
    account.store.contacts.put({**find(account, contact_id), "place": "", "deleted": False, "updated_at": account.now()})
    return Answer(204)


def hard_delete_contact(account: Account, request: Request, contact_id: int) -> Answer:
    """For good, and all its tickets with it; what it said elsewhere is nobody's. One that is not in the trash only with force."""
    contact = find(account, contact_id)
    if contact["place"] != "deleted" and checking.query(request, ("force",)).get("force") != "true":
        raise method_refused("DELETE", "GET")
    for ticket in account.store.tickets.find("requester_id = ?", contact_id):
        account.erase(ticket["id"])
    for row in account.store.conversations.find("json_extract(body, '$.user_id') = ?", contact_id):
        account.store.conversations.put({**row, "user_id": None})
    account.store.contacts.remove(contact_id)
    return Answer(204)


def merge_contacts(account: Account, request: Request) -> Answer:
    """The others' tickets and addresses become the first one's, and the others are gone."""
    fields = {"primary_contact_id": int, "secondary_contact_ids": list, "contact": dict}
    given = checking.body(request, fields, required=("primary_contact_id", "secondary_contact_ids"))
    said = checking.within(given, "contact", MERGED_FIELDS)
    primary = find(account, given["primary_contact_id"])
    others = [find(account, one) for one in checking.identifiers(given, "secondary_contact_ids")]
    if primary in others:
        checking.refuse("secondary_contact_ids", "It should not contain the primary contact", "invalid_value")
    addresses = [*(primary.get("other_emails") or []), *(one["email"] for one in others if one["email"])]
    if len(addresses) >= MOST_ADDRESSES:
        checking.refuse("other_emails", f"A contact can have at most {MOST_ADDRESSES} email addresses", "invalid_value")
    for other in others:
        _hand_over(account, other["id"], primary["id"])
    kept = {"other_emails": checking.strings(said, "other_emails") or addresses}
    _refuse_duplicates(account, {**said, **kept}, own_id=primary["id"])
    said.pop("company_ids", None)
    account.store.contacts.put(_tidy({**primary, **said, **kept, "updated_at": account.now()}))
    return Answer(204)


def make_agent(account: Account, request: Request, contact_id: int) -> Answer:
    """The same person under the same id, among the agents from now on."""
    contact = find(account, contact_id)
    account.store.contacts.remove(contact_id)
    agent = new_agent(contact["name"], contact["email"] or "", at=account.now())
    return Answer(200, shapes.agent_viewed(account.store.agents.put({**agent, "id": contact_id})))


def mark(account: Account, contact_id: int, state: str) -> Row:
    """What an agent makes of a contact at the pages: blocked, verified, or as it was."""
    changes: dict[str, Row] = {"blocked": {"place": "blocked"}, "verified": {"active": True}, "unblocked": {"place": ""}}
    return account.store.contacts.put({**find(account, contact_id), **changes[state], "updated_at": account.now()})


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
    known = _holders_of_address(account, email)
    if not known and not email and given.get("phone"):
        known = account.store.contacts.find("json_extract(body, '$.phone') = ?", given["phone"], limit=1)
    if known:
        return known[0]
    name = given.get("name") or email.partition("@")[0].capitalize() or "Someone"
    about = {"name": name, "email": email or None, "phone": given.get("phone"), "unique_external_id": given.get("unique_external_id")}
    return add(account, about)


def person(account: Account, user_id: int | None) -> Row | None:
    """A contact, or what an agent has of one."""
    agent = account.store.agents.get(user_id or 0)
    return {**agent["contact"], "id": agent["id"]} if agent else account.store.contacts.get(user_id or 0)


def name_of(account: Account, user_id: int | None) -> str:
    known = person(account, user_id)
    return str(known.get("name")) if known else "System"


def method_refused(method: str, allowed: str) -> Refusal:
    return Refusal(405, {"message": f"{method} method is not allowed. It should be one of these method(s): {allowed}"})


def _since_names(account: Account) -> tuple[str, ...]:
    """Accounts differ in what they call it."""
    return ("updated_since", "_updated_since") if account.knobs.contacts_since == "both" else (account.knobs.contacts_since,)


def _wanted(query: Mapping[str, str]) -> tuple[list[str], list[Any]]:
    where = [STATES[checking.choice("state", query.get("state", ""), tuple(STATES))]]
    values: list[Any] = []
    for name in ("email", "phone", "mobile", "unique_external_id"):
        if name in query:
            where.append(f"json_extract(body, '$.{name}') = ?" if name in {"phone", "mobile"} else f"{name} = ?")
            values.append(query[name].lower() if name == "email" else query[name])
    if "company_id" in query:
        where.append("company_id = ?")
        values.append(checking.number("company_id", query["company_id"]))
    since = query.get("updated_since") or query.get("_updated_since")
    if since:
        where.append("updated_at >= ?")
        values.append(checking.moment("updated_since", since))
    return where, values


def _refuse_duplicates(account: Account, given: dict[str, Any], *, own_id: int | None) -> None:
    """One holder of each address, the further ones too, and of each external id and twitter name."""
    for address in (given.get("email"), *checking.strings(given, "other_emails")):
        _refuse_taken("email", _holders_of_address(account, (address or "").lower()), own_id)
    for name in ("unique_external_id", "twitter_id"):
        if given.get(name):
            column = name if name == "unique_external_id" else "json_extract(body, '$.twitter_id')"
            _refuse_taken(name, account.store.contacts.find(f"{column} = ?", given[name]), own_id)


def _refuse_taken(name: str, holders: list[Row], own_id: int | None) -> None:
    if holders and holders[0]["id"] != own_id:
        more = {"additional_info": {"user_id": holders[0]["id"]}}
        checking.refuse(name, "It should be a unique value", "duplicate_value", status=409, **more)


def _holders_of_address(account: Account, address: str) -> list[Row]:
    if not address:
        return []
    further = "other_addresses IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(other_addresses) WHERE value = ?)"
    contacts = [*account.store.contacts.find("email = ?", address), *account.store.contacts.find(further, address)]
    return [*contacts, *account.store.agents.find("email = ?", address)]


def _hand_over(account: Account, other_id: int, primary_id: int) -> None:
    """Tickets change hands without a bump; words keep the id of who is gone."""
    for ticket in account.store.tickets.find("requester_id = ?", other_id):
        account.keep({**ticket, "requester_id": primary_id})
    account.store.contacts.remove(other_id)


def _refuse_unknown_company(account: Account, given: dict[str, Any]) -> None:
    if given.get("company_id") and account.store.companies.get(given["company_id"]) is None:
        checking.refuse("company_id", f"There is no company matching the given company_id {given['company_id']}", "invalid_value")


def _tidy(contact: dict[str, Any]) -> Row:
    first, _, last = (contact.get("name") or "").partition(" ")
    further = [address.lower() for address in contact.get("other_emails") or []]
    names = {"first_name": first, "last_name": last or None}
    return {**contact, **names, "email": (contact.get("email") or "").lower() or None, "other_emails": further}
