"""A compiled form: steps of fields, read from the plain JSON of a form version."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ground.texts import Text

Condition = Mapping[str, Any]
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """One choice: its key is stored, its label is shown."""

    key: str
    label: Text


@dataclass(frozen=True)
class Field:
    """One question. `required` names the level at which an answer is needed (see `progress.missing`), `statement` what a consent is about."""

    key: str
    type: str
    label: Text
    hint: Text
    required: str = "optional"
    options: Sequence[Option] = ()
    requires: Condition | None = None
    pending: bool = False
    pii: bool = False
    verify: bool = False
    later: bool = False
    max_chars: int = 0
    max_files: int = 3
    max_mb: int = 5
    min: int | None = None
    not_before: str = ""
    autocomplete: str = ""
    feeds: Sequence[str] = ()
    statement: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Field":
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        return cls(
            **known | {"options": tuple(Option(**option) for option in data.get("options", ())), "feeds": tuple(data.get("feeds", ()))}
        )

    @property
    def is_files(self) -> bool:
        """Whether it is answered with files, which are kept one by one."""
        return self.type == "file_list"

    @property
    def is_typed(self) -> bool:
        """Whether its answer stands in what is typed into a page."""
        return not self.later and not self.is_files

    @property
    def option_keys(self) -> list[str]:
        return [option.key for option in self.options]

    def label_of(self, option: str) -> Text:
        """The label of an option; its key when the option is gone."""
        return next((each.label for each in self.options if each.key == option), {"en": option})


@dataclass(frozen=True)
class Step:
    """One page of questions with one idea."""

    key: str
    title: Text
    intro: Text
    fields: Sequence[Field]
    requires: Condition | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Step":
        fields = tuple(Field.from_json(field) for field in data["fields"])
        return cls(key=data["key"], title=data["title"], intro=data["intro"], fields=fields, requires=data.get("requires"))


@dataclass(frozen=True)
class Form:
    """A whole form, as one version has it."""

    key: str
    title: Text
    intro: Text
    languages: Sequence[str]
    steps: Sequence[Step]

    @classmethod
    def from_json(cls, schema: Mapping[str, Any]) -> "Form":
        steps = tuple(Step.from_json(step) for step in schema["steps"])
        return cls(key=schema["key"], title=schema["title"], intro=schema["intro"], languages=tuple(schema["languages"]), steps=steps)

    @classmethod
    def of_version(cls, sha256: str, schema: Callable[[], Mapping[str, Any]]) -> "Form":
        """The form of that content, fetched and read once a process: what a version asks never changes."""
        if sha256 not in _READ:
            _READ[sha256] = cls.from_json(schema())
        return _READ[sha256]

    def fields(self) -> Iterator[Field]:
        for step in self.steps:
            yield from step.fields

    def field(self, key: str) -> Field:
        """The field of that key; `KeyError` when the form has none."""
        for field in self.fields():
            if field.key == key:
                return field
        raise KeyError(key)

    def step(self, key: str) -> Step:
        """The step of that key; `KeyError` when the form has none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)


_READ: dict[str, Form] = {}
