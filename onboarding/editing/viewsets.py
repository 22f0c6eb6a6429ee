"""Wagtail's editor for the three drafts: its Publish compiles, checks and freezes; what stands in the way is shown above the form."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, UnpublishView

from onboarding import drafting
from onboarding.editing import standing
from onboarding.models import FormDraft, PlanDraft, RubricDraft
from onboarding.publishing import NotReady

SAVED_EVERY = 2000  # milliseconds after a change; a form is long, and its save is one request


class EditDraft(EditView):
    """The editor, with what is missing above it; saving is never refused for that, publishing is."""

    partials_template_name = "onboarding/editing/edit_partials.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.autosave_interval = SAVED_EVERY

    def publish_action(self) -> HttpResponse | None:
        """Freeze what was just saved, or say why not; the draft is kept either way."""
        before = standing.versions(self.object).filter(is_current=True).first()
        try:
            version = drafting.publish(self.object, self.new_revision, by=self.request.actor)
        except NotReady as refusal:
            messages.error(self.request, _refused(len(refusal.problems)))
            return redirect(self.get_edit_url())
        if version == before:
            messages.info(self.request, _("It says the same as version %(number)s, which stays in use.") % {"number": version.number})
        return None

    def get_success_url(self) -> str:
        """Back to the overview once it is published."""
        return reverse("onboarding_editing:overview") if self.action == "publish" else str(super().get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.object
        return super().get_context_data(**kwargs) | {
            "obstacles": standing.obstacles(draft),
            "lacks": standing.lacks(draft),
            "current": standing.versions(draft).filter(is_current=True).first(),
            "kind": standing.kind_of(draft),
        }


def _refused(number: int) -> str:
    return ngettext(
        "Not published: one thing stands in the way. It is said below, and what you wrote is kept as a draft.",
        "Not published: %(number)s things stand in the way. They are listed below, and what you wrote is kept as a draft.",
        number,
    ) % {"number": number}


class NeverUnpublished(UnpublishView):
    """What is published stays published; another version follows it."""

    def get_object(self, queryset: Any = None) -> Any:  # noqa: ARG002  Wagtail's signature
        raise Http404


class DraftViewSet(SnippetViewSet):
    """What the three share: no menu of their own, the overview leads to them."""

    edit_view_class = EditDraft
    unpublish_view_class = NeverUnpublished
    add_to_admin_menu = False
    menu_item_is_registered = True
    list_display = ("__str__", "live", "has_unpublished_changes")
    edit_handler = ObjectList([FieldPanel("changelog"), FieldPanel("body")], heading=gettext_lazy("Content"))


class FormDraftViewSet(DraftViewSet):
    model = FormDraft
    icon = "form"


class RubricDraftViewSet(DraftViewSet):
    model = RubricDraft
    icon = "list-ol"


class PlanDraftViewSet(DraftViewSet):
    model = PlanDraft
    icon = "tasks"


VIEWSETS = (FormDraftViewSet, RubricDraftViewSet, PlanDraftViewSet)
ENDING_ACTIONS = frozenset({"action-unpublish", "action-delete"})


def without_ending(items: list[Any], model: Any) -> None:
    """A draft is never taken away."""
    if isinstance(model, type) and issubclass(model, FormDraft | RubricDraft | PlanDraft):
        items[:] = [item for item in items if item.name not in ENDING_ACTIONS]
