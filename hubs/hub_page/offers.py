"""What people choose from when they start a server, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hubs.hub_page.words import Words, size
from hubs.models import Hub
from hubs.told import listed, mapped, texts


@dataclass(frozen=True)
class Option:
    """One thing to choose: what it is called, what it stands for, and for whom."""

    title: str
    detail: str
    is_default: bool
    groups: Sequence[str]


@dataclass(frozen=True)
class Offer:
    """A profile: what people read, what they get, and what they choose from."""

    title: str
    description: str
    is_default: bool
    groups: Sequence[str]
    detail: str
    images: Sequence[Option]
    sizes: Sequence[Option]
    notes: Sequence[Words]

    @property
    def kinds(self) -> list[Sequence[Option]]:
        """What is chosen, one question after the other."""
        return [options for options in (self.images, self.sizes) if options]


def offers(hub: Hub) -> list[Offer]:
    """What people choose from when they start a server."""
    return [_offer(profile) for profile in listed(hub.spec.get("profiles")) if isinstance(profile, Mapping)]


def _offer(profile: Mapping[str, Any]) -> Offer:
    options = [each for each in listed(profile.get("choices")) if isinstance(each, Mapping)]
    notes = [_("an image of one's own may be named")] if profile.get("own_image") else []
    notes += [_("images are built on request")] if profile.get("builds_images") else []
    return Offer(
        title=str(profile.get("title") or ""),
        description=str(profile.get("description") or ""),
        is_default=bool(profile.get("is_default")),
        groups=texts(profile.get("groups")),
        detail=" · ".join(
            filter(None, [size(mapped(profile.get("size"))), str(profile.get("image") or ""), str(profile.get("interface") or "")])
        ),
        images=[_option(each, str(each["image"])) for each in options if each.get("image")],
        sizes=[_option(each, size(mapped(each.get("size")))) for each in options if not each.get("image")],
        notes=notes,
    )


def _option(choice: Mapping[str, Any], detail: str) -> Option:
    words = " · ".join(filter(None, [detail, str(choice.get("description") or ""), str(choice.get("pull") or "")]))
    return Option(str(choice.get("title") or choice.get("key") or ""), words, bool(choice.get("is_default")), texts(choice.get("groups")))
