"""Addresses of the portal."""

from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.start, name="start"),
    path("c/", views.communities, name="communities"),
    path("c/<slug:slug>/", views.community, name="community"),
    path("status/", views.status, name="status"),
    path("widget.js", views.widget, name="widget"),
]
