"""Addresses of the mirror: its doorbell, its ledger, its companies and words."""

from django.urls import path

from support import webhooks
from support.views import clashes, companies, mirror, words

urlpatterns = [
    path("webhooks/freshdesk/", webhooks.freshdesk, name="freshdesk_webhook"),
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
]
