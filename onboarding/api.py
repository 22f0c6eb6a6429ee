"""Applications over the API: read them, and give the same commands that the pages give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Right
from communities.api import actor_of
from ground.actors import Actor
from ground.problems import Conflict
from ground.states import WrongState
from onboarding import acceptance, deciding, intake, screening, viewing
from onboarding.access import DECIDE, HANDLE_APPLICATIONS, PROPOSE, sees_people
from onboarding.conflicts import Conflicted
from onboarding.deciding import SamePerson, TooFewReviews
from onboarding.models import Application, Decision
from onboarding.questions.progress import hidden_keys
from onboarding.states import Outcome


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    form_version = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    submitted_at = serializers.DateTimeField(source="sent_at")

    class Meta:
        model = Application
        fields = ("reference", "state", "outcome", "form_version", "answers", "submitted_at")

    def get_form_version(self, application: Application) -> str:
        """The form's key and the number of its version, for example `interest/1`."""
        return f"{application.form_version.definition.key}/{application.form_version.number}"

    def get_answers(self, application: Application) -> dict[str, Any]:
        """Option keys and plain values by question key, without what another answer hid and without people who are hidden here."""
        form = application.form_version.form
        hidden = set(hidden_keys(form, application.answers))
        if not sees_people(actor_of(self.context["request"]), application.programme):
            hidden |= {field.key for field in form.fields() if field.pii}
        return {key: value for key, value in application.answers.items() if key not in hidden}


@dataclass(frozen=True)
class Command:
    """One command: who may give it, what it needs, and the public function it calls."""

    right: Right
    needs: type[serializers.Serializer[Any]]
    run: Callable[[Application, Mapping[str, Any], Actor], object]


class NothingMore(serializers.Serializer[Any]):
    """A command that needs nothing but its name."""


class WithNote(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class Proposal(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reasons = serializers.CharField(max_length=5000)
    conditions = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


COMMANDS: dict[str, Command] = {
    "verify": Command(HANDLE_APPLICATIONS, NothingMore, lambda application, _data, by: intake.verify(application, by=by)),
    "withdraw": Command(HANDLE_APPLICATIONS, WithNote, lambda application, data, by: intake.withdraw(application, by=by, **data)),
    "start_review": Command(DECIDE, NothingMore, lambda application, _data, by: screening.start_review(application, by=by)),
    "propose": Command(PROPOSE, Proposal, lambda application, data, by: deciding.propose(application, by=by, **data)),
    "approve": Command(DECIDE, NothingMore, lambda application, _data, by: deciding.approve(_standing(application), by=by)),
    "set_aside": Command(DECIDE, Reason, lambda application, data, by: deciding.set_aside(_standing(application), by=by, **data)),
    "release": Command(DECIDE, NothingMore, lambda application, _data, by: acceptance.release(_standing(application), by=by)),
}

REFUSALS: dict[type[Exception], tuple[str, Promise]] = {
    TooFewReviews: ("too-few-reviews", _("There are not enough reviews yet.")),
    SamePerson: ("same-person", _("You proposed this. Another review lead approves it.")),
    Conflicted: ("conflict-of-interest", _("You said that you cannot judge this application.")),
}
"""Why a command is refused that was understood: the problem's code and its words."""


def _standing(application: Application) -> Decision:
    """The decision that is being made; `WrongState` without one."""
    decision = application.decisions.standing().first()
    if decision is None:
        raise WrongState(f"{application.reference} has no decision")
    return decision


class CommandSerializer(serializers.Serializer[Any]):
    """The command's name; each command reads what else it needs from the same document."""

    command = serializers.ChoiceField(choices=sorted(COMMANDS))


class ApplicationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Application]):
    """The applications you may read."""

    serializer_class = ApplicationSerializer
    lookup_field = "reference"
    filterset_fields = ("state", "outcome")
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        return (
            Application.objects.visible_to(actor_of(self.request))
            .select_related("form_version__definition", "programme__review_policy")
            .defer("form_version__schema")
        )

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page; each application on it counts as opened by whoever asks."""
        page = super().paginate_queryset(queryset)
        viewing.record_all([row.pk for row in page or ()], by=actor_of(self.request), where=viewing.Where.API, label="list")
        return page

    def get_object(self) -> Application:
        """One application, opened by whoever asks."""
        found = super().get_object()
        viewing.record(found, by=actor_of(self.request), where=viewing.Where.API, label="application")
        return found

    @extend_schema(request=CommandSerializer, responses=ApplicationSerializer)
    @action(detail=True, methods=["post"])
    def commands(self, request: Request, reference: str = "") -> Response:  # noqa: ARG002  get_object reads it
        """Give a command; the answer is the application as it is afterwards."""
        application = self.get_object()
        named = CommandSerializer(data=request.data)
        named.is_valid(raise_exception=True)
        command = COMMANDS[named.validated_data["command"]]
        actor = actor_of(request)
        if not command.right.is_held_by(actor):
            raise PermissionDenied
        data = command.needs(data=request.data)
        data.is_valid(raise_exception=True)
        try:
            command.run(application, data.validated_data, actor)
        except tuple(REFUSALS) as refused:
            code, words = REFUSALS[type(refused)]
            raise Conflict(str(words), code=code) from refused
        return Response(self.get_serializer(self.get_object()).data)
