"""What becomes of a version when the shared text has changed, or is gone: taken over, kept, or made an article of its own."""

import itertools

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from ground.actors import Actor
from knowledgebase.access import may_unpublish
from knowledgebase.models import KnowledgeBase, Override, Standing
from knowledgebase.models.pages import RESERVED


class WaitsForAnother(Exception):
    """Readers would lose a published text, and this person publishes nothing without a second one."""


class NothingToKeep(Exception):
    """This version was given up already, or what it stands in place of is still there."""


@transaction.atomic
def adopt(override: Override, *, by: Actor) -> None:
    """Take the shared text: the version is read no more; its page and history stay in the editor. Twice is once. Raises `WaitsForAnother`."""
    locked = _locked(override)
    if locked.retired_at is not None:
        return
    if not may_unpublish(by, locked.article):
        raise WaitsForAnother
    Override.objects.filter(pk=locked.pk).update(retired_at=timezone.now(), changed_at=None)
    if locked.article.live:
        locked.article.unpublish(user=by.user)
    log(locked.article, "knowledgebase.adopt", user=by.user, data={"by": by.label, "shared": locked.address, "section": locked.section})


@transaction.atomic
def keep(override: Override, *, seen: str, by: Actor) -> None:
    """Keep the own version: what the shared text says now is what it replaces from here on.

    `seen` is the digest of the text that was compared; one that came after it still waits for a look. Twice is once.
    Raises `NothingToKeep` for a version that was given up.
    """
    locked = _locked(override)
    if locked.retired_at is not None:
        raise NothingToKeep
    if locked.changed_at is None or seen != locked.now_digest:
        return
    locked.changed_at = None
    if locked.standing == Standing.CHANGED:
        locked.standing, locked.replaced_text, locked.replaced_digest = Standing.SAME, locked.now_text, locked.now_digest
    locked.save(update_fields=["changed_at", "standing", "replaced_text", "replaced_digest"])
    log(locked.article, "knowledgebase.keep", user=by.user, data={"by": by.label, "shared": locked.address, "section": locked.section})


@transaction.atomic
def let_stand_alone(override: Override, *, by: Actor) -> None:
    """Make an article of the community's own of a version whose shared article or section is gone. Raises `NothingToKeep`."""
    locked = _locked(override)
    if locked.standing not in {Standing.GONE, Standing.MISSING}:
        raise NothingToKeep
    home = KnowledgeBase.objects.get(pk=locked.knowledge_base_id)
    page = locked.article
    page.slug = free_slug(home, page.slug)
    page.save(clean=False)
    page.move(home, pos="last-child", user=by.user)  # `publishing` hears of it, and ends the override
    log(page, "knowledgebase.stand_alone", user=by.user, data={"by": by.label, "shared": locked.address})


def free_slug(parent: Page, slug: str) -> str:
    """That slug, with a number where it is taken there or by the site."""
    taken = {*parent.get_children().values_list("slug", flat=True), *RESERVED, *dict(settings.LANGUAGES)}
    return next(name for number in itertools.count(1) if (name := slug if number == 1 else f"{slug}-{number}") not in taken)


def _locked(override: Override) -> Override:
    """The row as it is now; two champions who settle it at once come one after the other."""
    return Override.objects.select_for_update(of=("self",)).select_related("article").get(pk=override.pk)
