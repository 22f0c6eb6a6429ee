"""Which articles explain a row of a community's responsibility matrix: those that name its key, and those its template names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject

from communities.models import Community, MatrixRow
from ground.actors import Actor
from knowledgebase.filling import Frame
from knowledgebase.reading import readable


@dataclass(frozen=True)
class Explained:
    """An article as a page links to it."""

    title: str
    url: str


def with_article(rows: QuerySet[MatrixRow], community: Community, actor: Actor) -> QuerySet[MatrixRow]:
    """These rows, each with the first article this reader finds about it as `explained_by`, without another query."""
    about = Q(explanations__key=OuterRef("key")) | Q(knowledge_base__community=None, address=OuterRef("named"))
    found = readable(Frame(actor, community)).filter(about).in_reading_order()
    first = found.values(found_as=JSONObject(title="title", address="address"))[:1]
    return rows.annotate(named=KT("articles__0"), explained_by=Subquery(first, output_field=JSONField()))


def article_of(row: MatrixRow, community: Community) -> Explained | None:
    """The article that `with_article` found."""
    found = getattr(row, "explained_by", None)
    return Explained(found["title"], f"{Frame(Actor.anonymous(), community).home}{found['address']}/") if found else None


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
