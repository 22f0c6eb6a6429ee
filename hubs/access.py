"""Who may see hubs and their requests, ask for one, and say yes to one."""

from django.utils.translation import gettext_lazy as _

from communities.access import right, roles_in
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from hubs.models import WATCHERS, Cluster, Hub, HubRequest, communities_of, watches_all

SEE_HUBS = right("hubs.see", _("see hubs and the requests about them"), staff=WATCHERS, members=Role)
DRAFT = right("hubs.draft", _("fill in a hub request"), staff={StaffGroup.ENGINEER}, members={Role.REPRESENTATIVE, Role.HUB_CHAMPION})
SUBMIT = right("hubs.submit", _("send a hub request"), members={Role.REPRESENTATIVE})
CANCEL = right("hubs.cancel", _("take a hub request back"), staff={StaffGroup.ENGINEER}, members={Role.REPRESENTATIVE})
QUEUE = right("hubs.queue", _("see the queue of hub requests and every cluster"), staff={StaffGroup.ENGINEER, StaffGroup.OPERATOR})
APPROVE = right(
    "hubs.approve", _("approve, reject, settle and retry hub requests; closing a hub takes two of them"), staff={StaffGroup.ENGINEER}
)


def can_see_hub(actor: Actor, hub: Hub) -> bool:
    """The predicate of `Hub.objects.visible_to`."""
    return watches_all(actor) or (hub.community_id is not None and bool(roles_in(actor, hub.community_id)))


def can_see_request(actor: Actor, request: HubRequest) -> bool:
    """The predicate of `HubRequest.objects.visible_to`."""
    return watches_all(actor) or bool(roles_in(actor, request.community_id))


def can_see_cluster(actor: Actor, cluster: Cluster) -> bool:
    """The predicate of `Cluster.objects.visible_to`."""
    return watches_all(actor) or cluster.hubs.filter(community__in=communities_of(actor)).exists()
