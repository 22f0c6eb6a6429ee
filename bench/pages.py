"""Queries of the public pages with few and many communities, and the weight of an applicant's first visit."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.table import Figure
from communities.founding import CommunityFacts, PersonFacts, found
from communities.roles import Role
from ground.actors import Actor

PAGES = ("/", "/apply/", "/kb/")
FEW, MANY = 3, 300
MOST_QUERIES = 12
FIRST_VISIT_BYTES = 60_000


def figures() -> Iterator[Figure]:
    call_command("setup", skip_migrate=True, verbosity=0)
    _found(FEW)
    few = {page: queries(page) for page in PAGES}
    _found(MANY - FEW)
    for page in PAGES:
        many = queries(page)
        yield Figure(f"queries of {page} with {FEW} communities", few[page], MOST_QUERIES, "queries")
        yield Figure(f"queries of {page} with {MANY} communities", many, MOST_QUERIES, "queries")
        yield Figure(f"the same with {MANY} as with {FEW}: {page}", many / max(few[page], 1), 1, "times")
    yield Figure("an applicant's first visit, gzipped", first_visit("/apply/"), FIRST_VISIT_BYTES, "bytes")


def queries(page: str) -> int:
    client = Client()
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page)
    if response.status_code != 200:
        raise SystemExit(f"{page} answered {response.status_code}")
    return len(captured)


def first_visit(page: str) -> int:
    """The page and everything of ours it loads, each as a browser gets it."""
    document = Client().get(page).content
    loaded = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', document)
    bodies = [document, *(Path(finders.find(path.decode())).read_bytes() for path in sorted(set(loaded)))]
    return sum(len(gzip.compress(body, 6)) for body in bodies)


def _found(number: int) -> None:
    for _ in range(number):
        facts = CommunityFacts(name="Community", people=[PersonFacts("ana@example.org", roles=[Role.REPRESENTATIVE])])
        found(facts, by=Actor.system())
