"""Whether a translation still says what its original says: each change of the original is weighed, and counts until it is followed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision
from wagtail.signals import page_published

from ground.actors import Actor
from knowledgebase import kept_pages
from knowledgebase.models import Article, Change, Translation
from knowledgebase.significance import UNKNOWN, Proposal, Significance, heaviest, propose
from knowledgebase.translating.comparing import source_of


def listen() -> None:
    """What is published may be a translation, or have some."""
    page_published.connect(_on_published, sender=Article, dispatch_uid="follow translations")


@transaction.atomic
def published(article: Article, revision: Revision) -> Change | None:
    """Keep what a publication means: a translation is linked to its original; a changed original lets its translations fall behind."""
    linked = list(Translation.objects.filter(Q(article=article) | Q(original=article)))
    own = next((row for row in linked if row.article_id == article.pk), None)
    _keep_link(article, own)
    followers = [row for row in linked if row.original_id == article.pk]
    kept_pages.drop_after_commit()  # pages say of a translation how far behind it is, and may have been made since the edition was written
    return _note_change(article, revision, followers) if followers else None


def latest_change(article: Article) -> Change | None:
    """The last change of an article that its translations know of."""
    return Change.objects.filter(article=article).order_by("-pk").first()


@transaction.atomic
def decide(change: Change, significance: Significance, *, by: Actor) -> Change:
    """Say what a change means for the translations."""
    held = Change.objects.select_for_update().get(pk=change.pk)
    held.significance, held.decided_by, held.decided_at = significance, by.user, timezone.now()
    held.save(update_fields=["significance", "decided_by", "decided_at"])
    for translation in Translation.objects.select_for_update().filter(original=held.article_id):
        _weigh(translation)
    kept_pages.drop_after_commit()
    log(held.article, "knowledgebase.significance", user=by.user, data={"by": by.label, "significance": significance})
    return held


@transaction.atomic
def follow(translation: Translation, *, change: Change | None, by: Actor) -> Translation:
    """Say that a translation says what the original said with that change; what was published there later still counts."""
    held = Translation.objects.select_for_update().get(pk=translation.pk)
    if change and change.article_id == held.original_id:
        held.follows, held.based_on = change, change.revision
    _weigh(held)
    kept_pages.drop_after_commit()
    log(held.article, "knowledgebase.follow", user=by.user, data={"by": by.label})
    return held


@transaction.atomic
def follow_brought(articles: Iterable[int], *, by: Actor) -> None:
    """What came in several languages at once says the same: of these articles, those that translate follow their originals as they are now."""
    for translation in Translation.objects.standing().filter(article__in=list(articles)).select_related("original"):
        follow(translation, change=latest_change(translation.original), by=by)


def _keep_link(article: Article, own: Translation | None) -> None:
    original = article.translation_of
    if own and own.original_id != article.translation_of_id:
        own.delete()
        own = None
    if original and own is None and original.pk != article.pk:
        link(article, original)


def link(article: Article, original: Article) -> Translation:
    """Note that an article follows what its original says now."""
    return Translation.objects.create(
        article=article, original=original, based_on_id=original.live_revision_id, follows=latest_change(original)
    )


def _note_change(article: Article, revision: Revision, followers: Sequence[Translation]) -> Change | None:
    last = latest_change(article)
    before = last.revision if last else next((row.based_on for row in followers if row.based_on), None)
    if before is not None and source_of(before) == source_of(revision):
        return None
    proposal = _proposal(before, revision)
    change = Change.objects.create(
        article=article,
        before=before,
        revision=revision,
        proposed=proposal.significance,
        significance=proposal.significance,
        share=round(proposal.share * 100),
        reasons=list(proposal.reasons),
        at=timezone.now(),
    )
    for translation in Translation.objects.select_for_update().filter(pk__in=[row.pk for row in followers]):
        _weigh(translation)
    return change


def _proposal(before: Revision | None, revision: Revision) -> Proposal:
    return propose(source_of(before), source_of(revision)) if before else UNKNOWN


def _weigh(translation: Translation) -> None:
    """How far behind it is, by the changes since the one it follows."""
    later = Change.objects.filter(article=translation.original_id, pk__gt=translation.follows_id or 0)
    found = list(later.exclude(significance=Significance.SMALL).order_by("pk").values_list("significance", "at"))
    translation.lag = heaviest(significance for significance, _at in found)
    translation.since = found[0][1] if found else None
    translation.save(update_fields=["lag", "since", "follows", "based_on"])
    kept_pages.drop_after_commit()  # its page tells strangers how far behind it is


def _on_published(*, instance: Article, revision: Revision, **_kwargs: Any) -> None:
    published(instance, revision)
