"""Translations of one knowledge base, for who edits it: what needs them, one beside its original, and what a change means."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ground.actors import ActingRequest
from knowledgebase import reading, translating
from knowledgebase.access import EDIT, EDIT_SHARED
from knowledgebase.filling import Frame, fill
from knowledgebase.forms import SignificanceForm
from knowledgebase.languages import name_of
from knowledgebase.models import Change, Edition, KnowledgeBase, Translation
from knowledgebase.significance import Significance
from knowledgebase.views.framing import for_all_methods, not_theirs

MOST_MISSING = 50  # shown of one language


def for_editors(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page about translations to who may write in that knowledge base."""

    @for_all_methods
    @functools.wraps(view)
    def guarded(request: ActingRequest, frame: Frame, **kwargs: Any) -> HttpResponseBase:
        may = EDIT_SHARED.is_held_by(frame.actor) if frame.community is None else EDIT.is_held_by(frame.actor, frame.community)
        if not may:
            return not_theirs(request)
        knowledge_base = get_object_or_404(KnowledgeBase.objects.select_related("community"), community=frame.community)
        return view(request, frame, knowledge_base, **kwargs)

    return guarded


@require_safe
@for_editors
def translations(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase) -> HttpResponse:
    """What needs a translator: what fell behind, what was begun, what nobody has begun."""
    missing = translating.missing(knowledge_base, most=MOST_MISSING)
    context = {
        **_around(frame),
        "behind": [_row(knowledge_base, row) for row in translating.behind(knowledge_base)],
        "begun": [_row(knowledge_base, row) for row in translating.begun(knowledge_base)],
        "missing": missing,
        "start_url": translating.page_url("translate", knowledge_base),
    }
    return render(request, "knowledgebase/translations/list.html", context)


@require_POST
@for_editors
def start(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase) -> HttpResponseBase:
    """Begin a translation, or go on with the one there is, in the editor."""
    key = request.POST.get("article", "")
    readable = reading.readable(frame).select_related("article__translation_of")
    edition = get_object_or_404(readable, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
    try:
        article = translating.start(edition, language=request.POST.get("language", ""), into=knowledge_base, by=request.actor)
    except translating.NotPossible as refused:
        messages.warning(request, str(refused))
        return redirect(reading.url_in(frame, edition))
    return redirect("wagtailadmin_pages:edit", article.pk)


@require_safe
@for_editors
def translation(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase, *, pk: int) -> HttpResponse:
    """One translation: what changed in its original since, and the original as it is now."""
    row = _translation_or_404(knowledge_base, pk)
    original = _original_or_404(frame, row)
    change = _newest(row)
    context = {
        **_around(frame),
        **_row(knowledge_base, row),
        "original": original,
        "original_url": reading.url_in(frame, original),
        "parts": list(fill(original.parts, frame)),
        "rows": translating.compared(row.based_on, original.article.live_revision) if row.based_on_id else [],
        "is_known": row.based_on_id is not None,
        "change": change,
    }
    return render(request, "knowledgebase/translations/compare.html", context)


@require_POST
@for_editors
def follow(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase, *, pk: int) -> HttpResponse:
    """It says what the original says, as far as this person has seen it."""
    row = _translation_or_404(knowledge_base, pk)
    _original_or_404(frame, row)
    seen = request.POST.get("change", "")
    change = get_object_or_404(Change, pk=int(seen), article=row.original_id) if seen.isdecimal() and len(seen) < 18 else None
    followed = translating.follow(row, change=change, by=request.actor)
    if followed.is_behind:
        messages.warning(request, _("The original has changed again meanwhile. This is what is new."))
        return redirect(translating.page_url("translation", knowledge_base, pk))
    messages.success(request, _("“%(title)s” is up to date again.") % {"title": row.article.title})
    return redirect(translating.page_url("translations", knowledge_base))


@require_safe
@for_editors
def change(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase, *, pk: int) -> HttpResponse:
    """What was published, and what it means for the translations."""
    row = _change_or_404(knowledge_base, pk)
    return _change_page(request, frame, knowledge_base, row, SignificanceForm(initial={"significance": row.significance}))


@require_POST
@for_editors
def decide(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase, *, pk: int) -> HttpResponse:
    """Say what it means for the translations."""
    row, form = _change_or_404(knowledge_base, pk), SignificanceForm(request.POST)
    if not form.is_valid():
        return _change_page(request, frame, knowledge_base, row, form)
    translating.decide(row, Significance(form.cleaned_data["significance"]), by=request.actor)
    messages.success(request, _("Saved. Readers and translators see it now."))
    edition = reading.readable(frame).filter(pk=row.article_id).first()
    return redirect(reading.url_in(frame, edition) if edition else translating.page_url("translations", knowledge_base))


def _change_page(request: ActingRequest, frame: Frame, knowledge_base: KnowledgeBase, row: Change, form: SignificanceForm) -> HttpResponse:
    translated = Translation.objects.standing().filter(original=row.article_id, article__live=True).select_related("article__edition")
    context = {
        **_around(frame),
        "change": row,
        "article": row.article,
        "form": form,
        "rows": translating.compared(row.before, row.revision),
        "languages": sorted({name_of(each.article.edition.language) for each in translated}),
        "decide_url": translating.page_url("translation_decide", knowledge_base, row.pk),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[row.article_id]),
    }
    return render(request, "knowledgebase/translations/change.html", context, status=422 if form.is_bound else 200)


def _translation_or_404(knowledge_base: KnowledgeBase, pk: int) -> Translation:
    rows = Translation.objects.inside(knowledge_base.path).standing()
    return get_object_or_404(rows.select_related("article", "based_on", "follows"), pk=pk)


def _change_or_404(knowledge_base: KnowledgeBase, pk: int) -> Change:
    rows = Change.objects.filter(article__path__startswith=knowledge_base.path)
    return get_object_or_404(rows.select_related("article", "before", "revision", "decided_by"), pk=pk)


def _original_or_404(frame: Frame, row: Translation) -> Edition:
    """What it translates, if this person may read that."""
    rows = Edition.objects.visible_to(frame.actor).select_related("article__live_revision", "knowledge_base")
    edition = rows.filter(pk=row.original_id).first()
    if edition is None:
        raise Http404
    return edition


def _newest(row: Translation) -> Change | None:
    return Change.objects.filter(article=row.original_id).order_by("-pk").first()


def _row(knowledge_base: KnowledgeBase, row: Translation) -> dict[str, Any]:
    """A translation with where it is compared, edited, and said to be up to date."""
    return {
        "translation": row,
        "compare_url": translating.page_url("translation", knowledge_base, row.pk),
        "follow_url": translating.page_url("translation_follow", knowledge_base, row.pk),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[row.pk]),
    }


def _around(frame: Frame) -> dict[str, Any]:
    return {
        "frame": frame,
        "community": frame.community,
        "crumbs": reading.crumbs(frame, [], last=_("Translations")),
    }
