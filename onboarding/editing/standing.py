"""Where each draft stands: its current version, what stands in the way of publishing, and what is not translated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding import drafting, outline
from onboarding.drafting import AnyDraft, AnyVersion
from onboarding.models import FormDraft, FormVersion, PlanDraft, PlanTemplateVersion, RubricDraft, RubricVersion
from onboarding.outline import Document, Entry, Untranslated
from onboarding.publishing import renames_of
from onboarding.questions.linting import Finding

LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Kind:
    """One of the three things that are edited, by the word in its addresses."""

    word: str
    name: str | Promise
    model: type[FormDraft] | type[RubricDraft] | type[PlanDraft]
    versions: type[FormVersion] | type[RubricVersion] | type[PlanTemplateVersion]
    owner: str
    document: str

    def drafts(self) -> "QuerySet[Any]":
        return self.model.objects.select_related(self.owner, "latest_revision").order_by("pk")


KINDS = {
    kind.word: kind
    for kind in (
        Kind("form", _("Forms"), FormDraft, FormVersion, "definition", "schema"),
        Kind("rubric", _("Rubric"), RubricDraft, RubricVersion, "rubric", "document"),
        Kind("plan", _("Onboarding plan"), PlanDraft, PlanTemplateVersion, "programme", "document"),
    )
}


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands in the way of publishing: where, in words and as a place in the editor, and what."""

    place: str
    anchor: str
    words: str


@dataclass(frozen=True)
class Lack:
    """What one language lacks."""

    language: str
    name: str
    places: Sequence[str]


def kind_of(draft: AnyDraft) -> Kind:
    return next(kind for kind in KINDS.values() if isinstance(draft, kind.model))


def entries(draft: AnyDraft, document: Document) -> list[Entry]:
    """The document of a draft, or of a version of it, as a list."""
    match draft:
        case FormDraft():
            return outline.of_form(document)
        case RubricDraft():
            return outline.of_rubric(document)
        case PlanDraft():
            return outline.of_plan(document)


def versions(draft: AnyDraft) -> "QuerySet[Any]":
    """The published versions, the newest first."""
    kind = kind_of(draft)
    owner = {kind.owner: getattr(draft, f"{kind.owner}_id")}
    return kind.versions._default_manager.filter(**owner).select_related("published_by").order_by("-number")


def document_of(version: AnyVersion) -> Document:
    found: Document = version.schema if isinstance(version, FormVersion) else version.document
    return found


def renames(draft: AnyDraft) -> dict[str, str]:
    """New keys to old ones, where a form has some: as published, and as the draft would say."""
    if not isinstance(draft, FormDraft):
        return {}
    return renames_of(draft.definition) | drafting.earlier_keys(draft.body)


def newest(draft: AnyDraft) -> AnyDraft:
    """The draft with its blocks as they were saved last."""
    if draft.has_unpublished_changes and draft.latest_revision:
        body = draft._meta.get_field("body")
        setattr(draft, body.name, body.to_python(draft.latest_revision.content[body.name]))
    return draft


def obstacles(draft: AnyDraft) -> list[Obstacle]:
    """What stands in the way of publishing, in words."""
    named = {entry.key: entry for entry in entries(draft, draft.document)}
    anchors = _anchors(draft)
    return [_obstacle(finding, named, anchors) for finding in drafting.findings(draft)]


def _obstacle(finding: Finding | str, named: dict[str, Entry], anchors: dict[str, str]) -> Obstacle:
    if isinstance(finding, str):
        return Obstacle("", "", finding)
    within = finding.place.rpartition(".")[0]
    key = next((key for key in (finding.place, within) if key in named), finding.place)
    part = finding.place.removeprefix(key).lstrip(".")
    return Obstacle(_place(named[key], part) if key in named else finding.place, anchors.get(key, ""), finding.words)


def _place(entry: Entry, part: str) -> str:
    name = f"{outline.KINDS[entry.kind]} “{entry.name}” ({entry.key})"
    return f"{name}, {outline.ASPECTS.get(part, part)}" if part else name


def _anchors(draft: AnyDraft) -> dict[str, str]:
    """Where in the editor each page and question of a form stands, by key."""
    if not isinstance(draft, FormDraft):
        return {}
    return dict(_blocks(draft))


def _blocks(draft: FormDraft) -> Iterator[tuple[str, str]]:
    for step in draft.body:
        if step.block_type == "step":
            yield step.value["key"], f"block-{step.id}-section"
            for question in step.value["questions"].bound_blocks:
                yield question.value["key"], f"block-{question.id}-section"


def lacks(draft: AnyDraft) -> list[Lack]:
    """What each language of the site lacks; a language that lacks nothing too."""
    found: list[Untranslated] = outline.untranslated(entries(draft, draft.document), list(LANGUAGES))
    return [Lack(each.language, str(LANGUAGES[each.language]), each.places) for each in found]


@dataclass(frozen=True)
class Row:
    """One draft on the overview."""

    kind: Kind
    draft: AnyDraft
    current: AnyVersion | None
    lacks: Sequence[Lack]

    @property
    def edit_url(self) -> str:
        return edit_url(self.draft)


def edit_url(draft: AnyDraft) -> str:
    return reverse(f"wagtailsnippets_onboarding_{draft._meta.model_name}:edit", args=[draft.pk])


def overview() -> list[tuple[Kind, list[Row]]]:
    """Every draft by kind."""
    return [(kind, _rows(kind)) for kind in KINDS.values()]


def _rows(kind: Kind) -> list[Row]:
    published = kind.versions._default_manager.filter(is_current=True).select_related("published_by").defer(kind.document)
    current = {getattr(version, f"{kind.owner}_id"): version for version in published}
    drafts = [newest(draft) for draft in kind.drafts()]
    return [Row(kind, draft, current.get(getattr(draft, f"{kind.owner}_id")), lacks(draft)) for draft in drafts]
