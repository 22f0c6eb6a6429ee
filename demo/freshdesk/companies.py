"""Companies over the API: what we call communities."""

from typing import Any

from demo.freshdesk import checking, paging, shapes
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

FIELDS: checking.Fields = {
    "name": str,
    "description": str,
    "note": str,
    "domains": list,
    "custom_fields": dict,
    "health_score": str,
    "account_tier": str,
    "renewal_date": str,
    "industry": str,
}


def list_companies(account: Account, request: Request) -> Answer:
    query = checking.query(request, (*paging.PARAMETERS, "updated_since", "order_by", "order_type"))
    window = paging.cut(query)
    since = checking.moment("updated_since", query["updated_since"]) if "updated_since" in query else ""
    rows = account.store.companies.find("updated_at >= ?", since, order="name COLLATE NOCASE", limit=window.limit, offset=window.offset)
    return paging.paged(request, window, rows, shapes.company)


def autocomplete(account: Account, request: Request) -> Answer:
    """By the start of any word of the name."""
    term = checking.query(request, ("name",)).get("name", "").lower()
    rows = account.store.companies.find("lower(name) LIKE ? OR lower(name) LIKE ?", f"{term}%", f"% {term}%", order="name")
    return Answer(200, {"companies": [{"id": row["id"], "name": row["name"]} for row in rows]})


def view_company(account: Account, request: Request, company_id: int) -> Answer:
    return Answer(200, shapes.company(find(account, company_id)))


def create_company(account: Account, request: Request) -> Answer:
    given = checking.body(request, FIELDS, required=("name",))
    _refuse_duplicates(account, given, own_id=None)
    now = account.now()
    company = account.store.companies.put({**given, "created_at": now, "updated_at": now})
    _claim(account, company)
    return Answer(201, shapes.company(company), {"location": f"{request.host}/api/v2/companies/{company['id']}"})


def update_company(account: Account, request: Request, company_id: int) -> Answer:
    company = find(account, company_id)
    given = checking.body(request, FIELDS)
    _refuse_duplicates(account, given, own_id=company_id)
    changed = account.store.companies.put({**company, **given, "updated_at": account.now()})
    _claim(account, changed)
    return Answer(200, shapes.company(changed))


def delete_company(account: Account, request: Request, company_id: int) -> Answer:
    """For good; its contacts stay, without a company."""
    account.store.companies.remove(find(account, company_id)["id"])
    for contact in account.store.contacts.find("company_id = ?", company_id):
        account.store.contacts.put({**contact, "company_id": None})
    return Answer(204)


def find(account: Account, company_id: int) -> Row:
    company = account.store.companies.get(company_id)
    if company is None:
        raise Refusal(404)
    return company


def of_domain(account: Account, email: str) -> int | None:
    """The company that claims the domain of an address."""
    domain = email.partition("@")[2]
    claim = "EXISTS (SELECT 1 FROM json_each(body, '$.domains') WHERE value = ?)"
    return next((row["id"] for row in account.store.companies.find(claim, domain, limit=1)), None) if domain else None


def _claim(account: Account, company: Row) -> None:
    """Contacts of nobody's whose address is in one of its domains."""
    for domain in company.get("domains") or []:
        for contact in account.store.contacts.find("company_id IS NULL AND email LIKE ?", f"%@{domain}"):
            account.store.contacts.put({**contact, "company_id": company["id"], "updated_at": account.now()})


def _refuse_duplicates(account: Account, given: dict[str, Any], *, own_id: int | None) -> None:
    holders = account.store.companies.find("name = ? COLLATE NOCASE", given["name"]) if given.get("name") else []
    if holders and holders[0]["id"] != own_id:
        checking.refuse("name", "It should be a unique value", "duplicate_value", status=409)
