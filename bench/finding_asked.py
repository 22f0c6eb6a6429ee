"""`python -m bench.finding_asked NUMBER`: milliseconds of searches among so many articles in the configured, empty database, as JSON."""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402  Django first
from django.core.management import call_command  # noqa: E402  Django first
from django.db import connection, transaction  # noqa: E402  Django first
from django.utils import timezone  # noqa: E402  Django first
from wagtail.models import Page  # noqa: E402  Django first

from communities.models import Community, Programme  # noqa: E402  Django first
from communities.roles import Role  # noqa: E402  Django first
from demo.load.wording import COMMON  # noqa: E402  Django first
from ground import search  # noqa: E402  Django first
from ground.actors import Actor  # noqa: E402  Django first
from knowledgebase import opening, searching  # noqa: E402  Django first
from knowledgebase.models import Article, Edition, KnowledgeBase  # noqa: E402  Django first
from knowledgebase.suggestions import find, suggest  # noqa: E402  Django first

TIMES, CHUNK = 40, 1000
WORDS, PARAGRAPHS, OF_A_PARAGRAPH = 30_000, 5, 50
SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
TICKET = (
    "Since this morning my students cannot start their server. The progress bar stops, then a message about memory and a timeout appears. "
    "We are forty people in a workshop, all in the same environment, and half of them see a white page. I restarted the kernel, cleared the "
    "browser, tried another network and another account. On Friday everything worked. The dataset we read is in a bucket, about two "
    "gigabytes for each of them. Could somebody look at it before two o'clock, or tell us what else we can try in the meantime? "
)
SEARCHES = {
    "a rare word": "{rare}",
    "a common word": "server",
    "two common words": "server notebook",
    "a common and a rare word": "server {rare}",
    "a misspelt word": "enviroment",
    "two misspelt words": "notbook {misspelt}",
    "Spanish words": "mi servidor no arranca",
    "a sentence": "how do I share a notebook with the students of my course",
    "nothing": "xylophonequartz",
}


def main(number: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("setup", skip_migrate=True, verbosity=0, stdout=sys.stderr)
    words = _vocabulary(random.Random(1))
    community = Community.objects.create(slug="bench", name="Bench", programme=Programme.objects.get(is_default=True))
    own = opening.open_knowledge_base(community, by=Actor.system())
    _write(KnowledgeBase.objects.get(community=None), number, words)
    _write(own, 200, words)
    searching.recount()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    json.dump(_measured(community, words), sys.stdout)


def _measured(community: Community, words: list[str]) -> dict[str, float]:
    actor, rare = _member(community), words[-WORDS // 3]
    within = Edition.objects.visible_to(actor).readable_in(community)
    told = {}
    for what, query in SEARCHES.items():
        asked = query.format(rare=rare, misspelt=f"{rare[:2]}x{rare[2:]}")
        told[f"search, {what}"] = _best(lambda asked=asked: find(asked, within=within, community=community))
    told["suggestions, a subject"] = _best(lambda: suggest("My server does not start", actor=actor, community=community))
    told["suggestions, a long ticket"] = _best(lambda: suggest(TICKET * 3, actor=actor, community=community))
    told["suggestions, for nobody in particular"] = _best(lambda: suggest("memory error", actor=Actor.anonymous()))
    return told


def _member(community: Community) -> Actor:
    from tests.factories import member

    return Actor.person(member(community, Role.MEMBER))


def _best(call: Callable[[], object]) -> float:
    """The quickest of many, in milliseconds, the database's time in it."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return min(taken) * 1000


def _vocabulary(rng: random.Random) -> list[str]:
    """The most common first; the first are words of hubs."""
    made = {"".join(rng.choices(SYLLABLES, k=rng.randint(2, 5))) for _ in range(WORDS)}
    return [*COMMON, *sorted(made - set(COMMON), key=lambda word: search.trunk(word)[::-1])]


def _write(knowledge_base: KnowledgeBase, number: int, words: list[str]) -> None:
    """So many published articles right below that root; their words are as frequent as words are."""
    rng, weights = random.Random(number), list(accumulate(1 / (place + 3) for place in range(len(words))))
    kind = ContentType.objects.get_for_model(Article)
    first = knowledge_base.get_children().count() + 1
    for start in range(first, first + number, CHUNK):
        with transaction.atomic():
            _write_chunk(
                knowledge_base,
                kind,
                range(start, min(start + CHUNK, first + number)),
                lambda many: rng.choices(words, cum_weights=weights, k=many),
            )
    Page.objects.filter(pk=knowledge_base.pk).update(numchild=first + number)


def _write_chunk(knowledge_base: KnowledgeBase, kind: ContentType, numbers: range, draw: Callable[[int], list[str]]) -> None:
    now = timezone.now()
    pages = Page.objects.bulk_create(
        Page(
            path=Page._get_path(knowledge_base.path, knowledge_base.depth + 1, place + 100),
            depth=knowledge_base.depth + 1,
            title=" ".join(draw(4)).capitalize(),
            slug=f"bench-{place:06}",
            url_path=f"{knowledge_base.url_path}bench-{place:06}/",
            content_type=kind,
            locale_id=knowledge_base.locale_id,
        )
        for place in numbers
    )
    for page in pages:
        Article(page_ptr_id=page.pk, audience="public").save_base(raw=True)
    editions = Edition.objects.bulk_create(
        Edition(
            article_id=page.pk,
            knowledge_base=knowledge_base,
            address=page.slug,
            language="en",
            title=page.title,
            summary=" ".join(draw(10)).capitalize(),
            audience="public",
            contents=[{"level": 2, "id": "a", "title": " ".join(draw(3))} for _ in range(3)],
            text="\n".join(_paragraphs(draw)),
            published_at=now,
        )
        for page in pages
    )
    search.index_many(
        Edition.SEARCHED_AS, [(one.pk, one.title, "\n".join(heading["title"] for heading in one.contents), one.text) for one in editions]
    )


def _paragraphs(draw: Callable[[int], list[str]]) -> Iterator[str]:
    for _ in range(PARAGRAPHS):
        yield " ".join(draw(OF_A_PARAGRAPH)).capitalize() + "."


if __name__ == "__main__":
    main(int(sys.argv[1]))
