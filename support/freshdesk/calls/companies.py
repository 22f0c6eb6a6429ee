"""Organisations; each of our communities is one."""

from datetime import datetime

from ground.errors import Rejected
from support.freshdesk.calls.base import Calls, Page, is_duplicate, one, stamp
from support.freshdesk.drafts import CompanyFacts
from support.freshdesk.shapes import Company


class CompanyCalls(Calls):
    """Known by their name."""

    def companies(self, *, updated_since: datetime | None = None, page: int = 1) -> Page[Company]:
        return self._page(Company, "companies", page=page, updated_since=updated_since and stamp(updated_since))

    def company(self, company_id: int) -> Company:
        return one(Company, self._wire.get(f"companies/{company_id}"))

    def find_company(self, name: str) -> Company | None:
        """The company of exactly this name. Freshdesk's autocomplete matches the start of words."""
        answer = self._wire.get("companies/autocomplete", {"name": name}, expect=object)
        rows = answer.payload.get("companies") if isinstance(answer.payload, dict) else answer.payload
        found = [Company.read(row) for row in rows] if isinstance(rows, list) else []
        named = next((each for each in found if each.id and each.name.casefold() == name.casefold()), None)
        return self.company(named.id or 0) if named else None

    def create_company(self, facts: CompanyFacts) -> Company:
        """A new company, or the one that already has the name."""
        try:
            return one(Company, self._wire.post("companies", facts.payload()))
        except Rejected as refusal:
            known = self._company_in_the_way(refusal, facts)
            if known is None:
                raise
            return known

    def update_company(self, company_id: int, facts: CompanyFacts) -> Company:
        return one(Company, self._wire.put(f"companies/{company_id}", facts.payload()))

    def _company_in_the_way(self, refusal: Rejected, facts: CompanyFacts) -> Company | None:
        if not facts.name or not is_duplicate(refusal):
            return None
        known, name = self.find_company(facts.name), facts.name.casefold()
        return known or next((company for company in self._every(Company, "companies") if company.name.casefold() == name), None)
