"""Somebody wonders whether a hub is down, and asks to look again; and whether everybody may see it."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from ground.rates import Limit, count
from hubs import tasks
from hubs.models import Hub, HubWatch

AGAIN = Limit("hub-look", most=4, seconds=60)


@transaction.atomic
def look_again(hub: Hub, *, by: Actor) -> HubWatch:
    """Have the hub looked at now, for whoever asks. Raises `ground.rates.TooMany` when it was asked for a moment ago."""
    count(AGAIN, f"{hub.pk}:{by.user.pk if by.user else 0}")
    now = timezone.now().replace(microsecond=0)
    fields = {"asked_at": now, "due_at": now}
    watch, _created = HubWatch.objects.update_or_create(hub=hub, defaults=fields, create_defaults={**fields, "created_at": now})
    tasks.look_again.delay_on_commit(hub.pk)  # type: ignore[attr-defined]  # ground.outbox.Task has it
    return watch


@transaction.atomic
def show_publicly(hub: Hub, *, shown: bool, by: Actor) -> None:
    """Let everybody see on the status page whether this hub answers, or nobody any more."""
    Hub.objects.filter(pk=hub.pk).update(is_public_status=shown, updated_at=timezone.now())
    log(hub, "hubs.public_status", user=by.user, data={"shown": shown, "by": by.label})
