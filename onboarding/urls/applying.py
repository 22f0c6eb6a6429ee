"""Applying, coming back and following: no account needed."""

from django.urls import path

from onboarding.views import apply, following

urlpatterns = [
    path("apply/", apply.apply, name="apply"),
    path("apply/steps/<slug:step>/", apply.page, name="page"),
    path("apply/steps/<slug:step>/pause/", apply.pause, name="pause"),
    path("apply/existing/", apply.existing, name="existing"),
    path("apply/check/", apply.check, name="check"),
    path("apply/send/", apply.send, name="send"),
    path("apply/later/", apply.later, name="later"),
    path("apply/leave/", apply.leave, name="leave"),
    path("apply/lost/", apply.lost, name="lost"),
    path("apply/status/", following.status, name="status"),
    path("apply/address/", following.address, name="address"),
    path("apply/withdraw/", following.withdraw, name="withdraw"),
    path("applications/<str:token>/", following.open_link, name="open"),
]
