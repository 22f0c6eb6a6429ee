"""Figures, downloads of lists, and what people ask about their data."""

from django.urls import path

from onboarding.views import figures

urlpatterns = [
    path("review/figures/", figures.figures_page, name="figures"),
]
