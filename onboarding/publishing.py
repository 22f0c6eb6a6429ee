"""Publishing a form, a rubric or a plan: check it, hash it, freeze it as the next version. What was answered or scored keeps its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Programme
from ground.actors import Actor
from onboarding import hub_facts, plan_template, rubric, rubric_defaults
from onboarding.models import FieldRename, FormDefinition, FormVersion, PlanTemplateVersion, Rubric, RubricVersion
from onboarding.questions.compiling import Schema, digest
from onboarding.questions.linting import PHASE, Around, Finding, lint

READ_BY_INTAKE = ("applicant.language", "contact.email", "contact.name", "community.long_name", "community.country")
READ_WHEN_FOUNDING = (
    "community.short_name",
    "community.website",
    "community.description",
    "contact.timezone",
    "people.community_champion",
    "people.hub_champion",
)
Renames = Mapping[str, str]


class NotReady(Exception):
    """It cannot be published as it is; `problems` says why, one sentence each, `findings` with their places where there are some."""

    def __init__(self, findings: Sequence[Finding | str]) -> None:
        self.findings = list(findings)
        self.problems = [str(each) for each in findings]
        super().__init__("; ".join(self.problems))


@transaction.atomic
def publish(definition: FormDefinition, schema: Schema, *, by: Actor, changelog: str = "", renames: Renames | None = None) -> FormVersion:
    """Make this the version to fill in. Drafts stay on theirs. Raises `NotReady`; the content of an earlier version is current again.

    `renames` are new keys for questions that were asked before, new to old.
    """
    FormDefinition.objects.select_for_update().get(pk=definition.pk)
    if findings := form_findings(definition, schema, renames or {}):
        raise NotReady(findings)
    definition.versions.filter(is_current=True).update(is_current=False)
    version, _is_new = FormVersion.objects.get_or_create(
        definition=definition,
        sha256=digest(schema),
        defaults={"number": definition.versions.count() + 1, "schema": schema, "changelog": changelog, "published_by": by.user},
    )
    version.is_current = True
    version.save(update_fields=["is_current"])
    for new, old in (renames or {}).items():
        FieldRename.objects.get_or_create(definition=definition, to_key=new, from_key=old, defaults={"since_number": version.number})
    log(version, "onboarding.publish_form", user=by.user, data={"by": by.label})
    return version


@transaction.atomic
def open_to_all(definition: FormDefinition, *, by: Actor) -> None:
    """Let anybody fill the form in. Raises `NotReady` when what is in use could not be sent, or nothing is in use yet."""
    current = definition.versions.current().first()
    if current is None:
        raise NotReady([_("This form has no version in use yet. Publish it first.")])
    if findings := lint(current.schema, Around(confirms_address=True)):
        raise NotReady(findings)
    _set_public(definition, True, by)


@transaction.atomic
def close_to_all(definition: FormDefinition, *, by: Actor) -> None:
    """Let nobody begin the form any more; who began may finish."""
    _set_public(definition, False, by)


def _set_public(definition: FormDefinition, is_public: bool, by: Actor) -> None:
    definition.is_public = is_public
    definition.save(update_fields=["is_public"])
    log(definition, "onboarding.open_form" if is_public else "onboarding.close_form", user=by.user, data={"by": by.label})


def form_findings(definition: FormDefinition, schema: Schema, renames: Renames | None = None) -> list[Finding]:
    """What keeps this from being the form's next version."""
    stored = renames_of(definition)
    plan = PlanTemplateVersion.objects.filter(programme=definition.programme_id, is_current=True).first()
    around = Around(
        earlier=list(definition.versions.order_by("number").values_list("schema", flat=True)),
        renames=stored | dict(renames or {}),
        readers=readers(definition),
        phases=None if plan is None else [phase["key"] for phase in plan.document["phases"]],
        confirms_address=definition.is_public,
    )
    return [*_renamed_twice(stored, renames or {}), *lint(schema, around)]


def renames_of(definition: FormDefinition) -> dict[str, str]:
    """New keys to old ones, as they were published."""
    return dict(definition.renames.values_list("to_key", "from_key"))


def _renamed_twice(stored: Renames, renames: Renames) -> list[Finding]:
    """A key follows one question only: what was published stays said."""
    old_to_new = {old: new for new, old in stored.items()}
    words = _("has another earlier key already, or its earlier key became another question")
    return [Finding(new, words) for new, old in renames.items() if stored.get(new, old) != old or old_to_new.get(old, new) != new]


def readers(definition: FormDefinition) -> dict[str, str]:
    """Who counts on which key of this form, in words: the rubric, the hub request, and what we do with every application."""
    found = dict.fromkeys(READ_BY_INTAKE, _("the intake itself")) | dict.fromkeys(READ_WHEN_FOUNDING, _("the founding of a community"))
    found |= {key: _("the hub request") for row in hub_facts.table() for key in row["from"]}
    for version in RubricVersion.objects.filter(rubric__programme=definition.programme_id, is_current=True):
        rows = [*version.document["criteria"], *version.document["gates"]]
        found |= {key: _("the rubric (%(key)s)") % {"key": row["key"]} for row in rows for key in row["evidence"]}
    return found


@transaction.atomic
def publish_rubric(row: Rubric, document: Mapping[str, Any], *, by: Actor, changelog: str = "") -> RubricVersion:
    """Make this the rubric of new reviews; reviews that exist keep theirs. Raises `NotReady`."""
    Rubric.objects.select_for_update().get(pk=row.pk)
    if problems := rubric_problems(row, document):
        raise NotReady(problems)
    row.versions.filter(is_current=True).update(is_current=False)
    version, _is_new = RubricVersion.objects.get_or_create(
        rubric=row,
        sha256=rubric.digest(document),
        defaults={
            "number": row.versions.count() + 1,
            "document": document,
            "changelog": changelog,
            "published_by": by.user,
            "is_current": False,
        },
    )
    version.is_current = True
    version.save(update_fields=["is_current"])
    log(version, "onboarding.publish_rubric", user=by.user, data={"by": by.label})
    return version


def rubric_problems(row: Rubric, document: Mapping[str, Any]) -> list[str]:
    """What keeps this from being the rubric's next version."""
    schemas = FormVersion.objects.current().filter(definition__programme=row.programme_id).values_list("schema", flat=True)
    keys = {field["key"] for schema in schemas for step in schema["steps"] for field in step["fields"]}
    return rubric.problems(document, keys or None)


@transaction.atomic
def publish_plan(programme: Programme, document: Mapping[str, Any], *, by: Actor, changelog: str = "") -> PlanTemplateVersion:
    """Make this the plan of communities accepted from now on; plans that exist stay as they are. Raises `NotReady`."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    versions = PlanTemplateVersion.objects.filter(programme=programme)
    if problems := plan_problems(programme, document):
        raise NotReady(problems)
    versions.filter(is_current=True).update(is_current=False)
    version, _is_new = PlanTemplateVersion.objects.get_or_create(
        programme=programme,
        sha256=rubric.digest(document),
        defaults={
            "number": versions.count() + 1,
            "document": document,
            "changelog": changelog,
            "published_by": by.user,
            "is_current": False,
        },
    )
    version.is_current = True
    version.save(update_fields=["is_current"])
    log(version, "onboarding.publish_plan", user=by.user, data={"by": by.label})
    return version


def plan_problems(programme: Programme, document: Mapping[str, Any]) -> list[str]:
    """What keeps this from being the programme's next plan."""
    earlier = list(PlanTemplateVersion.objects.filter(programme=programme).values_list("document", flat=True))
    known = plan_template.Known.from_documents([rubric_defaults.plan_document(), *earlier], _needed_phases(programme))
    return plan_template.problems(document, known)


def _needed_phases(programme: Programme) -> dict[str, str]:
    """The phases before which a question of a current form is needed, each with such a question."""
    schemas = FormVersion.objects.current().filter(definition__programme=programme).values_list("schema", flat=True)
    fields = [field for schema in schemas for step in schema["steps"] for field in step["fields"]]
    return {field["required"].removeprefix(PHASE): field["key"] for field in fields if field["required"].startswith(PHASE)}
