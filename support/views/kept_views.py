"""The views that people keep: a page each to make, change and delete one."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest
from support import queue
from support.access import USE_DESK, can_change_view
from support.desk import saved_views
from support.forms.lists import ViewForm
from support.models import SavedView
from support.queue import VIEWS, Chosen, Moment, View
from support.views.queue import chosen_in, person_of, query_of


@require_safe
@needs(USE_DESK)
def views(request: ActingRequest) -> HttpResponse:
    """The views that this person keeps and those that are shared."""
    rows = SavedView.objects.visible_to(request.actor).select_related("owner").in_rail()
    return render(request, "support/queue/views.html", {"rows": [(row, can_change_view(request.actor, row)) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def new_view(request: ActingRequest) -> HttpResponse:
    """Keep what the list shows as a view."""
    at, chosen = queue.moment(request.actor), chosen_in(request)
    kept = _filters_of(chosen, queue.view_of(chosen, at))
    form = ViewForm(request.POST or None, initial={"sort": chosen.sort})
    if request.method == "POST" and form.is_valid():
        view = saved_views.keep(form.wish(kept), owner=person_of(request), reserved=VIEWS)
        return redirect(view.get_absolute_url())
    return render(request, "support/queue/view.html", {"form": form, "said": _said(kept, at), "query": query_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def view(request: ActingRequest, key: str) -> HttpResponse:
    """Change a kept view: its name, its order, its columns, who sees it, and its filters where the address brings others."""
    at, row = queue.moment(request.actor), _changeable(request, key)
    chosen = chosen_in(request)
    kept = _filters_of(chosen, queue.kept(row)) if chosen.is_filtered else row.filters
    start = {name: getattr(row, name) for name in ("name", "sort", "columns", "is_shared", "is_pinned")}
    form = ViewForm(request.POST or None, initial=start, asks=row.owner_id != person_of(request).pk)
    if request.method == "POST" and form.is_valid():
        saved_views.change(row, form.wish(kept))
        messages.success(request, _("The view is kept."))
        return redirect(row.get_absolute_url())
    return render(request, "support/queue/view.html", {"form": form, "row": row, "said": _said(kept, at), "query": query_of(request)})


@require_POST
@needs(USE_DESK)
def drop_view(request: ActingRequest, key: str) -> HttpResponse:
    """Delete a kept view."""
    row = _changeable(request, key)
    saved_views.drop(row)
    messages.success(request, _("The view “%(name)s” is deleted. Its tickets are where they were.") % {"name": row.name})
    return redirect("support:desk_views")


def _filters_of(chosen: Chosen, view: View) -> dict[str, str]:
    """The filters in force, those of the view they narrow included."""
    base = dict(view.saved.filters) if view.saved else {"view": view.key}
    return {**base, **chosen.filters, **({"q": chosen.q} if chosen.q else {})}


def _said(kept: Mapping[str, str], at: Moment) -> list[tuple[str, str]]:
    """Filters in words."""
    base = VIEWS.get(kept.get("view", ""))
    words = [(str(_("View")), str(base.word))] if base else []
    words += [(str(_("Words")), kept["q"])] if kept.get("q") else []
    return words + [
        (str(queue.FILTERS[key].word), queue.FILTERS[key].said(value, at)) for key, value in kept.items() if key in queue.FILTERS
    ]


def _changeable(request: ActingRequest, key: str) -> SavedView:
    row = SavedView.objects.visible_to(request.actor).filter(key=key).first()
    if row is None or not can_change_view(request.actor, row):
        raise Http404
    return row
