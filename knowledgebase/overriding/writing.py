"""Beginning a version: a draft in the community's tree, with the shared text in it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community
from ground.actors import Actor
from knowledgebase import sections, upstream
from knowledgebase.blocks import BODY
from knowledgebase.models import Article, Audience, Edition, KnowledgeBase, Override, OwnVersions
from knowledgebase.sources import Block, as_text, blocks_of, cut, spliced, tidied


class CannotWrite(Exception):
    """There is no such section, or no knowledge base to write in; its words say which."""


@transaction.atomic
def write_own(community: Community, shared: Edition, *, section: str = "", by: Actor) -> Override:
    """The community's version of that shared article, or of its section, begun as a draft; the one that is there already, if it is.

    A section that lies in something of the community's own already leads there. Raises `CannotWrite`.
    """
    knowledge_base = KnowledgeBase.objects.select_for_update(of=("self",)).filter(community=community).first()
    if knowledge_base is None:
        raise CannotWrite(_("This community has no knowledge base yet."))
    existing = list(Override.objects.active().filter(knowledge_base=knowledge_base, shared=shared.pk).select_related("article"))
    if found := _around(existing, shared, section):
        return found
    text = upstream.text_of(shared, section)
    if text is None:
        raise CannotWrite(_("This section is not there any more. Open the article again."))
    return _begin(knowledge_base, shared, section=section, text=text, inside=_inside(existing, shared, section), by=by)


def _around(existing: Sequence[Override], shared: Edition, section: str) -> Override | None:
    """The version that holds this section already: itself, a section it lies in, or the whole article."""
    around = {"", section, *_sections_around(shared, section)}
    return next((override for override in existing if override.section in around and (section or override.is_whole)), None)


def _sections_around(shared: Edition, section: str) -> list[str]:
    spans = sections.spans(sections.pieces(shared.parts))
    inner = spans.get(section, range(0))
    return [name for name, span in spans.items() if name != section and inner and inner.start in span]


def _inside(existing: Sequence[Override], shared: Edition, section: str) -> list[Override]:
    """The versions of sections that lie in what is written now, and so go into it."""
    return [override for override in existing if not section or section in _sections_around(shared, override.section)]


def _begin(knowledge_base: KnowledgeBase, shared: Edition, *, section: str, text: str, inside: Sequence[Override], by: Actor) -> Override:
    heading = next((piece.title for piece in sections.pieces(shared.parts) if section and piece.id == section), "")
    page = Article(
        title=f"{shared.title}: {heading}"[:255] if heading else shared.title,
        summary="" if section else shared.summary,
        audience=_audience(shared),
        body=BODY.to_python(_blocks(shared, section, inside)),
        live=False,
        owner=by.user,
    )
    _shelf(knowledge_base).add_child(instance=page)
    page.save_revision(user=by.user)
    digest = sections.digest(text)
    override = Override.objects.create(
        article=page,
        knowledge_base=knowledge_base,
        shared=shared.article,
        address=shared.address,
        language=shared.language,
        title=shared.title,
        section=section,
        heading=heading[:255],
        replaced_text=text,
        replaced_digest=digest,
        now_text=text,
        now_digest=digest,
    )
    log(page, "knowledgebase.override", user=by.user, data={"by": by.label, "shared": shared.address, "section": section})
    return override


def _audience(shared: Edition) -> str:
    """What a community writes about itself is for its members until it says otherwise."""
    return Audience.STAFF if shared.audience == Audience.STAFF else Audience.MEMBERS


def _blocks(shared: Edition, section: str, inside: Sequence[Override]) -> list[Block]:
    source = blocks_of(shared.article.body)
    own = {override.section: blocks_of(override.article.get_latest_revision_as_object().body) for override in inside}
    if not section:
        return spliced(source, shared.parts, own)
    around = cut(source, shared.parts, section)
    if around is None:
        return as_text(shared.parts, section)
    return tidied(around.inside) if not own else spliced(around.inside, sections.section(shared.parts, section) or [], own)


def _shelf(knowledge_base: KnowledgeBase) -> OwnVersions:
    """The page below which versions stand; made with the first one."""
    found = OwnVersions.objects.child_of(knowledge_base).first()
    if found:
        return found
    with translation.override(knowledge_base.language):
        shelf = OwnVersions(title=_("Our versions of shared articles"))
    return knowledge_base.add_child(instance=shelf)
