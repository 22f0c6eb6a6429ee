"""Asking for an archive: who may, how often, made once though a worker dies, told by mail, taken by its owner, removed after a week."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communities.roles import Role, StaffGroup
from ground import sweep
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.outbox import ATTEMPTS, claim
from portal import access, departing, emails
from portal.leaving import preparing
from portal.models import Archive
from portal.models.archives import opaque_name
from portal.states import ArchiveState
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reef():
    return CommunityFactory(slug="reef", name="Reef")


@pytest.fixture
def ana(reef):
    return member(reef, Role.REPRESENTATIVE, name="Ana", email="ana@reef.example")


def made(community, user):
    """An archive that was asked for and made."""
    archive = departing.ask(community, by=acting(user))
    preparing.prepare(archive.pk)
    archive.refresh_from_db()
    return archive


def test_asking_twice_is_asking_once_and_is_written_down(reef, ana):
    first, second = departing.ask(reef, by=acting(ana)), departing.ask(reef, by=acting(ana))
    assert (first, first.state, first.is_whole) == (second, ArchiveState.WANTED, False)
    assert first.next_attempt_at is not None
    assert [entry.data["by"] for entry in ModelLogEntry.objects.filter(action="portal.ask_archive")] == ["Ana"]


def test_who_is_not_a_representative_or_an_operator_asks_in_vain(reef):
    others = [member(reef, Role.HUB_CHAMPION), member(CommunityFactory(), Role.REPRESENTATIVE), staff(StaffGroup.SUPPORT_AGENT)]
    for actor in (*map(acting, others), Actor.system(), Actor.anonymous()):
        with pytest.raises(departing.NotYours):
            departing.ask(reef, by=actor)
    assert Archive.objects.count() == 0


def test_one_at_a_time_for_a_community(reef, ana):
    departing.ask(reef, by=acting(ana))
    with pytest.raises(departing.Busy):
        departing.ask(reef, by=acting(member(reef, Role.REPRESENTATIVE)))


def test_three_a_day_are_enough(reef, ana):
    for _number in range(departing.A_DAY):
        made(reef, ana)
    with pytest.raises(departing.TooOften):
        departing.ask(reef, by=acting(ana))
    Archive.objects.update(requested_at=timezone.now() - timedelta(days=2))
    assert departing.ask(reef, by=acting(ana)).state == ArchiveState.WANTED


def test_it_is_made_kept_for_a_week_and_told_by_a_mail_that_leads_to_the_page(reef, ana, mailoutbox):
    TicketFactory(community=reef, subject="Help us")
    archive = made(reef, ana)
    assert (archive.state, archive.next_attempt_at, archive.expires_at - archive.made_at) == (ArchiveState.READY, None, timedelta(days=7))
    with archive.file.open("rb") as file, zipfile.ZipFile(file) as held:
        assert b"Help us" in held.read("tickets/index.html")
    assert (archive.counts["tickets"], archive.size, len(archive.sha256)) == (1, archive.file.size, 64)
    sweep.perform_due()
    (mail,) = mailoutbox
    assert mail.to == ["ana@reef.example"]
    assert "/c/reef/leaving/" in mail.body
    assert str(archive.key) not in mail.body


def test_a_representatives_holds_no_notes_and_an_operators_does(reef, ana):
    MessageFactory(ticket=TicketFactory(community=reef), kind="note", body_text="among us")
    theirs, ours = made(reef, ana), made(reef, staff(StaffGroup.OPERATOR))
    assert (theirs.is_whole, ours.is_whole) == (False, True)
    assert (theirs.counts["messages"], ours.counts["messages"]) == (0, 1)


def test_one_whose_worker_was_killed_is_made_again_in_its_place(reef, ana):
    archive = departing.ask(reef, by=acting(ana))
    claim(Archive, archive.pk, lease=preparing.LEASE)
    archive.file.storage.save(opaque_name(archive, ""), ContentFile(b"half"))
    preparing.prepare(archive.pk)
    archive.refresh_from_db()
    assert archive.state == ArchiveState.WANTED
    Archive.objects.update(next_attempt_at=timezone.now())
    preparing.prepare(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.file.name) == (ArchiveState.READY, opaque_name(archive, ""))
    assert zipfile.is_zipfile(archive.file)
    archive.file.close()
    assert archive.file.storage.listdir("archives")[1] == [f"{archive.key.hex}.zip"]
    preparing.prepare(archive.pk)
    assert OutgoingMail.objects.filter(kind=emails.archive_ready.template).count() == 1


def test_the_lease_grows_while_the_work_goes_on(reef, ana):
    archive = departing.ask(reef, by=acting(ana))
    claim(Archive, archive.pk, lease=preparing.LEASE)
    stay = preparing.staying_at_it(archive)
    later = timezone.now() + timedelta(minutes=9)
    with time_machine.travel(later, tick=False):
        stay()
    archive.refresh_from_db()
    assert archive.next_attempt_at == later + preparing.LEASE


def test_a_configuration_that_cannot_be_read_is_tried_again_and_in_the_end_given_up(reef, ana, settings, tmp_path, mailoutbox):
    HubFactory(community=reef)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "HEAD").write_text("nothing")
    settings.DEPLOYER_URL = f"git+file://{tmp_path / 'broken'}"
    archive = departing.ask(reef, by=acting(ana))
    preparing.prepare(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.last_error != "", archive.next_attempt_at > timezone.now()) == (ArchiveState.WANTED, True, True)
    Archive.objects.update(next_attempt_at=timezone.now(), attempts=ATTEMPTS - 1)
    preparing.prepare(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.next_attempt_at, archive.file.name) == (ArchiveState.FAILED, None, "")
    sweep.perform_due()
    assert [mail.subject for mail in mailoutbox] == ["The archive of Reef could not be prepared"]
    assert departing.ask(reef, by=acting(ana)) != archive


def test_one_whose_every_worker_was_killed_is_given_up(reef, ana):
    archive = departing.ask(reef, by=acting(ana))
    Archive.objects.update(attempts=ATTEMPTS)
    preparing.prepare(archive.pk)
    archive.refresh_from_db()
    assert archive.state == ArchiveState.FAILED


def test_after_a_week_the_file_goes_and_the_row_stays(reef, ana, django_capture_on_commit_callbacks):
    archive = made(reef, ana)
    assert preparing.remove_over() == 0
    Archive.objects.update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert preparing.remove_over() == 1
    archive.refresh_from_db()
    assert (archive.state, archive.file.name) == (ArchiveState.REMOVED, "")
    assert archive.file.storage.listdir("archives")[1] == []


def test_a_mail_about_what_is_gone_does_not_leave(reef, ana, mailoutbox):
    made(reef, ana)
    Archive.objects.update(expires_at=timezone.now())
    sweep.perform_due()
    assert (list(mailoutbox), OutgoingMail.objects.count()) == ([], 0)


def test_predicate_and_queryset_agree_on_who_may_have_an_archive(reef, ana):
    other = member(reef, Role.REPRESENTATIVE)
    rows = [
        Archive.objects.create(community=reef, requested_by=ana, state=ArchiveState.FAILED),
        Archive.objects.create(community=reef, requested_by=ana, state=ArchiveState.FAILED, is_whole=True),
        Archive.objects.create(community=CommunityFactory(), requested_by=ana, state=ArchiveState.FAILED),
    ]
    people = [ana, other, member(reef, Role.MEMBER), *(staff(group) for group in StaffGroup)]
    for actor in (*map(acting, people), Actor.system(), Actor.anonymous()):
        seen = set(Archive.objects.visible_to(actor))
        assert seen == {row for row in rows if access.can_have_archive(actor, row)}, actor
    assert list(Archive.objects.visible_to(acting(ana))) == rows[:1]
    assert list(Archive.objects.visible_to(acting(other))) == []


class TestPage:
    def test_says_what_it_is_and_does_and_asks_with_one_button(self, reef, ana):
        page = get(ana, "portal:leaving")
        assert "Nothing ends by asking for it" in page.content.decode()
        assert "Prepare our archive" in page.content.decode()
        answer = client(ana).post(reverse("portal:prepare_archive", args=["reef"]), follow=True)
        assert "It is being prepared" in answer.content.decode()
        assert Archive.objects.wanted().count() == 1

    def test_a_running_one_is_looked_at_again_by_itself_alone(self, reef, ana):
        departing.ask(reef, by=acting(ana))
        part = client(ana).get(reverse("portal:leaving", args=["reef"]), headers={"HX-Request": "true"}).content.decode()
        assert part.count("<h1>") == 0
        assert 'hx-trigger="every 4s"' in part

    def test_another_representative_is_told_to_wait(self, reef, ana):
        departing.ask(reef, by=acting(ana))
        ben = member(reef, Role.REPRESENTATIVE)
        assert "One for another person of your community" in get(ben, "portal:leaving").content.decode()
        answer = client(ben).post(reverse("portal:prepare_archive", args=["reef"]), follow=True)
        assert "Somebody else of you asked for one" in answer.content.decode()

    def test_too_many_a_day_are_refused_in_words(self, reef, ana):
        for _number in range(departing.A_DAY):
            made(reef, ana)
        answer = client(ana).post(reverse("portal:prepare_archive", args=["reef"]), follow=True)
        assert "Several archives were prepared within a day" in answer.content.decode()

    def test_its_owner_takes_it_and_that_is_written_down(self, reef, ana):
        archive = made(reef, ana)
        answer = get(ana, "portal:take_archive", archive.key)
        content = b"".join(answer.streaming_content)
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{archive.file_name}"'
        assert "no-store" in answer.headers["Cache-Control"]
        assert ModelLogEntry.objects.filter(action="portal.take_archive", user=ana).count() == 1

    def test_nobody_takes_anothers_nor_one_that_is_over_nor_under_another_community(self, reef, ana):
        archive, other = made(reef, ana), CommunityFactory(slug="glacier")
        assert get(member(reef, Role.REPRESENTATIVE), "portal:take_archive", archive.key).status_code == 404
        operator = staff(StaffGroup.OPERATOR)
        assert client(operator).get(reverse("portal:take_archive", args=[other.slug, archive.key])).status_code == 404
        reef.memberships.filter(user=ana).update(role=Role.MEMBER)
        assert get(ana, "portal:take_archive", archive.key).status_code == 404
        reef.memberships.filter(user=ana).update(role=Role.REPRESENTATIVE)
        Archive.objects.update(expires_at=timezone.now())
        assert get(ana, "portal:take_archive", archive.key).status_code == 404

    def test_queries_do_not_grow_with_archives(self, reef, ana):
        made(reef, ana)
        one = queries(ana)
        made(reef, ana)
        made(reef, ana)
        assert queries(ana) == one


def queries(user):
    asking = client(user)
    with CaptureQueriesContext(connection) as asked:
        asking.get(reverse("portal:leaving", args=["reef"]))
    return len(asked)


def client(user):
    found = Client()
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def get(user, name, *args):
    return client(user).get(reverse(name, args=["reef", *args]))
