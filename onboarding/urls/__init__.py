"""Addresses of the onboarding room."""

from django.urls import path

from onboarding.views import apply, deciding, following, plans, reviewing

app_name = "onboarding"
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
    path("review/", reviewing.queue, name="review_queue"),
    path("review/<str:reference>/", reviewing.application, name="review"),
    path("review/<str:reference>/conflict/", reviewing.declare_conflict, name="declare_conflict"),
    path("review/<str:reference>/draft/", reviewing.keep, name="keep_review"),
    path("review/<str:reference>/submit/", reviewing.submit, name="submit_review"),
    path("review/<str:reference>/reopen/", reviewing.reopen, name="reopen_review"),
    path("review/<str:reference>/start/", reviewing.start, name="start_review"),
    path("review/<str:reference>/gates/", reviewing.gates, name="answer_gates"),
    path("review/<str:reference>/decision/", deciding.decision, name="decision"),
    path("review/<str:reference>/decision/propose/", deciding.propose, name="propose_decision"),
    path("review/<str:reference>/decision/letter/", deciding.edit_letter, name="edit_letter"),
    path("review/<str:reference>/decision/approve/", deciding.approve, name="approve_decision"),
    path("review/<str:reference>/decision/release/", deciding.release, name="release_decision"),
    path("review/<str:reference>/decision/set-aside/", deciding.set_aside, name="set_aside_decision"),
    path("review/<str:reference>/decision/send-again/", deciding.send_again, name="send_letter_again"),
    path("c/<slug:slug>/onboarding/", plans.plan, name="plan"),
    path("c/<slug:slug>/onboarding/<int:item>/settle/", plans.settle, name="settle_item"),
    path("c/<slug:slug>/onboarding/<int:item>/unsettle/", plans.unsettle, name="unsettle_item"),
]
