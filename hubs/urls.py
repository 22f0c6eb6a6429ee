"""Addresses of the hubs' room."""

from django.urls import path

from hubs.views import community, engineers
from hubs.webhooks import deployer_callback

app_name = "hubs"
urlpatterns = [
    path("c/<slug:slug>/hubs/", community.community, name="community"),
    path("c/<slug:slug>/hubs/request/<slug:kind>/", community.start_request, name="start_request"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/", community.request, name="request"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/questions/", community.questions, name="questions"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/submit/", community.submit, name="submit"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/cancel/", community.cancel, name="cancel"),
    path("c/<slug:slug>/hubs/requests/<slug:reference>/progress/", community.progress, name="progress"),
    path("hubs/", engineers.queue, name="queue"),
    path("hubs/clusters/", engineers.clusters, name="clusters"),
    path("hubs/requests/<slug:reference>/", engineers.review, name="review"),
    path("hubs/requests/<slug:reference>/progress/", engineers.progress, name="work"),
    path("hubs/requests/<slug:reference>/answer/", engineers.answer, name="answer"),
    path("hubs/requests/<slug:reference>/approve/", engineers.approve, name="approve"),
    path("hubs/requests/<slug:reference>/reject/", engineers.reject, name="reject"),
    path("hubs/requests/<slug:reference>/settle/", engineers.settle, name="settle"),
    path("hubs/requests/<slug:reference>/retry/", engineers.retry, name="retry"),
    path("hubs/requests/<slug:reference>/take-back/", engineers.take_back, name="take_back"),
    path("webhooks/deployer/", deployer_callback, name="deployer_callback"),
]
