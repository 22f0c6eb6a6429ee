"""The page trees: Knowledge bases → one shared and one per community → articles. Wagtail edits them, our own views serve them."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Collection, Page, PagePermissionTester

from communities.models import Community, MatrixTemplateVersion
from ground.texts import pick
from knowledgebase.blocks import BODY
from knowledgebase.models.editions import Audience
from knowledgebase.rendering import render

RESERVED = frozenset({"search", "suggest"})


class BodyField(StreamField):
    """The stream of blocks; which blocks there are is code, not schema, so migrations do not repeat them."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [[]], options


class FixedTester(PagePermissionTester):
    """A root stands where it stands: only superusers delete, move, copy or unpublish it."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(self.user.is_superuser) and super().can_delete(ignore_bulk)

    def can_unpublish(self) -> bool:
        return bool(self.user.is_superuser) and super().can_unpublish()

    def can_copy(self) -> bool:
        return False


class Served(Page):
    """What all our pages share: Wagtail's own addresses serve nothing."""

    promote_panels: ClassVar[list[Any]] = [FieldPanel("slug")]
    search_fields = Page.search_fields

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002  Wagtail's signature
        raise Http404

    def address_on_site(self) -> str:
        """The path our views serve it under."""
        return reverse("knowledgebase:home")

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str]:  # noqa: ARG002  Wagtail's signature
        """Wagtail's "view live" leads to our own address."""
        return (0, settings.SITE_URL, self.address_on_site())


class KnowledgeBases(Served):
    """The root of all knowledge bases."""

    max_count = 1
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["knowledgebase.KnowledgeBase"]

    class Meta:
        verbose_name = _("knowledge bases")

    def permissions_for_user(self, user: Any) -> FixedTester:
        return FixedTester(user, self)


class KnowledgeBase(Served):
    """The root of one knowledge base: a community's, or without a community the shared one."""

    community = models.OneToOneField(
        Community, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="knowledge_base"
    )
    language = models.CharField(_("language"), max_length=10, default="en", choices=settings.LANGUAGES)
    introduction = models.TextField(_("introduction"), blank=True, help_text=_("One or two sentences at the top of the first page."))
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, editable=False, related_name="+")

    parent_page_types: ClassVar[list[str]] = ["knowledgebase.KnowledgeBases"]
    subpage_types: ClassVar[list[str]] = ["knowledgebase.Article", "knowledgebase.LanguageShelf"]
    is_creatable = False
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("introduction")]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []

    class Meta:
        verbose_name = _("knowledge base")
        constraints = [
            models.UniqueConstraint(Coalesce("community", 0), name="one_knowledge_base_each"),
        ]

    def permissions_for_user(self, user: Any) -> FixedTester:
        return FixedTester(user, self)

    @property
    def is_shared(self) -> bool:
        return self.community_id is None

    def address_on_site(self) -> str:
        if self.community is None:
            return reverse("knowledgebase:home")
        return reverse("knowledgebase:community_home", args=[self.community.slug])


class LanguageShelf(Served):
    """The articles of one knowledge base in another language; its slug is the language's code."""

    parent_page_types: ClassVar[list[str]] = ["knowledgebase.KnowledgeBase"]
    subpage_types: ClassVar[list[str]] = ["knowledgebase.Article"]

    class Meta:
        verbose_name = _("language")

    def clean(self) -> None:
        super().clean()
        if self.slug not in dict(settings.LANGUAGES):
            raise ValidationError(
                {
                    "slug": gettext("Use the code of a language this site speaks: %(codes)s.")
                    % {"codes": ", ".join(dict(settings.LANGUAGES))}
                }
            )

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return PagePermissionTester(user, self)


def rows_to_explain() -> list[tuple[str, str]]:
    """(key, text) of every row of the templates that count today, in their order."""
    templates = MatrixTemplateVersion.objects.filter(is_current=True).order_by("programme").values_list("areas", flat=True)
    rows = [row for areas in templates for area in areas for row in area["rows"]]
    return list({row["key"]: f"{pick(row['text'])} ({row['key']})" for row in rows}.items())


class ArticleForm(WagtailAdminPageForm):
    """The editor's form of an article: the rows it explains are chosen, not typed."""

    responsibilities = forms.MultipleChoiceField(
        label=_("Rows of the responsibility matrix it explains"),
        choices=rows_to_explain,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Readers of the matrix, and of a ticket about such a row, find the way here."),
    )


class Article(Served):
    """One article, as its editors see it; readers are served its published `Edition`."""

    summary = models.TextField(
        _("summary"), blank=True, max_length=400, help_text=_("What the reader will be able to do, in one sentence. Shown in lists.")
    )
    audience = models.CharField(_("who may read it"), max_length=10, choices=Audience, default=Audience.MEMBERS)
    responsibilities = models.JSONField(
        _("rows of the responsibility matrix it explains"),
        default=list,
        blank=True,
        help_text=_("Readers of the matrix, and of a ticket about such a row, find the way here."),
    )
    body = BodyField(BODY, blank=True, verbose_name=_("text"))
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="translations", verbose_name=_("translation of")
    )

    parent_page_types: ClassVar[list[str]] = ["knowledgebase.KnowledgeBase", "knowledgebase.LanguageShelf", "knowledgebase.Article"]
    subpage_types: ClassVar[list[str]] = ["knowledgebase.Article"]
    content_panels: ClassVar[list[Any]] = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    promote_panels: ClassVar[list[Any]] = [
        FieldPanel("slug"),
        FieldPanel("audience"),
        FieldPanel("translation_of"),
        FieldPanel("responsibilities"),
    ]
    base_form_class = ArticleForm

    class Meta:
        verbose_name = _("article")

    def clean(self) -> None:
        super().clean()
        at_top = self.depth is not None and self.depth <= 4
        if at_top and self.slug in RESERVED | set(dict(settings.LANGUAGES)):
            raise ValidationError({"slug": gettext("This address is taken by the site. Choose another.")})

    def address_on_site(self) -> str:
        edition = getattr(self, "edition", None)
        if edition is None:
            return reverse("knowledgebase:home")
        community = edition.knowledge_base.community
        if community is None:
            return reverse("knowledgebase:article", args=[edition.address])
        return reverse("knowledgebase:community_article", args=[community.slug, edition.address])

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:  # noqa: ARG002  Wagtail's signature
        return "knowledgebase/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:  # noqa: ARG002  Wagtail's signature
        """The draft as readers would see it, without the facts of any community."""
        return {"article": self, "parts": [mark_safe(part.get("html", "")) for part in render(self.body).parts], "request": request}  # noqa: S308  render cleans it
