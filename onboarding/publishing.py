"""Publishing a form: check it, hash it, freeze it as the next version."""

from django.db import transaction
from wagtail.log_actions import log

from ground.actors import Actor
from onboarding.models import FormDefinition, FormVersion
from onboarding.questions.compiling import Schema, digest, lint


class NotReady(Exception):
    """The form cannot be published as it is; `problems` says why, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@transaction.atomic
def publish(definition: FormDefinition, schema: Schema, *, by: Actor, changelog: str = "") -> FormVersion:
    """Make this the version to fill in. Drafts stay on theirs. Raises `NotReady`; the content of an earlier version is current again."""
    current = definition.versions.select_for_update().filter(is_current=True).first()
    if problems := lint(schema, current.schema if current else None):
        raise NotReady(problems)
    definition.versions.filter(is_current=True).update(is_current=False)
    version, _is_new = FormVersion.objects.get_or_create(
        definition=definition,
        sha256=digest(schema),
        defaults={"number": definition.versions.count() + 1, "schema": schema, "changelog": changelog, "published_by": by.user},
    )
    version.is_current = True
    version.save(update_fields=["is_current"])
    log(version, "onboarding.publish_form", user=by.user, data={"by": by.label})
    return version
