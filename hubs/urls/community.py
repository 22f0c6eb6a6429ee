"""A community's requests."""

from django.urls import path

from hubs.views import community

urlpatterns = [
    path("c/<slug:slug>/hubs/", community.community, name="community"),
    path("c/<slug:slug>/hubs/request/<slug:kind>/", community.start_request, name="start_request"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/instead/", community.start_instead, name="start_instead"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/", community.request, name="request"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/questions/", community.questions, name="questions"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/hubs/add/", community.add_hub, name="add_hub"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/hubs/<int:number>/remove/", community.remove_hub, name="remove_hub"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/submit/", community.submit, name="submit"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/cancel/", community.cancel, name="cancel"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/progress/", community.progress, name="progress"),
]
