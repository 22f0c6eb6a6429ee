"""From acceptance to a hub."""

from django.urls import path

from onboarding.views import plans

urlpatterns = [
    path("c/<slug:slug>/onboarding/", plans.plan, name="plan"),
    path("c/<slug:slug>/onboarding/<int:item>/settle/", plans.settle, name="settle_item"),
    path("c/<slug:slug>/onboarding/<int:item>/unsettle/", plans.unsettle, name="unsettle_item"),
]
