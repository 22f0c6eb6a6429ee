"""First value: when enough separate people outside the team had used a hub, counted by the hub or stated by a person."""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community, ServicePolicy, User
from communities.roles import STAFF, Role
from ground.actors import Actor
from ground.errors import OutsideError
from hubs import jupyterhub
from hubs.models import Hub, HubRequest
from hubs.states import Kind
from onboarding import plans
from onboarding.models import OnboardingPlan, ValueWatch

logger = logging.getLogger(__name__)


class NotADay(Exception):
    """Use can be stated for a day that has been, since the community exists."""


@transaction.atomic
def state(community: Community, *, on: date, people: int, note: str = "", by: Actor) -> ValueWatch:
    """Keep that so many separate people had used the hub by that day. Raises `NotADay` for one to come, or before the community was."""
    if not timezone.localdate(community.created_at) <= on <= timezone.localdate():
        raise NotADay(_("Choose a day between the acceptance and today."))
    watch = _keep(community, on=on, people=people, source=ValueWatch.Source.STATEMENT, note=note, stated_by=by.user)
    log(community, "onboarding.value", user=by.user, data={"on": on.isoformat(), "people": people, "by": by.label})
    return watch


def read_hubs(today: date) -> int:
    """Ask every hub whose token we hold; how many answered. A hub that does not is asked again tomorrow."""
    return sum(
        _read(hub, settings.HUB_TOKENS, today) for hub in Hub.objects.running().filter(community__isnull=False).select_related("community")
    )


def first_value_on(community: Community) -> date | None:
    """The day on which value was first there."""
    return ValueWatch.objects.reached().filter(community=community).aggregate(first=Min("on"))["first"]


def days_to_first_value(community: Community) -> int | None:
    """Days from the request for the hub to that day; None while there is none."""
    return days_by_community([community.pk]).get(community.pk)


def days_by_community(keys: Iterable[int]) -> dict[int, int]:
    """The same for many communities, in two queries."""
    wanted = {"community__in": list(keys)}
    reached = dict(ValueWatch.objects.reached().filter(**wanted).order_by().values_list("community").annotate(Min("on")))
    requests = HubRequest.objects.filter(kind=Kind.NEW_HUB, **wanted).order_by()
    asked = dict(requests.values_list("community").annotate(first=Min(Coalesce("submitted_at", "created_at"))))
    return {key: max((on - timezone.localdate(asked[key])).days, 0) for key, on in reached.items() if key in asked}


def _read(hub: Hub, tokens: Mapping[str, str], today: date) -> bool:
    token = next((token for url, token in tokens.items() if hub.url and url.rstrip("/") == hub.url.rstrip("/")), "")
    if not token or hub.community is None:
        return False
    try:
        people = _count(hub, hub.community, token, today)
    except OutsideError as error:
        logger.warning("The users of %s cannot be counted: %s", hub.domain, error)
        return False
    _keep(hub.community, on=today, people=people, source=ValueWatch.Source.HUB, hub=hub)
    return True


def _count(hub: Hub, community: Community, token: str, today: date) -> int:
    policy = community.programme.policy
    since = datetime.combine(today - timedelta(days=policy.value_days), time.min, tzinfo=UTC)
    with jupyterhub.JupyterHub(hub.url, token, private=settings.HUB_API_PRIVATE, transport=settings.HUB_API_TRANSPORT) as client:
        return jupyterhub.separate_people(client.users(), since=since, without=_not_counted(community, policy))


def _not_counted(community: Community, policy: ServicePolicy) -> set[str]:
    """What our own people are called on a hub, and the representatives unless the policy counts them: addresses and GitHub names."""
    ours = Q(is_superuser=True) | Q(groups__name__in=[group.value for group in STAFF])
    theirs = Q() if policy.value_counts_representatives else Q(memberships__community=community, memberships__role=Role.REPRESENTATIVE)
    people = User.objects.filter(ours | theirs if theirs else ours)
    names = set(people.values_list("email", flat=True))
    logins = SocialAccount.objects.filter(user__in=people).values_list("extra_data", flat=True)
    return {str(name).lower() for name in [*names, *(data.get("login") for data in logins if isinstance(data, dict))] if name}


@transaction.atomic
def _keep(
    community: Community, *, on: date, people: int, source: str, hub: Hub | None = None, note: str = "", stated_by: User | None = None
) -> ValueWatch:
    """One row; a hub that was counted today already keeps the larger number."""
    is_value = people >= community.programme.policy.value_people
    if hub is not None:
        existing = ValueWatch.objects.select_for_update().filter(hub=hub, on=on, source=source).first()
        if existing is not None:
            return _larger(existing, people, is_value=is_value)
    watch = ValueWatch.objects.create(
        community=community, hub=hub, on=on, separate_users=people, is_value=is_value, source=source, note=note, stated_by=stated_by
    )
    _look_again(community)
    return watch


def _larger(watch: ValueWatch, people: int, *, is_value: bool) -> ValueWatch:
    if people > watch.separate_users:
        watch.separate_users, watch.is_value = people, watch.is_value or is_value
        watch.save(update_fields=["separate_users", "is_value"])
        _look_again(watch.community)
    return watch


def _look_again(community: Community) -> None:
    for plan in OnboardingPlan.objects.filter(community=community):
        plans.recompute(plan)
