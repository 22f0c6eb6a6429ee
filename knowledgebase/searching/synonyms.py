"""Words that mean the same: what operators keep, what we ship, and what a query is widened to."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from ruamel.yaml import YAML

from ground import search
from ground.models import SearchWord
from ground.search.asking import Phrase
from knowledgebase.models import SynonymPhrase, SynonymSet, SynonymSource

CONTENT = Path(__file__).parents[1] / "content" / "synonyms"
LANGUAGES = ("en", "es", "pt", "fr")
COLUMNS = (*LANGUAGES, "leads_to")
VOCABULARY = "synonym"  # the kind under which their words are learnt, so that a misspelt one is put right


@transaction.atomic
def keep(synonyms: SynonymSet) -> None:
    """Write down what that set is looked up by."""
    mutual = _phrases(*(getattr(synonyms, language) for language in LANGUAGES))
    led_to = _phrases(synonyms.leads_to)
    one_way = bool(led_to)
    rows = {
        phrase: SynonymPhrase(synonyms=synonyms, first=phrase.split()[0], phrase=phrase, is_asked=True, is_found=not one_way)
        for phrase in mutual
    }
    for phrase in led_to:
        asked = phrase in rows
        rows[phrase] = SynonymPhrase(synonyms=synonyms, first=phrase.split()[0], phrase=phrase, is_asked=asked, is_found=True)
    synonyms.phrases.all().delete()
    SynonymPhrase.objects.bulk_create(rows.values())
    search.learn(VOCABULARY, "\n".join(getattr(synonyms, column) for column in COLUMNS))


def _phrases(*texts: str) -> list[str]:
    lines = (" ".join(search.trunks_of(line))[:200] for text in texts for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def widen(trunks: Sequence[str]) -> search.Wider:
    """What the phrases that begin with one of those words mean as well."""
    asked = SynonymPhrase.objects.filter(first__in=set(trunks), is_asked=True, synonyms__is_used=True).values("synonyms")
    asked_of: dict[int, list[Phrase]] = {}
    found_by: dict[int, list[Phrase]] = {}
    rows = SynonymPhrase.objects.filter(synonyms__in=asked).order_by("pk")
    for key, said, is_asked, is_found in rows.values_list("synonyms_id", "phrase", "is_asked", "is_found"):
        phrase = tuple(said.split())
        if is_asked:
            asked_of.setdefault(key, []).append(phrase)
        if is_found:
            found_by.setdefault(key, []).append(phrase)
    same: dict[Phrase, dict[Phrase, None]] = {}
    for key, phrases in asked_of.items():
        for phrase in phrases:
            same.setdefault(phrase, {}).update(dict.fromkeys(found_by.get(key, ())))
    return search.Wider({phrase: [other for other in others if other != phrase] for phrase, others in same.items()})


def holds(word: str) -> bool:
    """Whether some set says that word."""
    return SearchWord.objects.filter(kind=VOCABULARY, word=word).exists()


def ensure() -> None:
    """The sets we ship, as far as no operator changed or removed them."""
    sources = {source.key: source for source in SynonymSource.objects.select_related("synonyms")}
    for key, fields in shipped():
        _ship(key, fields, sources.get(key))


def shipped() -> Iterator[tuple[str, dict[str, str]]]:
    """Key and fields of every set in the content files."""
    for path in sorted(CONTENT.glob("*.yaml")):
        loaded: dict[str, dict[str, Any]] = YAML(typ="safe").load(path)
        for key, found in loaded.items():
            yield key, {"name": found.get("name", key), **{column: _lines(found.get(column, ())) for column in COLUMNS}}


def _lines(words: Iterable[str]) -> str:
    return "\n".join(words)


@transaction.atomic
def _ship(key: str, fields: dict[str, str], source: SynonymSource | None) -> None:
    digest = _digest(fields)
    if source is None:
        _write_new(key, fields, digest)
    elif source.synonyms and source.digest != digest and source.digest == _digest(_fields_of(source.synonyms)):
        SynonymSet.objects.filter(pk=source.synonyms.pk).update(**fields)
        SynonymSource.objects.filter(pk=source.pk).update(digest=digest)
        keep(SynonymSet.objects.get(pk=source.synonyms.pk))


def _write_new(key: str, fields: dict[str, str], digest: str) -> None:
    """An operator's own set of that name stays, and stands for ours."""
    synonyms, is_new = SynonymSet.objects.get_or_create(name=fields["name"], defaults=fields)
    SynonymSource.objects.create(key=key, digest=digest, synonyms=synonyms)
    if is_new:
        keep(synonyms)


def _fields_of(synonyms: SynonymSet) -> dict[str, str]:
    return {name: "\n".join(getattr(synonyms, name).splitlines()) for name in ("name", *COLUMNS)}


def _digest(fields: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
