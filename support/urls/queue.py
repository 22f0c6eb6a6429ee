"""Addresses of the desk's views, of what is done to many tickets at once, and of who is here."""

from django.urls import path

from support.views import kept_views, many, queue

urlpatterns = [
    path("desk/", queue.desk, name="desk"),
    path("desk/list/", queue.ticket_list, name="desk_list"),
    path("desk/filters/", queue.filters, name="desk_filters"),
    path("desk/communities/", queue.communities, name="desk_communities"),
    path("desk/layout/", queue.layout, name="desk_layout"),
    path("desk/views/", kept_views.views, name="desk_views"),
    path("desk/views/new/", kept_views.new_view, name="desk_new_view"),
    path("desk/views/<slug:key>/", kept_views.view, name="desk_view"),
    path("desk/views/<slug:key>/delete/", kept_views.drop_view, name="desk_drop_view"),
    path("desk/many/", many.many, name="desk_many"),
    path("desk/many/change/", many.change_many, name="desk_change_many"),
    path("desk/many/<int:pk>/undo/", many.undo_many, name="desk_undo_many"),
    path("desk/tickets/<str:reference>/here/", queue.here, name="desk_here"),
    path("desk/tickets/<str:reference>/unread/", queue.unread, name="desk_unread"),
]
