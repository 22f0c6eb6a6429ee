"""Addresses of notices and who watches."""

from django.urls import path

from support.views import notices

urlpatterns = [
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/read/", notices.read_notices, name="read_notices"),
    path("desk/notices/<int:pk>/", notices.open_notice, name="open_notice"),
    path("desk/notices/<int:pk>/read/", notices.read_notice, name="read_notice"),
    path("desk/tickets/<str:reference>/who-watches/", notices.ticket_people, name="desk_ticket_people"),
    path("desk/tickets/<str:reference>/watch/", notices.watch, name="desk_watch"),
    path("desk/tickets/<str:reference>/unwatch/", notices.unwatch, name="desk_unwatch"),
    path("desk/tickets/<str:reference>/watchers/", notices.add_watcher, name="desk_add_watcher"),
    path("accounts/notices/", notices.notice_settings, name="notice_settings"),
]
