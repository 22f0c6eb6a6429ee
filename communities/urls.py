"""Addresses of the communities' room."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from communities.metrics import metrics
from communities.views import people, proposals, responsibilities, rules, settings

MATRIX = "c/<slug:slug>/responsibilities/"

app_name = "communities"
urlpatterns = [
    path("c/<slug:slug>/people/", people.people_page, name="people"),
    path("c/<slug:slug>/people/<int:membership>/role/", people.change_role, name="change_role"),
    path("c/<slug:slug>/people/<int:membership>/remove/", people.remove, name="remove_person"),
    path("rules/", rules.rules, name="rules"),
    path(MATRIX, responsibilities.matrix_page_view, name="responsibilities"),
    path(f"{MATRIX}propose/", responsibilities.propose, name="propose_matrix"),
    path(f"{MATRIX}agree/", responsibilities.agree, name="agree_matrix"),
    path(f"{MATRIX}read/", responsibilities.mark_read, name="read_matrix"),
    path(f"{MATRIX}print/", responsibilities.printed, name="print_matrix"),
    path(f"{MATRIX}history/", responsibilities.history, name="matrix_history"),
    path(f"{MATRIX}change/", proposals.propose_change, name="propose_matrix_change"),
    path(f"{MATRIX}withdraw/", proposals.withdraw, name="withdraw_matrix"),
    path(f"{MATRIX}still-right/", proposals.still_right, name="renew_matrix"),
    path(f"{MATRIX}look-again/", proposals.look_again_on, name="set_review_date"),
    path(f"{MATRIX}template/", proposals.newer_template, name="newer_template"),
    path(f"{MATRIX}comments/<int:comment>/settle/", responsibilities.resolve, name="resolve_comment"),
    path(f"{MATRIX}<int:number>/", responsibilities.numbered, name="numbered_matrix"),
    path(f"{MATRIX}<int:number>/print/", responsibilities.printed, name="print_numbered_matrix"),
    path(f"{MATRIX}<str:key>/", responsibilities.row_page, name="responsibility"),
    path(f"{MATRIX}<str:key>/comment/", responsibilities.comment, name="comment_responsibility"),
    path("accounts/settings/", settings.settings_page, name="settings"),
    path("accounts/tokens/", settings.tokens_page, name="tokens"),
    path("accounts/tokens/<int:token>/revoke/", settings.revoke_token, name="revoke_token"),
    path("accounts/my-data/", settings.my_data, name="my_data"),
    re_path("^accounts/password/", RedirectView.as_view(pattern_name="communities:settings"), name="no_password"),
    path("metrics", metrics, name="metrics"),
]
