"""Which articles explain a row of a community's responsibility matrix: those that name its key, and those its template names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from communities.models import Community, MatrixRow
from ground.actors import Actor
from knowledgebase.filling import Frame
from knowledgebase.reading import readable


@dataclass(frozen=True)
class Explained:
    """An article as a page links to it."""

    title: str
    url: str


def articles(community: Community, actor: Actor, rows: Iterable[MatrixRow]) -> Mapping[str, Sequence[Explained]]:
    """By the row's key, the articles this reader finds in that community's knowledge base, its own before the shared. One query."""
    frame, named = Frame(actor, community), {row.key: row.articles for row in rows}
    addresses = {address for each in named.values() for address in each}
    wanted = Q(explanations__key__in=list(named)) | Q(knowledge_base__community=None, address__in=addresses)
    found = readable(frame).filter(wanted).in_reading_order()
    explained: dict[str, list[Explained]] = {}
    for key, title, address in found.values_list("explanations__key", "title", "address"):
        article = Explained(title, f"{frame.home}{address}/")
        for row in {*([key] if key in named else []), *(row for row, its in named.items() if address in its)}:
            if article not in explained.setdefault(row, []):
                explained[row].append(article)
    return explained
