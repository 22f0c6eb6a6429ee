"""Leaving and updates in a real browser: no barrier, no sideways scrolling, in both themes, on a phone and at a desk; the archive's own pages too."""

import functools
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from communities import defaults, matrix
from communities.roles import Role, StaffGroup
from communities.states import CommunityState
from ground.actors import Actor
from portal import departing, drafting, leaving, updating
from portal.leaving import Scope, preparing
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, ProgrammeFactory, acting, member, staff
from tests.portal.test_updates import OCTOBER, WITHIN, a_month_of
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VIEWS = [pytest.param(size, theme, id=f"{size['width']}-{theme}") for size in (PHONE, DESK) for theme in ("light", "dark")]
PAGES = ["/c/reef/leaving/", "/c/reef/updates/", "/c/reef/updates/2026-10/", "/updates/", "/updates/2026-10/"]
OURS = ["/c/reef/updates/", "/c/reef/updates/2026-10/", "/c/reef/updates/2026-10/rows/tickets_opened/"]


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_pages_of_leaving_and_updates_have_no_barrier(chromium: Browser, live_server: LiveServer, size: dict[str, int], theme: str):
    _reef, ana, olu = reef_with_everything()
    with opened(chromium, size=size, theme=theme) as page:
        for who, paths in ((ana, PAGES), (olu, OURS)):
            sign_in(page, live_server.url, who)
            for path in paths:
                page.goto(live_server.url + path)
                assert (path, barriers(page), overflows(page)) == (path, [], False)


def test_an_archive_is_asked_for_and_taken_without_script(chromium: Browser, live_server: LiveServer):
    ana = member(CommunityFactory(slug="reef", name="Reef"), Role.REPRESENTATIVE, name="Ana")
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, ana)
        page.goto(live_server.url + "/c/reef/leaving/")
        page.get_by_role("button", name="Prepare our archive").click()
        preparing.prepare(departing.Archive.objects.get().pk)
        page.get_by_role("link", name="Look again").click()
        with page.expect_download() as taken:
            page.get_by_role("link", name="Take the archive").click()
        assert zipfile.is_zipfile(taken.value.path())


def test_the_archives_own_pages_have_no_barrier_without_our_site(chromium: Browser, tmp_path: Path):
    reef, _ana, _olu = reef_with_everything()
    file = io.BytesIO()
    leaving.write(Scope(reef), file)
    zipfile.ZipFile(file).extractall(tmp_path)
    with served(tmp_path) as address, opened(chromium, refused="404") as page:  # a browser asks for an icon that is not there
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            page.goto(f"{address}/tickets/index.html")
            assert (barriers(page), overflows(page)) == ([], False)
            page.get_by_role("link", name="The node is full").click()
            assert (barriers(page), overflows(page)) == ([], False)
            assert page.get_by_role("link", name="server.log").get_attribute("href").endswith(".log")
            page.goto(f"{address}/responsibilities.html")
            assert (barriers(page), overflows(page)) == ([], False)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder behind an address; axe cannot look at a style sheet that was opened from a disk."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of what it serves."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  its name there
        pass


def reef_with_everything():
    """A community with an archive, a month, a published update and one for all; its representative and an operator."""
    ProgrammeFactory()
    defaults.ensure()
    reef = CommunityFactory(slug="reef", name="Reef watch network", state=CommunityState.LIVE)
    ana, olu = member(reef, Role.REPRESENTATIVE, name="Ana Lopes"), staff(StaffGroup.OPERATOR, name="Olu")
    a_month_of(reef)
    matrix.draft(reef, by=Actor.system())
    ticket = TicketFactory(community=reef, subject="The node is full", created_at=WITHIN)
    AttachmentFactory(ticket=ticket, message=MessageFactory(ticket=ticket, body_text="a" * 200))
    archive = departing.ask(reef, by=acting(ana))
    preparing.prepare(archive.pk)
    for row in drafting.draft([reef, None], OCTOBER, by=Actor.system()):
        updating.publish(row, by=acting(olu))
    return reef, ana, olu
