"""Reading and scoring one application after the other."""

from django.urls import path

import onboarding.urls.references  # noqa: F401  registers `reference`
from onboarding.views import assigning, calibrating, duplicates, reviewing

urlpatterns = [
    path("review/", reviewing.queue, name="review_queue"),
    path("review/<reference:reference>/", reviewing.application, name="review"),
    path("review/<reference:reference>/conflict/", reviewing.declare_conflict, name="declare_conflict"),
    path("review/<reference:reference>/draft/", reviewing.keep, name="keep_review"),
    path("review/<reference:reference>/submit/", reviewing.submit, name="submit_review"),
    path("review/<reference:reference>/submit-next/", reviewing.submit_and_next, name="submit_review_and_next"),
    path("review/<reference:reference>/stand/", reviewing.stand, name="stand_by_review"),
    path("review/<reference:reference>/decline/", assigning.decline, name="decline_review"),
    path("review/<reference:reference>/people/", assigning.people, name="review_people"),
    path("review/<reference:reference>/people/invite/", assigning.invite, name="invite_reviewer"),
    path("review/<reference:reference>/people/waive/", assigning.waive, name="waive_conflict"),
    path("review/<reference:reference>/people/recuse/", assigning.recuse, name="recuse_reviewer"),
    path("review/<reference:reference>/reopen/", reviewing.reopen, name="reopen_review"),
    path("review/<reference:reference>/start/", reviewing.start, name="start_review"),
    path("review/<reference:reference>/gates/", reviewing.gates, name="answer_gates"),
    path("review/agreement/", calibrating.agreement, name="agreement"),
    path("review/calibration/", calibrating.examples, name="calibration"),
    path("review/calibration/<slug:key>/", calibrating.example, name="calibration_example"),
    path("review/calibration/<slug:key>/score/", calibrating.practise, name="practise"),
    path("review/duplicates/", duplicates.pairs, name="duplicates"),
    path("review/duplicates/<int:pk>/merge/", duplicates.merge, name="merge_duplicates"),
    path("review/duplicates/<int:pk>/differ/", duplicates.differ, name="tell_apart"),
    path("review/duplicates/<int:pk>/part/", duplicates.part, name="part_duplicates"),
]
