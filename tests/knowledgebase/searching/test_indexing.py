"""What is published is found as it is now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ground.actors import Actor
from ground.models import SearchEntry, SearchSpelling, SearchWord
from knowledgebase import searching
from knowledgebase.models import Edition, SearchMiss
from knowledgebase.searching import missing
from knowledgebase.tasks import tidy_search
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    within = Edition.objects.visible_to(Actor.anonymous()).readable_in(None)
    return [hit.edition.title for hit in searching.answer(query, within=within).hits]


def test_the_summary_and_the_headings_weigh_more_than_the_text():
    edition = published(bare(), title="Quota", summary="How much room there is.", body="## When it is full\n\nDelete.")
    assert searching.indexing.headings_of(edition) == "How much room there is.\nWhen it is full"


def test_an_article_that_changed_is_found_by_its_new_words_alone():
    article = published(bare(), title="Quota", body="zebra").article
    article.body = [("text", "giraffe")]
    article.save_revision().publish()
    assert (titles("zebra"), titles("giraffe")) == ([], ["Quota"])


def test_after_the_table_changed_its_form_every_article_is_found_again():
    published(bare(), title="Quota")
    for model in (SearchEntry, SearchWord, SearchSpelling):
        model.objects.all().delete()
    assert titles("quota") == []
    searching.ensure()
    assert (titles("quota"), titles("quotta")) == (["Quota"], ["Quota"])


def test_each_night_words_are_counted_and_old_misses_forgotten():
    published(bare(), title="Quota")
    published(bare(), title="Quota of memory")
    searching.note("telescope", language="en", community=None)
    SearchMiss.objects.update(last_at=timezone.now() - missing.KEPT_FOR - timedelta(days=1))
    tidy_search()
    assert (SearchWord.objects.get(kind=Edition.SEARCHED_AS, word="quota").count, SearchMiss.objects.count()) == (2, 0)
