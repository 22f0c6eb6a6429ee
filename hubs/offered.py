"""What a community's people read of one hub: its facts in plain words, and what was asked for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ground.actors import Actor
from hubs.having import FEATURES, Words, sign_in_said
from hubs.models import Hub, HubRequest, HubWatch
from hubs.told import number, numbers, words

FEW = 6
SHOWN_IMAGES = 8
Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """One thing about a hub, as `hubs/parts/told.html` shows it."""

    title: Words
    words: str


def facts_of(hub: Hub, watch: HubWatch | None) -> list[Fact]:
    """What is known of it; what is not is left out."""
    found = [Fact(title, said(hub.spec)) for title, said in FACTS]
    signing_in = Fact(_("Signing in"), sign_in_said(str(hub.facts.get("authentication") or "")))
    version = Fact(_("Version"), f"JupyterHub {watch.version}" if watch and watch.version else "")
    return [fact for fact in [*found, signing_in, version] if fact.words]


def requests_of(hub: Hub, *, actor: Actor) -> list[HubRequest]:
    """The last things that were asked for it, as far as this reader sees them, without their long documents. One query."""
    rows = HubRequest.objects.visible_to(actor).filter(hub=hub).select_related("community")
    return list(rows.defer("document", "plan", "deployment", "problems", "drift", "orders")[:FEW])


def image_said(image: str) -> str:
    """An image by its short name and tag: `quay.io/pangeo/pangeo-notebook:2026.11.01` is `pangeo-notebook, 2026.11.01`."""
    name, _colon, tag = image.rpartition("/")[2].partition(":")
    return f"{name}, {tag}" if tag else name


def _images(spec: Spec) -> str:
    named = [image_said(image) for image in words(spec, "images")]
    more = len(named) - SHOWN_IMAGES
    return "; ".join([*named[:SHOWN_IMAGES], *([_("and %(n)s more") % {"n": more}] if more > 0 else [])])


def _memory(spec: Spec) -> str:
    known = [str(size) for size in numbers(spec, "memory_gb")]
    return _("%(sizes)s GB for a server") % {"sizes": ", ".join(known)} if known else ""


def _quota(spec: Spec) -> str:
    size = number(spec, "home_quota_gib")
    return _("%(size)s GiB a person") % {"size": size} if size else ""


def _people(spec: Spec) -> str:
    return ", ".join(words(spec, "admins"))


def _features(spec: Spec) -> str:
    """What we have words for: a deployer's own word helps nobody here."""
    return ", ".join(str(FEATURES[name].plain) for name in words(spec, "features") if name in FEATURES)


FACTS: tuple[tuple[Words, Callable[[Spec], str]], ...] = (
    (gettext_lazy("Environments"), _images),
    (gettext_lazy("Memory"), _memory),
    (gettext_lazy("Storage"), _quota),
    (gettext_lazy("Also there"), _features),
    (gettext_lazy("Admins of the hub"), _people),
)
