"""People who answer, how the account is set up, and what it measures beside tickets."""

from datetime import datetime

from support.freshdesk.calls.base import Calls, Page, one, rows, stamp
from support.freshdesk.shapes import Agent, CannedFolder, CannedResponse, Group, SatisfactionRating, TicketField, TimeEntry


class SetupCalls(Calls):
    """Read, never written."""

    def me(self) -> Agent:
        """The agent whose key we hold: proves the key, and tells our own echoes."""
        return one(Agent, self._wire.get("agents/me"))

    def agents(self) -> list[Agent]:
        return list(self._every(Agent, "agents"))

    def groups(self) -> list[Group]:
        """Without their agents; `group` tells those."""
        return list(self._every(Group, "groups"))

    def group(self, group_id: int) -> Group:
        return one(Group, self._wire.get(f"groups/{group_id}"))

    def ticket_fields(self) -> list[TicketField]:
        return list(rows(TicketField, self._wire.get("ticket_fields", expect=list)))

    def canned_response_folders(self) -> list[CannedFolder]:
        return list(self._every(CannedFolder, "canned_response_folders"))

    def canned_responses(self, folder_id: int) -> list[CannedResponse]:
        """A folder's responses with their words."""
        return list(self._every(CannedResponse, f"canned_response_folders/{folder_id}/responses"))

    def satisfaction_ratings(self, *, created_since: datetime, page: int = 1) -> Page[SatisfactionRating]:
        """403 with `require_feature` where the plan has no surveys."""
        return self._page(SatisfactionRating, "surveys/satisfaction_ratings", page=page, created_since=stamp(created_since))

    def time_entries(self, *, executed_after: datetime, page: int = 1) -> Page[TimeEntry]:
        return self._page(TimeEntry, "time_entries", page=page, executed_after=stamp(executed_after))
