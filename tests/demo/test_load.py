"""Synthetic data is consistent with itself, and adding twice adds."""

import pytest
from django.core.management import CommandError, call_command

from communities import defaults
from communities.models import Community
from ground.actors import Actor
from knowledgebase.models import Edition
from knowledgebase.suggestions import suggest
from support.models import Message, Ticket
from support.search import match
from support.states import MessageKind

pytestmark = pytest.mark.django_db


def test_load_adds_what_it_says_and_adds_again():
    defaults.ensure()

    call_command("generate_load", communities=2, tickets=20, messages=50, seed=7)
    call_command("generate_load", communities=1, tickets=5, messages=0)

    assert (Community.objects.count(), Ticket.objects.count(), Message.objects.count()) == (3, 25, 50)


def test_load_of_more_than_is_written_at_once_adds_every_one(monkeypatch):
    monkeypatch.setattr("demo.load.tickets.CHUNK", 2)
    defaults.ensure()

    call_command("generate_load", communities=1, tickets=5, messages=10)

    assert (Ticket.objects.count(), Message.objects.count()) == (5, 10)


def test_loaded_tickets_show_their_last_public_message_and_are_found():
    defaults.ensure()
    call_command("generate_load", communities=1, tickets=10, messages=30)

    for ticket in Ticket.objects.all():
        last = ticket.messages.exclude(kind=MessageKind.NOTE).order_by("created_at", "pk").last()
        assert (ticket.last_public_kind, ticket.last_public_excerpt) == (last.kind, last.body_text[:160])
        assert ticket in match(Ticket.objects.all(), ticket.reference, by=Actor.system())
    assert match(Ticket.objects.all(), Ticket.objects.first().subject, by=Actor.system()).exists()


@pytest.mark.parametrize("options", [{"tickets": 5}, {"communities": 1, "messages": 5}, {"tickets": -1}])
def test_load_that_cannot_be_made_says_so(options):
    defaults.ensure()
    with pytest.raises(CommandError) as refusal:
        call_command("generate_load", **options)
    assert refusal.value.returncode == 2


def test_loaded_articles_are_published_and_found():
    defaults.ensure()
    call_command("generate_load", articles=3)
    call_command("generate_load", articles=2)

    loaded = Edition.objects.filter(address__startswith="load-")
    assert loaded.count() == 5
    found = suggest(loaded.first().title, actor=Actor.anonymous(), limit=20)
    assert any("/load-" in suggestion.url for suggestion in found)
