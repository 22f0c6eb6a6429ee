"""The rubric and the onboarding plan that the site cannot run without; what an operator published stays."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from ruamel.yaml import YAML

from communities.models import Programme
from onboarding import rubric
from onboarding.models import PlanTemplateVersion, Rubric, RubricVersion

CONTENT = Path(__file__).parent / "content"


@transaction.atomic
def ensure() -> None:
    """Publish the default rubric and plan of the default programme, unless it has some already."""
    programme = Programme.default()
    if not RubricVersion.objects.filter(rubric__programme=programme).exists():
        document = rubric_document()
        row, _created = Rubric.objects.get_or_create(programme=programme, key=document["key"])
        RubricVersion.objects.create(rubric=row, number=1, document=document, sha256=rubric.digest(document))
    if not PlanTemplateVersion.objects.filter(programme=programme).exists():
        document = plan_document()
        PlanTemplateVersion.objects.create(programme=programme, number=1, document=document, sha256=rubric.digest(document))


def rubric_document() -> dict[str, Any]:
    """The default rubric with its words in every language there is."""
    return rubric.compiled(_read("rubric.yaml"), _words("rubric"))


def plan_document() -> dict[str, Any]:
    """The default plan with its words in every language there is."""
    words = _words("plan")
    return {"phases": [_phase(row, words) for row in _read("plan.yaml")["phases"]]}


def _phase(row: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    texts = {language: given[row["key"]] for language, given in words.items()}
    items = [{**item, "text": {language: text["items"][item["key"]] for language, text in texts.items()}} for item in row["items"]]
    return {
        **row,
        "title": {language: text["title"] for language, text in texts.items()},
        "done_when": {language: text["done"] for language, text in texts.items()},
        "items": items,
    }


def _words(name: str) -> dict[str, Any]:
    """The texts of `<name>.<language>.yaml` by language, English first."""
    paths = {language: CONTENT / f"{name}.{language}.yaml" for language, _label in settings.LANGUAGES}
    return {language: _read(path.name) for language, path in paths.items() if path.exists()}


def _read(name: str) -> Any:
    return YAML(typ="safe").load((CONTENT / name).read_text(encoding="utf-8"))
