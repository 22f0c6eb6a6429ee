"""What must be put right before a form may be published: in itself, towards its earlier versions, and for who reads its answers."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ground.texts import Text
from onboarding.questions.compiling import Schema
from onboarding.questions.conditions import OPERATIONS, is_readable, leaves
from onboarding.questions.kinds import KINDS
from onboarding.questions.shape import Condition, Field, Form

CHOICES = frozenset({"choice", "multi_choice"})
PERSONAL = frozenset({"email", "person", "file_list"})
FILLED_BY_BROWSERS = frozenset({"name", "given-name", "family-name", "honorific-prefix", "email", "tel", "bday", "street-address"})
LEVELS = frozenset({"submit", "review", "decision", "optional"})
STATEMENTS = frozenset({"privacy", "terms", "accessibility"})  # what a consent can be about: the statements that are published
PHASE = "phase:"
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class Finding:
    """One thing to put right: the key of the step or question it concerns, and what is wrong."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


@dataclass(frozen=True)
class Around:
    """What a form must keep: its earlier versions (oldest first), keys that were renamed (new to old), and who counts on which.

    `phases` are those of the onboarding plan, None when there is none yet.
    """

    earlier: Sequence[Schema] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)
    phases: Collection[str] | None = None
    confirms_address: bool = False


def lint(schema: Schema, around: Around = Around()) -> list[Finding]:
    """Everything that must be put right before this may be published, in the order of the form."""
    form = Form.from_json(schema)
    return [
        *_keys(form),
        *_missing_texts(form),
        *(Finding(each.key, words) for each in form.fields() for words in _field_problems(each)),
        *_conditions(form),
        *_broken_promises(form, around),
        *_phases(form, around.phases),
        *(_no_address(form) if around.confirms_address else ()),
    ]


def _keys(form: Form) -> Iterator[Finding]:
    steps, fields = [step.key for step in form.steps], [each.key for each in form.fields()]
    for key in (key for key in (*steps, *fields) if not KEY.fullmatch(key)):
        yield Finding(key, _("a key is made of small letters, digits, _ and dots, and begins with a letter"))
    if not fields:
        yield Finding("", _("the form asks nothing yet"))
    for key, count in Counter(steps).items():
        if count > 1:
            yield Finding(key, _("two steps have this key"))
    for key, count in Counter(fields).items():
        if count > 1:
            yield Finding(key, _("two questions have this key"))


def _missing_texts(form: Form) -> Iterator[Finding]:
    for place, text in texts(form):
        for language in form.languages:
            if not text.get(language):
                yield Finding(place, _("no text in %(language)s") % {"language": language})
    if not form.languages:
        yield Finding("", _("the form speaks no language yet"))


def texts(form: Form) -> Iterator[tuple[str, Text]]:
    """Every text of a form with its place."""
    yield from (("title", form.title), ("intro", form.intro))
    for step in form.steps:
        yield from ((f"{step.key}.title", step.title), (f"{step.key}.intro", step.intro))
        for each in step.fields:
            yield from ((f"{each.key}.label", each.label), (f"{each.key}.hint", each.hint))
            yield from ((f"{each.key}.{option.key}", option.label) for option in each.options)


def _field_problems(question: Field) -> Iterator[str]:
    if question.type not in KINDS:
        yield _("unknown type %(type)s") % {"type": question.type}
    if question.required not in LEVELS and not question.required.startswith(PHASE):
        yield _("unknown level %(level)s") % {"level": question.required}
    if (question.type in CHOICES) != bool(question.options):
        yield _("a choice has options, and nothing else has")
    if len(set(question.option_keys)) < len(question.options):
        yield _("two options have the same key")
    if not all(question.option_keys):
        yield _("an option has no key")
    if _looks_personal(question) and not question.pii:
        yield _("asks for a person and is not marked pii")
    yield from _pending_problems(question)
    yield from _statement_problems(question)


def _pending_problems(question: Field) -> Iterator[str]:
    if question.pending and question.is_files:
        yield _("files are added or not, so “I don't know yet” cannot be an answer")
    if question.pending and question.required == "submit":
        yield _("needed to send, so “I don't know yet” cannot be an answer")


def _statement_problems(question: Field) -> Iterator[str]:
    if question.statement and question.type != "consent":
        yield _("only a consent is about a statement")
    if question.statement and question.statement not in STATEMENTS:
        yield _("there is no statement %(statement)s") % {"statement": question.statement}


def _looks_personal(question: Field) -> bool:
    return question.type in PERSONAL or question.verify or question.autocomplete in FILLED_BY_BROWSERS


def _conditions(form: Form) -> Iterator[Finding]:
    every = {each.key for each in form.fields()}
    seen: dict[str, Field] = {}
    for step in form.steps:
        yield from (Finding(step.key, words) for words in _condition_problems(step.requires, seen, every))
        for each in step.fields:
            yield from (Finding(each.key, words) for words in _condition_problems(each.requires, seen, every))
            if each.not_before and each.not_before not in seen:
                yield Finding(each.key, _("not_before names %(key)s, which is not asked before") % {"key": each.not_before})
            seen[each.key] = each


def _condition_problems(condition: Condition | None, seen: Mapping[str, Field], every: Collection[str]) -> Iterator[str]:
    """A condition looks back only, so none can run in a circle."""
    if not is_readable(condition):
        yield _("its condition cannot be read: parts are missing, or one of several needs a list")
        return
    for leaf in leaves(condition):
        key, op, value = str(leaf.get("id", "")), leaf.get("op"), leaf.get("value")
        if op not in OPERATIONS:
            yield _("unknown operation %(operation)s") % {"operation": op}
        if key not in seen:
            yield _not_before(key, every)
            continue
        named = value if isinstance(value, list) else [value]
        unknown = [option for option in named if option is not None and option not in seen[key].option_keys]
        if seen[key].options and unknown:
            yield _("requires an option that %(key)s does not offer: %(option)s") % {"key": key, "option": unknown[0]}


def _not_before(key: str, every: Collection[str]) -> str:
    if key in every:
        return _("requires %(key)s, which is not asked before") % {"key": key}
    return _("requires %(key)s, which this form does not ask") % {"key": key or _("a question without a key")}


def _broken_promises(form: Form, around: Around) -> Iterator[Finding]:
    """The same key is the same question, for good; a rename is the only way to say that another key is."""
    earlier = [Form.from_json(schema) for schema in around.earlier]
    asked_once = {each.key for version in earlier for each in version.fields()}
    asked = {each.key for each in form.fields()}
    yield from _renames(asked, asked_once, around.renames)
    for each in form.fields():
        past = [_ancestor(version, each.key, around.renames) for version in earlier]
        yield from (Finding(each.key, words) for words in _changed(each, past))
    for key in sorted((asked_once - asked) & set(around.readers)):
        yield Finding(key, _("%(reader)s reads it, and this form no longer asks it") % {"reader": around.readers[key]})


def _renames(asked: Collection[str], asked_once: Collection[str], renames: Mapping[str, str]) -> Iterator[Finding]:
    for new, old in renames.items():
        if old in asked:
            yield Finding(old, _("became %(key)s, so it cannot be asked again under its old key") % {"key": new})
        elif new in asked and old not in asked_once:
            yield Finding(new, _("its earlier key %(key)s was never asked") % {"key": old})


def names_of(key: str, renames: Mapping[str, str]) -> list[str]:
    """The key and the ones it had before, the newest first."""
    names = [key]
    while (older := renames.get(names[-1])) and older not in names:
        names.append(older)
    return names


def _ancestor(version: Form, key: str, renames: Mapping[str, str]) -> Field | None:
    names = names_of(key, renames)
    return next((each for name in names for each in version.fields() if each.key == name), None)


def _changed(question: Field, past: Sequence[Field | None]) -> Iterator[str]:
    """What breaks faith with the same question in earlier versions (None where it was not asked)."""
    types = [each.type for each in past if each and each.type != question.type]
    if types:
        yield _("was %(before)s, is %(now)s: a question that changes its type needs a new key") % {
            "before": types[-1],
            "now": question.type,
        }
    kept = past[-1].option_keys if past and past[-1] else []
    for option in question.options:
        meant = [old.label for each in past if each for old in each.options if old.key == option.key]
        if option.key not in kept and meant and _differs(meant[-1], option.label):
            yield _("the option %(option)s was removed and comes back with another meaning: it needs a new key") % {"option": option.key}


def _differs(before: Text, now: Text) -> bool:
    return any(before[language] != now[language] for language in before.keys() & now.keys())


def _phases(form: Form, phases: Collection[str] | None) -> Iterator[Finding]:
    for each in form.fields():
        phase = each.required.removeprefix(PHASE)
        if phases is not None and each.required.startswith(PHASE) and phase not in phases:
            yield Finding(each.key, _("is needed before the phase %(phase)s, which the onboarding plan does not have") % {"phase": phase})


def _no_address(form: Form) -> Iterator[Finding]:
    """An application that is sent has an address to answer to (the database says so)."""
    if not any(each.verify and each.type == "email" and each.required == "submit" and not each.requires for each in form.fields()):
        yield Finding("", _("no question asks everybody for the e-mail address to confirm, so nobody could send this form"))
