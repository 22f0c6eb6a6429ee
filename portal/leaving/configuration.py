"""What a community's hubs are made from: the files where they are kept on this machine, else their merged values as last read."""

from collections.abc import Mapping

from django.conf import settings

from hubs import choosing, deployers
from hubs.hub_page import as_yaml
from hubs.models import HubValues
from portal.leaving.archive import Archive
from portal.leaving.scope import Scope


def put(scope: Scope, archive: Archive) -> None:
    """Each file under its path in the repository. Raises `Unavailable`."""
    hubs = frozenset(scope.community.hubs.values_list("cluster__name", "name"))
    if not hubs:
        return
    files = deployers.configuration_of(settings.DEPLOYER_URL, hubs=hubs, surroundings=choosing.surroundings())
    for path, text in sorted((files or _merged(scope)).items()):
        archive.write(f"configuration/{path}", text, about="configuration")


def _merged(scope: Scope) -> Mapping[str, str]:
    """The merged values of their hubs, without secrets, as the deployer last told them."""
    rows = HubValues.objects.filter(hub__community=scope.community).select_related("hub__cluster").order_by("pk")
    return {f"{row.hub.cluster.name}/{row.hub.name}.values.yaml": as_yaml(row.document) for row in rows}
