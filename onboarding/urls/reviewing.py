"""Reading and scoring one application after the other."""

from django.urls import path

import onboarding.urls.references  # noqa: F401  registers `reference`
from onboarding.views import reviewing

urlpatterns = [
    path("review/", reviewing.queue, name="review_queue"),
    path("review/<reference:reference>/", reviewing.application, name="review"),
    path("review/<reference:reference>/conflict/", reviewing.declare_conflict, name="declare_conflict"),
    path("review/<reference:reference>/draft/", reviewing.keep, name="keep_review"),
    path("review/<reference:reference>/submit/", reviewing.submit, name="submit_review"),
    path("review/<reference:reference>/reopen/", reviewing.reopen, name="reopen_review"),
    path("review/<reference:reference>/start/", reviewing.start, name="start_review"),
    path("review/<reference:reference>/gates/", reviewing.gates, name="answer_gates"),
]
