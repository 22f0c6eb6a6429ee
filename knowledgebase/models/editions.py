"""What readers are served (docs/adr/0006): the published edition of each article, and where an imported article came from."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from communities.roles import STAFF
from ground.actors import Actor

if TYPE_CHECKING:
    from communities.models import Community


MOVING = "moving:"  # begins the address of what is about to get another; no address has a colon


class Audience(models.TextChoices):
    """For whom an article is."""

    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")
    STAFF = "staff", _("Staff only")


def sight_of(actor: Actor) -> frozenset[int] | None:
    """All that decides which articles somebody sees: the keys of their communities, or None for staff, who see every one."""
    if actor.user is None:
        return frozenset()
    if actor.user.is_superuser or actor.user.staff_groups & STAFF:
        return None
    return frozenset(actor.user.roles_by_community)


class EditionQuerySet(models.QuerySet["Edition"]):
    """Published articles; every page, search, suggestion, file and API answer goes through `visible_to`."""

    def visible_to(self, actor: Actor) -> Self:
        """Public ones for everybody, members' ones for members (shared: of any community), all for staff."""
        return self.seen_with(sight_of(actor))

    def seen_with(self, sight: frozenset[int] | None) -> Self:
        """`visible_to` for everybody of that sight."""
        if sight is None:
            return self.all()
        public = Q(audience=Audience.PUBLIC)
        if not sight:
            return self.filter(public)
        theirs = Q(knowledge_base__community__in=sorted(sight)) | Q(knowledge_base__community=None)
        return self.filter(public | Q(audience=Audience.MEMBERS) & theirs)

    def shared(self) -> Self:
        return self.filter(knowledge_base__community=None)

    def readable_in(self, community: "Community | None") -> Self:
        """What a community's knowledge base holds: its own articles, and shared ones it does not override by address."""
        settled = self.exclude(address__startswith=MOVING)
        if community is None:
            return settled.shared()
        own = self.filter(knowledge_base__community=community, address=models.OuterRef("address"))  # as far as they are among these
        return settled.filter(Q(knowledge_base__community=community) | Q(knowledge_base__community=None) & ~models.Exists(own))

    def with_original(self) -> Self:
        """Each with `original`: what it translates or stands in the place of, the same for one article in all languages; None for that itself."""
        return self.annotate(original=Coalesce("in_place_of__translation_of", "in_place_of", "article__translation_of"))

    def in_reading_order(self) -> Self:
        """Own before shared, then as the editors arranged the tree; what stands in place of a shared article stands among the shared."""
        own = Case(When(in_place_of=None, then=models.F("knowledge_base__community")))
        return self.order_by(own.asc(nulls_last=True), "tree")

    def listed(self) -> Self:
        """Enough for a list: no parts, no text."""
        return self.defer("parts", "contents", "text", "markdown").select_related("knowledge_base")


class Edition(models.Model):
    """The published text of one article, rendered and addressed. Written while publishing, gone when unpublished."""

    article = models.OneToOneField("knowledgebase.Article", primary_key=True, on_delete=models.CASCADE, related_name="edition")
    knowledge_base = models.ForeignKey("knowledgebase.KnowledgeBase", on_delete=models.CASCADE, related_name="editions")
    address = models.CharField(_("address"), max_length=255, help_text=_("Path inside the knowledge base, without slashes at its ends."))
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=255)
    summary = models.TextField(_("summary"), blank=True)
    audience = models.CharField(
        _("audience"),
        max_length=10,
        choices=Audience,
        help_text=_("The narrowest of the article's own and those of the sections above it."),
    )
    tree = models.CharField(_("place"), max_length=255, default="", help_text=_("The path of its page in the tree: four letters a level."))
    parts = models.JSONField(_("parts"), default=list, help_text=_("Safe HTML, and between it the blocks that depend on who reads."))
    contents = models.JSONField(_("contents"), default=list, help_text=_("Headings: level, id, title."))
    text = models.TextField(_("plain text"), blank=True)
    in_place_of = models.ForeignKey(
        "knowledgebase.Article",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The shared article whose place it takes in its community."),
    )
    markdown = models.TextField(_("Markdown"), blank=True)
    images = models.ManyToManyField("knowledgebase.ArticleImage", related_name="editions", blank=True)
    documents = models.ManyToManyField("knowledgebase.ArticleDocument", related_name="editions", blank=True)
    published_at = models.DateTimeField(_("published at"))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = EditionQuerySet.as_manager()

    SEARCHED_AS = "article"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["knowledge_base", "address"], name="one_edition_per_address")]
        indexes = [
            models.Index(fields=["knowledge_base", "language", "tree"], name="edition_by_place"),
            models.Index(fields=["-published_at"], name="edition_newest_first"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        return self.knowledge_base.community_id is None

    @property
    def is_on_shared_shelf(self) -> bool:
        """Whether readers find it among the shared articles: it is one, or a community's version of one."""
        return self.is_shared or self.in_place_of_id is not None

    @property
    def depth(self) -> int:
        """How many sections lie above it."""
        return self.address.count("/")

    @property
    def language_name(self) -> str:
        """The language's own name for itself."""
        return str(get_language_info(self.language)["name_local"])

    def addresses_above(self) -> list[str]:
        """The addresses of its sections, outermost first."""
        steps = self.address.split("/")
        return ["/".join(steps[:count]) for count in range(1, len(steps))]


class Explanation(models.Model):
    """That a published article explains a row of responsibility matrices, by the row's key."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="explanations")
    key = models.CharField(_("row"), max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="explained_once")]
        indexes = [models.Index(fields=["key"], name="explanation_of_row")]

    def __str__(self) -> str:
        return self.key


class UsedFact(models.Model):
    """That a published article names a fact of its reader's community, such as `hub.url`."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="used_facts")
    name = models.CharField(_("name"), max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "name"], name="fact_used_once")]
        indexes = [models.Index(fields=["name"], name="use_of_fact")]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where an imported article came from, so that importing again updates it and never overwrites an edit."""

    knowledge_base = models.ForeignKey("knowledgebase.KnowledgeBase", on_delete=models.CASCADE, related_name="sources")
    path = models.CharField(_("path"), max_length=500)
    origin = models.CharField(_("folder it came from"), max_length=100, blank=True)
    digest = models.CharField(_("digest"), max_length=64, help_text=_("Half of the file as it was, half of what became of it."))
    article = models.OneToOneField("knowledgebase.Article", null=True, on_delete=models.SET_NULL, related_name="source")
    revision = models.PositiveBigIntegerField(_("revision the import wrote"), null=True)
    gone_at = models.DateTimeField(_("gone from its folder since"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["knowledge_base", "path"], name="one_source_per_path")]

    def __str__(self) -> str:
        return self.path
