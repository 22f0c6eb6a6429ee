"""Addresses of the communities' room."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from communities.metrics import metrics
from communities.views import people, responsibilities, rules, settings

app_name = "communities"
urlpatterns = [
    path("c/<slug:slug>/people/", people.people_page, name="people"),
    path("c/<slug:slug>/people/<int:membership>/role/", people.change_role, name="change_role"),
    path("c/<slug:slug>/people/<int:membership>/remove/", people.remove, name="remove_person"),
    path("c/<slug:slug>/responsibilities/", responsibilities.matrix_page, name="responsibilities"),
    path("c/<slug:slug>/responsibilities/propose/", responsibilities.propose, name="propose_matrix"),
    path("c/<slug:slug>/responsibilities/agree/", responsibilities.agree, name="agree_matrix"),
    path("c/<slug:slug>/responsibilities/<str:key>/", responsibilities.change_row, name="change_responsibility"),
    path("rules/", rules.rules, name="rules"),
    path("accounts/settings/", settings.settings_page, name="settings"),
    path("accounts/tokens/", settings.tokens_page, name="tokens"),
    path("accounts/tokens/<int:token>/revoke/", settings.revoke_token, name="revoke_token"),
    path("accounts/my-data/", settings.my_data, name="my_data"),
    re_path("^accounts/password/", RedirectView.as_view(pattern_name="communities:settings"), name="no_password"),
    path("metrics", metrics, name="metrics"),
]
