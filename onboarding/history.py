"""The history of an application: every change of its state and of its decisions, what was asked, and what was passed over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from ground.models import StageEvent
from onboarding.commands import COMMANDS
from onboarding.models import Application, Decision, Override
from onboarding.states import ApplicationState, DecisionState


@dataclass(frozen=True)
class Event:
    """One line of the history, as components/timeline.html draws it; `tone` marks what deserves a second look."""

    at: datetime
    what: str
    who: str
    note: str = ""
    tone: str = ""


def history(application: Application, *, people: bool) -> list[Event]:
    """Everything that happened, newest first; without `people`, whoever applied has no name."""
    events = [*_moves(application, people=people), *_overrides(application), *_talks(application)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _moves(application: Application, *, people: bool) -> Iterator[Event]:
    kinds = ContentType.objects.get_for_models(Application, Decision)
    decisions = dict(application.decisions.values_list("pk", "outcome"))
    rows = StageEvent.objects.filter(
        Q(content_type=kinds[Application], object_id=application.pk) | Q(content_type=kinds[Decision], object_id__in=decisions)
    )
    senders: set[int | None] = set()
    for row in rows.order_by("at", "pk"):
        words = ApplicationState if row.content_type_id == kinds[Application].pk else DecisionState
        if row.after == ApplicationState.APPLIED:
            senders.add(row.actor_id)  # one who was signed in while applying; None is whoever came by a link
        is_applicant = row.actor_role == "applicant" or row.actor_id in senders - {None}
        label, role = ("", "applicant") if is_applicant and not people else (row.actor_label, row.actor_role)
        yield Event(row.at, str(words(row.after).label), _who(label, role), row.note)
    for decision in application.decisions.select_related("proposed_by"):
        yield Event(
            decision.proposed_at,
            _("Decision proposed: %(outcome)s") % {"outcome": decision.get_outcome_display()},
            str(decision.proposed_by),
            decision.reasons,
        )


def _overrides(application: Application) -> Iterator[Event]:
    for row in application.overrides.select_related("person"):
        yield Event(row.at, _passed_over(row), str(row.person), row.reason, "act")


def _passed_over(row: Override) -> str:
    command = COMMANDS.get(row.command)
    rules = _and(guard.refusal for guard in (command.guards if command else ()) if guard.key in row.guards)
    return _("%(command)s, all the same: %(rules)s") % {"command": command.words if command else row.command, "rules": rules}


def _talks(application: Application) -> Iterator[Event]:
    """What was asked of the applicant and answered, and what else people did, from its log."""
    yield from _questions(application)
    words = {
        "onboarding.spam": _("Marked as spam"),
        "onboarding.not_spam": _("Not spam after all"),
        "onboarding.merge": _("Marked as a second copy"),
    }
    kind = ContentType.objects.get_for_model(Application)
    rows = ModelLogEntry.objects.filter(content_type=kind, object_id=str(application.pk), action__in=words)
    for row in rows:
        yield Event(row.timestamp, words[row.action], str(row.data.get("by", "")), str(row.data.get("kept") or ""))


def _questions(application: Application) -> Iterator[Event]:
    for question in application.questions.all():
        yield Event(question.asked_at, _("The applicant was asked"), question.asked_label, question.text)
        if question.answered_at:
            yield Event(question.answered_at, _("The applicant answered"), _("the applicant"))


def _who(label: str, role: str) -> str:
    return label or {"applicant": _("the applicant"), "system": _("the site")}.get(role, role)


def _and(words: Iterable[str | Promise]) -> str:
    return " ".join(str(word) for word in words)
