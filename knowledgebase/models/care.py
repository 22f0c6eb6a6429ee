"""What keeps articles right: what readers say of them, when somebody last looked, and where their links lead."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from knowledgebase.models.editions import Edition
from knowledgebase.models.writers import EDITORS, SHARED_EDITORS

GOOD_FOR = timedelta(days=365)
LONGEST_WORDS = 500
LONGEST_LINK = 500  # letters; a longer address is not checked


def in_a_year() -> date:
    """Until when an article is taken to be right if nobody says otherwise."""
    return timezone.localdate() + GOOD_FOR


class Why(models.TextChoices):
    """What was wrong with an article."""

    OUTDATED = "outdated", _("It is out of date")
    HARD = "hard", _("It is hard to understand")
    NOT_IT = "not-it", _("It is not what I looked for")
    WRONG = "wrong", _("Something in it is wrong")
    OTHER = "other", _("Something else")


class VoteQuerySet(models.QuerySet["Vote"]):
    """Words for votes."""

    def visible_to(self, actor: Actor) -> Self:
        """Those on articles one may edit. See `access.can_read_vote`."""
        if actor.user is None:
            return self.none()
        if actor.user.is_superuser or actor.user.staff_groups & SHARED_EDITORS:
            return self.all()
        edited = [key for key, roles in actor.user.roles_by_community.items() if roles & EDITORS]
        return self.filter(article__edition__knowledge_base__community__in=edited)

    def standing(self) -> Self:
        """On the text that is read today, and nobody has looked at the article since."""
        of_today = self.filter(version=F("article__edition__published_at"))
        return of_today.filter(Q(article__care__looked_at=None) | Q(at__gt=F("article__care__looked_at")))

    def in_words(self) -> Self:
        """With a reason, or more words than yes and no."""
        return self.exclude(why="", words="")


class Vote(models.Model):
    """What one reader said of one text: whether it helped, and if they like why not. It may be changed (docs/adr/0060)."""

    article = models.ForeignKey("knowledgebase.Article", on_delete=models.CASCADE, related_name="votes")
    version = models.DateTimeField(_("version"), help_text=_("When the text that was read was published."))
    reader = models.CharField(_("reader"), max_length=64)
    """Of somebody signed in the account; else a hash that nobody can undo once its day is over."""
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    helped = models.BooleanField(_("it helped"))
    why = models.CharField(_("why not"), max_length=10, choices=Why, blank=True)
    words = models.TextField(_("in their words"), max_length=LONGEST_WORDS, blank=True)
    at = models.DateTimeField(_("at"))

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "version", "reader"], name="one_vote_per_reader")]
        indexes = [models.Index(fields=["article", "at"], name="vote_on_article"), models.Index(fields=["at"], name="vote_at")]

    def __str__(self) -> str:
        return f"{self.article_id}: {'yes' if self.helped else 'no'}"


class Care(models.Model):
    """When somebody last looked at an article and found it right, and what was true then."""

    article = models.OneToOneField("knowledgebase.Article", primary_key=True, on_delete=models.CASCADE, related_name="care")
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    hub_values = models.JSONField(_("what the hubs were like"), default=dict, blank=True)
    """By `hub: fact`, as `care.hub_values` tells them; empty for an article that uses none."""
    links_of = models.DateTimeField(_("links collected"), null=True, blank=True)
    """The edition's `updated_at` when its links were collected."""

    def __str__(self) -> str:
        return str(self.article_id)


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    """Words for addresses outside."""

    def due(self) -> Self:
        return self.filter(next_check_at__lte=timezone.now())


class LinkCheck(models.Model):
    """An address outside that articles point at, and how it answered. Three days without an answer make it dead."""

    url = models.CharField(max_length=LONGEST_LINK, unique=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(_("days it failed"), default=0)
    failed_on = models.DateField(_("last day it failed"), null=True, blank=True)
    dead_since = models.DateTimeField(_("dead since"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("next check at"), default=timezone.now, db_index=True)

    objects = LinkCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url


class ArticleLinkQuerySet(models.QuerySet["ArticleLink"]):
    """Words for links of articles."""

    def dead(self) -> Self:
        """Those that lead nowhere, of the text that is read today."""
        of_today = self.filter(edition__updated_at=F("edition__article__care__links_of"))
        return of_today.filter(Q(broken_since__isnull=False) | Q(check_of__dead_since__isnull=False))


class ArticleLink(models.Model):
    """One address that a published article points at: outside, in a knowledge base, or elsewhere on this site."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="links")
    target = models.CharField(max_length=LONGEST_LINK)
    check_of = models.ForeignKey(LinkCheck, null=True, blank=True, on_delete=models.CASCADE, related_name="links")
    home = models.ForeignKey("knowledgebase.KnowledgeBase", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    """The knowledge base it leads into; None for what is no article."""
    address = models.CharField(max_length=255, blank=True)
    broken_since = models.DateTimeField(null=True, blank=True)

    objects = ArticleLinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "target"], name="one_link_per_target")]
        indexes = [models.Index(fields=["home", "address"], name="link_into_article")]

    def __str__(self) -> str:
        return self.target

    @property
    def dead_since(self) -> datetime | None:
        """Since when it leads nowhere."""
        return self.broken_since or (self.check_of.dead_since if self.check_of else None)
