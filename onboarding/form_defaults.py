"""The forms we begin with, from the files in content/."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from communities.models import Programme
from ground.actors import Actor
from onboarding.models import FormDefinition
from onboarding.publishing import publish
from onboarding.questions.compiling import Schema, compile_form

CONTENT = Path(__file__).parent / "content"
FORMS = ("interest",)


def ensure_forms() -> None:
    """Publish each default form that has no version yet; a form that has one is the operator's."""
    for key in FORMS:
        definition, _is_new = FormDefinition.objects.get_or_create(
            key=key, defaults={"programme": Programme.default(), "is_public": _structure(key)["public"]}
        )
        if not definition.versions.exists():
            publish(definition, load(key), by=Actor.system())


def load(key: str) -> Schema:
    """The default form of that key, compiled from its structure and its words in every language."""
    structure = _structure(key)
    return compile_form(structure, {language: _read(f"{key}.{language}.yaml") for language in structure["languages"]})


def _structure(key: str) -> dict[str, Any]:
    return _read(f"{key}.yaml")


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(CONTENT / name)
    return content
