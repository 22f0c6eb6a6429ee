"""What the reviewers' pages cost: the board, the queue and one application, with ten and with a thousand applications."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench.table import Figure
from communities.models import User
from onboarding import reviewing
from onboarding.models import Application
from onboarding.states import ApplicationState, ConflictKind
from tests.factories import acting
from tests.onboarding.review_factories import in_review, lead, reviewed, with_gates

FEW, MANY = 10, 1000
BOARD, QUEUE, REVIEW = 12, 15, 15
STATES = (ApplicationState.SCREENING, ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION)


def figures() -> Iterator[Figure]:
    boss, application = lead(), with_gates(in_review(reference="CI-7BNC-0001", email="ana@glaciares.example.net"))
    for _ in range(2):
        reviewed(application)
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(boss))
    pages = {
        "the board": (reverse("onboarding:board"), BOARD),
        "the reviewers' queue": (reverse("onboarding:review_queue"), QUEUE),
        "the review page": (reverse("onboarding:review", args=[application.reference]), REVIEW),
    }
    for number in (FEW, MANY):
        _applications(number, application)
        for name, (url, limit) in pages.items():
            yield Figure(f"queries of {name}, {number:,} applications", _queries(boss, url), limit, "queries")


def _applications(number: int, like: Application) -> None:
    now, there = timezone.now(), Application.objects.count()
    Application.objects.bulk_create(
        Application(
            reference=f"CI-8BNC-{n:04}",
            programme=like.programme,
            form_version=like.form_version,
            state=STATES[n % len(STATES)],
            email=f"{n}@example.org",
            name=f"Community {n}",
            country="PE" if n % 2 else "KE",
            sent_at=now,
            email_verified_at=now,
            state_since=now - timedelta(days=n % 60),
            reviews_submitted=n % 3,
            median=Decimal(n % 100),
        )
        for n in range(there, number)
    )


def _queries(user: User, url: str) -> int:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return sum(query["sql"].split(maxsplit=1)[0] not in {"BEGIN", "COMMIT"} for query in queries.captured_queries)
