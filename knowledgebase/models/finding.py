"""What makes articles findable beside their own words: which words mean the same, and what was looked for in vain."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.roles import STAFF, Role
from ground.actors import Actor

OF_CHAMPIONS = frozenset({Role.REPRESENTATIVE, Role.HUB_CHAMPION})
A_LINE = _("One word or short phrase a line.")


class SynonymSet(models.Model):
    """Words that mean the same to who searches, in any language. Edited by operators; `SynonymPhrase` is what is looked up."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("What these words are about, for this list alone."))
    en = models.TextField(_("English"), blank=True, help_text=A_LINE)
    es = models.TextField(_("Spanish"), blank=True, help_text=A_LINE)
    pt = models.TextField(_("Portuguese"), blank=True, help_text=A_LINE)
    fr = models.TextField(_("French"), blank=True, help_text=A_LINE)
    leads_to = models.TextField(
        _("lead one way to"),
        blank=True,
        help_text=_(
            "Optional, one word or short phrase a line: whoever asks with the words above finds these too, and not the other way round."
        ),
    )
    is_used = models.BooleanField(_("used"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")

    def __str__(self) -> str:
        return self.name


class SynonymPhrase(models.Model):
    """One phrase of a set as trunks of words; derived, written anew whenever the set is saved."""

    synonyms = models.ForeignKey(SynonymSet, on_delete=models.CASCADE, related_name="phrases")
    first = models.CharField(max_length=40, help_text=_("Its first trunk, by which it is looked up."))
    phrase = models.CharField(max_length=200)
    is_asked = models.BooleanField(help_text=_("Whoever asks with it finds the others."))
    is_found = models.BooleanField(help_text=_("It is found by the others."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["synonyms", "phrase"], name="a_phrase_once_a_set")]
        indexes = [models.Index(fields=["first"], name="synonym_by_first_word")]

    def __str__(self) -> str:
        return self.phrase


class SynonymSource(models.Model):
    """A set we ship, and what was written of it, so that a newer one never overwrites an operator's change or brings back a removed one."""

    key = models.SlugField(max_length=100, unique=True)
    digest = models.CharField(max_length=64)
    synonyms = models.OneToOneField(SynonymSet, null=True, on_delete=models.SET_NULL, related_name="source")

    def __str__(self) -> str:
        return self.key


class SearchMissQuerySet(models.QuerySet["SearchMiss"]):
    """Who writes the articles reads what was looked for in vain."""

    def visible_to(self, actor: Actor) -> Self:
        """All for staff; for representatives and hub champions those of their community."""
        if actor.user is None:
            return self.none()
        if actor.user.is_superuser or actor.user.staff_groups & STAFF:
            return self.all()
        theirs = [key for key, roles in actor.user.roles_by_community.items() if roles & OF_CHAMPIONS]
        return self.filter(community__in=theirs)


class SearchMiss(models.Model):
    """Words that found nothing, how often and when last. Nobody is named, and what may be a secret is not kept."""

    query = models.CharField(_("asked for"), max_length=100)
    language = models.CharField(_("language"), max_length=10)
    community = models.ForeignKey(
        "communities.Community", null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("community")
    )
    count = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last asked"))

    objects = SearchMissQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "language", "query"], name="one_miss_of_a_community"),
            models.UniqueConstraint(fields=["language", "query"], condition=models.Q(community=None), name="one_miss_of_the_shared"),
        ]
        indexes = [models.Index(fields=["community", "-count"], name="miss_by_count")]

    def __str__(self) -> str:
        return self.query


class EditionVector(models.Model):
    """Where an index by meaning, if one is switched on, keeps an edition (knowledgebase.searching.semantic)."""

    edition = models.OneToOneField("knowledgebase.Edition", primary_key=True, on_delete=models.CASCADE, related_name="+")
    vector = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
