"""Addresses of the onboarding room, one module a stage."""

from onboarding.urls import applying, deciding, figures, getting_ready, reviewing

app_name = "onboarding"
urlpatterns = [*applying.urlpatterns, *reviewing.urlpatterns, *deciding.urlpatterns, *getting_ready.urlpatterns, *figures.urlpatterns]
