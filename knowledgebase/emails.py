"""Mails of the knowledge bases: an article waits for a second reader and what they said, and what became of an offer."""

from typing import Any

from django.urls import reverse
from wagtail.models import WorkflowState

from communities.models import User
from ground.mail import Context, NothingToSay, mail
from knowledgebase.models import Offer, OfferState, may_pass


@mail("knowledgebase/waits_for_a_reader.txt")
def waits_for_a_reader(state_id: int, reader_id: int) -> Context:
    """An article waits for somebody to read it."""
    state = _state(state_id)
    if state.status != WorkflowState.STATUS_IN_PROGRESS or not may_pass(state.content_object, User.objects.get(pk=reader_id)):
        raise NothingToSay
    return {**_about(state, reader_id), "writer": state.requested_by}


@mail("knowledgebase/was_published.txt")
def was_published(state_id: int, reader_id: int) -> Context:
    """Somebody read the article you sent, and it is published."""
    state = _state(state_id)
    return {**_about(state, reader_id), "by": _last(state).finished_by, "comment": _last(state).comment}


@mail("knowledgebase/needs_changes.txt")
def needs_changes(state_id: int, reader_id: int) -> Context:
    """Somebody read the article you sent, and asks for changes."""
    state = _state(state_id)
    return {**_about(state, reader_id), "by": _last(state).finished_by, "comment": _last(state).comment}


@mail("knowledgebase/offer_settled.txt")
def offer_settled(offer_id: int, reader_id: int) -> Context:
    """Your article was taken to the shared shelf, or was not, and why."""
    offer = Offer.objects.select_related("knowledge_base__community").filter(pk=offer_id).first()
    if offer is None or offer.knowledge_base.community is None:
        raise NothingToSay
    return {
        "offer": offer,
        "is_taken": offer.state == OfferState.ACCEPTED,
        "person": User.objects.get(pk=reader_id),
        "path": reverse("knowledgebase:offers_of_community", args=[offer.knowledge_base.community.slug]),
    }


def _state(state_id: int) -> WorkflowState:
    state = WorkflowState.objects.filter(pk=state_id).select_related("requested_by").first()
    if state is None or state.content_object is None:
        raise NothingToSay
    return state


def _last(state: WorkflowState) -> Any:
    return state.task_states.select_related("finished_by").latest("pk")


def _about(state: WorkflowState, reader_id: int) -> Context:
    page = state.content_object
    return {
        "person": User.objects.get(pk=reader_id),
        "title": page.specific.get_admin_display_title(),
        "path": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
