"""What is said on tickets, and the files that come with it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager

from support.freshdesk.calls.base import Calls, Page, one, unless_already
from support.freshdesk.downloads import LARGEST
from support.freshdesk.drafts import NewNote
from support.freshdesk.multipart import Files
from support.freshdesk.shapes import Conversation


class ConversationCalls(Calls):
    """Found by their ticket alone: no list holds them all, and none answers by its id."""

    def conversations(self, ticket_id: int) -> list[Conversation]:
        """All of them, oldest first, to the last page."""
        return list(self._every(Conversation, f"tickets/{ticket_id}/conversations"))

    def conversations_page(self, ticket_id: int, *, page: int = 1) -> Page[Conversation]:
        return self._page(Conversation, f"tickets/{ticket_id}/conversations", page=page)

    def archived_conversations(self, ticket_id: int) -> list[Conversation]:
        return list(self._every(Conversation, f"tickets/archived/{ticket_id}/conversations"))

    def reply(self, ticket_id: int, *, body: str, cc: Sequence[str] = (), files: Files = ()) -> Conversation:
        """Answer the requester, by mail, as the key's agent, copied to `cc`. Not idempotent, and a second one is a second mail."""
        said = {"body": body, "cc_emails": list(cc)} if cc else {"body": body}
        return one(Conversation, self._wire.post(f"tickets/{ticket_id}/reply", said, files=files))

    def note(self, ticket_id: int, draft: NewNote, *, files: Files = ()) -> Conversation:
        """Add a note, mailed to nobody. Not idempotent."""
        return one(Conversation, self._wire.post(f"tickets/{ticket_id}/notes", draft.payload(), files=files))

    def update_note(self, conversation_id: int, *, body: str) -> Conversation:
        """Only notes can be changed."""
        return one(Conversation, self._wire.put(f"conversations/{conversation_id}", {"body": body}))

    def delete_conversation(self, conversation_id: int) -> bool:
        """Without a trace; False when it was gone already."""
        return unless_already(lambda: self._wire.delete(f"conversations/{conversation_id}"))

    def delete_attachment(self, attachment_id: int) -> bool:
        return unless_already(lambda: self._wire.delete(f"attachments/{attachment_id}"))

    def download(self, url: str, *, largest: int = LARGEST) -> AbstractContextManager[Iterator[bytes]]:
        """The octets behind an `attachment_url`, in a `with`. The address expires (Rejected, 403): ask for the ticket again. Costs no credit."""
        return self._downloads.open(url, largest=largest)
