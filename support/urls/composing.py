"""Addresses of drafts, ready-made answers and what a composer looks up."""

from django.urls import path

from support.views import drafts, lookups, macros, replying

TICKET = "desk/tickets/<str:reference>/"

urlpatterns = [
    path(f"{TICKET}solve/", replying.solve, name="desk_solve"),
    path(f"{TICKET}solve-next/", replying.solve_next, name="desk_solve_next"),
    path(f"{TICKET}recipients/", drafts.addressed, name="desk_recipients"),
    path(f"{TICKET}drafts/<str:kind>/", drafts.keep, name="desk_draft"),
    path(f"{TICKET}drafts/<str:kind>/discard/", drafts.discard, name="desk_draft_discard"),
    path(f"{TICKET}drafts/<str:kind>/preview/", drafts.preview, name="desk_draft_preview"),
    path(f"{TICKET}macros/", lookups.macro_list, name="desk_macros"),
    path(f"{TICKET}macros/<str:key>/", lookups.macro, name="desk_macro"),
    path(f"{TICKET}articles/", lookups.article_list, name="desk_articles"),
    path(f"{TICKET}people/", lookups.people, name="desk_people"),
    path(f"{TICKET}use/", lookups.use, name="desk_use"),
    path("desk/messages/<int:pk>/undo/", replying.undo, name="desk_undo"),
    path("desk/macros/", macros.macro_list, name="macros"),
    path("desk/macros/new/", macros.new_macro, name="new_macro"),
    path("desk/macros/<int:pk>/", macros.macro, name="macro"),
    path("desk/macros/<int:pk>/remove/", macros.remove_macro, name="remove_macro"),
]
