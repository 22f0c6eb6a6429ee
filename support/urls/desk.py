"""Addresses of the desk's tickets."""

from django.urls import path

from support.views import desk, replying

urlpatterns = [
    path("desk/tickets/<str:reference>/", desk.ticket, name="desk_ticket"),
    path("desk/tickets/<str:reference>/conversation/", desk.conversation, name="desk_conversation"),
    path("desk/tickets/<str:reference>/reply/", replying.reply, name="desk_reply"),
    path("desk/tickets/<str:reference>/note/", replying.note, name="desk_note"),
    path("desk/tickets/<str:reference>/triage/", desk.triage, name="desk_triage"),
    path("desk/tickets/<str:reference>/take/", desk.take, name="desk_take"),
]
