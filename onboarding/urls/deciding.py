"""From proposal to release."""

from django.urls import path

import onboarding.urls.references  # noqa: F401  registers `reference`
from onboarding.views import commands, deciding

urlpatterns = [
    path("review/<reference:reference>/history/", commands.where_it_stands, name="where_it_stands"),
    path("review/<reference:reference>/commands/<slug:command>/", commands.give, name="give_command"),
    path("review/<reference:reference>/decision/", deciding.decision, name="decision"),
    path("review/<reference:reference>/decision/propose/", deciding.propose, name="propose_decision"),
    path("review/<reference:reference>/decision/letter/", deciding.edit_letter, name="edit_letter"),
    path("review/<reference:reference>/decision/approve/", deciding.approve, name="approve_decision"),
    path("review/<reference:reference>/decision/release/", deciding.release, name="release_decision"),
    path("review/<reference:reference>/decision/set-aside/", deciding.set_aside, name="set_aside_decision"),
    path("review/<reference:reference>/decision/send-again/", deciding.send_again, name="send_letter_again"),
]
