"""The addresses of these pages, below /cms/."""

from django.urls import path

from onboarding.editing import pages

app_name = "onboarding_editing"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("add/", pages.add_form, name="add_form"),
    path("form/<int:pk>/open/", pages.open_form, name="open_form"),
    path("form/<int:pk>/close/", pages.close_form, name="close_form"),
    path("<slug:word>/<int:pk>/versions/", pages.versions, name="versions"),
    path("<slug:word>/<int:pk>/compare/", pages.compare, name="compare"),
]
