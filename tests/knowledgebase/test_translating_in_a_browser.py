"""Translating in a real browser: the original beside the draft, what changed, and what readers are told; on a phone and in the dark too."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from communities.roles import Role
from knowledgebase import translating
from knowledgebase.models import Article, Change
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import bare, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "## Where files are\n\nYour server keeps every file in your own folder until you delete it yourself.\n\n1. Open the folder\n2. Delete the file\n\n```\ndf -h\n```"
LOOKS = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]


@pytest.fixture
def champion():
    return member(CommunityFactory(slug="coastal", name="Coastal"), Role.HUB_CHAMPION)


@pytest.fixture
def edition(champion):
    return published(
        bare(champion.memberships.get().community), title="Storage", summary="Where your files are", body=TEXT, audience="members"
    )


def test_one_button_opens_a_draft_with_the_original_beside(chromium, live_server, champion, edition):
    with opened(chromium, size=DESK) as page:
        sign_in(page, live_server.url, champion)
        page.goto(f"{live_server.url}/c/coastal/kb/storage/")
        page.get_by_text("Translate", exact=True).click()
        page.get_by_role("button", name="Translate into Spanish").click()
        page.wait_for_url("**/cms/pages/*/edit/")
        original = page.locator(".original__text")
        assert "Where files are" in original.inner_text()
        assert "Where files are" in page.locator("textarea[name='body-0-value']").input_value()
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        expect(original).to_be_in_viewport()
    assert Article.objects.get(translation_of=edition.pk).slug == "storage"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]['width']} {look[1]}")
def test_what_changed_and_what_it_means_is_read_everywhere(chromium, live_server, champion, edition, look):
    by = acting(champion)
    draft = translating.start(edition, language="es", into=edition.knowledge_base, by=by)
    draft.title = "Almacén"
    draft.save_revision().publish()
    original = Article.objects.get(pk=edition.pk)
    original.body = [("text", TEXT.replace("df -h", "du -sh ~").replace("your own folder", "the shared folder"))]
    original.save_revision().publish()
    change = Change.objects.get()
    pages = ["translations/", f"translations/{draft.pk}/", f"translations/changes/{change.pk}/", "es/storage/"]
    with opened(chromium, size=look[0], theme=look[1]) as page:
        sign_in(page, live_server.url, champion)
        for path in pages:
            page.goto(f"{live_server.url}/c/coastal/kb/{path}")
            assert (barriers(page), overflows(page)) == ([], False), path
        assert page.get_by_role("note").is_visible()
        page.goto(f"{live_server.url}{reverse('knowledgebase:community_translation', args=['coastal', draft.pk])}")
        page.get_by_role("button", name="It is up to date again").click()
        assert "up to date again" in page.get_by_role("status").first.inner_text()
