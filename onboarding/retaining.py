"""Keeping people no longer than was said: when each application's time is over, and what happens then, a batch a night."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet

from communities.models import Community
from communities.states import CommunityState
from ground.actors import Actor
from ground.models import StageEvent
from onboarding import erasing, purging
from onboarding.models import Application, FormDefinition, PrivacyLink, RetentionRule, ViewRecord
from onboarding.models.privacy import DEFAULT_DAYS
from onboarding.states import ACCEPTANCES, ApplicationState, Ending, RetentionAction

BATCH = 500
CLOSED = Q(state__in=[ApplicationState.APPLIED, ApplicationState.WITHDRAWN]) | Q(state=ApplicationState.DECIDED) & ~Q(outcome="")
JOINED = Q(duplicate_of__isnull=False)  # goes with the one that was kept
ENDED = ~JOINED & (Q(spam_at__isnull=False) | CLOSED) | Q(duplicate_of__erased_at__isnull=False)


def ensure() -> None:
    """Write down the default rules of every form, for operators to see and change; what they changed stays."""
    for definition in FormDefinition.objects.all():
        for ending, days in DEFAULT_DAYS.items():
            action = RetentionAction.DELETE if ending == Ending.DRAFT else RetentionAction.ANONYMISE
            RetentionRule.objects.get_or_create(definition=definition, ending=ending, defaults={"days": days, "action": action})


def perform(now: datetime) -> int:
    """Everything whose time is over, however often it is begun again; how many applications were forgotten."""
    stamp(now)
    ViewRecord.objects.filter(at__lt=now - ViewRecord.LIFE, application__erased_at__isnull=False).delete()
    PrivacyLink.objects.filter(expires_at__lt=now).delete()
    return delete_drafts(now) + sum(_forgotten(key, now) for key in _keys(_due(now)))


def stamp(now: datetime) -> None:
    """Say until when, for what ended without it: communities that ended since, and rows older than this rule. What goes on is kept."""
    Application.objects.exclude(ENDED).filter(retain_until__isnull=False).update(retain_until=None)
    for application in _unstamped().select_related("form_version", "community", "duplicate_of")[:BATCH]:
        until = keep_until(application, now=now)
        Application.objects.filter(pk=application.pk, retain_until__isnull=True).update(retain_until=until)


def keep_until(application: Application, *, now: datetime) -> datetime | None:
    """Until when its people are kept; None while the engagement lasts."""
    if application.duplicate_of is not None:
        return application.duplicate_of.erased_at
    ending, since = _ending(application, now)
    return RetentionRule.objects.until(application, ending, since=since) if since else None


def _ending(application: Application, now: datetime) -> tuple[Ending, datetime | None]:
    """What became of it, and when."""
    if application.spam_at is not None:
        return Ending.SPAM, application.spam_at
    if application.state == ApplicationState.APPLIED:
        return Ending.UNCONFIRMED, application.sent_at
    if application.state == ApplicationState.WITHDRAWN:
        return Ending.WITHDRAWN, application.state_since
    if application.outcome in ACCEPTANCES:
        return Ending.ACCEPTED, _ended_at(application.community, now)
    return Ending(application.outcome), application.state_since


def delete_drafts(now: datetime) -> int:
    """Drafts whose form gives them less time than they were promised when they began."""
    deleted = 0
    for rule in RetentionRule.objects.filter(ending=Ending.DRAFT):
        began = Application.objects.filter(form_version__definition=rule.definition_id, saved_at__lt=now - timedelta(days=rule.days))
        deleted += purging.delete(began)
    return deleted


def _unstamped() -> QuerySet[Application]:
    ended = Application.objects.filter(ENDED, erased_at__isnull=True, retain_until__isnull=True)
    going_on = Q(outcome__in=ACCEPTANCES) & ~Q(community__state=CommunityState.ENDED)
    return ended.exclude(going_on).order_by("pk")


def _due(now: datetime) -> QuerySet[Application]:
    return Application.objects.filter(ENDED, erased_at__isnull=True, retain_until__lt=now)


def _keys(rows: QuerySet[Application]) -> Iterator[int]:
    """The keys of a batch, longest overdue first; the next night goes on."""
    yield from list(rows.order_by("retain_until", "pk").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _forgotten(key: int, now: datetime) -> int:
    """Forget one, unless somebody reopened it meanwhile. A transaction each: a worker that dies leaves whole ones."""
    application = _due(now).select_for_update(of=("self",)).filter(pk=key).first()
    if application is None:
        return 0
    erasing.erase(application, by=Actor.system())
    return 1


def _ended_at(community: Community | None, now: datetime) -> datetime | None:
    """When the engagement ended; of one that ended before anybody wrote it down, now."""
    if community is None or community.state != CommunityState.ENDED:
        return None
    kind = ContentType.objects.get_for_model(Community)
    ends = StageEvent.objects.filter(content_type=kind, object_id=community.pk, after=CommunityState.ENDED)
    return ends.order_by("-at").values_list("at", flat=True).first() or now
