"""What Freshdesk is told of a merge of ours: a note on both and the closed status, never its own merge."""

import pytest

from ground.actors import Actor
from support import sync
from support.models import Message, Ticket
from support.relations import merging
from support.states import Status
from tests.factories import CommunityFactory
from tests.support.sync.turns import said, synced, there

pytestmark = pytest.mark.django_db


def test_a_merge_and_its_undo_are_told_by_notes_and_by_the_status(freshdesk, simulator):
    community = CommunityFactory()
    merged, primary = synced(freshdesk, community=community), synced(freshdesk, community=community)

    merging.merge(merged, into=primary, by=Actor.system())
    sync.push_ticket(freshdesk, merged.pk)
    for note in Message.objects.order_by("pk"):
        sync.push_message(freshdesk, note.pk)

    named = f"{primary.reference} (#{primary.freshdesk_id})", f"{merged.reference} (#{merged.freshdesk_id})"
    assert said(simulator) == [
        (f"In Hubdesk this is answered in {named[0]}.", True, False),
        (f"In Hubdesk {named[1]} is answered here too.", True, False),
    ]
    statuses = {row["id"]: row["status"] for row in there(simulator)}
    assert statuses == {merged.freshdesk_id: Status.CLOSED, primary.freshdesk_id: Status.OPEN}

    sync.pull_ticket(freshdesk, merged.freshdesk_id)
    again = Ticket.objects.get(pk=merged.pk)
    assert (again.merged_into, again.gone_reason) == (primary, "")

    merging.part(again, by=Actor.system())
    sync.push_ticket(freshdesk, merged.pk)
    assert {row["status"] for row in there(simulator)} == {Status.OPEN}
    assert Message.objects.filter(kind="note").count() == 4
