"""What each command needs to be told, as the API reads it."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from onboarding.correcting import changeable
from onboarding.deciding import unsaid
from onboarding.models import RubricVersion
from onboarding.states import ApplicationState, GateResult, Outcome, ReasonCode

REOPENED_TO = [
    (ApplicationState.IN_REVIEW.value, ApplicationState.IN_REVIEW.label),
    (ApplicationState.DISCUSSION.value, ApplicationState.DISCUSSION.label),
]


class NothingMore(serializers.Serializer[Any]):
    """A command that needs nothing but its name."""


class WithNote(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class WithOverride(serializers.Serializer[Any]):
    """A command that may be given although a guard speaks against it, with a reason."""

    override = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class Proposal(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reasons = serializers.CharField(max_length=5000)
    conditions = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)
    reason_codes = serializers.MultipleChoiceField(choices=ReasonCode.choices, required=False)
    look_again_on = serializers.DateField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        problems = unsaid(**{key: attrs[key] for key in ("outcome", "conditions", "look_again_on")})
        if problems:
            raise serializers.ValidationError({field: [str(words)] for field, words in problems.items()})
        return attrs


class Approval(serializers.Serializer[Any]):
    seen = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=64, help_text="The fingerprint of the decision and letters that were read."
    )


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class Question(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000)
    field_keys = serializers.ListField(child=serializers.CharField(max_length=100), required=False, default=list)

    def validate_field_keys(self, keys: list[str]) -> list[str]:
        """Only questions of the form, `application` of the context, whose answers may change."""
        form = self.context["application"].form_version.form
        if unknown := set(keys) - {field.key for field in changeable(form)}:
            raise serializers.ValidationError(_("One cannot ask for this: %(keys)s") % {"keys": ", ".join(sorted(unknown))})
        return keys


class Gates(serializers.Serializer[Any]):
    gates = serializers.DictField(child=serializers.ChoiceField(choices=GateResult.choices), allow_empty=False)

    def validate_gates(self, gates: dict[str, str]) -> dict[str, str]:
        """Only gates of the current rubric of the programme of `application`, of the context."""
        known = {gate.key for gate in RubricVersion.objects.current(self.context["application"].programme_id).content.gates}
        if unknown := set(gates) - known:
            raise serializers.ValidationError(_("There is no such gate: %(keys)s") % {"keys": ", ".join(sorted(unknown))})
        return gates


class Reopening(Reason):
    to = serializers.ChoiceField(choices=REOPENED_TO, required=False, default=ApplicationState.IN_REVIEW.value)


class Copy(serializers.Serializer[Any]):
    kept = serializers.CharField(max_length=20, help_text="The reference of the application that is kept.")
