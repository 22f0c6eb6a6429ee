"""Reading by a second person: the workflow every knowledge base has, who hears of it, and when it is the only way to publish."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import GroupPagePermission, Page, TaskState, Workflow, WorkflowPage, WorkflowState, WorkflowTask
from wagtail.signals import page_published, task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from communities import groups
from communities.models import User
from communities.roles import StaffGroup
from knowledgebase import emails
from knowledgebase.access import EDITORS, SHARED_EDITORS
from knowledgebase.models import KnowledgeBase, ReadByAnother, may_pass


def listen() -> None:
    """Our mails in place of Wagtail's, and the switch of a knowledge base when it is published."""
    workflow_rejected.disconnect(sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
    workflow_approved.disconnect(sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
    workflow_submitted.disconnect(sender=WorkflowState, dispatch_uid="workflow_state_submitted_email_notification")
    task_submitted.connect(_on_submitted, dispatch_uid="tell who may read an article")
    workflow_approved.connect(_on_approved, dispatch_uid="tell who wrote an article that it is published")
    workflow_rejected.connect(_on_rejected, dispatch_uid="tell who wrote an article what to change")
    page_published.connect(_on_knowledge_base, sender=KnowledgeBase, dispatch_uid="let champions publish or not")


@transaction.atomic
def offer(root: Page) -> None:
    """Give that page and all below it the workflow, once: what an operator makes of it stays."""
    if ReadByAnother.objects.exists():
        return
    task = ReadByAnother.objects.create(name=gettext("Reading by a second person"))
    workflow = Workflow.objects.create(name=gettext("Read by a second person"))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=root, workflow=workflow)


def let_publish(knowledge_base: KnowledgeBase) -> None:
    """Its champions publish by themselves, unless a second person must read first; then that person does."""
    if knowledge_base.community is None:
        return
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    for role in EDITORS:
        right = {"group": groups.group_for(knowledge_base.community, role), "page_id": knowledge_base.pk, "permission": permission}
        if knowledge_base.second_reader:
            GroupPagePermission.objects.filter(**right).delete()
        else:
            GroupPagePermission.objects.get_or_create(**right)


def readers(page: Page) -> Sequence[User]:
    """Who is asked to read: the other editors of its community; without any, and for shared articles, the staff who may."""
    community = next((above.specific.community for above in page.get_ancestors(inclusive=True).type(KnowledgeBase)), None)
    if community is not None:
        people = _active(groups__in=[groups.group_for(community, role) for role in EDITORS])
        theirs = [person for person in people if may_pass(page, person)]
        if theirs:
            return theirs
    staff = {StaffGroup.COMMUNITY_GUIDE} if community else SHARED_EDITORS
    return [person for person in _active(groups__name__in=staff) if may_pass(page, person)]


def _active(**conditions: Any) -> Sequence[User]:
    return list(User.objects.filter(is_active=True, **conditions).distinct().order_by("pk"))


def _on_submitted(*, instance: TaskState, **_kwargs: Any) -> None:
    if not isinstance(instance.task.specific, ReadByAnother):
        return
    page = instance.workflow_state.content_object
    for reader in readers(page):
        emails.waits_for_a_reader.queue(to=reader.email, language=reader.language, state_id=instance.workflow_state_id, reader_id=reader.pk)


def _on_approved(*, instance: WorkflowState, user: User | None = None, **_kwargs: Any) -> None:
    _tell_writer(emails.was_published, instance, user)


def _on_rejected(*, instance: WorkflowState, user: User | None = None, **_kwargs: Any) -> None:
    _tell_writer(emails.needs_changes, instance, user)


def _tell_writer(mail: Any, state: WorkflowState, by: User | None) -> None:
    writer = state.requested_by
    if writer is None or not writer.is_active or writer == by:
        return
    mail.queue(to=writer.email, language=writer.language, state_id=state.pk, reader_id=writer.pk)


def _on_knowledge_base(*, instance: KnowledgeBase, **_kwargs: Any) -> None:
    let_publish(instance)
