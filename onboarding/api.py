"""Applications over the API: read them, and give the same commands that the pages give."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api import actor_of
from ground.actors import Actor
from ground.filters import KnownFilters
from ground.problems import Conflict
from onboarding import lists, viewing
from onboarding.access import HANDLE_APPLICATIONS, sees_people
from onboarding.commands import COMMANDS, NotAllowed, Refused, apply_command
from onboarding.models import Application
from onboarding.questions.progress import hidden_keys


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


class CommandSerializer(serializers.Serializer[Any]):
    """The command's name; each command reads what else it needs from the same document."""

    command = serializers.ChoiceField(choices=sorted(key for key, command in COMMANDS.items() if command.right))


class ApplicationFilter(KnownFilters):
    """By state and outcome."""

    class Meta:
        model = Application
        fields = ("state", "outcome")


class ApplicationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Application]):
    """The applications you may read.

    What a conflict of interest keeps from you is not here, and as a reviewer you say first whether there is one. Spam,
    second copies and examples are not listed; who handles applications opens spam and second copies by their reference.
    """

    serializer_class = ApplicationSerializer
    lookup_field = "reference"
    filterset_class = ApplicationFilter
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        actor = actor_of(self.request)
        opens_all = self.action != "list" and HANDLE_APPLICATIONS.is_held_by(actor)
        rows = lists.readable(actor) if opens_all else lists.openable(actor)
        return rows.select_related("form_version__definition", "programme__review_policy").defer("form_version__schema")

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
        command, actor = COMMANDS[named.validated_data["command"]], actor_of(request)
        if command.right is None or not command.right.is_held_by(actor):
            raise PermissionDenied
        data = command.needs(data=request.data, context={"application": application})
        data.is_valid(raise_exception=True)
        try:
            apply_command(application, command.key, by=actor, **_told(data.validated_data, actor))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.words)) from refused
        except Refused as refused:
            raise Conflict(str(refused.words), code=refused.code) from refused
        return Response(self.get_serializer(self.get_object()).data)


def _told(data: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """What the command is told; a reference becomes the application it names."""
    if "kept" not in data:
        return dict(data)
    kept = Application.objects.visible_to(actor).filter(reference=data["kept"]).first()
    if kept is None:
        raise serializers.ValidationError({"kept": [_("There is no application with this reference.")]})
    return {**data, "kept": kept}
