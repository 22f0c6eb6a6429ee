"""Reading an article, over WSGI and with the database's own time: made anew for a stranger and for a member, and kept for everybody."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from bench.table import Figure
from communities.founding import CommunityFacts, PersonFacts, found
from communities.models import Community, User
from communities.roles import Role
from ground.actors import Actor
from knowledgebase import opening

TIMES = 60
MANY = 2000
MOST_QUERIES, MOST_CPU, MOST_BYTES = 8, 8.0, 40_000
KEPT_QUERIES, KEPT_CPU = 1, 1.0  # none, told against one: nothing can be divided by nothing
READER = "reader@example.org"
ARTICLE, STEPS, DOORS = "files/storage/", "environments/install-packages/", "events/"


def figures() -> Iterator[Figure]:
    call_command("setup", skip_migrate=True, verbosity=0)
    facts = CommunityFacts(name="Reading", people=[PersonFacts(READER, roles=[Role.REPRESENTATIVE])])
    community = found(facts, by=Actor.system())
    opening.open_knowledge_base(community, by=Actor.system())
    yield from _figures(community, "")
    call_command("generate_load", communities=0, tickets=0, messages=0, articles=MANY, verbosity=0)
    yield from _figures(community, f", {MANY:,} articles")


def _figures(community: Community, among: str) -> Iterator[Figure]:
    cookie = _cookie(User.objects.get(email=READER))
    home = f"/c/{community.slug}/kb/"
    pages = {
        "stranger": Page(f"/kb/{ARTICLE}"),
        "stranger, steps and code": Page(f"/kb/{STEPS}"),
        "member, shared": Page(f"{home}{ARTICLE}", cookie),
        "member, with doors": Page(f"{home}{DOORS}", cookie),
    }
    for who, page in pages.items():
        yield Figure(f"article, {who}{among}: queries", page.queries(), MOST_QUERIES, "queries")
        yield Figure(f"article, {who}{among}: CPU", page.cpu(), MOST_CPU, "ms")
        yield Figure(f"article, {who}{among}: HTML", len(page.get()), MOST_BYTES, "bytes")
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
        cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(folder)}
        kept.enter_context(override_settings(CACHES={**settings.CACHES, "pages": cache}))
        page = pages["stranger"]
        page.get()
        yield Figure(f"article, kept for everybody{among}: queries", page.queries(), KEPT_QUERIES, "queries")
        yield Figure(f"article, kept for everybody{among}: CPU", page.cpu(), KEPT_CPU, "ms")


class Page:
    """One address, asked for as a server does."""

    def __init__(self, path: str, cookie: str = "") -> None:
        self.path = path
        self.app = get_wsgi_application()
        self.headers = {"HTTP_COOKIE": cookie} if cookie else {}

    def get(self) -> bytes:
        answered: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            **self.headers,
        }
        response = self.app(environ, lambda status, _headers: answered.append(status))
        body = b"".join(response)
        response.close()  # type: ignore[attr-defined]
        if not answered[0].startswith("200"):
            raise SystemExit(f"{self.path} answered {answered[0]}")
        return body

    def queries(self) -> int:
        self.get()
        asked: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            self.get()
        return len(asked)

    def cpu(self) -> float:
        """The best of many, in milliseconds: the machine is shared."""
        times = []
        for _ in range(TIMES):
            began = time.process_time()
            self.get()
            times.append(time.process_time() - began)
        return min(times) * 1000


def _cookie(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
