"""Addresses of approvals, ratings and the widget."""

from django.urls import path

from support.views import asking, widget, widget_sites

urlpatterns = [
    path("c/<slug:slug>/tickets/terms/", asking.edit_terms, name="terms"),
    path("c/<slug:slug>/tickets/widget/", widget_sites.sites, name="widget_sites"),
    path("c/<slug:slug>/tickets/widget/<int:pk>/", widget_sites.site, name="widget_site"),
    path("c/<slug:slug>/tickets/<str:reference>/approve/", asking.approve, name="approve"),
    path("c/<slug:slug>/tickets/<str:reference>/decline/", asking.decline, name="decline"),
    path("c/<slug:slug>/tickets/<str:reference>/subject/", asking.rename, name="rename"),
    path("c/<slug:slug>/tickets/<str:reference>/readers/", asking.readers, name="readers"),
    path("c/<slug:slug>/tickets/<str:reference>/rate/", asking.rate, name="rate"),
    path("desk/approvals/", asking.held, name="held"),
    path("rate/<str:token>/", asking.rate_by_link, name="rate_by_link"),
    path("widget.js", widget.script, name="widget"),
    path("widget/<str:key>/start/", widget.start, name="widget_start"),
    path("widget/<str:key>/articles/", widget.articles, name="widget_articles"),
    path("widget/<str:key>/opened/", widget.opened, name="widget_opened"),
    path("widget/<str:key>/tickets/", widget.ask, name="widget_ask"),
]
