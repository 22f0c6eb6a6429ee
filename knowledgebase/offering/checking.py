"""What in an article is one community's alone, and should not stand on the shared shelf: names, addresses, links, files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.roles import Role
from hubs.models import Hub
from knowledgebase.models import Article, Audience, Edition

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
KB_LINK = re.compile(r"\(kb:/*([\w\-/.%]+)")
PLACE = re.compile(r"/c/[\w-]+/[\w/-]*")
SHORTEST_NAME = 4  # letters; shorter names are words


@dataclass(frozen=True)
class Finding:
    """Something to look at: what it is, and the words that were found."""

    what: str | Promise
    words: str


def findings(article: Article, community: Community) -> list[Finding]:
    """Everything to look at before others read it. Five queries, however long the article is."""
    text = "\n".join([article.title, article.summary, *_strings(article.body.get_prep_value())])
    found = [*_audience(article), *_names(text, community), *_addresses(text), *_links(text), *_files(article)]
    return list(dict.fromkeys(found))


def _audience(article: Article) -> Iterator[Finding]:
    if article.audience != Audience.PUBLIC:
        yield Finding(_("Written for a smaller circle"), str(Audience(article.audience).label))


def _names(text: str, community: Community) -> Iterator[Finding]:
    people = community.people(*Role)
    hubs = Hub.objects.filter(community=community)
    words: list[tuple[str | Promise, str]] = [(_("Name of the community"), community.name), (_("Name of the community"), community.slug)]
    words += [(_("Name of a person"), person.name) for person in people]
    for hub in hubs:
        words += [(_("Name of a hub"), hub.display_name), (_("Address of a hub"), hub.domain)]
    for what, name in words:
        if len(name) >= SHORTEST_NAME and (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)):
            yield Finding(what, found[0])


def _addresses(text: str) -> Iterator[Finding]:
    yield from (Finding(_("E-mail address"), address) for address in EMAIL.findall(text))


def _links(text: str) -> Iterator[Finding]:
    yield from (Finding(_("Link into a community’s pages"), place) for place in PLACE.findall(text))
    addresses = {address.strip("/") for address in KB_LINK.findall(text)}
    known = set(Edition.objects.shared().filter(address__in=addresses).values_list("address", flat=True))
    yield from (Finding(_("Link to an article that is not on the shared shelf"), address) for address in sorted(addresses - known))


def _files(article: Article) -> Iterator[Finding]:
    edition = Edition.objects.filter(pk=article.pk).first()
    if edition is None:
        return
    yield from (Finding(_("Image"), image.title) for image in edition.images.all())
    yield from (Finding(_("File"), document.title) for document in edition.documents.all())


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _strings(one)
        case dict():
            for one in value.values():
                yield from _strings(one)
