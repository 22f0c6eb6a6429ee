"""Figures, downloads of lists, and what people ask about their data."""

from django.urls import path

from onboarding.views import exports, figures

urlpatterns = [
    path("review/figures/", figures.figures_page, name="figures"),
    path("review/exports/", exports.exports_page, name="exports"),
    path("review/exports/applications/<slug:form>/<int:number>/", exports.export_applications, name="export_applications"),
    path("review/exports/<slug:what>/", exports.export_sheet, name="export_sheet"),
]
