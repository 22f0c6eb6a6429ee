"""What people do who are no program: the agent at the pages, and the requester with a mail program. Their doings ring the webhook."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from demo.freshdesk import acts, conversations, merging, people, surveys
from demo.freshdesk.account import Account
from demo.freshdesk.attachments import keep
from demo.freshdesk.exchange import Refusal
from demo.freshdesk.multipart import Upload
from demo.freshdesk.store import Row

Words = Mapping[str, Any]
Done = tuple[Row, str]
Act = Callable[[Account, Row, Words], Done]
Files = Iterable[tuple[str, str, bytes]]  # name, type, content


def agent_does(account: Account, ticket_id: int, doing: str, **words: Any) -> dict[str, Any]:
    """One act of a human agent; what it announces goes to the webhook."""
    ticket = acts.existing(account, ticket_id)
    act = ACTS.get(doing)
    if act is None:
        raise Refusal(400, {"message": f"an agent cannot {doing}"})
    row, event = act(account, ticket, words)
    account.announce(ticket_id, event)
    return row


def requester_writes(account: Account, *, email: str, subject: str, body: str, attachments: Files = ()) -> dict[str, Any]:
    """A stranger's mail becomes a ticket."""
    ticket = acts.open_ticket(account, {"email": email, "subject": subject, "description": body, "source": 1})
    keep(account, [Upload(*file) for file in attachments], ticket_id=ticket["id"])
    account.announce(ticket["id"], "{ticket_action:created}")
    return ticket


def requester_answers(account: Account, ticket_id: int, *, body: str, attachments: Files = ()) -> dict[str, Any]:
    """The requester's mail on their own ticket; an archived one cannot take it, so it opens another."""
    ticket = account.store.tickets.get(ticket_id)
    if ticket and ticket["place"] == "archived":
        email = people.find(account, ticket["requester_id"])["email"]
        return requester_writes(account, email=email, subject=f"Re: {ticket['subject']}", body=body, attachments=attachments)
    ticket = acts.existing(account, ticket_id)
    person = people.find(account, ticket["requester_id"])
    row = conversations.add(account, ticket, body=body, user_id=person["id"], source=conversations.REPLY, incoming=True)
    conversations.attach(account, row, [Upload(*file) for file in attachments])
    account.announce(ticket_id, "{ticket_action:requester_replied}")
    return row


def requester_rates(account: Account, ticket_id: int, *, rating: int, feedback: str = "") -> dict[str, Any]:
    """The requester answers the survey."""
    row = surveys.rate(account, acts.existing(account, ticket_id), ratings={"default_question": rating}, feedback=feedback or None)
    account.announce(ticket_id, "{ticket_action:rated}")
    return row


def _answers(account: Account, ticket: Row, words: Words) -> Done:
    row = conversations.add(account, ticket, body=words["body"], user_id=account.human["id"], source=conversations.REPLY)
    conversations.attach(account, row, [Upload(*file) for file in words.get("attachments", ())])
    return row, "{ticket_action:agent_replied}"


def _notes(account: Account, ticket: Row, words: Words) -> Done:
    private = words.get("private", True)
    author = account.human["id"]
    row = conversations.add(account, ticket, body=words["body"], user_id=author, source=conversations.NOTE, private=private)
    conversations.attach(account, row, [Upload(*file) for file in words.get("attachments", ())])
    return row, "{note_type:private}" if private else "{note_type:public}"


def _forwards(account: Account, ticket: Row, words: Words) -> Done:
    to = {"to_emails": words["to_emails"], "from_email": conversations.SUPPORT_ADDRESS, "private": True}
    row = conversations.add(account, ticket, body=words["body"], user_id=account.human["id"], source=conversations.FORWARD, **to)
    return row, "{ticket_action:forwarded}"


def _changes(account: Account, ticket: Row, words: Words) -> Done:
    row = acts.change(account, ticket, dict(words))
    changed = next((name for name in ("status", "priority") if ticket[name] != row[name]), "")
    if not changed:
        return row, "{ticket_action:updated}"
    return row, f"{{{changed}:{{from:{ticket[changed]},to:{row[changed]}}}}}"


def _edits(account: Account, ticket: Row, words: Words) -> Done:
    row = conversations.edit(account, _said_on(account, ticket, words), body=words["body"], user_id=account.human["id"])
    return row, "{note_action:edited}"


def _erases(account: Account, ticket: Row, words: Words) -> Done:
    row = _said_on(account, ticket, words)
    conversations.erase(account, row)
    return row, "{note_action:deleted}"


def _merges(account: Account, ticket: Row, words: Words) -> Done:
    others = [acts.existing(account, other) for other in words["ticket_ids"]]
    merging.merge(account, ticket, others, user_id=account.human["id"], note_in_primary={}, note_in_secondary={})
    return acts.existing(account, ticket["id"]), "{ticket_action:merged}"


def _moves(place: str, doing: str) -> Act:
    return lambda account, ticket, _words: (acts.move(account, ticket, place), "{ticket_action:" + doing + "}")


def _said_on(account: Account, ticket: Row, words: Words) -> Row:
    row = account.store.conversations.get(words["conversation_id"])
    if row is None or row["ticket_id"] != ticket["id"]:
        raise Refusal(404)
    return row


ACTS: Mapping[str, Act] = {
    "reply": _answers,
    "note": _notes,
    "forward": _forwards,
    "change": _changes,
    "edit": _edits,
    "erase": _erases,
    "merge": _merges,
    "delete": _moves("deleted", "delete"),
    "spam": _moves("spam", "spam"),
    "restore": _moves("", "restore"),
}
