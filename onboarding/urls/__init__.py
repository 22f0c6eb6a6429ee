"""Addresses of the onboarding room, one module a stage."""

from onboarding.urls import applying, deciding, getting_ready, reviewing, statements

app_name = "onboarding"
urlpatterns = [*applying.urlpatterns, *reviewing.urlpatterns, *deciding.urlpatterns, *getting_ready.urlpatterns, *statements.urlpatterns]
