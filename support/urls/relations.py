"""Addresses of what joins and parts tickets, and of the panels beside one."""

from django.urls import path

from support.views import relations, work

TICKET = "desk/tickets/<str:reference>"
urlpatterns = [
    path("desk/panels/", work.remember_panel, name="desk_panels"),
    path(f"{TICKET}/panels/<slug:panel>/", work.panel, name="desk_panel"),
    path(f"{TICKET}/link/", relations.link, name="desk_link"),
    path(f"{TICKET}/merge/", relations.merge, name="desk_merge"),
    path(f"{TICKET}/merge-here/", relations.merge_here, name="desk_merge_here"),
    path(f"{TICKET}/unmerge/", relations.unmerge, name="desk_unmerge"),
    path(f"{TICKET}/relate/", relations.relate, name="desk_relate"),
    path(f"{TICKET}/relate/<int:pk>/remove/", relations.unrelate, name="desk_unrelate"),
    path(f"{TICKET}/attach/", relations.attach, name="desk_attach"),
    path(f"{TICKET}/attach-here/", relations.attach_here, name="desk_attach_here"),
    path(f"{TICKET}/detach/", relations.detach, name="desk_detach"),
    path(f"{TICKET}/child/", relations.make_child, name="desk_child"),
    path(f"{TICKET}/children/solve/", relations.solve_children, name="desk_solve_children"),
    path(f"{TICKET}/split/", relations.split, name="desk_split"),
    path(f"{TICKET}/snooze/", work.snooze, name="desk_snooze"),
    path(f"{TICKET}/wake/", work.wake, name="desk_wake"),
    path(f"{TICKET}/tags/", work.tags, name="desk_tags"),
    path(f"{TICKET}/tags/add/", work.add_tag, name="desk_add_tag"),
    path(f"{TICKET}/tags/remove/", work.remove_tag, name="desk_remove_tag"),
    path(f"{TICKET}/checklist/add/", work.add_item, name="desk_add_item"),
    path(f"{TICKET}/checklist/use/", work.use_template, name="desk_use_checklist"),
    path(f"{TICKET}/checklist/<int:pk>/tick/", work.tick, name="desk_tick"),
    path(f"{TICKET}/checklist/<int:pk>/untick/", work.untick, name="desk_untick"),
    path(f"{TICKET}/checklist/<int:pk>/up/", work.move_up, name="desk_item_up"),
    path(f"{TICKET}/checklist/<int:pk>/down/", work.move_down, name="desk_item_down"),
    path(f"{TICKET}/checklist/<int:pk>/remove/", work.remove_item, name="desk_remove_item"),
    path(f"{TICKET}/time/add/", work.add_time, name="desk_add_time"),
    path(f"{TICKET}/time/<int:pk>/remove/", work.remove_time, name="desk_remove_time"),
    path("desk/communities/<slug:slug>/budget/", work.set_budget, name="desk_budget"),
]
