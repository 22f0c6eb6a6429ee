"""Where the links of articles lead: collected, looked up inside, and asked outside, never within our own walls."""

from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from knowledgebase.links import checking, collecting, inside
from knowledgebase.links.asking import Answer, Asker
from knowledgebase.links.collecting import Target, targets
from knowledgebase.models import ArticleLink, LinkCheck
from knowledgebase.tasks import care_nightly
from tests.factories import CommunityFactory
from tests.knowledgebase.factories import bare, published

SITE = settings.SITE_URL


class Site(BaseHTTPRequestHandler):
    """A small site: what it was asked is kept, what it answers stands in its table."""

    def answer(self):
        self.server.asked.append((self.command, self.path, self.headers["User-Agent"], self.headers["Host"]))
        status, location = self.server.answers.get((self.command, self.path)) or self.server.answers.get(self.path, (200, ""))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815  the names that http.server calls

    def log_message(self, *_args):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked, server.answers = [], {}
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def asker(**options):
    return Asker(name="Hubdesk link check (+https://desk.example/)", **options)


class TestAsking:
    def ask(self, url, **options):
        with asker(**{"private": True, **options}) as asked:
            return asked.ask(url)

    def test_head_is_enough_where_it_is_known(self, site):
        assert self.ask(f"{site.url}/here") == Answer(200)
        assert [(method, path, agent) for method, path, agent, _host in site.asked] == [
            ("HEAD", "/here", "Hubdesk link check (+https://desk.example/)")
        ]

    def test_who_does_not_know_head_is_asked_with_get(self, site):
        site.answers = {("HEAD", "/odd"): (404, ""), ("GET", "/odd"): (200, "")}
        assert self.ask(f"{site.url}/odd") == Answer(200)

    @pytest.mark.parametrize(
        ("status", "is_there"), [(204, True), (304, True), (401, True), (403, True), (429, True), (404, False), (410, False), (500, False)]
    )
    def test_what_a_status_says(self, site, status, is_there):
        site.answers = {"/x": (status, "")}
        assert (self.ask(f"{site.url}/x").is_there, self.ask(f"{site.url}/x").status) == (is_there, status)

    def test_redirects_are_followed_to_their_end(self, site):
        site.answers = {"/a": (301, "/b"), "/b": (302, f"{site.url}/c"), "/c": (404, "")}
        assert self.ask(f"{site.url}/a") == Answer(404, "It answers 404")

    def test_a_circle_of_redirects_ends(self, site):
        site.answers = {"/a": (302, "/a")}
        assert (self.ask(f"{site.url}/a").problem, len(site.asked)) == ("More than 5 redirects", 12)

    @pytest.mark.parametrize(
        "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "javascript:alert(1)", "http://["]
    )
    def test_a_redirect_to_what_is_not_of_the_web_is_not_followed(self, site, target):
        site.answers = {"/a": (302, target)}
        assert self.ask(f"{site.url}/a").is_there is False

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:{port}/",
            "http://localhost:{port}/",
            "http://[::1]:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/",
            "http://0.0.0.0:{port}/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://192.168.1.1/",
            "http://[fd00::1]/",
        ],
    )
    def test_nothing_within_our_walls_is_asked(self, site, url):
        answer = self.ask(url.format(port=site.server_port), private=False)
        assert ("is not an address outside" in answer.problem, site.asked) == (True, [])

    def test_a_redirect_into_our_walls_is_refused_at_its_hop(self):
        asked = []

        def outside(request):
            asked.append(request.url.host)
            return httpx.Response(302, headers={"Location": "http://inside.example/admin"})

        names = {"docs.example": ["93.184.215.14"], "inside.example": ["10.0.0.7"]}
        answer = self.ask(
            "http://docs.example/", private=False, transport=httpx.MockTransport(outside), resolve=lambda host, _port: names[host]
        )
        assert (answer.problem, set(asked)) == ("inside.example is not an address outside", {"93.184.215.14"})

    def test_the_address_that_was_looked_at_is_the_one_that_is_asked(self):
        """A name that means another machine a moment later leads nowhere else."""
        asked, answers = [], iter([["93.184.215.14"], ["127.0.0.1"]])

        def outside(request):
            asked.append((request.url.host, request.headers["Host"], request.extensions["sni_hostname"]))
            return httpx.Response(200)

        answer = self.ask("https://docs.example/a", private=False, transport=httpx.MockTransport(outside), resolve=lambda *_: next(answers))
        assert (answer, asked) == (Answer(200), [("93.184.215.14", "docs.example", "docs.example")])

    def test_one_private_address_among_others_is_enough_to_refuse(self):
        resolve = lambda *_: ["93.184.215.14", "127.0.0.1"]  # noqa: E731
        transport = httpx.MockTransport(lambda _request: httpx.Response(200))
        assert self.ask("http://both.example/", private=False, transport=transport, resolve=resolve).is_there is False

    def test_passwords_in_an_address_are_not_sent(self):
        seen = []
        transport = httpx.MockTransport(lambda request: seen.append(request.headers.get("Authorization")) or httpx.Response(200))
        self.ask("http://ana:secret@docs.example/", transport=transport)
        assert seen == [None]

    @pytest.mark.parametrize(
        "url",
        [
            "http://",
            "http://exa mple/",
            "http://x:99999999/",
            "http://" + "a" * 70 + ".example/",
            "http://\udcff/",
            "http://[::1",
            "//x",
            "",
        ],
    )
    def test_an_odd_address_is_an_answer_not_an_error(self, url):
        assert self.ask(url, private=False).is_there is False

    def test_nobody_at_home_is_a_problem(self, site):
        site.server_close()
        assert "cannot be reached" in self.ask("http://127.0.0.1:1/").problem


class TestCollecting:
    def test_every_kind_of_link_is_told_apart_and_counted_once(self):
        html = "".join(
            f'<a href="{href}">x</a>'
            for href in (
                *("https://a.example/x#one", "https://a.example/x#two", "//b.example/y", "mailto:a@b.example", "#here"),
                *("/kb/first/#part", "/kb/", "/kb/es/", "/kb/search/?q=x", f"{SITE}/kb/first/", "../second/"),
                *(
                    "/c/coastal/kb/own/",
                    "/c/coastal/kb/",
                    "/status/",
                    "/nowhere/at/all/",
                    "http://[bad",
                    "https://long.example/" + "x" * 600,
                ),
            )
        )
        parts = [{"html": html}, {"live": "open_in_hub", "repository": "https://git.example/r.git"}]
        assert list(targets(parts, at="first")) == [
            Target("https://a.example/x", is_outside=True),
            Target("http://b.example/y", is_outside=True) if SITE.startswith("http:") else Target("https://b.example/y", is_outside=True),
            Target("/kb/first/", address="first"),
            Target(f"{SITE}/kb/first/", address="first"),
            Target("../second/", address="second"),
            Target("/c/coastal/kb/own/", slug="coastal", address="own"),
            Target("/c/coastal/kb/", slug="coastal"),
            Target("/nowhere/at/all/", is_nowhere=True),
            Target("http://[bad", is_nowhere=True),
            Target("https://git.example/r.git", is_outside=True),
        ]

    def test_what_is_too_long_to_be_kept_is_left_out(self):
        outside = [f"//{'e' * 60}.example/{'x' * (letters - 71)}" for letters in (500, 490)]
        parts = [{"html": "".join(f'<a href="{href}">x</a>' for href in [*outside, f"/kb/{'y' * 256}/", f"/c/coastal/kb/{'z' * 256}/"])}]
        assert list(targets(parts, at="first")) == [
            Target(f"{SITE.partition(':')[0]}:{outside[1]}", is_outside=True),
            Target(f"/kb/{'y' * 256}/", is_nowhere=True),
            Target(f"/c/coastal/kb/{'z' * 256}/", is_nowhere=True),
        ]

    @pytest.mark.django_db
    def test_a_link_that_is_made_of_facts_leads_each_community_elsewhere_and_is_nobodys_to_check(self):
        hub = {
            "type": "open_in_hub",
            "value": {"repository": "https://git.example/{{ community.name }}", "branch": "", "path": "", "words": "x"},
        }
        text = "[x]({{ hub.url }}/lab) [y](https://a.example/{{ hub.name }}) [z](/kb/none/)"
        published(bare(), title="First", body=[{"type": "text", "value": text}, hub])
        collecting.collect()
        inside.look_up()
        assert list(ArticleLink.objects.values_list("target", flat=True)) == ["/kb/none/"]

    @pytest.mark.django_db
    def test_only_what_changed_is_read_again_and_what_left_the_text_is_gone(self):
        edition = published(bare(), title="A", body="[x](https://a.example/) [y](https://b.example/)")
        published(bare(), title="B", body="[x](https://a.example/)")
        assert (collecting.collect(), collecting.collect()) == (2, 0)
        assert sorted(LinkCheck.objects.values_list("url", flat=True)) == ["https://a.example/", "https://b.example/"]
        article = edition.article
        article.body = [("text", "[x](https://a.example/)")]
        article.save_revision().publish()
        assert collecting.collect() == 1
        checking.check_batch(transport=httpx.MockTransport(lambda _request: httpx.Response(200)), sleep=lambda _s: None)
        assert list(LinkCheck.objects.values_list("url", flat=True)) == ["https://a.example/"]

    @pytest.mark.django_db
    def test_queries_do_not_grow_with_the_articles(self, django_assert_num_queries):
        counts = []
        for number in (1, 3):
            for _ in range(number):
                published(bare(), title=f"A{number}{_}", body=f"[x](https://a{number}{_}.example/) [y](kb:nowhere)")
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as queries:
                collecting.collect()
                inside.look_up()
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.django_db
class TestInside:
    def dead(self):
        collecting.collect()
        inside.look_up()
        return sorted(ArticleLink.objects.dead().values_list("edition__title", "target"))

    def test_a_link_to_an_article_that_is_not_there_is_dead_until_it_is(self):
        shared = bare()
        published(shared, title="Start", body="[x](kb:later)")
        assert self.dead() == [("Start", "/kb/later/")]
        published(shared, title="Later")
        assert self.dead() == []

    def test_a_link_dies_with_its_article(self):
        shared = bare()
        published(shared, title="Start", body="[x](kb:other)")
        other = published(shared, title="Other")
        assert self.dead() == []
        other.article.unpublish()
        assert self.dead() == [("Start", "/kb/other/")]

    def test_a_community_finds_its_own_and_the_shared_and_nothing_of_others(self):
        community, stranger = CommunityFactory(slug="coastal"), CommunityFactory(slug="other")
        published(bare(), title="Common")
        published(bare(stranger), title="Theirs")
        published(
            bare(community), title="Mine", body="[a](kb:common) [b](kb:mine) [c](kb:theirs) [d](/c/other/kb/theirs/) [e](/c/none/kb/x/)"
        )
        assert self.dead() == [("Mine", "/c/none/kb/x/"), ("Mine", "/kb/theirs/")]

    def test_a_shared_article_does_not_lead_into_one_communitys_own(self):
        published(bare(CommunityFactory()), title="Own")
        published(bare(), title="Common", body="[a](kb:own)")
        assert self.dead() == [("Common", "/kb/own/")]

    def test_links_of_a_text_that_was_changed_say_nothing_until_they_are_collected_again(self):
        edition = published(bare(), title="Start", body="[x](kb:gone)")
        assert self.dead() == [("Start", "/kb/gone/")]
        edition.article.save_revision().publish()
        assert list(ArticleLink.objects.dead()) == []
        assert self.dead() == [("Start", "/kb/gone/")]


@contextmanager
def on(days):
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        yield


@pytest.mark.django_db
class TestChecking:
    def test_three_failures_on_one_day_are_one_and_three_days_make_it_dead(self):
        row, gone = LinkCheck.objects.create(url="https://a.example/"), Answer(404, "It answers 404")
        for _ in range(3):
            checking.keep(row, gone)
        assert (row.failures, row.dead_since) == (1, None)
        for days in (1, 2):
            with on(days):
                checking.keep(row, gone)
        assert (row.failures, row.dead_since is not None, row.next_check_at - row.checked_at) == (3, True, timedelta(days=3))
        checking.keep(row, Answer(200))
        assert (row.failures, row.failed_on, row.dead_since, row.problem) == (0, None, None, "")

    def test_dead_is_said_since_when_it_was_first_seen_dead(self):
        row = LinkCheck.objects.create(url="https://a.example/", failures=2)
        checking.keep(row, Answer(problem="gone"))
        first = row.dead_since
        with on(3):
            checking.keep(row, Answer(problem="gone"))
        assert row.dead_since == first

    def test_hosts_take_turns_and_one_host_is_never_hurried(self):
        rows = [LinkCheck(url=f"https://{host}.example/{n}") for host, n in (("a", 1), ("a", 2), ("b", 1), ("A", 3))]
        assert [row.url[8:] for row in checking.one_host_after_another(rows)] == [
            "a.example/1",
            "b.example/1",
            "a.example/2",
            "A.example/3",
        ]

    def test_a_batch_asks_what_is_due_waits_between_two_of_one_host_and_says_whether_more_is(self, monkeypatch):
        monkeypatch.setattr(checking, "BATCH", 3)
        published(bare(), title="A", body=" ".join(f"[x](https://a.example/{n})" for n in range(4)))
        collecting.collect()
        asked, waits = [], []
        transport = httpx.MockTransport(lambda request: asked.append(request.url.path) or httpx.Response(200))
        assert checking.check_batch(transport=transport, sleep=waits.append) is True
        assert (asked, len(waits), all(0.5 < wait <= 1 for wait in waits)) == (["/0", "/1", "/2"], 2, True)
        assert checking.check_batch(transport=transport, sleep=waits.append) is False
        assert checking.check_batch(transport=transport, sleep=waits.append) is False
        assert asked == ["/0", "/1", "/2", "/3"]

    def test_a_link_at_which_the_worker_dies_does_not_stop_those_behind_it(self, monkeypatch):
        monkeypatch.setattr(checking, "BATCH", 1)
        published(bare(), title="A", body="[x](https://a.example/) [y](https://b.example/)")
        collecting.collect()

        def dies(_request):
            raise SystemExit

        with pytest.raises(SystemExit):
            checking.check_batch(transport=httpx.MockTransport(dies), sleep=lambda _s: None)
        asked = []
        transport = httpx.MockTransport(lambda request: asked.append(request.url.host) or httpx.Response(200))
        checking.check_batch(transport=transport, sleep=lambda _s: None)
        assert asked == ["b.example"]

    def test_a_night_over_real_http(self, site, settings):
        settings.LINK_CHECK_PRIVATE = True
        site.answers = {"/gone": (410, "")}
        published(bare(), title="A", body=f"[x]({site.url}/here) [y]({site.url}/gone)")
        for days in range(3):
            with on(days):
                LinkCheck.objects.update(next_check_at=timezone.now())
                collecting.collect()
                checking.check_batch(sleep=lambda _s: None)
        assert list(ArticleLink.objects.dead().values_list("target", flat=True)) == [f"{site.url}/gone"]
        assert {agent for _method, _path, agent, _host in site.asked} == {f"Hubdesk link check (+{SITE}/)"}

    def test_the_setting_is_off_and_a_loopback_link_is_never_asked(self, site):
        published(bare(), title="A", body=f"[x]({site.url}/admin)")
        collecting.collect()
        checking.check_batch(sleep=lambda _s: None)
        assert (site.asked, LinkCheck.objects.get().problem) == ([], "127.0.0.1 is not an address outside")


def test_the_scheduler_begins_the_night():
    assert settings.CELERY_BEAT_SCHEDULE["care"]["task"] == care_nightly.name
