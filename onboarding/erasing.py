"""Forgetting the people in an application: their names, addresses and files go; scores, country and kind of organisation stay.

What is rewritten, and what is not, stands in docs/adr/0025. Whatever other tables hang on an application is found by its
relations, so that a table that comes later is not forgotten to be forgotten.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Model, Q, TextField
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from communities import people
from communities.models import User
from ground.actors import Actor
from ground.models import OutgoingMail, StageEvent
from ground.outbox import after_commit
from knowledgebase import voting
from onboarding.models import AnswerRevision, Application, Correction, Letter, PrivacyLink
from onboarding.questions.shape import Field, Form
from support.people import personal

REMOVED = "[…]"
SHORTEST_NAME = 4
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ROOM = "onboarding"


@dataclass(frozen=True)
class Traces:
    """What tells who somebody is: the names and addresses an application held at any time."""

    words: frozenset[str]

    @classmethod
    def of(cls, *applications: Application) -> "Traces":
        found = {row.email for row in applications}
        for row in applications:
            found |= {name for form, answers in _versions(row) for name in _names(form, answers)}
        return cls(frozenset(word.strip() for word in found if len(word.strip()) >= SHORTEST_NAME))

    @classmethod
    def of_named(cls, application: Application, email: str) -> "Traces":
        """Of the one person of that address."""
        said = [answer for _form, answers in _versions(application) for answer in answers.values() if is_about(answer, email)]
        names = {str(each.get("name") or "").strip() for each in said}
        return cls(frozenset({email, *(name for name in names if len(name) >= SHORTEST_NAME)}))

    def without(self, value: Any) -> Any:
        """The value with none of them in it, and no other address either; keys and numbers stay."""
        match value:
            case str():
                return self._pattern.sub(REMOVED, value)
            case list():
                return [self.without(each) for each in value]
            case dict():
                return {key: self.without(each) for key, each in value.items()}
            case _:
                return value

    @property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join([*map(re.escape, longest_first), ADDRESS.pattern]), re.IGNORECASE)


@transaction.atomic
def erase(application: Application, *, by: Actor) -> Application:
    """Forget its people, and those of what was joined with it. What is forgotten stays as it is. Nothing of what goes is written down."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("form_version")
    row = rows.get(pk=application.pk)
    if row.erased_at is not None:
        return row
    joined = list(rows.filter(duplicate_of=row, erased_at=None))
    traces = Traces.of(row, *joined)
    for each in (*joined, row):
        _erase(each, traces, by=by)
    return row


def _erase(row: Application, traces: Traces, *, by: Actor) -> None:
    email = row.email
    _blank(row, traces)
    _forget_answers(row, traces)
    _forget_letters(row)
    Correction.objects.filter(application=row).delete()
    held = list(_held_by(row))
    _forget_files(held)
    for each in held:
        _rewrite(each, traces)
    _forget_history([row, *held], traces)
    row.resume_tokens.all().delete()
    _forget_mails(Q(kind__startswith=f"{ROOM}/", params__application_id=row.pk))
    forget_address(email, by=by)
    log(row, "onboarding.erase", user=by.user, data={"by": by.label})


@transaction.atomic
def forget_named(application: Application, email: str, *, by: Actor) -> None:
    """Forget somebody who is named in an application that is not theirs: their answer goes, the others stay."""
    row = Application.objects.select_for_update(of=("self",)).select_related("form_version").get(pk=application.pk)
    traces = Traces.of_named(row, email)
    holders: list[Application | AnswerRevision] = [row, *row.revisions.all()]
    for held in holders:
        type(held)._base_manager.filter(pk=held.pk).update(answers=_without_person(held.answers, email, traces))
    for correction in Correction.objects.filter(application=row):
        Correction.objects.filter(pk=correction.pk).update(changes=_without_person(correction.changes, email, traces))
    others = [each for each in _held_by(row) if not isinstance(each, AnswerRevision)]
    for each in others:
        _rewrite(each, traces)
    _forget_history([row, *others], traces)
    log(row, "onboarding.erase", user=by.user, data={"by": by.label})


def _without_person(answers: Mapping[str, Any], email: str, traces: Traces) -> dict[str, Any]:
    return {key: traces.without(answer) for key, answer in answers.items() if not is_about(answer, email)}


def is_about(answer: Any, email: str) -> bool:
    """Whether an answer names the person of that address."""
    return isinstance(answer, dict) and str(answer.get("email") or "").lower() == email


def identifying_answers(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are about a person, by their key."""
    return {field.key: answers[field.key] for field in form.fields() if field.pii and field.key in answers}


def _blank(row: Application, traces: Traces) -> None:
    row.answers = _impersonal(row.form_version.form, row.answers, traces)
    row.email, row.erased_at = "", timezone.now()
    row.save(update_fields=["answers", "email", "erased_at"])


def _forget_answers(row: Application, traces: Traces) -> None:
    for revision in row.revisions.select_related("form_version"):
        answers = _impersonal(revision.form_version.form, revision.answers, traces)
        AnswerRevision.objects.filter(pk=revision.pk).update(answers=answers)


def _impersonal(form: Form, answers: Mapping[str, Any], traces: Traces) -> dict[str, Any]:
    gone = identifying_answers(form, answers)
    return {key: traces.without(value) for key, value in answers.items() if key not in gone}


def _forget_letters(row: Application) -> None:
    """Letters greet people by name: their words go, and none leaves any more."""
    Letter.objects.filter(decision__application=row).update(subject="", body="", last_error="", next_attempt_at=None)


def _forget_files(held: Iterable[Model]) -> None:
    """Files go with their rows; the store is emptied after commit."""
    for row in held:
        for field in row._meta.concrete_fields:
            if isinstance(field, models.FileField) and getattr(row, field.name):
                file = getattr(row, field.name)
                after_commit(file.storage.delete, file.name)
                type(row)._base_manager.filter(pk=row.pk).delete()
                break


def _rewrite(row: Model, traces: Traces) -> None:
    """Every text of a row without the people; a row without any is left alone."""
    changed = {}
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField | models.JSONField) and not isinstance(field, models.FileField):
            value = getattr(row, field.attname)
            if (cleaned := traces.without(value)) != value:
                changed[field.attname] = cleaned
    if changed:
        type(row)._base_manager.filter(pk=row.pk).update(**changed)


def _forget_history(rows: Iterable[Model], traces: Traces) -> None:
    """Who did what stays for our own people; the applicant is nobody any more."""
    for kind, keys in _by_kind(rows).items():
        events = StageEvent.objects.filter(content_type=kind, object_id__in=keys)
        events.filter(actor__isnull=True, actor_role="applicant").update(actor_label="")
        for event in events:
            _rewrite(event, traces)
        for entry in ModelLogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys]):
            _rewrite(entry, traces)


def _by_kind(rows: Iterable[Model]) -> dict[ContentType, list[int]]:
    found: dict[ContentType, list[int]] = {}
    for row in rows:
        found.setdefault(ContentType.objects.get_for_model(row), []).append(row.pk)
    return found


def _held_by(application: Application) -> Iterator[Model]:
    """Every row of this room that hangs on the application, at any depth."""
    level: list[tuple[type[Model], list[Any]]] = [(Application, [application.pk])]
    seen: set[tuple[type[Model], Any]] = {(Application, application.pk)}
    while level:
        model, keys = level.pop()
        for child, name in _children(model):
            rows = [row for row in child._base_manager.filter(**{f"{name}__in": keys}) if (child, row.pk) not in seen]
            seen |= {(child, row.pk) for row in rows}
            yield from rows
            if rows:
                level.append((child, [row.pk for row in rows]))


def _children(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """The tables of this room that point to that one, and by which field."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            child: type[Model] = relation.related_model
            if child._meta.app_label == ROOM and child is not Application:
                yield child, relation.field.name


def _forget_mails(which: Q) -> None:
    """Mails that went, or were about to go: to whom and what for is blanked; what waited leaves no more."""
    OutgoingMail.objects.filter(which, next_attempt_at__isnull=False).update(state=OutgoingMail.State.DEAD, next_attempt_at=None)
    OutgoingMail.objects.filter(which).update(to=[], subject="", message="", last_error="")


def forget_address(email: str, *, by: Actor) -> None:
    """An address that nothing else holds any more is forgotten everywhere, with its account."""
    email = email.lower()
    if not email or Application.objects.filter(email=email).exists():
        return
    PrivacyLink.objects.filter(email=email).delete()
    user = User.objects.filter(email__iexact=email).first()
    traces = Traces(frozenset({email, *([user.name] if user and len(user.name) >= SHORTEST_NAME else [])}))
    if user is not None:
        if not people.forget(user, by=by):
            return
        personal.forget(user)
        voting.forget(user)
    for entry in ModelLogEntry.objects.annotate(said=Cast("data", TextField())).filter(
        Q(said__icontains=email) | Q(label__icontains=email)
    ):
        _rewrite(entry, traces)
    to_them = OutgoingMail.objects.annotate(readers=Cast("to", TextField())).filter(readers__icontains=f'"{email}"')
    _forget_mails(Q(pk__in=list(to_them.values_list("pk", flat=True))))


def _versions(row: Application) -> Iterator[tuple[Form, Mapping[str, Any]]]:
    """Its answers, all they were before, and what they were about to be."""
    yield row.form_version.form, row.answers
    for correction in Correction.objects.filter(application=row):
        yield row.form_version.form, correction.answers
    for revision in row.revisions.select_related("form_version"):
        yield revision.form_version.form, revision.answers


def _names(form: Form, answers: Mapping[str, Any]) -> Iterator[str]:
    for field in form.fields():
        if field.pii and field.key in answers:
            yield from _names_in(field, answers[field.key])


def _names_in(field: Field, answer: Any) -> Iterator[str]:
    """Names and addresses; a role or a place names nobody."""
    if isinstance(answer, dict):
        yield from (each for each in (answer.get("name"), answer.get("email")) if isinstance(each, str))
    elif isinstance(answer, str) and (field.type == "email" or field.autocomplete == "name" or field.key.endswith("name")):
        yield answer
