"""People who ask."""

from datetime import datetime
from typing import Any

from ground.errors import Rejected
from support.freshdesk.budget import Cost, SubLimit
from support.freshdesk.calls.base import Calls, Page, is_unknown_field, one, stamp, unless_already
from support.freshdesk.downloads import Downloads
from support.freshdesk.drafts import ContactFacts
from support.freshdesk.multipart import Files
from support.freshdesk.shapes import Contact
from support.freshdesk.wire import Wire

SINCE = ("updated_since", "_updated_since")  # the filter's names, the newer first
LISTED = Cost(1, SubLimit.CONTACTS_LIST)


class ContactCalls(Calls):
    """Known by their address."""

    def __init__(self, wire: Wire, downloads: Downloads) -> None:
        super().__init__(wire, downloads)
        self._since: str | None = None

    def contact(self, contact_id: int) -> Contact:
        return one(Contact, self._wire.get(f"contacts/{contact_id}"))

    def contacts(self, *, updated_since: datetime | None = None, page: int = 1, state: str | None = None) -> Page[Contact]:
        """One page, by name. `state` is "deleted" or "blocked", whom the plain list leaves out, "verified" or "unverified"."""
        if updated_since is None:
            return self._contacts(page=page, state=state)
        if self._since is None:
            return self._first_changed_contacts(updated_since, page=page, state=state)
        return self._contacts(page=page, state=state, **{self._since: stamp(updated_since)})

    def find_contact(self, email: str) -> Contact | None:
        """The contact of an address, in whatever case it was typed; not the blocked or deleted ones."""
        found = self._contacts(email=email.lower()).items
        return next((contact for contact in found if contact.email.lower() == email.lower()), None)

    def create_contact(self, facts: ContactFacts, *, files: Files = ()) -> Contact:
        """A new contact, or the one that already holds the address. A file's part is `avatar`."""
        try:
            return one(Contact, self._wire.post("contacts", facts.payload(), files=files))
        except Rejected as refusal:
            known = holder_of_duplicate(refusal)
            if known is None:
                raise
            return self._holder(known, facts)

    def update_contact(self, contact_id: int, facts: ContactFacts, *, files: Files = ()) -> Contact:
        """405: deleted or blocked; 404: an agent, or nobody."""
        path, payload = f"contacts/{contact_id}", facts.payload()
        if files:
            return one(Contact, self._wire.put_once(path, payload, files=files))
        return one(Contact, self._wire.put(path, payload))

    def restore_contact(self, contact_id: int) -> bool:
        """False when there was nothing to restore."""
        return unless_already(lambda: self._wire.put(f"contacts/{contact_id}/restore", expect=None))

    def _contacts(self, **params: Any) -> Page[Contact]:
        return self._page(Contact, "contacts", cost=LISTED, **params)

    def _first_changed_contacts(self, since: datetime, **wish: Any) -> Page[Contact]:
        """By the newer name of the filter; an account that refuses or ignores it is asked by the older one from then on."""
        newer, older = SINCE
        try:
            found = self._contacts(**wish, **{newer: stamp(since)})
            if not any(each.updated_at and each.updated_at < since.replace(microsecond=0) for each in found.items):
                return found
        except Rejected as refusal:
            if not is_unknown_field(refusal, newer):
                raise
        self._since = older
        return self._contacts(**wish, **{older: stamp(since)})

    def _holder(self, contact_id: int, facts: ContactFacts) -> Contact:
        """Whoever holds the address already; an agent answers 404 here and may ask all the same."""
        try:
            return self.contact(contact_id)
        except Rejected as refusal:
            if refusal.status != 404:
                raise
            return Contact(id=contact_id, name=facts.name or "", email=facts.email or "")


def holder_of_duplicate(refusal: Rejected) -> int | None:
    """Who already has what we wanted to give: Freshdesk names the contact in the refusal."""
    for error in refusal.errors:
        match error:
            case {"additional_info": {"user_id": int(holder)}}:
                return holder
    return None
