"""Addresses of rules and rotations."""

from django.urls import path

from support.views import rotations, rules

urlpatterns = [
    path("desk/rules/", rules.rules, name="rules"),
    path("desk/rules/new/", rules.new_rule, name="new_rule"),
    path("desk/rules/<int:pk>/", rules.rule, name="rule"),
    path("desk/rules/<int:pk>/try/", rules.try_rule, name="try_rule"),
    path("desk/rules/<int:pk>/on/", rules.switch_on, name="switch_on_rule"),
    path("desk/rules/<int:pk>/off/", rules.switch_off, name="switch_off_rule"),
    path("desk/rules/<int:pk>/earlier/", rules.earlier, name="earlier_rule"),
    path("desk/rules/<int:pk>/later/", rules.later, name="later_rule"),
    path("desk/rules/<int:pk>/remove/", rules.remove, name="remove_rule"),
    path("desk/rules/<int:pk>/runs/", rules.runs, name="rule_runs"),
    path("desk/rotations/", rotations.rotations, name="rotations"),
    path("desk/rotations/new/", rotations.new_rotation, name="new_rotation"),
    path("desk/rotations/<int:pk>/", rotations.rotation, name="rotation"),
    path("desk/absences/", rotations.absence_list, name="absences"),
    path("desk/absences/<int:pk>/take-back/", rotations.take_back_absence, name="take_back_absence"),
]
