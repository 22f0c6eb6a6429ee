"""Making rows findable: their words as trunks, so that neither database's own reading of dots, slashes and hyphens comes in between."""

from collections.abc import Sequence

from ground.models import SearchEntry
from ground.search.spelling import learn
from ground.search.words import trunks_of

COLUMNS = ["title", "headings", "body"]


def index(kind: str, object_id: int, *, title: str, body: str, headings: str = "") -> None:
    """Make a row findable, or findable anew."""
    columns = {**folded(title=title, body=body), "headings": " ".join(trunks_of(headings))}
    SearchEntry.objects.update_or_create(kind=kind, object_id=object_id, defaults=columns)
    learn(kind, f"{title}\n{headings}\n{body}")


def index_many(kind: str, rows: Sequence[tuple[int, str, str, str]]) -> None:
    """`index` for many rows (id, title, headings, body) at once."""
    entries = [
        SearchEntry(kind=kind, object_id=object_id, headings=" ".join(trunks_of(headings)), **folded(title=title, body=body))
        for object_id, title, headings, body in rows
    ]
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=COLUMNS, batch_size=500
    )
    learn(kind, "\n".join(text for _object_id, *texts in rows for text in texts))


def folded(*, title: str, body: str) -> dict[str, str]:
    """These columns of an entry as they are kept."""
    return {"title": " ".join(trunks_of(title)), "body": " ".join(trunks_of(body))}


def forget(kind: str, object_id: int) -> None:
    """Make a row unfindable."""
    SearchEntry.objects.filter(kind=kind, object_id=object_id).delete()
