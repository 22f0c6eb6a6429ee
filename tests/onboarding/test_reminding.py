"""Drafts somebody left: two mails, no more, with a link that opens them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from ground.models import OutgoingMail
from ground.sweep import perform_due
from onboarding import links, reminding
from onboarding.models import Application
from onboarding.tasks import remind_of_drafts
from tests.onboarding.factories import FormVersionFactory, applied, draft

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def left() -> Application:
    FormVersionFactory()
    return draft(saved_at=BEGAN, purge_after=BEGAN + timedelta(days=60))


def after(**time: int) -> int:
    return reminding.remind(BEGAN + timedelta(**time))


def test_draft_is_reminded_of_after_a_week_and_a_month_once_each(left):
    mailed = [after(days=6, hours=23), after(days=7), after(days=8), after(days=29), after(days=30), after(days=31), after(days=59)]
    assert mailed == [0, 1, 0, 0, 1, 0, 0]
    assert [(mail.to, mail.language) for mail in OutgoingMail.objects.all()] == [([left.email], "es")] * 2


def test_draft_nobody_looked_at_for_a_month_gets_one_mail(left):
    assert (after(days=40), after(days=40)) == (1, 0)


def test_reminder_brings_a_link_and_the_day_of_deletion(left, mailoutbox):
    with time_machine.travel(BEGAN + timedelta(days=7), tick=False):
        remind_of_drafts()
        perform_due()
        mail = mailoutbox[0]
        assert links.find(mail.body.split("/applications/")[1].split("/", maxsplit=1)[0]).application == left
    assert "Jue 31 dic 2026".lower() in mail.body.lower()


def test_changed_draft_waits_from_its_last_change(left):
    Application.objects.update(saved_at=BEGAN + timedelta(days=5))
    assert (after(days=8), after(days=12)) == (0, 1)


@pytest.mark.parametrize("fields", [{"email": ""}, {"purge_after": BEGAN + timedelta(days=6)}])
def test_draft_without_an_address_or_at_its_end_is_not_mailed(left, fields):
    Application.objects.update(**fields)
    assert after(days=8) == 0


def test_sent_application_is_not_mailed():
    applied(saved_at=timezone.now() - timedelta(days=40))
    assert reminding.remind(timezone.now()) == 0


def test_reminder_claimed_by_another_worker_is_not_mailed_again(left):
    ours = Application.objects.get()
    after(days=7)
    assert not reminding._remind(ours, 7)
    assert OutgoingMail.objects.count() == 1
