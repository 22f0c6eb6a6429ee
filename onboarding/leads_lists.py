"""The lists of whoever leads reviews and guides communities, as files: the board, who waits, who is on the way, meetings, pairs, requests."""

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from onboarding.board import Card
from onboarding.models import Decision, DuplicateLink, Letter, Meeting, PrivacyRequest
from onboarding.plan_list import Row

BOARD: list[Column[Card]] = [
    Column("reference", _("Reference"), lambda card: card.reference),
    Column("name", _("Community"), lambda card: card.name),
    Column("country", _("Country"), lambda card: card.country),
    Column("days", _("Days"), lambda card: card.days),
    Column("reviews", _("Reviews"), lambda card: card.reviews),
    Column("median", _("Median"), lambda card: card.median),
    Column("flags", _("Flags"), lambda card: ", ".join(map(str, card.flags))),
    Column("holder", _("Held by"), lambda card: card.holder.label),
    Column("outcome", _("Outcome"), lambda card: card.outcome),
]
WAITING_LIST: list[Column[Decision]] = [
    Column("reference", _("Reference"), lambda row: row.application.reference),
    Column("name", _("Community"), lambda row: row.application.name),
    Column("released", _("Released"), lambda row: row.released_at),
    Column("look_again", _("Look again on"), lambda row: row.look_again_on),
]
ON_THE_WAY: list[Column[Row]] = [
    Column("slug", _("Short name"), lambda row: row.slug),
    Column("name", _("Community"), lambda row: row.name),
    Column("state", _("State"), lambda row: row.state),
    Column("next", _("Next"), lambda row: row.next_step),
    Column("holder", _("Held by"), lambda row: row.holder),
    Column("since", _("Since"), lambda row: row.since),
]
MEETINGS: list[Column[Meeting]] = [
    Column("day", _("Day"), lambda row: row.date),
    Column("chair", _("Chair"), lambda row: row.chair.get_full_name()),
    Column("applications", _("Applications"), lambda row: row.number),  # type: ignore[attr-defined]  # annotated by the page
    Column("closed", _("Ended"), lambda row: row.closed_at),
]
FAILED_LETTERS: list[Column[Letter]] = [
    Column("reference", _("Reference"), lambda row: row.decision.application.reference),
    Column("name", _("Community"), lambda row: row.decision.application.name),
    Column("language", _("Language"), lambda row: row.language),
    Column("error", _("Why"), lambda row: row.last_error),
]
PAIRS: list[Column[DuplicateLink]] = [
    Column("one", _("Reference"), lambda row: row.a.reference),
    Column("other", _("Other reference"), lambda row: row.b.reference),
    Column("found", _("Found"), lambda row: row.found_at),
]
PRIVACY: list[Column[PrivacyRequest]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("asked", _("Asked"), lambda row: row.received_at),
    Column("due", _("Due"), lambda row: row.due_at),
]
