"""What an applicant's pages cost: queries with few and many applications, the processor's time, and octets on the line."""

import gzip
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.table import Figure
from onboarding.models import Application, FormVersion
from tests.onboarding.factories import ANSWERS, ApplicationFactory, FormVersionFactory, draft
from tests.onboarding.typing_in import typed

FEW, MANY = 10, 1000
STEPS = ("start", "community", "goals", "research", "education", "event", "other_use", "people", "data_money_time", "send")
PAGE_QUERIES, SAVE_QUERIES = 6, 15
PAGE_MILLISECONDS = 20
FIRST_VISIT, LATER_STEP = 60_000, 15_000
TIMES = 15
EVERY_USE = ["research", "education", "event", "other"]


def figures() -> Iterator[Figure]:
    FormVersion.objects.current().first() or FormVersionFactory()
    application = draft(answers=ANSWERS | {"use.types": EVERY_USE}, form_version=FormVersion.objects.current().get())
    client = _holding(application)
    _applications(FEW)
    few = {step: _page_queries(client, step) for step in STEPS}, _save_queries(client, application)
    _applications(MANY)
    many = {step: _page_queries(client, step) for step in STEPS}, _save_queries(client, application)
    yield Figure(f"queries of a form page, {FEW} applications", max(few[0].values()), PAGE_QUERIES, "queries")
    yield Figure(f"queries of a form page, {MANY:,} applications", max(many[0].values()), PAGE_QUERIES, "queries")
    yield Figure(f"queries of a step saved, {FEW} applications", few[1], SAVE_QUERIES, "queries")
    yield Figure(f"queries of a step saved, {MANY:,} applications", many[1], SAVE_QUERIES, "queries")
    yield Figure("the same with many as with few", sum(many[0].values()) / sum(few[0].values()), 1, "times")
    yield Figure("processor's time of the slowest form page", max(_milliseconds(client, step) for step in STEPS), PAGE_MILLISECONDS, "ms")
    yield Figure("an applicant's first visit, form page included", _first_visit(client), FIRST_VISIT, "bytes")
    yield Figure("the heaviest later step, gzipped", max(len(_gzipped(_page(client, step))) for step in STEPS), LATER_STEP, "bytes")


def _holding(application: Application) -> Client:
    client = Client()
    session = client.session
    session["application"] = application.pk
    session.save()
    return client


def _applications(number: int) -> None:
    while Application.objects.count() < number:
        ApplicationFactory(email=f"{uuid.uuid4().hex}@example.org", reference=f"CI-{uuid.uuid4().hex[:8].upper()}")


def _page(client: Client, step: str) -> bytes:
    response = client.get(reverse("onboarding:page", args=[step]))
    if response.status_code != 200:
        raise SystemExit(f"{step} answered {response.status_code}")
    return response.content


def _page_queries(client: Client, step: str) -> int:
    _page(client, step)
    with CaptureQueriesContext(connection) as captured:
        _page(client, step)
    return len(captured)


def _save_queries(client: Client, application: Application) -> int:
    """Of the step that takes over the most: the name and the country."""
    application.refresh_from_db()
    data = typed(application, "community", {"use.types": EVERY_USE}) | {"window": str(uuid.uuid4())}
    with CaptureQueriesContext(connection) as captured:
        response = client.post(reverse("onboarding:page", args=["community"]), data)
    if response.status_code != 302:
        raise SystemExit(f"saving answered {response.status_code}")
    return len(captured)


def _milliseconds(client: Client, step: str) -> float:
    """The median; the test client's own work is in it."""
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        _page(client, step)
        taken.append((time.process_time() - began) * 1000)
    return median(taken)


def _first_visit(client: Client) -> int:
    """The start page and the first step, and everything of ours they load, each once."""
    documents = [client.get(reverse("onboarding:apply")).content, _page(client, STEPS[0])]
    loaded = {path for document in documents for path in re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', document)}
    bodies = [*documents, *(Path(finders.find(path.decode())).read_bytes() for path in sorted(loaded))]
    return sum(len(_gzipped(body)) for body in bodies)


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6)
