"""Addresses of a community's tickets."""

from django.urls import path

from support.views import files, portal

urlpatterns = [
    path("tickets/files/<uuid:key>/", files.file, name="file"),
    path("c/<slug:slug>/tickets/", portal.ticket_list, name="tickets"),
    path("c/<slug:slug>/tickets/new/", portal.new_ticket, name="new_ticket"),
    path("c/<slug:slug>/tickets/new/answers/", portal.answers, name="new_ticket_answers"),
    path("c/<slug:slug>/tickets/<str:reference>/", portal.ticket, name="ticket"),
    path("c/<slug:slug>/tickets/<str:reference>/conversation/", portal.conversation, name="ticket_conversation"),
    path("c/<slug:slug>/tickets/<str:reference>/answer/", portal.answer, name="answer"),
    path("c/<slug:slug>/tickets/<str:reference>/solve/", portal.solve, name="solve"),
    path("c/<slug:slug>/tickets/<str:reference>/reopen/", portal.reopen, name="reopen"),
]
