"""The states of a hub request and of a hub, the ways between them, and how each is shown."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ground.states import Look, register


class Kind(models.TextChoices):
    """What a request asks for (`kind` of hub_request.schema.json)."""

    NEW_HUB = "new-hub", _("New hub")
    EVENT = "event", _("Event")
    CHANGE = "change", _("Change")
    DECOMMISSION = "decommission", _("Closing a hub")


class RequestState(models.TextChoices):
    """Where a request stands: first with the community, then with engineers, then with the deployer."""

    DRAFT = "draft", _("being filled in")
    SUBMITTED = "submitted", _("sent, plan in the making")
    RETURNED = "returned", _("sent back for answers")
    PLANNED = "planned", _("plan waits for an engineer")
    APPROVED = "approved", _("approved, about to start")
    DEPLOYING = "deploying", _("being carried out")
    WAITING = "waiting", _("waits for a person")
    SUCCEEDED = "succeeded", _("done")
    FAILED = "failed", _("failed")
    REJECTED = "rejected", _("not approved")
    CANCELLED = "cancelled", _("cancelled")


TRANSITIONS: Mapping[str, Collection[str]] = MappingProxyType(
    {
        RequestState.DRAFT: (RequestState.SUBMITTED, RequestState.CANCELLED),
        RequestState.RETURNED: (RequestState.SUBMITTED, RequestState.CANCELLED),
        RequestState.SUBMITTED: (
            RequestState.PLANNED,
            RequestState.RETURNED,
            RequestState.REJECTED,
            RequestState.FAILED,
            RequestState.CANCELLED,
        ),
        RequestState.PLANNED: (RequestState.APPROVED, RequestState.SUBMITTED, RequestState.REJECTED, RequestState.CANCELLED),
        RequestState.APPROVED: (
            RequestState.DEPLOYING,
            RequestState.WAITING,
            RequestState.PLANNED,
            RequestState.FAILED,
            RequestState.SUCCEEDED,
            RequestState.CANCELLED,
        ),
        RequestState.DEPLOYING: (RequestState.WAITING, RequestState.SUCCEEDED, RequestState.FAILED, RequestState.CANCELLED),
        RequestState.WAITING: (RequestState.DEPLOYING, RequestState.SUCCEEDED, RequestState.FAILED, RequestState.CANCELLED),
        RequestState.FAILED: (RequestState.SUBMITTED, RequestState.DEPLOYING, RequestState.WAITING, RequestState.CANCELLED),
        RequestState.SUCCEEDED: (),
        RequestState.REJECTED: (),
        RequestState.CANCELLED: (),
    }
)

META: Mapping[str, Look] = MappingProxyType(
    {
        RequestState.DRAFT: Look("act", "community"),
        RequestState.SUBMITTED: Look("info", "engineer"),
        RequestState.RETURNED: Look("act", "community"),
        RequestState.PLANNED: Look("info", "engineer"),
        RequestState.APPROVED: Look("info", "deployer"),
        RequestState.DEPLOYING: Look("info", "deployer"),
        RequestState.WAITING: Look("wait", "engineer"),
        RequestState.SUCCEEDED: Look("good"),
        RequestState.FAILED: Look("bad", "engineer"),
        RequestState.REJECTED: Look("bad"),
        RequestState.CANCELLED: Look("wait"),
    }
)

EDITABLE = frozenset({RequestState.DRAFT, RequestState.RETURNED})
OPEN_TO_ENGINEERS = frozenset({RequestState.SUBMITTED, RequestState.PLANNED})
WITH_DEPLOYER = frozenset({RequestState.APPROVED, RequestState.DEPLOYING, RequestState.WAITING})
UNDER_WAY = frozenset({RequestState.DEPLOYING, RequestState.WAITING})
FINAL = frozenset({RequestState.SUCCEEDED, RequestState.REJECTED, RequestState.CANCELLED})
CARRIED_OUT = frozenset({*WITH_DEPLOYER, RequestState.SUCCEEDED})
NEEDS_PLAN = frozenset({RequestState.PLANNED, *CARRIED_OUT})

BEHIND_ANOTHER = gettext_noop("Another change of this hub is being carried out. This one starts when that is done.")
"""What an approved request waits for; kept untranslated on its row, and said in the reader's language."""


class HubState(models.TextChoices):
    """What we know of a hub, computed from its conditions (`hubs.conditions`)."""

    RECORDED = "recorded", _("recorded, not seen running")
    LIVE = "live", _("live")
    TROUBLED = "troubled", _("in trouble")
    ENDED = "ended", _("ended")


HUB_META: Mapping[str, Look] = MappingProxyType(
    {
        HubState.RECORDED: Look("wait"),
        HubState.LIVE: Look("good"),
        HubState.TROUBLED: Look("bad"),
        HubState.ENDED: Look("wait"),
    }
)

register("Hub request", RequestState, TRANSITIONS)
