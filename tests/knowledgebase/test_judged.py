"""The search against questions somebody judged by hand: which article answers them, and is it among the first three.

`judged.yaml` was written before the search was tuned. Every third question was kept aside and never tuned on.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from knowledgebase import searching
from knowledgebase.models import Edition
from knowledgebase.opening import open_shared
from tests.knowledgebase.factories import SYSTEM

FIRST = 3
JUDGED: Sequence[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("judged.yaml"))
LEAST = {"all": 0.85, "keyword": 1.0, "misspelt": 0.9}


def found_at(case: dict[str, Any]) -> list[str]:
    """The addresses of the first articles, each as its original's."""
    hits = searching.answer(
        case["query"], within=Edition.objects.shared().filter(audience="public"), language=case["language"], limit=FIRST
    ).hits
    originals = [hit.edition.article.translation_of or hit.edition.article for hit in hits]
    return [original.edition.address for original in originals]


def recall(of: Callable[[dict[str, Any]], bool]) -> tuple[float, list[str]]:
    """The share of those questions that are answered, and the others."""
    cases = [case for case in JUDGED if of(case)]
    missed = [f"{case['query']} → {', '.join(found_at(case))}" for case in cases if not set(found_at(case)) & set(case["relevant"])]
    return 1 - len(missed) / len(cases), missed


@pytest.fixture
def shelf(db: None) -> None:
    """The shared articles and the words that mean the same, as `setup` leaves them."""
    open_shared(by=SYSTEM)
    searching.ensure()


@pytest.mark.usefixtures("shelf")
def test_the_articles_that_answer_are_among_the_first_three():
    figures = {
        "all": recall(lambda _case: True),
        "kept aside": recall(lambda case: case.get("aside", False)),
        **{kind: recall(lambda case, kind=kind: case["kind"] == kind) for kind in ("keyword", "paraphrase", "misspelt", "translated")},
    }
    told = "\n".join(f"{name}: {share:.2f}\n  " + "\n  ".join(missed) for name, (share, missed) in figures.items())
    assert dict.fromkeys(LEAST, True) == {name: figures[name][0] >= least for name, least in LEAST.items()}, told


def test_enough_questions_of_every_kind_and_language_are_judged():
    count = {(case["kind"], case["language"]) for case in JUDGED}
    assert len(JUDGED) >= 90
    assert {kind for kind, _language in count} == {"keyword", "paraphrase", "misspelt", "translated"}
    assert {language for _kind, language in count} == {"en", "es", "pt", "fr"}
