"""Tickets, messages and contacts for tests."""

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from ground.references import new_reference
from support.models import Attachment, Contact, Message, Ticket
from support.recording.external_keys import content_hash, new_external_key
from support.states import MessageKind
from tests.factories import CommunityFactory


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    email = factory.Sequence(lambda n: f"asker{n}@example.org")
    name = factory.Sequence(lambda n: f"Asker {n}")


class TicketFactory(DjangoModelFactory):
    class Meta:
        model = Ticket

    reference = factory.LazyFunction(lambda: new_reference("T", groups=1, size=6))
    community = factory.SubFactory(CommunityFactory)
    requester = factory.SubFactory(ContactFactory)
    subject = factory.Sequence(lambda n: f"The server does not start {n}")
    body_html = "<p>It worked yesterday.</p>"
    body_text = "It worked yesterday."
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.SelfAttribute("created_at")
    waiting_since = factory.SelfAttribute("created_at")
    external_key = factory.LazyFunction(new_external_key)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    ticket = factory.SubFactory(TicketFactory)
    kind = MessageKind.REPLY
    author_label = "Sam"
    body_text = "Please try again."
    body_html = factory.LazyAttribute(lambda row: f"<p>{row.body_text}</p>")
    content_hash = factory.LazyAttribute(lambda row: content_hash(row.body_text))
    created_at = factory.LazyFunction(timezone.now)


class AttachmentFactory(DjangoModelFactory):
    """A file that is here; `file=""` with a `freshdesk_id` is one that is still there."""

    class Meta:
        model = Attachment

    ticket = factory.SubFactory(TicketFactory)
    name = "server.log"
    content_type = "text/plain"
    size = factory.LazyAttribute(lambda row: row.file.size if row.file else None)
    file = factory.LazyFunction(lambda: ContentFile(b"It failed.\n", name="server.log"))
    created_at = factory.LazyFunction(timezone.now)
