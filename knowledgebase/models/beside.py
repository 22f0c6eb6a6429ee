"""The original of a translation, kept in sight while its translator writes."""

import functools
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from ground.actors import Actor
from knowledgebase import placeholders
from knowledgebase.markdown import LOCAL
from knowledgebase.models.editions import Edition


class OriginalPanel(Panel):
    """Shown in the editor of a translation, to who may read its original."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("The original"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "knowledgebase/editor/original.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.original is not None

        @functools.cached_property
        def original(self) -> Edition | None:
            """The published text of what this article translates."""
            if self.request is None or not self.request.user.is_authenticated or not self.instance.translation_of_id:
                return None
            rows = Edition.objects.visible_to(Actor.person(self.request.user)).select_related("knowledge_base__community")
            found: Edition | None = rows.filter(pk=self.instance.translation_of_id).first()
            return found

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            original = self.original
            return {
                **context,
                "original": original,
                "parts": list(_as_read(original)) if original else [],
                "compare_url": self._compare_url(),
            }

        def _compare_url(self) -> str:
            """The page that says what changed in the original; nothing before the first draft is kept."""
            if not self.instance.pk:
                return ""
            slug = self.instance.knowledge_base_slug()
            return reverse(f"knowledgebase:{'community_' if slug else ''}translation", args=[*filter(None, [slug]), self.instance.pk])


def _as_read(original: Edition) -> Iterator[SafeString]:
    """Its words with what stands in for the facts they name, and with links that lead into its own knowledge base."""
    community = original.knowledge_base.community
    home = reverse("knowledgebase:community_home", args=[community.slug]) if community else reverse("knowledgebase:home")
    with translation.override(original.language):
        parts = [placeholders.neutral(part["html"]) for part in original.parts if "html" in part]
    for html in parts:
        yield mark_safe(html.replace(f'href="{LOCAL}', f'href="{home}'))  # noqa: S308  cleaned while publishing
