"""What the editor asks our own views for."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from wagtail.models import Page

from ground.actors import ActingRequest
from knowledgebase.blocks import App, problems_of_link
from knowledgebase.filling import Frame, checked_links
from knowledgebase.models import KnowledgeBase


@require_GET
def links(request: ActingRequest, page_id: int) -> HttpResponse:
    """A fragment: the link an open-in-hub block makes for each hub of this knowledge base, and whether it will work."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    asked = {name: request.GET.get(name, "").strip() for name in ("repository", "branch", "path", "app")}
    if asked["app"] not in App.values:
        asked["app"] = App.LAB
    problems = problems_of_link(asked["repository"], asked["branch"], asked["path"]) if asked["repository"] else {}
    top = page.get_ancestors(inclusive=True).type(KnowledgeBase).first()
    frame = Frame(request.actor, top.specific.community if top else None)
    shown = checked_links(asked, frame) if asked["repository"] and not problems else []
    context = {"asked": asked, "problems": problems.values(), "links": shown, "community": frame.community}
    return render(request, "knowledgebase/editor/links.html", context)
