"""Addresses of clocks, working calendars and objectives."""

from django.urls import URLPattern, path

from support.views import clocks

urlpatterns: list[URLPattern] = [
    path("desk/tickets/<str:reference>/clocks/", clocks.ticket, name="desk_ticket_clocks"),
]
