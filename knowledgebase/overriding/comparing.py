"""What a community replaced, what the shared text says now, and its own version, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils import translation

from knowledgebase import sections
from knowledgebase.models import Override
from knowledgebase.rendering import render

TOKEN = re.compile(r"\n|[^\S\n]+|[^\W_]+|[\W_]")
MOST_WORDS = 6_000  # of each text; beyond it lines are compared


@dataclass(frozen=True)
class Word:
    """A run of words: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """The three texts, and where they differ: `upstream` from what was replaced to now, `ours` from now to the own version."""

    replaced: str
    now: str
    own: str
    upstream: list[Word]
    ours: list[Word]


def comparison(override: Override) -> Comparison:
    """Everything that the page shows. The own version is the draft as it stands."""
    page = override.article.get_latest_revision_as_object()
    with translation.override(override.language):
        words = sections.words(render(page.body).parts)
    own = f"{page.title}\n{page.summary}\n{words}" if override.is_whole else words
    return Comparison(
        replaced=override.replaced_text,
        now=override.now_text,
        own=own,
        upstream=compare(override.replaced_text, override.now_text),
        ours=compare(override.now_text, own),
    )


def compare(before: str, after: str) -> list[Word]:
    """The second text with what was added to and removed from the first, in runs of words."""
    return list(_joined(_runs(_tokens(before, after), _tokens(after, before))))


def _tokens(text: str, other: str) -> list[str]:
    if max(len(text), len(other)) > MOST_WORDS * 8:
        return text.splitlines(keepends=True)
    return TOKEN.findall(text)


def _runs(before: list[str], after: list[str]) -> Iterator[Word]:
    for step, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            yield Word("same", "".join(before[start:end]))
            continue
        yield Word("removed", "".join(before[start:end]))
        yield Word("added", "".join(after[new_start:new_end]))


def _joined(runs: Iterator[Word]) -> Iterator[Word]:
    """Runs with a single space between two changes taken along, so that a changed sentence reads as one."""
    pending: dict[str, str] = {"removed": "", "added": ""}
    for run in runs:
        if run.kind == "same" and (run.text.strip() or "\n" in run.text or not any(pending.values())):
            yield from _told(pending)
            pending = {"removed": "", "added": ""}
            yield run
        elif run.kind == "same":
            pending = {kind: text + run.text for kind, text in pending.items()}
        else:
            pending[run.kind] += run.text
    yield from _told(pending)


def _told(pending: dict[str, str]) -> Iterator[Word]:
    yield from (Word(kind, text) for kind, text in pending.items() if text)
