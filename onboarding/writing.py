"""Writing a page into answers: into a draft, or beside what was sent. Windows that meet are told of each other."""

import uuid
from collections.abc import Mapping
from typing import Any

from onboarding.models import Application, Correction
from onboarding.questions.answers import Reading, read_page
from onboarding.questions.kinds.base import Typed
from onboarding.questions.progress import fields_shown
from onboarding.questions.shape import Form, Step


class StaleAnswers(Exception):
    """The answers were saved in another window meanwhile; `now` holds them as they are now."""

    def __init__(self, now: Application | Correction) -> None:
        super().__init__(f"{now.reference} is at {now.etag}")
        self.now = now


class Overtaken(Exception):
    """This window has saved since: what comes late may not undo that. `now` holds the answers as they are now."""

    def __init__(self, now: Application | Correction) -> None:
        super().__init__(f"{now.reference} is at {now.etag}")
        self.now = now


def refuse_stale(held: Application | Correction, *, etag: int, window: uuid.UUID | None) -> None:
    """Raises `StaleAnswers` when another window saved since; what this one saved itself is no reason."""
    if held.etag != etag and (window is None or held.written_in != window):
        raise StaleAnswers(held)


def refuse_overtaken(held: Application | Correction, *, etag: int, window: uuid.UUID | None) -> None:
    """Raises `StaleAnswers`, or `Overtaken` when this window itself saved since."""
    refuse_stale(held, etag=etag, window=window)
    if held.etag != etag:
        raise Overtaken(held)


def write(answers: Mapping[str, Any], form: Form, step: Step, typed: Typed) -> tuple[dict[str, Any], Reading]:
    """The answers after that page: what was typed is in, what was emptied is out, what cannot be kept is in the reading's problems."""
    reading = read_page([field for field in step.fields if field.is_typed], typed, answers)
    after = {**answers, **_kept(reading.values)}
    shown = {field.key for field in fields_shown(form, step, after)}
    emptied = {key for key, value in reading.values.items() if value is None and key in shown}
    problems = {key: words for key, words in reading.problems.items() if key in shown}
    return {key: value for key, value in after.items() if key not in emptied}, Reading(reading.values, problems)


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
