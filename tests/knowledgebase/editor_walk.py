"""Every address of the editor, with the numbers of what belongs to another community."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern
from wagtail.admin.models import EditingSession
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision, TaskState, UploadedFile, WorkflowState

from communities.roles import Role
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Edition
from tests.factories import CommunityFactory, member
from tests.knowledgebase.factories import bare, draft, picture, published

SECRETS = ("Zanzibar", "zanzibar", "quokka", "Berta", "berta@", "Thither")
"""Words that stand only in what the other community has: titles, names of files, a body, a person, its own name."""


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def waiting(article: Article, by: Any) -> TaskState:
    """The article, sent to a second reader."""
    article.save_revision(user=by, log_action=True)
    article.get_workflow().start(article, by)
    return article.current_workflow_task_state


class TwoCommunities:
    """A champion with an article and files, and another community with the same."""

    def __init__(self) -> None:
        self.community, self.other = CommunityFactory(slug="ours", name="Ours"), CommunityFactory(slug="thither", name="Thither")
        self.champion = member(self.community, Role.HUB_CHAMPION, email="champion@example.org", name="Carla")
        self.colleague = member(self.community, Role.REPRESENTATIVE, name="Dora")
        self.berta = member(self.other, Role.HUB_CHAMPION, email="berta@example.org", name="Berta")
        self.ours, self.theirs, self.shared = bare(self.community), bare(self.other), bare()
        self.own = published(self.ours, title="Own page").article
        self.image, self.foreign_image = picture(self.ours), self._image()
        self.foreign_document = self._document()
        self.foreign = published(self.theirs, title="Zanzibar plan", body=self._body(), owner=self.berta).article
        self.foreign_draft = draft(self.theirs, title="Zanzibar draft", body="quokka", owner=self.berta)
        self.foreign_state = waiting(self.foreign_draft, self.berta)
        log(self.foreign_image, "wagtail.edit", user=self.berta)
        self.foreign.save_revision(user=self.berta, log_action=True)
        self.own_draft = draft(self.ours, title="Own draft", owner=self.colleague)
        self.own_state = waiting(self.own_draft, self.colleague)
        self.foreign_locked = draft(self.theirs, title="Zanzibar locked", locked=True, locked_by=self.berta)
        self.session = EditingSession.objects.create(
            user=self.berta,
            content_type=ContentType.objects.get_for_model(Article),
            object_id=str(self.foreign.pk),
            last_seen_at="2026-01-01T00:00Z",
        )
        self.upload = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(ArticleImage),
            uploaded_by_user=self.berta,
            file=ContentFile(b"x", name="zanzibar.png"),
        )

    def _image(self) -> ArticleImage:
        image = picture(self.theirs, name="zanzibar-map.png")
        ArticleImage.objects.filter(pk=image.pk).update(title="Zanzibar map", uploaded_by_user=self.berta)
        return ArticleImage.objects.get(pk=image.pk)

    def _document(self) -> ArticleDocument:
        document = ArticleDocument(title="Zanzibar budget", collection=self.theirs.collection, uploaded_by_user=self.berta)
        document.file.save("zanzibar-budget.txt", ContentFile(b"quokka"))
        return document

    def _body(self) -> list[dict[str, Any]]:
        return [
            {"type": "text", "value": "quokka"},
            {"type": "figure", "value": {"image": self.foreign_image.pk, "alt": "quokka", "caption": ""}},
            {"type": "figure", "value": {"image": self.image.pk, "alt": "", "caption": ""}},
            {"type": "download", "value": {"document": self.foreign_document.pk, "words": ""}},
        ]

    def everything_theirs(self) -> dict[str, Any]:
        """What must not change."""
        pages = Page.objects.descendant_of(self.theirs, inclusive=True)
        keys = [str(key) for key in pages.values_list("pk", flat=True)]
        return {
            "pages": list(pages.order_by("pk").values()),
            "articles": list(Article.objects.filter(pk__in=keys).order_by("pk").values("pk", "summary", "audience", "body")),
            "editions": list(Edition.objects.filter(knowledge_base=self.theirs).order_by("pk").values("pk", "address", "parts")),
            "revisions": list(Revision.objects.filter(object_id__in=keys).order_by("pk").values("pk", "content", "approved_go_live_at")),
            "steps": list(TaskState.objects.filter(workflow_state__object_id__in=keys).order_by("pk").values("pk", "status", "comment")),
            "workflows": list(WorkflowState.objects.filter(object_id__in=keys).order_by("pk").values("pk", "status")),
            "log": PageLogEntry.objects.filter(page__in=keys).count(),
            "images": list(ArticleImage.objects.filter(collection=self.theirs.collection).order_by("pk").values()),
            "documents": list(ArticleDocument.objects.filter(collection=self.theirs.collection).order_by("pk").values()),
            "used": ReferenceIndex.objects.filter(object_id__in=keys).count(),
            "sessions": list(EditingSession.objects.filter(user=self.berta).values("pk", "last_seen_at")),
            "uploads": UploadedFile.objects.filter(uploaded_by_user=self.berta).count(),
        }


@dataclass(frozen=True)
class Address:
    """One named address of the editor."""

    name: str
    holds: tuple[str, ...]


def addresses() -> list[Address]:
    """All of /cms/."""
    return sorted(set(_walk(get_resolver(), "", "", ())), key=lambda address: address.name)


def _walk(resolver: URLResolver, route: str, namespace: str, holds: tuple[str, ...]) -> Iterator[Address]:
    for each in resolver.url_patterns:
        path = route + str(each.pattern)
        names = each.pattern.regex.groupindex if isinstance(each.pattern, RegexPattern) else each.pattern.converters
        held = (*holds, *names)
        if isinstance(each, URLResolver):
            yield from _walk(each, path, f"{namespace}{each.namespace}:" if each.namespace else namespace, held)
        elif path.startswith("cms/") and each.name:
            yield Address(namespace + each.name, held)


def urls(address: Address, two: TwoCommunities) -> Iterator[str]:
    """The address with every mixture of what is theirs and, beside it, what is ours."""
    known = numbers(two)
    values = [_values(name, address, known) for name in address.holds]
    for chosen in itertools.product(*values):
        if chosen and {str(value) for value in chosen} <= {str(key) for key in known["ours"]}:
            continue
        yield reverse(address.name, kwargs=dict(zip(address.holds, chosen, strict=True)))


def numbers(two: TwoCommunities) -> dict[str, list[Any]]:
    """By its name in an address, what a number or a word may be."""
    pages = [two.foreign.pk, two.foreign_draft.pk]
    page_names = ("page_id", "page_to_move_id", "destination_id", "parent_page_id", "page_pk", "object_id")
    revisions = [two.foreign.latest_revision_id, two.foreign_draft.latest_revision_id]
    return {
        "ours": [two.own.pk, two.own_draft.pk],
        "pages": pages,
        **{key: [*pages, two.theirs.pk] for key in page_names},
        "pk": [*pages, two.foreign_image.pk, two.foreign_document.pk, two.theirs.collection_id, two.berta.pk],
        **dict.fromkeys(("revision_id", "revision_id_a", "revision_id_b"), revisions),
        "task_state_id": [two.foreign_state.pk],
        "workflow_state_id": [two.foreign_state.workflow_state_id],
        **{key: [two.foreign_state.task_id] for key in ("task_id", "workflow_pk")},
        "image_id": [two.foreign_image.pk],
        **{key: [two.foreign_document.pk] for key in ("document_id", "doc_id")},
        "collection_id": [two.theirs.collection_id],
        "uploaded_file_id": [two.upload.pk],
        "session_id": [two.session.pk],
        "action_name": ["approve", "reject", "publish"],
        "action": ["publish", "unpublish", "delete", "move", "add_tags", "add_to_collection"],
        "filter_spec": ["original", "width-800"],
        **{key: ["knowledgebase", "wagtailcore"] for key in ("app_label", "content_type_app_name", "app_name")},
        **{key: ["article", "page", "articleimage", "articledocument"] for key in ("model_name", "content_type_model_name")},
        "word": ["form"],
        **{key: ["x"] for key in ("uidb64", "token")},
    }


def _values(name: str, address: Address, known: dict[str, list[Any]]) -> list[Any]:
    """What stands there; a page of ours too where something else of theirs may stand beside it."""
    if name in {"page_id", "page_to_move_id", "destination_id"} and len(address.holds) > 1:
        return [*known[name], *known["ours"]]
    if name == "pk" and "compare" in address.name:
        return [*known["pages"], *known["ours"]]
    return known[name]
