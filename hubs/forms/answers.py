"""The form of a hub request, drawn from its schema: the questions its kind, sign-in and operations call for, in sections."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Self
from zoneinfo import available_timezones

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hubs import documents, occasions, prefill, schema
from hubs.current import Present
from hubs.documents import Document, at
from hubs.forms.controls import Control, YesNo, control
from hubs.forms.sections import Question, Section, arranged
from hubs.models import Cluster, HubRequest
from hubs.policy import notice_for
from hubs.questions import question as words_for
from hubs.schema import Missing, Problem
from hubs.states import Kind

SETTLED_ELSEWHERE = {"/kind", "/community"}
DISCRIMINATORS = ("/method", "/op", "/action")
TOLD_APART = ("/event/kind", "/event/memory_gb_per_attendee", "/decommission/users_told")
"""What may stay empty and yet decides much, so that nobody has to look for it."""
NEVER_UNSURE = ("/requested_by", "/decommission", "/changes")
NOTHING_YET, NOTHING_PROPOSED = Present(), prefill.Proposals()
GROUPS_WITH_ROOM = {"technical_contacts", "identity_providers", "images", "changes"}
FIRST_HUB = re.compile(r"^/hubs/[1-9]\d*(?=/)")


class AnswersForm(forms.Form):
    """The answers one side (`community` or `provider`) owes. Saves partially; what was typed always stays on the page."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        document: Mapping[str, Any],
        *,
        version: int,
        supplier: str,
        unsure: Sequence[str],
        zone: str,
        reload_url: str = "",
        settled: Collection[str] = (),
        choices: Mapping[str, Sequence[str]] = MappingProxyType({}),
        notice: schema.Notice = schema.USUAL_NOTICE,
        present: Present = NOTHING_YET,
        proposals: prefill.Proposals = NOTHING_PROPOSED,
        only: Collection[str] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        """`settled`: pointers nobody is asked about; `choices`: what a place may name, where we know; `only`: ask for these alone.

        `present` is what the hub has now, `proposals` what an answer may begin with: both stand in the controls until they are kept.
        """
        super().__init__(data.copy() if data is not None else None, initial={"version": version}, auto_id="id_%s")
        self.stored, self.supplier, self.zone, self.reload_url = document, supplier, zone, reload_url
        self.settled, self.choices, self.was_unsure = SETTLED_ELSEWHERE | set(settled), choices, unsure
        self.only = None if only is None else frozenset(only)
        self.unsure = data.getlist("unsure") if data is not None else unsure
        self.drawn = set(data.getlist("drawn")) if data is not None else set()
        self.document: Document = dict(document)
        self.asked: dict[str, schema.Field] = {}
        self.notice, self.is_stale, self.present, self.proposals = notice, False, present, proposals
        self.is_too_large = data is not None and sum(len(text) for _name, texts in data.lists() for text in texts) > documents.LARGEST
        self._draw()

    @classmethod
    def of(cls, request: HubRequest, *, supplier: str, data: QueryDict | None = None, only: Collection[str] | None = None) -> Self:
        """The form of that request, for one side; of these answers alone, and what choosing them calls for, where `only` names some."""
        zone = at(request.document, "/event/timezone")
        return cls(
            request.document,
            version=request.version,
            supplier=supplier,
            unsure=request.unsure,
            zone=zone if zone in available_timezones() else request.community.timezone,
            reload_url=_reload_url(request) if supplier == "community" and only is None else "",
            settled=["/hub"] if request.hub_id else [],
            choices={"/cluster": list(Cluster.objects.values_list("name", flat=True))} if supplier == "provider" else {},
            notice=notice_for(request.community) if data is not None and request.kind == Kind.EVENT else schema.USUAL_NOTICE,
            present=occasions.present(request),
            proposals=prefill.proposals(request.community) if supplier == "community" and _describes_hubs(request) else NOTHING_PROPOSED,
            only=only,
            data=data,
        )

    def start_over(self, request: HubRequest, data: QueryDict) -> None:
        """The same words over the answers as they are now, after somebody else saved."""
        self.__dict__.update(type(self).of(request, supplier=self.supplier, data=data, only=self.only).__dict__)
        self.is_stale = True

    def repeat(self, problems: Sequence[Mapping[str, Any]]) -> None:
        """Put what the plan found wrong beside the answers; this form was not posted."""
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data = {}
        for problem in problems:
            self._complain(Problem(problem["pointer"], problem.get("code", ""), problem["detail"]))

    @property
    def values(self) -> dict[str, Any]:
        """What changed, by JSON pointer; None takes an answer away."""
        pointers = {pointer for pointer, _value in [*documents.flat(self.stored), *documents.flat(self.document)]} - SETTLED_ELSEWHERE
        return {
            pointer: at(self.document, pointer) for pointer in sorted(pointers) if at(self.document, pointer) != at(self.stored, pointer)
        }

    @property
    def still_unsure(self) -> list[str]:
        """What was answered with “I don't know yet”, and nothing else."""
        if self.supplier == "provider":
            return [pointer for pointer in self.was_unsure if at(self.document, pointer) is None]
        mine = {pointer for pointer in self.unsure if pointer in self.asked and at(self.document, pointer) is None}
        return sorted(mine | {pointer for pointer in self.was_unsure if pointer not in self.asked})

    def clean(self) -> dict[str, Any]:
        if self.is_too_large:
            self.add_error(None, _("This is more than a request can hold. Shorten the longest answer; your words are still on this page."))
            return self.cleaned_data
        today = date.today()  # noqa: DTZ011  the site's day is good enough for notice periods
        for problem in schema.problems(self.document, today=today, notice=self.notice):
            if problem.code != "required":
                self._complain(problem)
        return self.cleaned_data

    def ask_for(self, missing: list[Missing]) -> None:
        """Put a word beside every answer that is still needed."""
        for answer in missing:
            self._complain(Problem(answer.pointer, "required", str(_("We need this before you can send the request."))))

    def places(self, missing: Sequence[Missing]) -> list[tuple[str, str]]:
        """What is missing, each with the id of the control where it can be said; what stands there already is only to be kept."""
        left = [answer for answer in missing if answer.pointer not in self.asked or self._begins_with(answer.pointer) is None]
        return [(answer.title, f"id_{name_of(answer.pointer)}" if answer.pointer in self.asked else "") for answer in left]

    def cautions_at(self, found: Iterable[Problem]) -> list[tuple[str, str, str]]:
        """What there is to say of the answers, each with its question and the id of its control, if it is on the page."""
        places = [(caution.detail, next((each for each in _outwards(caution.pointer) if each in self.asked), "")) for caution in found]
        return [
            (detail, str(self.asked[place].question.label) if place else "", f"id_{name_of(place)}" if place else "")
            for detail, place in places
        ]

    def sections(self) -> list[Section]:
        """The questions in the order people think in."""
        questions = [self._question(pointer, field) for pointer, field in self.asked.items()]
        return arranged([(question, self._stands_out(question)) for question in questions], self.document)

    def _stands_out(self, question: Question) -> bool:
        first = FIRST_HUB.sub("/hubs/0", question.pointer)
        if first != question.pointer and not question.field.errors and at(self.document, first) == at(self.document, question.pointer):
            return False  # as the first hub has it
        if question.pointer.endswith(TOLD_APART) or (question.pointer.startswith("/changes/") and not self._is_spare(question.pointer)):
            return True
        return self.asked[question.pointer].required or bool(question.field.errors) or at(self.document, question.pointer) is not None

    def _question(self, pointer: str, field: schema.Field) -> Question:
        is_open = self.supplier == "community" and field.required and at(self.document, pointer) is None
        can_be_unsure = is_open and not pointer.startswith(NEVER_UNSURE) and not pointer.endswith(DISCRIMINATORS)
        return Question(self[name_of(pointer)], pointer, can_be_unsure, pointer in self.unsure)

    def _draw(self) -> None:
        """Draw the questions; what was chosen may call for others, so look again until nothing changes."""
        for _round in range(4):
            self.asked = {field.pointer: field for field in self._fields()}
            for pointer, field in self.asked.items():
                made = control(
                    self._widened(field),
                    zone=self.zone,
                    reload_url=self.reload_url,
                    redraws=pointer.endswith(DISCRIMINATORS),
                    now=self.present.words(pointer, self.document),
                )
                made.initial = made.shown(self._value(field))
                self.fields[name_of(pointer)] = made
                self._tick_unseen(pointer, made)
            if not self.is_bound or self.is_too_large or (document := self._answered()) == self.document:
                break
            self.document = document
        for name in set(self.fields) - {name_of(pointer) for pointer in self.asked} - {"version"}:
            del self.fields[name]
        self._show_unseen()

    def _show_unseen(self) -> None:
        """A question that was not on the page yet shows what it begins with, as if nobody had posted anything."""
        if not isinstance(self.data, QueryDict):
            return
        for pointer in self.asked:
            name = name_of(pointer)
            begins_with = self._begins_with(pointer)
            if (
                begins_with is not None
                and name not in self.data
                and isinstance(made := self.fields[name], Control)
                and not isinstance(made, YesNo)
            ):
                self.data[name] = made.shown(begins_with)

    def _begins_with(self, pointer: str) -> Any:
        """What the hub has there now, if it may be asked for, or what we would propose; nothing where somebody has said something."""
        if at(self.document, pointer) is not None or pointer in self.unsure:
            return None
        now = self.present.value(pointer, self.document)
        is_fit = now is not None and schema.is_sound(self.asked[pointer].schema, now)
        return now if is_fit else self.proposals.value(pointer, self.document)

    def _value(self, field: schema.Field) -> Any:
        """What the control shows: the value, else what it begins with, or for a tick box what happens without one."""
        value = self._begins_with(field.pointer) if field.value is None else field.value
        return field.schema.get("default") if value is None and field.schema.get("type") == "boolean" else value

    def _tick_unseen(self, pointer: str, made: Control) -> None:
        """A box that was not on the page yet is ticked as if nobody had posted anything."""
        if isinstance(self.data, QueryDict) and isinstance(made, YesNo) and pointer not in self.drawn and made.initial:
            self.data[name_of(pointer)] = "on"

    def _fields(self) -> Iterator[schema.Field]:
        missing = {answer.pointer for answer in schema.missing(self.document)}
        for field in map(self._put_simply, schema.fields(_with_room(self.document))):
            mine = field.question.supplier == self.supplier or (self.supplier == "provider" and field.pointer in self.was_unsure)
            if mine and field.pointer not in self.settled and self._is_meant(field, missing):
                yield replace(field, required=(field.required or field.pointer in missing) and not self._is_spare(field.pointer))

    def _is_meant(self, field: schema.Field, missing: Collection[str]) -> bool:
        """One of the answers asked for, a part of one, or what a choice among them calls for."""
        if self.only is None:
            return True
        called_for = {pointer.rpartition("/")[0] for pointer in self.only if pointer.endswith(DISCRIMINATORS)}
        is_called_for = (field.required or field.pointer in missing) and any(_is_below(field.pointer, each) for each in called_for)
        return is_called_for or any(_overlap(field.pointer, each) for each in self.only)

    def _put_simply(self, field: schema.Field) -> schema.Field:
        """Graphics processors are one question, of which type or none; what we know the names of is chosen."""
        if field.pointer.endswith("/gpu/type"):
            place = field.pointer.removesuffix("/type")
            return replace(field, pointer=place, value=at(self.document, place), question=words_for(place), required=False)
        if names := self.choices.get(field.pointer):
            return replace(field, schema={"enum": names})
        return field

    def _is_spare(self, pointer: str) -> bool:
        """Part of the empty group at the end of a list, which may stay empty."""
        group = re.match(r"^.*/(\d+)(?=/)", pointer)
        return group is not None and group[1] != "0" and at(self.document, group[0]) is None

    def _widened(self, field: schema.Field) -> schema.Field:
        """A choice that decides about other questions shows all its choices, not only the one taken."""
        if not field.pointer.endswith(DISCRIMINATORS) or field.value is None:
            return field
        open_again = documents.changed(self.document, {field.pointer: None})
        return next((other for other in schema.fields(open_again) if other.pointer == field.pointer), field)

    def _answered(self) -> Document:
        """The stored document with what was typed; answers to questions that no longer come up fall away."""
        typed = {pointer: self._typed(pointer) for pointer in self.asked}
        document = documents.changed(self.stored, typed)
        known = {field.pointer for field in schema.fields(document)}
        return documents.changed(document, {pointer: None for pointer, _value in documents.flat(document) if pointer not in known})

    def _typed(self, pointer: str) -> Any:
        name = name_of(pointer)
        made = self.fields[name]
        if not isinstance(made, Control):
            return None
        value = made.to_python(made.widget.value_from_datadict(self.data, self.files, name))
        if isinstance(made, YesNo) and (pointer not in self.drawn or self._is_default(pointer, value)):
            return at(self.stored, pointer)
        if isinstance(value, Mapping) and isinstance(at(self.stored, pointer), Mapping):
            return {**at(self.stored, pointer), **value}
        return value

    def _is_default(self, pointer: str, value: Any) -> bool:
        """Ticked or not as nobody had said anything, and nobody has."""
        now = self.present.value(pointer, self.stored)
        usual = self.asked[pointer].schema.get("default", False) if now is None else now
        return at(self.stored, pointer) is None and bool(value) == bool(usual)

    def _complain(self, problem: Problem) -> None:
        place = next((pointer for pointer in _outwards(problem.pointer) if pointer in self.asked), None)
        inside = next((pointer for pointer in self.asked if pointer.startswith(f"{problem.pointer}/")), None)
        if place or inside:
            self.add_error(name_of(place or inside or ""), problem.detail)
        elif words_for(problem.pointer).supplier == self.supplier and self.only is None:
            self.add_error(None, problem.detail)


def name_of(pointer: str) -> str:
    """The name of a control: `/hubs/0/name` is `hubs.0.name`."""
    return ".".join(documents.steps(pointer))


def _describes_hubs(request: HubRequest) -> bool:
    return request.kind == Kind.NEW_HUB or "new_hub" in request.document


def _reload_url(request: HubRequest) -> str:
    return reverse("hubs:questions", args=[request.community.slug, request.reference])


def _is_below(pointer: str, other: str) -> bool:
    return pointer.startswith(f"{other}/")


def _overlap(pointer: str, other: str) -> bool:
    return pointer == other or _is_below(pointer, other) or _is_below(other, pointer)


def _outwards(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def _with_room(value: Any, name: str = "") -> Any:
    """A copy in which every list of groups has room for one more."""
    if isinstance(value, Mapping):
        return {key: _with_room(part, key) for key, part in value.items()}
    if isinstance(value, list) and name in GROUPS_WITH_ROOM:
        return [*[_with_room(part) for part in value], {}]
    return [_with_room(part) for part in value] if isinstance(value, list) else value
