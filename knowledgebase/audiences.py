"""For whom an article really is: nobody reads it who may not read the sections above it (docs/adr/0068)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Exists, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from wagtail.models import Page

from knowledgebase.models import Article, Audience, Edition, KnowledgeBase

WIDEST_FIRST = (Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF)
STEP = 4  # letters of one level in a page's path


def narrowest(audiences: Iterable[str]) -> Audience:
    """Whoever may read all of those."""
    return max((Audience(audience) for audience in audiences), key=WIDEST_FIRST.index, default=Audience.PUBLIC)


def of(article: Article, above: Sequence[Page]) -> Audience:
    """For whom that article is below those pages, given as their own kinds."""
    return narrowest([*(page.audience for page in above if isinstance(page, Article | KnowledgeBase)), article.audience])


def rewrite(top: Page) -> int:
    """Write into every edition at and below that page for whom it is now: a statement an audience, however many there are.

    The number of editions that changed. What stands in the place of a shared article is left to `publishing`.
    """
    placed = _placed(top)
    return sum(_write(audience, placed.exclude(audience=audience)) for audience in WIDEST_FIRST)


def narrow(top: Page) -> int:
    """`rewrite` for whom it is for fewer people now; those for more stay as they are until somebody publishes."""
    placed = _placed(top)
    return sum(_write(audience, placed.filter(audience__in=WIDEST_FIRST[:wider])) for wider, audience in enumerate(WIDEST_FIRST))


def _placed(top: Page) -> "QuerySet[Any]":
    """The editions at and below that page, each with for whom it `really` is."""
    below = Edition.objects.filter(article__path__startswith=top.path, in_place_of=None)
    levels = below.aggregate(deepest=Max("article__depth"))["deepest"] or 0
    narrowed = (When(_is_narrowed_to(audience, levels), then=Value(audience)) for audience in reversed(WIDEST_FIRST[1:]))
    return below.annotate(really=Case(*narrowed, default=Value(WIDEST_FIRST[0])))


def _write(audience: Audience, placed: "QuerySet[Any]") -> int:
    return Edition.objects.filter(pk__in=placed.filter(really=audience).values("pk")).update(audience=audience)


def _is_narrowed_to(audience: Audience, levels: int) -> Q:
    """Whether the article, a section above it or its knowledge base is for that audience."""
    return Q(knowledge_base__audience=audience) | Q(Exists(_way_to(levels).filter(audience=audience)))


def _way_to(levels: int) -> "QuerySet[Article]":
    """The sections from the root to an edition's article, and itself: each known by the beginning of its path, so that an index finds it."""
    steps = [Substr(OuterRef("article__path"), 1, Value(STEP * level)) for level in range(1, levels + 1)]
    return Article.objects.filter(path__in=steps)


def in_words(article: Article, above: Sequence[Page]) -> str:
    """Who can really read that article, told to its editor; where a section above decides, it is named."""
    audience = of(article, above)
    said = _readers(audience, next((page for page in above if isinstance(page, KnowledgeBase)), None))
    if audience == article.audience:
        return said
    cause = next(page for page in above if isinstance(page, Article | KnowledgeBase) and page.audience == audience)
    return _("%(readers)s “%(section)s” above it says so.") % {"readers": said, "section": cause.title}


def _readers(audience: Audience, knowledge_base: KnowledgeBase | None) -> str:
    match audience:
        case Audience.PUBLIC:
            return _("Everybody can read this, also without signing in, and search engines find it.")
        case Audience.MEMBERS if knowledge_base is not None and knowledge_base.community is not None:
            return _("Members of %(community)s and our staff can read this.") % {"community": knowledge_base.community}
        case Audience.MEMBERS:
            return _("Members of every community and our staff can read this.")
        case _:
            return _("Only our staff can read this.")
