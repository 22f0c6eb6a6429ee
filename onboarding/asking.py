"""Asking a community for exactly what is missing, and taking its answers: by a mailed link, or by whoever is signed in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communities.models import Community, User
from communities.roles import Role
from ground.actors import Actor
from ground.states import WrongState
from hubs import documents, requests
from hubs.models import HubRequest
from onboarding import emails, links, plans, progress
from onboarding.models import Asking, Item, OnboardingPlan
from onboarding.readiness import MissingAnswer
from onboarding.states import ItemState, Supplier

LIFE = timedelta(days=30)
ASKABLE_ROLES = (Role.REPRESENTATIVE, Role.HUB_CHAMPION, Role.TECHNICAL_CONTACT, Role.BILLING_CONTACT)


class NotTheirs(Exception):
    """The community cannot be asked for that, or not this person."""


class NothingToAsk(Exception):
    """No question and no item was named."""


@dataclass(frozen=True)
class Reply:
    """What somebody answered: values by JSON pointer, what they do not know yet, and the items they say are done.

    `version` is that of the hub request they had read.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    unsure: Collection[str] = ()
    items: Collection[int] = ()
    version: int = 0


@dataclass(frozen=True)
class Standing:
    """How far an asking is: answers there of answers asked."""

    answered: int
    asked: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked


@transaction.atomic
def ask(plan: OnboardingPlan, *, answers: Sequence[str] = (), items: Sequence[Item] = (), to: User, note: str = "", by: Actor) -> Asking:
    """Send one person of the community a link to these questions alone. Raises `NotTheirs` and `NothingToAsk`."""
    if not answers and not items:
        raise NothingToAsk
    if to not in askable(plan.community):
        raise NotTheirs(_("This person does not belong to the community."))
    _refuse_ours(plan, answers, items)
    asking = Asking.objects.create(
        plan=plan, to=to, pointers=sorted(answers), note=note, asked_by=by.user, expires_at=timezone.now() + LIFE
    )
    asking.items.set(items)
    emails.asked.queue(to=to.email, language=to.language, asking_id=asking.pk)
    return asking


@transaction.atomic
def revoke(asking: Asking, *, by: Actor) -> Asking:
    """The link opens nothing any more. Raises `WrongState` when it did not anyway."""
    now = timezone.now()
    if not Asking.objects.valid().filter(pk=asking.pk).update(revoked_at=now, revoked_by=by.user):
        raise WrongState(_("This link opens nothing any more."))
    asking.revoked_at, asking.revoked_by = now, by.user
    return asking


def find(secret: str) -> Asking | None:
    """What that link asks, if it still opens and its person still belongs to the community."""
    return still_open(Asking.objects.valid().filter(sha256=links.sha256(secret)))


def still_open(rows: Any) -> Asking | None:
    """The first of these askings whose person may still answer."""
    found = rows.valid().select_related("plan__community__programme", "to").first()
    return found if found is not None and found.to in askable(found.plan.community) else None


def opened(asking: Asking) -> Asking:
    """Somebody pressed the button behind the link; so the address is theirs."""
    asking.opened_at = asking.opened_at or timezone.now()
    asking.save(update_fields=["opened_at"])
    plans.recompute(asking.plan)
    return asking


@transaction.atomic
def answer(asking: Asking, reply: Reply, *, request: HubRequest | None) -> Asking:
    """Keep what the link's person answered. Raises `hubs.requests.Stale` when somebody else changed the answers, `WrongState` when they are closed."""
    allowed = set(asking.items.values_list("pk", flat=True))
    take(asking.plan, reply, request=request, items=Item.objects.filter(pk__in=allowed & set(reply.items)), by=Actor.link(asking.to))
    asking.answered_at = timezone.now()
    asking.opened_at = asking.opened_at or asking.answered_at
    asking.save(update_fields=["answered_at", "opened_at"])
    return asking


@transaction.atomic
def take(plan: OnboardingPlan, reply: Reply, *, request: HubRequest | None, items: Any, by: Actor) -> None:
    """Write answers into the hub request and settle items, each once; what the community does not owe now is left as it is."""
    plans.locked(plan)
    if request is not None and (reply.values or set(reply.unsure) != set(request.unsure)):
        requests.save(request, values=reply.values, unsure=reply.unsure, by=by, version=reply.version)
    plans.recompute(plan)
    for item in items.owed().select_related("phase__plan"):
        plans.settle(item, by=by)


def askable(community: Community) -> list[User]:
    """Whom a link may be sent to: people the community named, by name."""
    return list(community.people(*ASKABLE_ROLES).filter(is_active=True))


def answers_owed(request: HubRequest | None) -> list[MissingAnswer]:
    """What the community owes the hub request."""
    return [row for row in progress.missing_of(request) if row.supplier == Supplier.COMMUNITY]


def items_owed(plan: OnboardingPlan) -> list[Item]:
    """What the community has to do in phases that have begun, in order."""
    return list(Item.objects.owed().filter(phase__plan=plan).select_related("phase").order_by("phase__position", "position"))


def items_asked(asking: Asking) -> list[Item]:
    """What a link asks to be done: what was said to be done already, and what can be said now."""
    rows = asking.items.filter(~Q(state=ItemState.TODO) | Q(pk__in=Item.objects.owed().values("pk")))
    return list(rows.select_related("phase").order_by("phase__position", "position"))


def standing(asking: Asking, request: HubRequest | None) -> Standing:
    """How many of the questions are answered; `items` of the asking are to be prefetched."""
    there = [pointer for pointer in asking.pointers if request is not None and _is_said(request, pointer)]
    items = list(asking.items.all())
    done = [item for item in items if item.state != ItemState.TODO]
    return Standing(len(there) + len(done), len(asking.pointers) + len(items))


def _is_said(request: HubRequest, pointer: str) -> bool:
    """“I don’t know yet” is an answer too."""
    return pointer in request.unsure or documents.at(request.document, pointer) is not None


def _refuse_ours(plan: OnboardingPlan, answers: Sequence[str], items: Sequence[Item]) -> None:
    owed = {row.pointer for row in answers_owed(progress.hub_request(plan.community))}
    if not set(answers) <= owed:
        raise NotTheirs(_("Only what the community owes can be asked of it."))
    if any(item.phase.plan_id != plan.pk or item.supplied_by != Supplier.COMMUNITY or not item.can_be_ticked for item in items):
        raise NotTheirs(_("Only what the community settles can be asked of it."))
