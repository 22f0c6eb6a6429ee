"""A champion of one community walks the whole editor with the numbers of another: nothing of it is shown, nothing of it changes."""

import itertools
import json

import pytest
from django.db import transaction
from django.urls import reverse

from communities.roles import StaffGroup
from knowledgebase.editing import OPEN
from knowledgebase.models import ArticleDocument
from tests.factories import staff
from tests.knowledgebase.editor_walk import SECRETS, Address, TwoCommunities, addresses, signed_in, urls
from tests.knowledgebase.factories import draft, picture, published

pytestmark = pytest.mark.django_db

SHOWN_TO_STAFF = frozenset(
    {
        "wagtailadmin_explore",
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:usage",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:revisions_compare",
        "wagtailadmin_pages:search",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_api:pages:detail",
        "wagtailadmin_reports:aging_pages",
        "wagtailimages:edit",
        "wagtailimages:index",
        "wagtailimages_chooser:chosen",
        "wagtaildocs:edit",
        "wagtaildocs_chooser:chosen",
        "wagtail_bulk_action",
    }
)


@pytest.fixture
def two() -> TwoCommunities:
    return TwoCommunities()


def queries(address: Address, two: TwoCommunities) -> list[dict]:
    """What a query may name of theirs, where the editor listens to it."""
    keys = [two.foreign.pk, two.foreign_image.pk, two.foreign_document.pk, "all"]
    if address.name == "wagtail_bulk_action":
        return [{"id": key} for key in keys] + [{"id": "all", "q": "zanzi"}, {"id": "all", "childOf": two.theirs.pk}]
    if address.name.endswith("chosen_multiple"):
        return [{"id": key} for key in keys]
    if address.holds or address.name not in OPEN:
        return [{}]
    person, pages = two.berta.pk, ("parent_page_id", "child_of", "descendant_of", "ancestor_of", "target_pages[]")
    filters = {"q": "zanzi", "collection_id": two.theirs.collection_id, "owner": person, "user": person, "requested_by": person}
    of_pages = [{name: two.theirs.pk} for name in pages] if "page" in address.name or "explore" in address.name else []
    return [{}, {"q": "zanzi"}, filters, *of_pages]


def revealed(response) -> list[str]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = content.decode("utf-8", "replace")
    return [secret for secret in SECRETS if secret in text]


def answers(client, two: TwoCommunities, *, post: bool = False, names=None):
    """(name, url, response) of every request worth making. What is shut to champions is knocked at once."""
    for address in addresses():
        if names is not None and address.name not in names:
            continue
        everything = urls(address, two) if address.name in OPEN else itertools.islice(urls(address, two), 1)
        asked = queries(address, two) if not post or "bulk" in address.name else [{}]
        for url, query in itertools.product(list(everything), asked):
            yield address.name, url, posted(client, url, query, two) if post else client.get(url, query, follow=True)


def posted(client, url: str, query: dict, two: TwoCommunities):
    """One form that many pages take for theirs; whatever it does to our own pages is undone."""
    form = {"title": "Taken", "slug": "taken", "new_title": "Taken", "new_slug": "taken", "comment": "", "action-publish": "1"}
    form |= {"new_parent_page": two.theirs.pk, "collection": two.theirs.collection_id, "position": 0, "is_editing": 1, "revision_id": ""}
    with transaction.atomic():
        response = client.post(f"{url}?{'&'.join(f'{key}={value}' for key, value in query.items())}", form, follow=True)
        theirs = two.everything_theirs()
        transaction.set_rollback(True)
    response.theirs = theirs
    return response


def test_nothing_of_theirs_is_shown_anywhere(two):
    client = signed_in(two.champion)
    found = {(name, url, tuple(words)) for name, url, response in answers(client, two) if (words := revealed(response))}
    assert found == set()


def test_nothing_of_theirs_is_shown_or_changed_by_a_form(two):
    client, before = signed_in(two.champion), two.everything_theirs()
    found = {
        (name, url, tuple(revealed(response)), tuple(key for key in before if before[key] != response.theirs[key]))
        for name, url, response in answers(client, two, post=True)
        if revealed(response) or response.theirs != before
    }
    assert found == set()


def test_the_same_walk_shows_it_to_staff_who_may():
    two = TwoCommunities()
    client = signed_in(staff(StaffGroup.COMMUNITY_GUIDE))
    seen = {name for name, _url, response in answers(client, two, names=SHOWN_TO_STAFF) if revealed(response)}
    assert seen == SHOWN_TO_STAFF


def test_own_things_open_at_every_address_that_takes_one(two):
    client = signed_in(two.champion)
    own = {"page_id": two.own.pk, "parent_page_id": two.ours.pk, "page_to_move_id": two.own.pk, "image_id": two.image.pk}
    shut = set()
    for address in addresses():
        if address.name in OPEN and set(address.holds) <= set(own):
            response = client.get(reverse(address.name, kwargs={name: own[name] for name in address.holds}))
            if response.status_code == 404 and address.name != "wagtailadmin_block_preview":  # which asks for a block by name
                shut.add(address.name)
    assert shut == set()


def test_where_an_image_of_ones_own_is_used_elsewhere_is_not_told(two):
    client = signed_in(two.champion)
    for name in ("image_usage", "delete", "edit"):
        assert revealed(client.get(reverse(f"wagtailimages:{name}", args=[two.image.pk]))) == []
    assert revealed(signed_in(staff(StaffGroup.COMMUNITY_GUIDE)).get(reverse("wagtailimages:image_usage", args=[two.image.pk]))) != []


def test_all_of_a_search_is_all_of_ones_own(two):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    page = signed_in(two.champion).get(url, {"id": "all", "q": "own"}).content.decode()
    assert ("Own draft" in page, "Zanzibar" in page) == (True, False)


def test_a_figure_with_anothers_image_is_not_taken(two):
    client = signed_in(two.champion)
    form = {"body-count": "1", "body-0-type": "figure", "body-0-value-image": two.foreign_image.pk, "title": "Own page", "slug": "own-page"}
    for name in ("edit", "preview_on_edit"):
        assert client.post(reverse(f"wagtailadmin_pages:{name}", args=[two.own.pk]), form).status_code == 404
    assert json.loads(json.dumps(two.own.body.raw_data[0]["type"])) == "text"


def test_a_file_of_the_shared_shelf_is_taken_only_from_an_article_they_read(two):
    client, taken = signed_in(two.champion), {}
    for name, audience in {"loose": "", "staff": "staff", "members": "members"}.items():
        image, document = picture(two.shared), ArticleDocument.objects.create(title=name, collection=two.shared.collection, file="d/x.txt")
        body = [
            {"type": "figure", "value": {"image": image.pk, "alt": "", "caption": ""}},
            {"type": "download", "value": {"document": document.pk, "words": ""}},
        ]
        (published if audience else draft)(two.shared, title=name, body=body, audience=audience or "public")
        for block, key in (("image", image.pk), ("document", document.pk)):
            url = reverse("wagtailadmin_pages:preview_on_edit", args=[two.own.pk])
            taken[name, block] = client.post(url, {"body-count": "0", f"body-0-value-{block}": key}).status_code != 404
    assert {about for about, is_taken in taken.items() if is_taken} == {("members", "image"), ("members", "document")}


def test_a_shared_file_that_is_in_their_article_stays_theirs_to_save_when_the_shared_article_is_narrowed(two):
    image = picture(two.shared)
    figure = [{"type": "figure", "value": {"image": image.pk, "alt": "", "caption": ""}}]
    shared = published(two.shared, title="Shared", body=figure).article
    published(two.ours, title="Ours with a map", body=figure, audience="staff")
    shared.audience = "staff"
    shared.save_revision().publish()
    form = {"body-count": "0", "body-0-value-image": image.pk}
    assert signed_in(two.champion).post(reverse("wagtailadmin_pages:preview_on_edit", args=[two.own.pk]), form).status_code == 200
    assert signed_in(two.berta).post(reverse("wagtailadmin_pages:preview_on_edit", args=[two.foreign.pk]), form).status_code == 404


def test_filters_name_colleagues_and_for_staff_everybody(two):
    pages = [signed_in(person).get(reverse("wagtailadmin_explore", args=[page.pk])).content.decode() for person, page in whom(two)]
    assert [("Dora" in page, "Berta" in page) for page in pages] == [(True, False), (True, True)]


def whom(two: TwoCommunities) -> list:
    return [(two.champion, two.ours), (staff(StaffGroup.COMMUNITY_GUIDE), two.theirs)]


def test_what_wagtail_adds_later_stays_shut(two):
    shut = [Address(name, ()) for name in ("wagtailadmin_workflows:index", "wagtailadmin_reports:site_history", "wagtailusers_users:index")]
    client = signed_in(two.champion)
    assert {client.get(reverse(address.name)).status_code for address in shut} == {404}
