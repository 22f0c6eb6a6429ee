"""Saying whose a hub is, where its configuration leaves that open: proposals with their reasons, and a person's word, which stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from communities.models import Community
from ground.actors import Actor
from ground.paging import Page, keyset
from hubs.belonging import Candidate, Directory, Proposal, Sign, is_same_site, traces_of
from hubs.choosing import organisation
from hubs.models import Hub, Match

SIZE = 50
LATELY = 20
ORDER = ("cluster__name", "name", "pk")
MATCHED, OURS, UNMATCHED = "hubs.match", "hubs.ours", "hubs.unmatch"
WHY: Mapping[Sign, str | Promise] = {
    Sign.TOLD: _("the deployer says so"),
    Sign.ORGANISATION: _("its front page names this community"),
    Sign.HOMEPAGE: _("its front page links to the community's website"),
    Sign.GITHUB: _("people sign in by this community's GitHub organisation"),
    Sign.NAME: _("the hub has the community's name"),
    Sign.CLUSTER: _("the cluster has the community's name"),
    Sign.NEIGHBOUR: _("another hub on this cluster is theirs"),
    Sign.DOMAIN: _("the address names the community"),
    Sign.SITE: _("its front page is on the community's site"),
    Sign.WORDS: _("the names have words in common"),
}


@dataclass(frozen=True)
class Open:
    """A hub of which nobody knows whose it is, the communities it may belong to, and whether it looks like one of ours."""

    hub: Hub
    proposals: Sequence[Proposal]
    looks_ours: bool


@dataclass(frozen=True)
class Listing:
    """A page of them; `next` is the cursor of the following one."""

    rows: Sequence[Open]
    next: str

    def __bool__(self) -> bool:
        return bool(self.rows)


def page(actor: Actor, *, cursor: str = "", size: int = SIZE) -> Listing:
    """The hubs without a community, those of one cluster together."""
    found: Page[Hub] = keyset(waiting(actor), order=ORDER, cursor=cursor, size=size)
    return Listing(proposed(found.rows), found.next)


def waiting(actor: Actor) -> QuerySet[Hub]:
    """All hubs of which nobody knows whose they are."""
    return Hub.objects.visible_to(actor).unmatched().select_related("cluster")


def proposed(hubs: Sequence[Hub]) -> list[Open]:
    """Each with at most three communities and the reasons, the likeliest first."""
    directory = Directory(Candidate(*values) for values in Community.objects.values_list("pk", "slug", "name", "website"))
    neighbours = _neighbours(hubs)
    us = organisation()
    return [_open(hub, directory, neighbours.get(hub.cluster_id, ()), us.url) for hub in hubs]


def why(proposal: Proposal) -> list[str | Promise]:
    """The reasons in words."""
    return [WHY[sign] for sign in proposal.signs]


@transaction.atomic
def say_whose(said: Mapping[int, Community | None], *, by: Actor) -> int:
    """Each of these hubs belongs to that community, or to us (None). What somebody else has said meanwhile stays; the number kept."""
    rows = {
        hub.pk: hub
        for hub in Hub.objects.select_for_update(of=("self",))
        .unmatched()
        .filter(pk__in=list(said))
        .select_related("cluster")
        .order_by("pk")
    }
    for pk, hub in rows.items():
        hub.community, hub.is_ours, hub.match, hub.updated_at = said[pk], said[pk] is None, Match.PERSON, timezone.now()
    Hub.objects.bulk_update(rows.values(), ["community", "is_ours", "match", "updated_at"])
    for hub in rows.values():
        _log(MATCHED if hub.community else OURS, hub, by)
    return len(rows)


@transaction.atomic
def undo(hub: Hub, *, by: Actor) -> bool:
    """Take a person's word back: the hub waits again. False where no person had said anything."""
    row = Hub.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=hub.pk)
    if row.match != Match.PERSON:
        return False
    _log(UNMATCHED, row, by)
    row.community, row.is_ours, row.match = None, False, ""
    row.is_public_status = False  # its next community has not been asked
    row.save(update_fields=["community", "is_ours", "match", "is_public_status", "updated_at"])
    return True


def said_lately(actor: Actor) -> list[Hub]:
    """What people said last, newest first, for who wants to take it back."""
    said = Hub.objects.visible_to(actor).filter(match=Match.PERSON)
    return list(said.select_related("cluster", "community").order_by("-updated_at", "-pk")[:LATELY])


def history(hub: Hub) -> list[ModelLogEntry]:
    """Who said what about whose it is, newest first."""
    return list(ModelLogEntry.objects.for_instance(hub).filter(action__in=[MATCHED, OURS, UNMATCHED]).select_related("user")[:LATELY])


def _open(hub: Hub, directory: Directory, neighbours: tuple[str, ...], our_url: str) -> Open:
    traces = traces_of(hub.spec, cluster=hub.cluster.name, name=hub.name, is_cluster_shared=hub.cluster.shared)
    return Open(hub, directory.proposals(replace(traces, neighbours=neighbours)), is_same_site(traces.homepage, our_url))


def _neighbours(hubs: Iterable[Hub]) -> dict[int, tuple[str, ...]]:
    """The communities that have hubs on these clusters already."""
    clusters = {hub.cluster_id for hub in hubs}
    found: dict[int, tuple[str, ...]] = {}
    rows = Hub.objects.present().filter(cluster__in=clusters, community__isnull=False).order_by("community__slug")
    for cluster, slug in rows.values_list("cluster", "community__slug").distinct():
        found[cluster] = (*found.get(cluster, ()), slug)
    return found


def _log(action: str, hub: Hub, by: Actor) -> None:
    whose = hub.community.slug if hub.community else ""
    log(hub, action, user=by.user, data={"community": whose, "by": by.label, "hub": f"{hub.cluster.name}/{hub.name}"})
