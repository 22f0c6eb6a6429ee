"""Figures, downloads of lists, and what people ask about their data."""

from django.urls import path

import onboarding.urls.references  # noqa: F401  registers `reference`
from onboarding.views import exports, figures, privacy

urlpatterns = [
    path("review/figures/", figures.figures_page, name="figures"),
    path("review/exports/", exports.exports_page, name="exports"),
    path("review/exports/applications/<slug:form>/<int:number>/", exports.export_applications, name="export_applications"),
    path("review/exports/<slug:what>/", exports.export_sheet, name="export_sheet"),
    path("apply/my-data/", privacy.my_data, name="my_data"),
    path("apply/my-data/<str:secret>/", privacy.my_data_opened, name="my_data_opened"),
    path("apply/my-data/<str:secret>/copy/", privacy.take_my_data, name="take_my_data"),
    path("apply/my-data/<str:secret>/forget/", privacy.forget_me, name="forget_me"),
    path("review/privacy/", privacy.requests_page, name="privacy"),
    path("review/privacy/<reference:reference>/forget/", privacy.forget, name="forget"),
    path("review/privacy/<reference:reference>/refuse/", privacy.refuse, name="refuse_privacy"),
]
