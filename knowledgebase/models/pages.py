"""The page trees: Knowledge bases → one shared and one per community → articles. Wagtail edits them, our own views serve them."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Collection, Page, PagePermissionTester, PreviewableMixin

from communities.models import Community, MatrixTemplateVersion
from ground.actors import Actor
from ground.texts import pick
from knowledgebase import placeholders
from knowledgebase.blocks import BODY
from knowledgebase.models.beside import OriginalPanel
from knowledgebase.models.care import in_a_year
from knowledgebase.models.editions import Audience, Edition

RESERVED = frozenset({"search", "suggest", "translations", "our-versions", "offers", "care", "feedback", "found"})


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
    private_page_options: ClassVar[list[str]] = []  # who reads is the article's audience
    preview_modes: ClassVar[list[tuple[str, Any]]] = []
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
    second_reader = models.BooleanField(
        _("articles are read by a second person before they are published"),
        default=False,
        help_text=_("Then hub champions and representatives send an article to be read, and another of them publishes it."),
    )
    audience = models.CharField(
        _("who may read it"),
        max_length=10,
        choices=Audience,
        default=Audience.PUBLIC,
        help_text=_("Nothing in this knowledge base is readable by more people than this. Each section and article may narrow it further."),
    )
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, editable=False, related_name="+")

    parent_page_types: ClassVar[list[str]] = ["knowledgebase.KnowledgeBases"]
    subpage_types: ClassVar[list[str]] = ["knowledgebase.Article", "knowledgebase.LanguageShelf"]
    is_creatable = False
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("audience"),
        FieldPanel("second_reader"),
    ]
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (
            "review_by" in self.fields
        ):  # Django asks for a hidden copy of a computed default, which the editor does not render: always "changed"
            self.fields["review_by"].show_hidden_initial = False

    def clean_translation_of(self) -> "Article | None":
        """An article of the same knowledge base, or a shared one that this person may read."""
        original: Article | None = self.cleaned_data["translation_of"]
        if original is None or original.pk == self.instance.translation_of_id:
            return original
        if original.pk == self.instance.pk or original.translation_of_id:
            raise ValidationError(_("Choose the article that was written first; a translation is none."))
        here = self.parent_page.path[: 3 * Page.steplen]
        shared = Edition.objects.visible_to(Actor.person(self.for_user)).shared() if self.for_user else Edition.objects.none()
        if not original.path.startswith(here) and not shared.filter(pk=original.pk).exists():
            raise ValidationError(_("Choose an article of this knowledge base, or a shared one."))
        return original

    def clean(self) -> dict[str, Any]:
        """A fact whose name we do not know is most often misspelt; here alone it is refused, so that an import keeps it as typed."""
        cleaned: dict[str, Any] = super().clean()
        body = cleaned.get("body")
        if names := list(dict.fromkeys(placeholders.unknown(body.get_prep_value()))) if body else []:
            self.add_error("body", unknown_names(names))
        for name in ("title", "summary"):
            if placeholders.named(cleaned.get(name) or ""):
                self.add_error(name, gettext("A fact can stand in the text alone: lists and search show this as it was typed."))
        return cleaned


def unknown_names(names: list[str]) -> str:
    """What to tell an editor who typed these between double braces."""
    return gettext("We know no fact called %(names)s. There are: %(known)s. Or write it as code, between ` and `.") % {
        "names": ", ".join(f"{{{{ {name} }}}}" for name in names),
        "known": ", ".join(placeholders.NAMES),
    }


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
    review_by = models.DateField(
        _("look at it again by"),
        null=True,
        blank=True,
        default=in_a_year,
        help_text=_("From then on it is listed under “Needs care”. Empty: never."),
    )
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="translations", verbose_name=_("translation of")
    )

    parent_page_types: ClassVar[list[str]] = ["knowledgebase.KnowledgeBase", "knowledgebase.LanguageShelf", "knowledgebase.Article"]
    subpage_types: ClassVar[list[str]] = ["knowledgebase.Article"]
    content_panels: ClassVar[list[Any]] = [
        OriginalPanel(),
        *Page.content_panels,
        FieldPanel("summary"),
        HelpPanel(template="knowledgebase/editor/markdown.html", heading=_("What you can write"), classname="collapsed"),
        FieldPanel("body"),
    ]
    promote_panels: ClassVar[list[Any]] = [
        FieldPanel("slug"),
        FieldPanel("audience", help_text=_("Everything below it is readable by no more people than it is itself.")),
        HelpPanel(template="knowledgebase/editor/readers.html"),
        FieldPanel("translation_of"),
        FieldPanel("responsibilities"),
        FieldPanel("review_by"),
    ]
    base_form_class = ArticleForm
    preview_modes = PreviewableMixin.DEFAULT_PREVIEW_MODES

    class Meta:
        verbose_name = _("article")

    @classmethod
    def can_exist_under(cls, parent: Page) -> bool:
        """Nothing stands below a community's own version of a shared article: its address is the shared one's."""
        return bool(super().can_exist_under(parent)) and not cls.overrides_with_page(parent)

    @classmethod
    def overrides_with_page(cls, page: Page) -> bool:
        return cls.objects.filter(pk=page.pk, override__isnull=False).exists()

    def clean(self) -> None:
        super().clean()
        at_top = self.depth is not None and self.depth <= 4
        if at_top and self.slug in RESERVED | set(dict(settings.LANGUAGES)):
            raise ValidationError({"slug": gettext("This address is taken by the site. Choose another.")})

    def knowledge_base_slug(self) -> str:
        """The community's slug; empty in the shared knowledge base."""
        found = KnowledgeBase.objects.ancestor_of(self).values_list("community__slug", flat=True).first()
        return found or ""

    def address_on_site(self) -> str:
        edition = getattr(self, "edition", None)
        override = getattr(self, "override", None) if edition is None else None
        if override is not None:  # a section is read in its article
            return f"{reverse('knowledgebase:community_article', args=[override.knowledge_base.community.slug, override.address])}#{override.section}"
        if edition is None:
            return reverse("knowledgebase:home")
        community = edition.knowledge_base.community
        if community is None:
            return reverse("knowledgebase:article", args=[edition.address])
        return reverse("knowledgebase:community_article", args=[community.slug, edition.address])

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:  # noqa: ARG002  Wagtail's signature
        return "knowledgebase/preview.html"
