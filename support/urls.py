"""Addresses of the desk and of a community's tickets."""

from django.urls import path

from support import webhooks
from support.views import desk, files, portal

app_name = "support"
urlpatterns = [
    path("webhooks/freshdesk/", webhooks.freshdesk, name="freshdesk_webhook"),
    path("desk/", desk.desk, name="desk"),
    path("desk/list/", desk.ticket_list, name="desk_list"),
    path("desk/tickets/<str:reference>/", desk.ticket, name="desk_ticket"),
    path("desk/tickets/<str:reference>/conversation/", desk.conversation, name="desk_conversation"),
    path("desk/tickets/<str:reference>/reply/", desk.reply, name="desk_reply"),
    path("desk/tickets/<str:reference>/note/", desk.note, name="desk_note"),
    path("desk/tickets/<str:reference>/triage/", desk.triage, name="desk_triage"),
    path("desk/tickets/<str:reference>/take/", desk.take, name="desk_take"),
    path("tickets/files/<uuid:key>/", files.file, name="file"),
    path("c/<slug:slug>/tickets/", portal.ticket_list, name="tickets"),
    path("c/<slug:slug>/tickets/new/", portal.new_ticket, name="new_ticket"),
    path("c/<slug:slug>/tickets/new/answers/", portal.answers, name="new_ticket_answers"),
    path("c/<slug:slug>/tickets/<str:reference>/", portal.ticket, name="ticket"),
    path("c/<slug:slug>/tickets/<str:reference>/conversation/", portal.conversation, name="ticket_conversation"),
    path("c/<slug:slug>/tickets/<str:reference>/answer/", portal.answer, name="answer"),
    path("c/<slug:slug>/tickets/<str:reference>/solve/", portal.solve, name="solve"),
]
