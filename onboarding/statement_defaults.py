"""The statements we begin with, from the files in content/; one that has a version is the operator's."""

import functools
from pathlib import Path
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from communities.models import Programme
from ground.actors import Actor
from onboarding import wordings
from onboarding.models import Statement, StatementKind

CONTENT = Path(__file__).parent / "content"


def ensure() -> None:
    """Publish each statement that has no version yet."""
    programme = Programme.default()
    for kind in StatementKind:
        statement, _is_new = Statement.objects.get_or_create(programme=programme, kind=kind, defaults={"texts": defaults()[kind]})
        if not statement.versions.exists():
            wordings.publish(statement, statement.as_published(), by=Actor.system())


@functools.cache
def defaults() -> dict[str, wordings.Texts]:
    """{kind: {language: {title, body}}}."""
    by_language = {language: _read(f"statements.{language}.yaml") for language, _label in settings.LANGUAGES}
    return {kind: {language: words[kind] for language, words in by_language.items()} for kind in by_language["en"]}


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(CONTENT / name)
    return content
