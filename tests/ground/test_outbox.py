"""Rows that wait for the outside."""

from datetime import timedelta

import pytest
from celery import Celery
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from ground import sweep
from ground.models import OutgoingMail
from ground.outbox import ATTEMPTS, after_commit, backoff, claim
from ground.tasks import send_mail as send_mail_task

pytestmark = pytest.mark.django_db


def waiting(**fields):
    return OutgoingMail.objects.create(message="Subject: x\n\nx", to=["ana@example.org"], next_attempt_at=timezone.now(), **fields)


def nothing(pk):
    """A task that does nothing."""


def test_claim_a_due_row_takes_it_for_the_lease():
    row = claim(OutgoingMail, waiting().pk, lease=timedelta(minutes=5))
    assert (row.attempts, row.next_attempt_at > timezone.now() + timedelta(minutes=4)) == (1, True)


def test_claim_twice_gives_it_to_one():
    pk = waiting().pk
    assert [claim(OutgoingMail, pk) is None for _ in range(2)] == [False, True]


def test_claim_after_the_lease_has_run_out_gives_it_again():
    pk = waiting().pk
    claim(OutgoingMail, pk, lease=timedelta(0))
    assert claim(OutgoingMail, pk).attempts == 2


def test_claim_a_settled_row_is_none():
    row = waiting()
    row.settled()
    assert claim(OutgoingMail, row.pk) is None


def test_retry_later_gives_up_after_the_last_attempt():
    row = waiting(attempts=ATTEMPTS)
    assert row.retry_later("still away") is False
    row.refresh_from_db()
    assert (row.next_attempt_at, row.last_error) == (None, "still away")


def test_backoff_doubles_and_stops_at_an_hour():
    assert [round(backoff(attempts).total_seconds() / 5) for attempts in (1, 2, 3)] == [1, 2, 4]
    assert backoff(40).total_seconds() <= 3600 * 1.1


def test_due_lists_only_rows_whose_time_has_come():
    due, later = waiting(), waiting()
    later.retry_later("later")
    assert sweep.OUTBOXES["mail"].due() == [due.pk]


def test_perform_due_sends_everything_once(mailoutbox):
    send_mail("Hello", "A code: 123", None, ["ana@example.org"])
    sweep.perform_due()
    sweep.perform_due()
    assert [(message.subject, message.to) for message in mailoutbox] == [("Hello", ["ana@example.org"])]
    row = OutgoingMail.objects.get()
    assert (row.state, row.message, row.subject, row.next_attempt_at) == ("sent", "", "Hello", None)


def test_a_transport_that_is_away_keeps_the_mail(settings):
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    send_mail("Hello", "x", None, ["ana@example.org"])
    row = OutgoingMail.objects.get()
    send_mail_task(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.message != "", row.next_attempt_at > timezone.now()) == ("waiting", 1, True, True)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_never_fails_the_decision():
    away = Celery("away", task_cls="ground.outbox:Task", set_as_current=False)
    broker = "redis://127.0.0.1:1/0"  # the environment names another one, which goes before an argument
    away.conf.update(broker_url=broker, broker_write_url=broker, task_publish_retry=False, broker_connection_timeout=1)
    task, after = away.task(nothing, name="tests.nothing"), []
    with pytest.raises(OperationalError):
        task.delay(1)
    with transaction.atomic():
        row = waiting()
        row.wait_for_outside(task)
        transaction.on_commit(lambda: after.append("what came behind it"))
    assert after == ["what came behind it"]
    assert sweep.OUTBOXES["mail"].due() == [row.pk]


@pytest.mark.django_db(transaction=True)
def test_whatever_fails_after_the_commit_is_logged_and_fails_nobody(caplog):
    calls = []

    def lost(name, *, pause):
        calls.append((name, pause))
        raise OSError("the broker is away")

    with transaction.atomic():
        after_commit(lost, "one", pause=1)
        after_commit(calls.append, "two")
        assert calls == []
    assert calls == [("one", 1), "two"]
    assert "the broker is away" in caplog.text
