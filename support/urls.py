"""Addresses of the desk and of a community's tickets."""

from django.urls import path

from support import webhooks
from support.views import clashes, companies, desk, files, mirror, portal, words

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
    path("desk/tickets/<str:reference>/sync/", mirror.ticket, name="desk_ticket_sync"),
    path("desk/tickets/<str:reference>/clashes/<int:pk>/ours/", clashes.use_ours, name="clash_ours"),
    path("desk/tickets/<str:reference>/clashes/<int:pk>/theirs/", clashes.keep_theirs, name="clash_theirs"),
    path("desk/sync/", mirror.ledger, name="sync"),
    path("desk/sync/<str:kind>/<int:pk>/replay/", mirror.replay, name="sync_replay"),
    path("desk/sync/<str:kind>/<int:pk>/give-up/", mirror.give_up, name="sync_give_up"),
    path("desk/sync/companies/", companies.companies, name="sync_companies"),
    path("desk/sync/companies/<int:pk>/", companies.company, name="sync_company"),
    path("desk/sync/companies/<int:pk>/match/", companies.match, name="sync_match"),
    path("desk/sync/companies/<int:pk>/unmatch/", companies.unmatch, name="sync_unmatch"),
    path("desk/sync/companies/<int:pk>/ignore/", companies.ignore, name="sync_ignore"),
    path("desk/sync/companies/<int:pk>/consider/", companies.consider, name="sync_consider"),
    path("desk/sync/words/", words.words, name="sync_words"),
    path("desk/sync/words/statuses/<int:pk>/", words.explain_status, name="sync_status"),
    path("desk/sync/words/priorities/<int:pk>/", words.explain_priority, name="sync_priority"),
    path("desk/sync/words/types/<int:pk>/", words.explain_type, name="sync_type"),
    path("c/<slug:slug>/tickets/", portal.ticket_list, name="tickets"),
    path("c/<slug:slug>/tickets/new/", portal.new_ticket, name="new_ticket"),
    path("c/<slug:slug>/tickets/new/answers/", portal.answers, name="new_ticket_answers"),
    path("c/<slug:slug>/tickets/<str:reference>/", portal.ticket, name="ticket"),
    path("c/<slug:slug>/tickets/<str:reference>/conversation/", portal.conversation, name="ticket_conversation"),
    path("c/<slug:slug>/tickets/<str:reference>/answer/", portal.answer, name="answer"),
    path("c/<slug:slug>/tickets/<str:reference>/solve/", portal.solve, name="solve"),
]
