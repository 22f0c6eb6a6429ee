"""Applying, coming back and following: no account needed."""

from django.urls import path

import onboarding.urls.references  # noqa: F401  registers `reference`
from onboarding.views import apply, asking, correcting, files, following, returning, steps

urlpatterns = [
    path("apply/", apply.apply, name="apply"),
    path("apply/forms/<slug:key>/", apply.apply, name="apply_with"),
    path("apply/steps/<slug:step>/", steps.page, name="page"),
    path("apply/steps/<slug:step>/pause/", steps.pause, name="pause"),
    path("apply/steps/<slug:step>/keep/", steps.keep, name="keep"),
    path("apply/steps/<slug:step>/files/", steps.attach, name="attach"),
    path("apply/files/<uuid:key>/", files.file, name="file"),
    path("apply/existing/", apply.existing, name="existing"),
    path("apply/newer/", apply.newer, name="newer"),
    path("apply/check/", apply.check, name="check"),
    path("apply/send/", apply.send, name="send"),
    path("apply/later/", returning.later, name="later"),
    path("apply/leave/", returning.leave, name="leave"),
    path("apply/lost/", returning.lost, name="lost"),
    path("apply/where/", following.where, name="where"),
    path("apply/correct/", correcting.correct, name="correct"),
    path("apply/correct/send/", correcting.hand_in, name="hand_in"),
    path("apply/correct/drop/", correcting.drop, name="drop_correction"),
    path("apply/correct/steps/<slug:step>/", correcting.page, name="correct_page"),
    path("apply/correct/steps/<slug:step>/keep/", correcting.keep, name="correct_keep"),
    path("apply/correct/steps/<slug:step>/files/", correcting.attach, name="correct_attach"),
    path("apply/status/", following.status, name="status"),
    path("apply/address/", following.address, name="address"),
    path("apply/withdraw/", following.withdraw, name="withdraw"),
    path("applications/<str:token>/", following.open_link, name="open"),
    path("review/<reference:reference>/ask/", asking.ask, name="ask_applicant"),
]
