"""Who may see hubs and their requests, ask for one, and say yes to one."""

from django.utils.translation import gettext_lazy as _

from communities.access import right, roles_in
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from hubs.models import WATCHERS, Assessment, Cluster, Hub, HubRequest, communities_of, watches_all

SEE_HUBS = right("hubs.see", _("see hubs and the requests about them"), staff=WATCHERS, members=Role)
DRAFT = right("hubs.draft", _("fill in a hub request"), staff={StaffGroup.ENGINEER}, members={Role.REPRESENTATIVE, Role.HUB_CHAMPION})
SUBMIT = right("hubs.submit", _("send a hub request"), members={Role.REPRESENTATIVE})
CANCEL = right("hubs.cancel", _("take a hub request back"), staff={StaffGroup.ENGINEER}, members={Role.REPRESENTATIVE})
LOOK_UP = right("hubs.look_up", _("look up any hub and cluster with its facts"), staff=WATCHERS)
READ_VALUES = right(
    "hubs.read_values", _("read the merged configuration of any hub, without its secrets"), staff={StaffGroup.ENGINEER, StaffGroup.OPERATOR}
)
MATCH = right("hubs.match", _("say whose a hub is"), staff={StaffGroup.ENGINEER, StaffGroup.OPERATOR})
QUEUE = right("hubs.queue", _("see the queue of hub requests and every cluster"), staff={StaffGroup.ENGINEER, StaffGroup.OPERATOR})
APPROVE = right(
    "hubs.approve", _("approve, reject, settle and retry hub requests; closing a hub takes two of them"), staff={StaffGroup.ENGINEER}
)
SEE_CALENDAR = right("hubs.calendar", _("see the calendar of events of all hubs"), staff=WATCHERS)
ASSESS = right(
    "hubs.assess",
    _("record what another hub of a community means: agreement, work, cost"),
    staff={StaffGroup.ENGINEER, StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR},
)
SEE_HEALTH = right("hubs.see_health", _("see how every hub is and how much it is used"), staff=WATCHERS)
SHOW_PUBLICLY = right(
    "hubs.show_publicly",
    _("say whether everybody may see on the status page that a hub answers"),
    staff={StaffGroup.ENGINEER},
    members={Role.REPRESENTATIVE},
)


def can_see_hub(actor: Actor, hub: Hub) -> bool:
    """The predicate of `Hub.objects.visible_to`."""
    return watches_all(actor) or (hub.community_id is not None and bool(roles_in(actor, hub.community_id)))


def can_ask_about(actor: Actor, hub: Hub, request: HubRequest) -> bool:
    """May this request name this hub? Its community's own: yes; another's: never, whoever asks.

    Nobody's: only engineers and the desk itself name it; what they named, members may go on with. A hub that the registry does not know
    is not asked about here: some deployers list nothing, and the plan says whether there is such a hub.
    """
    if hub.community_id is not None:
        return hub.community_id == request.community_id
    return actor.user is None or DRAFT.is_held_by(actor) or request.hub_id == hub.pk


def can_see_request(actor: Actor, request: HubRequest) -> bool:
    """The predicate of `HubRequest.objects.visible_to`."""
    return watches_all(actor) or bool(roles_in(actor, request.community_id))


def can_see_cluster(actor: Actor, cluster: Cluster) -> bool:
    """The predicate of `Cluster.objects.visible_to`."""
    return watches_all(actor) or cluster.hubs.filter(community__in=communities_of(actor)).exists()


def can_see_assessment(actor: Actor, assessment: Assessment) -> bool:  # noqa: ARG001  a predicate takes the row, and here every row is alike
    """The predicate of `Assessment.objects.visible_to`."""
    return watches_all(actor)
