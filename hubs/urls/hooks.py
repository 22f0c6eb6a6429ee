"""What others ring at."""

from django.urls import path

from hubs.webhooks import deployer_callback, github_callback

urlpatterns = [
    path("webhooks/deployer/", deployer_callback, name="deployer_callback"),
    path("webhooks/deployer/github/", github_callback, name="github_callback"),
]
