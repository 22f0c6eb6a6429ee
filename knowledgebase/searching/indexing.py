"""Making published editions findable."""

from ground import search
from ground.models import SearchWord
from knowledgebase.models import Edition
from knowledgebase.searching import semantic

CHUNK = 200


def index(edition: Edition) -> None:
    """Make an edition findable as it is now."""
    search.index(Edition.SEARCHED_AS, edition.pk, title=edition.title, headings=headings_of(edition), body=edition.text)
    if meanings := semantic.chosen():
        meanings.index([edition.pk], [text_of(edition)])


def forget(edition_id: int) -> None:
    """Nobody finds it any more."""
    search.forget(Edition.SEARCHED_AS, edition_id)
    if meanings := semantic.chosen():
        meanings.forget([edition_id])


def index_all() -> None:
    """Every edition anew."""
    editions = Edition.objects.order_by("pk").defer("parts")
    last = 0
    while chunk := list(editions.filter(pk__gt=last)[:CHUNK]):
        rows = [(edition.pk, edition.title, headings_of(edition), edition.text) for edition in chunk]
        search.index_many(Edition.SEARCHED_AS, rows)
        if meanings := semantic.chosen():
            meanings.index([edition.pk for edition in chunk], [text_of(edition) for edition in chunk])
        last = chunk[-1].pk
    recount()


def index_missing() -> None:
    """Every edition anew where none was ever learnt, as after the search table changed its form."""
    if Edition.objects.exists() and not SearchWord.objects.filter(kind=Edition.SEARCHED_AS).exists():
        index_all()


def recount() -> None:
    """How common each word is, counted anew."""
    search.recount(Edition.SEARCHED_AS)


def headings_of(edition: Edition) -> str:
    """The summary and the headings: more telling than the text, less than the title."""
    return "\n".join([edition.summary, *(heading["title"] for heading in edition.contents)])


def text_of(edition: Edition) -> str:
    """All its words."""
    return f"{edition.title}\n{edition.summary}\n{edition.text}"
