"""The examples to practise on, from content/calibration*.yaml; what an operator changed stays."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from ruamel.yaml import YAML

from communities.models import Programme
from ground.references import new_reference
from onboarding.models import AnswerRevision, Application, CalibrationExample, FormVersion
from onboarding.states import ApplicationState

CONTENT = Path(__file__).parent / "content"
ADDRESS = "example@example.org"


@transaction.atomic
def ensure() -> None:
    """Make each example of the default programme that is not there yet."""
    programme = Programme.default()
    form = FormVersion.objects.current().get(definition__key="interest")
    there = set(CalibrationExample.objects.of(programme).values_list("key", flat=True))
    for row in examples():
        if row["key"] not in there:
            _make(row, programme, form)


def examples() -> list[dict[str, Any]]:
    """The examples with their words in every language."""
    words = {language: _read(f"calibration.{language}.yaml") for language, _label in settings.LANGUAGES}
    return [{**row, "words": {language: given[row["key"]] for language, given in words.items()}} for row in _read("calibration.yaml")]


def _make(row: dict[str, Any], programme: Programme, form: FormVersion) -> None:
    answers = {**row["answers"], **row["words"]["en"]["answers"]}
    application = Application(
        reference=new_reference("EX"),
        programme=programme,
        form_version=form,
        state=ApplicationState.WITHDRAWN,
        is_calibration=True,
        email=ADDRESS,
        answers=answers,
    )
    application.take_over()
    application.save()
    AnswerRevision.objects.create(application=application, number=1, form_version=form, answers=answers, reason=AnswerRevision.Reason.STAFF)
    CalibrationExample.objects.create(application=application, key=row["key"], agreed=row["agreed"], words=row["words"])


def _read(name: str) -> Any:
    return YAML(typ="safe").load((CONTENT / name).read_text(encoding="utf-8"))
