"""Addresses of timeboxes and of issues on GitHub."""

from django.urls import path

from support import webhooks
from support.views import escalating

urlpatterns = [
    path("desk/timeboxes/", escalating.timeboxes, name="timeboxes"),
    path("desk/tickets/<str:reference>/timebox/", escalating.start, name="timebox_start"),
    path("desk/tickets/<str:reference>/timebox/move/", escalating.move, name="timebox_move"),
    path("desk/tickets/<str:reference>/timebox/extend/", escalating.extend, name="timebox_extend"),
    path("desk/tickets/<str:reference>/timebox/solve/", escalating.solve, name="timebox_solve"),
    path("desk/tickets/<str:reference>/timebox/leave/", escalating.leave, name="timebox_leave"),
    path("desk/tickets/<str:reference>/timebox/hand-on/", escalating.hand_on, name="timebox_hand_on"),
    path("desk/tickets/<str:reference>/handing/", escalating.handing, name="handing"),
    path("desk/tickets/<str:reference>/escalate/", escalating.escalate, name="escalate"),
    path("desk/tickets/<str:reference>/issues/link/", escalating.link, name="issue_link"),
    path("desk/issues/<int:pk>/unlink/", escalating.unlink, name="issue_unlink"),
    path("desk/issues/<int:pk>/retry/", escalating.retry, name="issue_retry"),
    path("webhooks/github/", webhooks.github, name="github_webhook"),
]
