"""Addresses of reports."""

from django.urls import path

from support.views import reports

urlpatterns = [
    path("desk/reports/", reports.reports, name="reports"),
    path("desk/reports/<slug:what>/", reports.report_rows, name="report_rows"),
    path("c/<slug:slug>/tickets/report/", reports.community_report, name="community_report"),
    path("c/<slug:slug>/tickets/report/<slug:what>/", reports.community_report_rows, name="community_report_rows"),
    path("c/<slug:slug>/tickets/new/opened/", reports.opened, name="suggestion_opened"),
]
