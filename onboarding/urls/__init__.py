"""Addresses of the onboarding room, one module a stage."""

from onboarding.urls import applying, deciding, figures, getting_ready, reviewing, statements

app_name = "onboarding"
urlpatterns = [
    *applying.urlpatterns,
    *reviewing.urlpatterns,
    *deciding.urlpatterns,
    *figures.urlpatterns,
    *getting_ready.urlpatterns,
    *statements.urlpatterns,
]
