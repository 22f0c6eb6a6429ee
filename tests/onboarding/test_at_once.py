"""Two requests at the same moment: both threads really meet, on PostgreSQL and on SQLite's one writer."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ground.models import OutgoingMail
from onboarding import reminding
from onboarding.models import Application, ApplicationFile
from onboarding.states import ApplicationState
from tests.onboarding.factories import ANSWERS, FormVersionFactory, draft
from tests.onboarding.files import FIELD, upload
from tests.onboarding.typing_in import typed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="tests on SQLite share one connection in memory; row locks are PostgreSQL's"),
]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run them in threads that start together; what each returned."""
    barrier, results = threading.Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def browser(application: Application) -> Client:
    client = Client()
    session = client.session
    session["application"] = application.pk
    session.save()
    return client


@pytest.fixture
def application() -> Application:
    FormVersionFactory()
    return draft(answers=dict(ANSWERS), created_at=timezone.now() - timedelta(hours=1))


def test_send_pressed_in_four_windows_sends_once(application):
    data = {"key": str(application.idempotency_key)}
    clients = [browser(application) for _ in range(4)]
    answers = at_once(*(lambda client=client: client.post(reverse("onboarding:send"), data) for client in clients))
    assert {answer.headers["Location"] for answer in answers} == {reverse("onboarding:status")}
    application.refresh_from_db()
    assert (application.state, application.revisions.count()) == (ApplicationState.APPLIED, 1)
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["onboarding/acknowledgement.txt"]
    assert [event.after for event in application.stage_events()] == ["applied"]


def test_one_of_two_windows_saves_and_the_other_is_shown_both_texts(application):
    data = typed(application, "community")
    clients = [browser(application), browser(application)]
    answers = at_once(
        *(
            lambda client=client, name=name: client.post(
                reverse("onboarding:page", args=["community"]), data | {"community.long_name": name}
            )
            for client, name in zip(clients, ("First", "Second"), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    application.refresh_from_db()
    assert application.answers["community.long_name"] in {"First", "Second"}
    assert application.etag == 2


def test_same_file_sent_twice_at_once_is_there_once(application):
    clients = [browser(application), browser(application)]
    address = reverse("onboarding:attach", args=["send"])
    at_once(*(lambda client=client: client.post(address, typed(application, "send") | {FIELD: upload()}) for client in clients))
    application.refresh_from_db()
    assert (ApplicationFile.objects.count(), len(application.answers[FIELD])) == (1, 1)


def test_two_workers_remind_once(application):
    Application.objects.update(saved_at=timezone.now() - timedelta(days=8))
    at_once(*([lambda: reminding.remind(timezone.now())] * 3))
    assert OutgoingMail.objects.count() == 1
