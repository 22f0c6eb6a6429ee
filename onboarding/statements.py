"""Statements as readers get them, and the consent that applicants give to one version of them."""

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ground.texts import pick
from knowledgebase.markdown import Anchors, to_html
from onboarding.models import Application, Consent, StatementVersion
from onboarding.questions.progress import asked
from onboarding.questions.shape import Field

Agreed = Mapping[str, int]  # the number of the version that stood beside each consent question


class ConsentOutdated(Exception):
    """Somebody agreed to a version that is not the current one any more; `consents` are the ones to ask for again."""

    def __init__(self, consents: Sequence["Asked"]) -> None:
        super().__init__(", ".join(each.field.key for each in consents))
        self.consents = consents


@dataclass(frozen=True)
class Asked:
    """A consent question, and the version of its statement that counts now."""

    field: Field
    version: StatementVersion

    @property
    def label(self) -> str:
        return pick(self.field.label)


def current(kind: str) -> StatementVersion | None:
    """What everybody reads: the default programme's."""
    found = StatementVersion.objects.current().select_related("statement")
    return found.filter(statement__kind=kind, statement__programme__is_default=True).first()


def numbered(kind: str, number: int) -> StatementVersion | None:
    """An earlier version, for who agreed to it."""
    found = StatementVersion.objects.select_related("statement")
    return found.filter(number=number, statement__kind=kind, statement__programme__is_default=True).first()


def versions_of(version: StatementVersion) -> list[StatementVersion]:
    """Every version of that statement, the newest first, without their words."""
    return list(version.statement.versions.defer("texts").select_related("statement")[:50])


@functools.lru_cache(maxsize=64)
def html(markdown: str) -> str:
    """A statement's words as a page shows them; versions never change, so each is rendered once a process."""
    return to_html(markdown, Anchors())


def beside(application: Application, fields: Iterable[Field]) -> dict[str, StatementVersion]:
    """The current version of the statement that each of these questions asks about."""
    kinds = {field.statement for field in fields if field.statement}
    if not kinds:
        return {}
    found = StatementVersion.objects.current().select_related("statement").defer("texts")
    found = found.filter(statement__kind__in=kinds, statement__programme=application.programme_id)
    of_kind = {version.statement.kind: version for version in found}
    return {field.key: of_kind[field.statement] for field in fields if field.statement in of_kind}


def keep(application: Application, fields: Sequence[Field], agreed: Agreed) -> None:
    """Write down what these questions were answered with: agreed to the version that stood there, or not agreed any more."""
    asking = [field for field in fields if field.statement]
    if not asking:
        return
    given = [field for field in asking if application.answers.get(field.key) is True]
    Consent.objects.filter(application=application, field_key__in={field.key for field in asking} - {field.key for field in given}).delete()
    versions = beside(application, given)
    shown = {field.key: _shown(versions[field.key], agreed.get(field.key)) for field in given if field.key in versions}
    _write(application, shown)


def settle(application: Application, agreed: Agreed) -> None:
    """Before sending: every consent is to the version that counts now. Raises `ConsentOutdated`."""
    given = _asked(application)
    again = {each.field.key: each.version for each in given if agreed.get(each.field.key) == each.version.number}
    _write(application, again)
    if left := _outdated(application, given):
        raise ConsentOutdated(left)
    _write(application, {each.field.key: each.version for each in given})


def outdated(application: Application) -> list[Asked]:
    """The consents that were given to an earlier version."""
    return _outdated(application, _asked(application))


def outdated_among(application: Application, versions: Mapping[str, StatementVersion]) -> set[str]:
    """The questions among these that were agreed to, but to an earlier version."""
    keys = {key for key in versions if application.answers.get(key) is True}
    if not keys:
        return set()
    given: dict[str, set[int]] = {}
    for key, version in Consent.objects.filter(application=application, field_key__in=keys).values_list("field_key", "statement_version"):
        given.setdefault(key, set()).add(version)
    return {key for key, known in given.items() if versions[key].pk not in known}


def _outdated(application: Application, consents: Collection[Asked]) -> list[Asked]:
    keys = outdated_among(application, {each.field.key: each.version for each in consents})
    return [each for each in consents if each.field.key in keys]


def _asked(application: Application) -> list[Asked]:
    """The consents that were given, with the version that counts now."""
    answers = application.answers
    given = [field for _step, field in asked(application.form_version.form, answers) if field.statement and answers.get(field.key) is True]
    versions = beside(application, given)
    return [Asked(field, versions[field.key]) for field in given if field.key in versions]


def _shown(version: StatementVersion, number: int | None) -> StatementVersion:
    """The version that stood beside the question, if that is not the current one."""
    if number is None or number == version.number:
        return version
    return version.statement.versions.filter(number=number).first() or version


def _write(application: Application, versions: Mapping[str, StatementVersion]) -> None:
    rows = [Consent(application=application, field_key=key, statement_version=version) for key, version in versions.items()]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)


def agreed_on_page(fields: Iterable[Field], typed: Mapping[str, Sequence[str]]) -> Agreed:
    """The versions that stood on a page of the form."""
    said = {field.key: typed.get(f"{field.key}:version", [""])[-1] for field in fields if field.statement}
    return {key: int(number) for key, number in said.items() if number.isdecimal() and len(number) < 7}


def agreed_again(values: Iterable[str]) -> Agreed:
    """What was ticked before sending, each written as question and version: `consent.privacy:2`."""
    pairs = [value.rpartition(":") for value in values]
    return {key: int(number) for key, _colon, number in pairs if number.isdecimal() and len(number) < 7}
