"""From proposal to release."""

from django.urls import path

import onboarding.urls.references  # noqa: F401  registers `reference`
from onboarding.views import board, commands, deciding, meetings, rights

urlpatterns = [
    path("review/board/", board.show, name="board"),
    path("review/waiting/", board.waiting_list, name="waiting_list"),
    path("review/letters/", deciding.failed_letters, name="failed_letters"),
    path("review/rights/", rights.show, name="rights"),
    path("review/meetings/", meetings.plans, name="meetings"),
    path("review/meetings/plan/", meetings.plan, name="plan_meeting"),
    path("review/meetings/<int:pk>/", meetings.show, name="meeting"),
    path("review/meetings/<int:pk>/present/", meetings.attend, name="attend_meeting"),
    path("review/meetings/<int:pk>/put-on/", meetings.put_on, name="put_on_meeting"),
    path("review/meetings/<int:pk>/close/", meetings.close, name="close_meeting"),
    path("review/meetings/<int:pk>/<reference:reference>/", meetings.item, name="meeting_item"),
    path("review/meetings/<int:pk>/<reference:reference>/begin/", meetings.begin, name="begin_meeting_item"),
    path("review/meetings/<int:pk>/<reference:reference>/note/", meetings.note, name="note_meeting_item"),
    path("review/meetings/<int:pk>/<reference:reference>/end/", meetings.end, name="end_meeting_item"),
    path("review/meetings/<int:pk>/<reference:reference>/take-off/", meetings.take_off, name="take_off_meeting"),
    path("review/<reference:reference>/history/", commands.where_it_stands, name="where_it_stands"),
    path("review/<reference:reference>/commands/<slug:command>/", commands.give, name="give_command"),
    path("review/<reference:reference>/decision/", deciding.decision, name="decision"),
    path("review/<reference:reference>/decision/propose/", deciding.propose, name="propose_decision"),
    path("review/<reference:reference>/decision/letter/", deciding.edit_letter, name="edit_letter"),
    path("review/<reference:reference>/decision/letter/add/", deciding.add_letter, name="add_letter"),
    path("review/<reference:reference>/decision/approve/", deciding.approve, name="approve_decision"),
    path("review/<reference:reference>/decision/release/", deciding.release, name="release_decision"),
    path("review/<reference:reference>/decision/set-aside/", deciding.set_aside, name="set_aside_decision"),
    path("review/<reference:reference>/decision/send-again/", deciding.send_again, name="send_letter_again"),
]
