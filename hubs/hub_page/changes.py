"""What changed in a hub's configuration between readings, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from hubs.hub_page.words import Words
from hubs.models import HubFactChange
from hubs.told import texts

LATELY = 30


@dataclass(frozen=True)
class Noted:
    """A change of one fact between two readings."""

    at: datetime
    fact: Words
    before: Sequence[str]
    after: Sequence[str]
    commit: str


def noted(changes: Iterable[HubFactChange]) -> list[Noted]:
    """Changes with their facts in words."""
    return [Noted(row.at, FACT_WORDS.get(row.fact, row.fact), texts(row.before), texts(row.after), row.commit[:12]) for row in changes]


FACT_WORDS: Mapping[str, Words] = {
    "presence": gettext_lazy("in the configuration"),
    "display_name": gettext_lazy("name shown"),
    "domain": gettext_lazy("address"),
    "chart": gettext_lazy("chart"),
    "authentication": gettext_lazy("sign-in method"),
    "admins": gettext_lazy("admins"),
    "images": gettext_lazy("images"),
    "memory_gb": gettext_lazy("memory"),
    "home_quota_gib": gettext_lazy("size of home folders"),
    "default_interface": gettext_lazy("opens with"),
    "features": gettext_lazy("features"),
    "chart_override": gettext_lazy("chart override"),
    "domain_override_file": gettext_lazy("file of the address"),
    "expected_status": gettext_lazy("answer that counts as well"),
    "values_files": gettext_lazy("values files"),
    "secret_files": gettext_lazy("secret files"),
    "homepage": gettext_lazy("front page"),
    "sign_in": gettext_lazy("who is let in"),
    "profiles": gettext_lazy("choice of servers"),
    "server": gettext_lazy("servers"),
    "storage": gettext_lazy("storage"),
    "environment": gettext_lazy("variables"),
    "culling": gettext_lazy("when servers are stopped"),
    "binder": gettext_lazy("building of images"),
    "spare": gettext_lazy("room kept warm"),
    "usage_quotas": gettext_lazy("limits of use"),
    "own_code": gettext_lazy("own program text"),
    "node_labels": gettext_lazy("labels of machines"),
    "group_figures": gettext_lazy("groups counted"),
    "image_pull": gettext_lazy("when images are pulled"),
    "switched_off": gettext_lazy("switched off from the chart"),
    "machines": gettext_lazy("machines"),
    "gpus": gettext_lazy("graphics cards"),
}
