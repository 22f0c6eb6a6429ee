"""Articles read by a second person: who may, who may not, who hears of it, and when it is the only way."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, TaskState, Workflow, WorkflowPage

from communities.roles import Role, StaffGroup
from ground.models import OutgoingMail
from knowledgebase import reviewing
from knowledgebase.models import Article, Edition, ReadByAnother, may_pass
from tests.factories import CommunityFactory, member, staff
from tests.knowledgebase.editor_walk import signed_in, waiting
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db


class Team:
    """A community with two champions, and one that is not theirs."""

    def __init__(self) -> None:
        self.community = CommunityFactory(slug="ours")
        self.ana = member(self.community, Role.HUB_CHAMPION, name="Ana")
        self.ben = member(self.community, Role.REPRESENTATIVE, name="Ben", language="es")
        self.reader = member(self.community, Role.MEMBER)
        self.foreigner = member(CommunityFactory(slug="theirs"), Role.HUB_CHAMPION)
        self.guide = staff(StaffGroup.COMMUNITY_GUIDE)
        self.reviewer = staff(StaffGroup.REVIEWER)
        self.ours, self.theirs = bare(self.community), bare(CommunityFactory._meta.model.objects.get(slug="theirs"))
        self.shared = bare()
        self.article = draft(self.ours, title="Our data", audience="members", owner=self.ana)

    def send(self) -> TaskState:
        return waiting(self.article, self.ana)

    def edition(self) -> Edition | None:
        return Edition.objects.filter(pk=self.article.pk).first()


@pytest.fixture
def team() -> Team:
    return Team()


def act(user, page, state: TaskState, action: str = "approve", comment: str = "") -> int:
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return signed_in(user).post(url, {"comment": comment}).status_code


def test_who_may_pass_an_article_is_who_edits_it_and_did_not_write_it(team):
    team.send()
    people = {
        "ana": team.ana,
        "ben": team.ben,
        "reader": team.reader,
        "foreigner": team.foreigner,
        "guide": team.guide,
        "reviewer": team.reviewer,
    }
    assert {name for name, person in people.items() if may_pass(team.article, person)} == {"ben", "guide"}


def test_a_second_champion_publishes(team):
    state = team.send()
    assert team.edition() is None
    act(team.ben, team.article, state)
    assert team.edition().title == "Our data"


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_the_author_passes_nothing_by_url(team, action):
    state = team.send()
    act(team.ana, team.article, state, action)
    state.refresh_from_db()
    assert (state.status, team.edition()) == (TaskState.STATUS_IN_PROGRESS, None)


def test_the_author_passes_nothing_from_the_form_of_the_article(team):
    state = team.send()
    form = {"action-workflow-action": "1", "workflow-action-name": "approve", "title": "Our data", "slug": "our-data", "body-count": "0"}
    signed_in(team.ana).post(reverse("wagtailadmin_pages:edit", args=[team.article.pk]), form)
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS


def test_an_author_who_is_a_superuser_passes_nothing_either(team):
    team.ana.is_superuser = True
    team.ana.save()
    state = team.send()
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, team.ana, "approve")


def test_who_changed_it_on_the_way_is_an_author_too(team):
    team.send()
    team.article.save_revision(user=team.ben)
    again = Article.objects.get(pk=team.article.pk)
    assert [may_pass(again, person) for person in (team.ana, team.ben, team.guide)] == [False, False, True]


def test_who_wrote_what_is_published_already_may_pass_the_next_change(team):
    article = published(team.ours, title="Old").article
    article.save_revision(user=team.ben).publish()
    article = Article.objects.get(pk=article.pk)
    waiting(article, team.ana)
    assert [may_pass(Article.objects.get(pk=article.pk), person) for person in (team.ana, team.ben)] == [False, True]


def test_a_step_of_another_page_is_not_passed_beside_ones_own(team):
    foreign = draft(team.theirs, title="Foreign", owner=team.foreigner)
    foreign_state, own_state = waiting(foreign, team.foreigner), team.send()
    for user in (team.ben, team.ana):
        assert act(user, team.article, foreign_state) == 404
    with pytest.raises(PermissionDenied):
        own_state.task.specific.on_action(foreign_state, team.ben, "approve")
    foreign_state.refresh_from_db()
    assert foreign_state.status == TaskState.STATUS_IN_PROGRESS


def test_the_author_waits_while_another_reads_and_may_take_it_back(team):
    team.send()
    url = reverse("wagtailadmin_pages:edit", args=[team.article.pk])
    assert Article.objects.get(pk=team.article.pk).get_lock().for_user(team.ana)
    signed_in(team.ana).post(url, {"action-cancel-workflow": "1", "title": "Our data", "slug": "our-data", "body-count": "0"})
    assert not Article.objects.get(pk=team.article.pk).workflow_in_progress


def test_asking_for_changes_gives_it_back_with_words(team, mailoutbox, django_capture_on_commit_callbacks):
    state = team.send()
    with django_capture_on_commit_callbacks(execute=True):
        act(team.ben, team.article, state, "reject", comment="Name the bucket.")
    mail = OutgoingMail.objects.get(kind="knowledgebase/needs_changes.txt")
    assert (mail.to, mail.language, team.edition()) == ([team.ana.email], "en", None)


def test_the_other_champions_are_told_in_their_language_and_nobody_else(team):
    team.send()
    mails = OutgoingMail.objects.filter(kind="knowledgebase/waits_for_a_reader.txt")
    assert [(mail.to, mail.language) for mail in mails] == [([team.ben.email], "es")]


def test_without_another_champion_the_guides_are_told(team):
    team.ben.groups.clear()
    team.send()
    assert [mail.to for mail in OutgoingMail.objects.all()] == [[team.guide.email]]


def test_a_shared_article_is_read_by_other_staff(team):
    other = staff(StaffGroup.SUPPORT_AGENT)
    waiting(draft(team.shared, title="For all", owner=team.guide), team.guide)
    assert [mail.to for mail in OutgoingMail.objects.all()] == [[other.email]]


def test_the_author_is_told_that_it_is_published(team):
    state = team.send()
    act(team.ben, team.article, state)
    assert OutgoingMail.objects.get(kind="knowledgebase/was_published.txt").to == [team.ana.email]


@pytest.mark.parametrize("kind", ["waits_for_a_reader", "was_published", "needs_changes"])
def test_each_mail_says_who_what_and_where(team, kind):
    from knowledgebase import emails

    state = team.send()
    if kind != "waits_for_a_reader":
        state.task.specific.on_action(state, team.ben, "approve" if kind == "was_published" else "reject", comment="Name the bucket.")
    reader = team.ben if kind == "waits_for_a_reader" else team.ana
    context = getattr(emails, kind).compose(state_id=state.workflow_state_id, reader_id=reader.pk)
    assert (context["person"], context["title"], context["path"]) == (reader, "Our data", f"/cms/pages/{team.article.pk}/edit/")


def test_a_reader_who_left_meanwhile_is_not_told(team):
    from ground.mail import NothingToSay
    from knowledgebase import emails

    state = team.send()
    team.ben.groups.clear()
    with pytest.raises(NothingToSay):
        emails.waits_for_a_reader.compose(state_id=state.workflow_state_id, reader_id=team.ben.pk)


class TestRequired:
    def switch(self, team, *, on: bool = True) -> None:
        team.ours.second_reader = on
        team.ours.save_revision().publish()

    def may_publish(self, team) -> list[bool]:
        from communities.models import User

        people = [User.objects.get(pk=person.pk) for person in (team.ana, team.ben, team.guide)]
        return [team.article.permissions_for_user(person).can_publish() for person in people]

    def test_champions_publish_by_themselves_unless_the_switch_is_on(self, team):
        assert self.may_publish(team) == [True, True, True]
        self.switch(team)
        assert self.may_publish(team) == [False, False, True]
        self.switch(team, on=False)
        assert self.may_publish(team) == [True, True, True]

    def test_another_knowledge_base_keeps_its_own_way(self, team):
        self.switch(team)
        assert GroupPagePermission.objects.filter(page=team.theirs, permission__codename="publish_page").count() == 2

    def test_a_forced_publish_leaves_a_draft(self, team):
        self.switch(team)
        form = {"action-publish": "1", "title": "Our data", "slug": "our-data", "audience": "members", "body-count": "0"}
        signed_in(team.ana).post(reverse("wagtailadmin_pages:edit", args=[team.article.pk]), form)
        assert team.edition() is None

    def test_one_champion_alone_does_not_turn_it_off(self, team):
        self.switch(team)
        form = {"action-publish": "1", "title": "Ours", "introduction": "", "slug": team.ours.slug}
        signed_in(team.ana).post(reverse("wagtailadmin_pages:edit", args=[team.ours.pk]), form)
        assert type(team.ours).objects.get(pk=team.ours.pk).second_reader

    def test_a_second_person_publishes_all_the_same(self, team):
        self.switch(team)
        act(team.ben, team.article, team.send())
        assert team.edition() is not None


def test_the_workflow_is_offered_once_and_an_operator_may_take_it_away(team):
    WorkflowPage.objects.all().delete()
    reviewing.offer(team.ours.get_parent())
    assert (WorkflowPage.objects.count(), Workflow.objects.filter(workflow_tasks__task__in=ReadByAnother.objects.all()).count()) == (0, 1)


def test_what_is_scheduled_appears_when_a_second_person_passed_it_and_expires_on_its_day(team):
    team.article.go_live_at, team.article.expire_at = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(hours=2)
    state = team.send()
    act(team.ben, team.article, state)
    assert team.edition() is None
    with time_machine.travel(timezone.now() + timedelta(minutes=90)):
        call_command("publish_scheduled")
    assert team.edition() is not None
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        call_command("publish_scheduled")
    assert team.edition() is None


def test_an_article_one_locked_is_not_edited_by_another_champion(team):
    signed_in(team.ana).post(reverse("wagtailadmin_pages:lock", args=[team.article.pk]))
    page = Article.objects.get(pk=team.article.pk)
    assert (page.get_lock().for_user(team.ben), page.get_lock().for_user(team.ana)) == (True, False)
