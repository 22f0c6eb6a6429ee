"""Addresses of triage, one ticket after another, and of the desk's keys."""

from django.urls import path

from support.views import keys, triage

urlpatterns = [
    path("desk/triage/", triage.mode, name="triage"),
    path("desk/triage/<str:reference>/", triage.decide, name="triage_decide"),
    path("desk/triage/<str:reference>/undo/", triage.take_back, name="triage_undo"),
    path("desk/keys/", keys.keys, name="keys"),
    path("desk/keys/switch/", keys.switch, name="keys_switch"),
    path("desk/keys/reset/", keys.reset, name="keys_reset"),
]
