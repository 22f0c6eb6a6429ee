"""Drafts of forms, rubrics and plans: made from what is published, and published once nothing stands in the way."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from communities.models import Programme
from ground.actors import Actor
from onboarding import publishing
from onboarding.access import EDIT_FORMS
from onboarding.blocks.forms import earlier_keys, form_blocks
from onboarding.blocks.plans import plan_blocks
from onboarding.blocks.rubrics import rubric_blocks
from onboarding.models import FormDefinition, FormDraft, FormVersion, PlanDraft, PlanTemplateVersion, Rubric, RubricDraft, RubricVersion
from onboarding.questions.linting import Finding

AnyDraft = FormDraft | RubricDraft | PlanDraft
AnyVersion = FormVersion | RubricVersion | PlanTemplateVersion
MAY = ("view", "change", "publish", "lock", "unlock")


def ensure() -> None:
    """A draft for every form, rubric and plan that has none, from its current version, and the right to edit them."""
    for definition in FormDefinition.objects.filter(draft=None):
        draft_form(definition)
    for rubric in Rubric.objects.filter(draft=None):
        _draft(RubricDraft(rubric=rubric), rubric.versions.filter(is_current=True).first())
    for programme in Programme.objects.filter(plan_draft=None, plan_templates__is_current=True):
        _draft(PlanDraft(programme=programme), programme.plan_templates.filter(is_current=True).first())
    for group in EDIT_FORMS.staff:
        _permit(Group.objects.get_or_create(name=group.value)[0])


def draft_form(definition: FormDefinition) -> FormDraft:
    """The draft of a form, as its current version has it; empty for a form that has none."""
    draft = FormDraft(definition=definition)
    _draft(draft, definition.versions.current().first())
    return draft


@transaction.atomic
def add_form(key: str, *, is_public: bool, by: Actor) -> FormDraft:
    """A new form with an empty draft; nobody sees it before its first version is published."""
    definition = FormDefinition.objects.create(key=key, programme=Programme.default(), is_public=is_public)
    log(definition, "onboarding.add_form", user=by.user, data={"by": by.label})
    return draft_form(definition)


@transaction.atomic
def publish(draft: AnyDraft, revision: Revision, *, by: Actor) -> AnyVersion:
    """Freeze this revision of a draft as the next version. Raises `NotReady`, and then nothing is changed."""
    version = _freeze(revision.as_object(), by=by)
    revision.publish(user=by.user, skip_permission_checks=True)
    draft.refresh_from_db()
    draft.changelog = ""
    draft.save(update_fields=["changelog"])
    return version


def findings(draft: AnyDraft) -> list[Finding | str]:
    """What stands between this draft and publishing it."""
    match draft:
        case FormDraft():
            return [*publishing.form_findings(draft.definition, draft.document, earlier_keys(draft.body))]
        case RubricDraft():
            return [*publishing.rubric_problems(draft.rubric, draft.document)]
        case PlanDraft():
            return [*publishing.plan_problems(draft.programme, draft.document)]


def _freeze(draft: AnyDraft, *, by: Actor) -> AnyVersion:
    match draft:
        case FormDraft():
            renames = earlier_keys(draft.body)
            return publishing.publish(draft.definition, draft.document, by=by, changelog=draft.changelog, renames=renames)
        case RubricDraft():
            return publishing.publish_rubric(draft.rubric, draft.document, by=by, changelog=draft.changelog)
        case PlanDraft():
            return publishing.publish_plan(draft.programme, draft.document, by=by, changelog=draft.changelog)


def _draft(draft: AnyDraft, version: AnyVersion | None) -> None:
    """Keep a new draft with its first entry in the history; it is live when it is what a version says."""
    draft.live = version is not None
    if version is not None:
        draft.body = _blocks(version)
    draft.save()
    draft.save_revision(changed=version is None)


def _blocks(version: AnyVersion) -> Any:
    match version:
        case FormVersion():
            return form_blocks(version.schema)
        case RubricVersion():
            return rubric_blocks(version.document)
        case PlanTemplateVersion():
            return plan_blocks(version.document)


def _permit(group: Group) -> None:
    """Let a staff group open the editor, and in it edit and publish the drafts, but neither add nor delete one."""
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    names = [f"{action}_{model._meta.model_name}" for model in (FormDraft, RubricDraft, PlanDraft) for action in MAY]
    group.permissions.add(*Permission.objects.filter(content_type__app_label="onboarding", codename__in=names))
