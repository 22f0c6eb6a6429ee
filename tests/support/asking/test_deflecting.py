"""Which articles were suggested and opened, what they saved, and what who looks after them is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from knowledgebase import care
from knowledgebase.care import Kind
from knowledgebase.care.desk import AtTheDesk, desk
from knowledgebase.models import Edition
from support import replies
from support.asking import deflecting
from support.models import Suggested, Ticket
from support.reports import Chosen, Numbers
from support.reports.parts import articles as articles_part
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT)


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal")


def told(actor, community=None):
    editions = Edition.objects.filter(knowledge_base__community=community)
    return deflecting.told(editions, actor=actor, since=timezone.now() - timedelta(days=90))


def forms(community, *, shown=(), opened=(), sent=False, place="portal"):
    form = deflecting.new_form()
    deflecting.note_shown(form, community=community, articles=[each.pk for each in shown], place=place)
    if opened:
        deflecting.note_opened(form, community=community, articles=[each.pk for each in opened], place=place)
    if sent:
        deflecting.note_sent(form, community=community, place=place)
    return form


def test_the_desk_is_the_one_that_is_asked():
    assert desk() is deflecting


def test_each_article_counts_once_a_form_however_often_it_is_shown(community, django_assert_num_queries):
    first, second = published(bare(), title="One"), published(bare(), title="Two")
    form = forms(community, shown=[first])
    with django_assert_num_queries(1):
        deflecting.note_shown(form, community=community, articles=[first.pk, second.pk])
    assert list(Suggested.objects.order_by("article").values_list("article", flat=True).filter(article__isnull=False)) == [
        first.pk,
        second.pk,
    ]
    assert Suggested.objects.of_forms().count() == 1


def test_articles_are_told_by_what_they_saved(community, sam, django_assert_num_queries):
    saves, ignored, fails = (published(bare(), title=title) for title in ("Saves", "Ignored", "Fails"))
    for _ in range(2):
        forms(community, shown=[saves, ignored], opened=[saves])
    forms(community, shown=[fails, ignored], opened=[fails], sent=True)
    assert sam.staff_groups
    numbers = Numbers(Chosen.of({}, communities=[]), acting(sam))
    with django_assert_num_queries(1):
        found = [(each.title, each.shown, each.opened, each.kept) for each in numbers.suggested_articles]
    assert found == [("Saves", 2, 2, 2), ("Fails", 1, 1, 0), ("Ignored", 3, 0, 0)]
    assert numbers.suggested == {"shown": 3, "opened": 3, "kept": 2, "gave_up": 0, "sent": 1}
    assert [name for name, _cells in articles_part(numbers).rows] == ["Saves", "Fails", "Ignored"]


def test_a_communitys_report_counts_its_own_forms_and_names_what_its_reader_may_read(community, sam):
    other = CommunityFactory()
    shared, hidden = published(bare(), title="Shared"), published(bare(other), title="Hidden", audience="members")
    forms(community, shown=[shared, hidden])
    forms(other, shown=[shared])
    reader = acting(member(community, Role.REPRESENTATIVE))
    numbers = Numbers(Chosen.of({"community": "coastal"}, communities=[community]), reader)
    assert [(each.title, each.shown) for each in numbers.suggested_articles] == [("Shared", 1)]


@pytest.mark.parametrize(("sent", "steps"), [({}, {"shown", "opened", "sent"}), ({"confidential": "on"}, set())])
def test_nothing_is_counted_of_the_form_of_a_confidential_ticket(community, sent, steps):
    form, article = deflecting.new_form(), published(bare(), title="Whom to tell")
    other = forms(community, shown=[article])
    deflecting.note_shown(form, community=community, articles=[article.pk])
    deflecting.note_opened(form, community=community, articles=[article.pk])
    ana = Client()
    ana.force_login(member(community, Role.REPRESENTATIVE))
    ana.post(reverse("support:new_ticket", args=[community.slug]), {"subject": "No", "body": "It fails", "form": form, **sent})
    assert Ticket.objects.get().confidential == bool(sent)
    assert set(Suggested.objects.filter(form=form).values_list("step", flat=True)) == steps
    assert Suggested.objects.filter(form=other).exists()


def test_who_opened_it_and_asked_all_the_same_is_told_to_who_looks_after_it(community, sam):
    own = published(bare(community), title="Own", audience="members")
    forms(community, shown=[own], opened=[own], sent=True)
    forms(community, shown=[own], opened=[own])
    forms(community, shown=[own], sent=True)
    found = told(acting(sam), community)[own.pk]
    assert (found.shown, found.opened, len(found.asked_anyway), found.cited) == (3, 2, 1, 0)
    (item,) = care.needing_care(community, actor=acting(sam))
    assert [reason.kind for reason in item.reasons] == [Kind.ASKED]


def test_open_tickets_that_point_at_it_are_told_to_who_may_see_them(community, sam, settings):
    own = published(bare(community), title="Own", audience="members")
    ticket = TicketFactory(community=community, subject="No server")
    link = f"[Own]({settings.SITE_URL}/c/coastal/kb/own/)"
    replies.reply(ticket, body=f"See {link}", by=acting(sam))
    replies.note(TicketFactory(community=community), body=f"For us: {link}", by=acting(sam))
    champion = acting(member(community, Role.HUB_CHAMPION))

    assert [each.url for each in told(acting(sam), community)[own.pk].open_tickets] == [f"/desk/tickets/{ticket.reference}/"]
    at = told(champion, community)[own.pk]
    assert (at.cited, [(each.reference, each.subject, each.url) for each in at.open_tickets]) == (
        1,
        [(ticket.reference, "No server", f"/c/coastal/tickets/{ticket.reference}/")],
    )
    ticket.confidential = True
    ticket.save()
    assert told(acting(member(community, Role.HUB_CHAMPION)), community).get(own.pk, AtTheDesk()) == AtTheDesk()


def test_a_solved_ticket_points_at_nothing_any_more_but_was_a_letter(community, sam, settings):
    own = published(bare(community), title="Own", audience="members")
    ticket = TicketFactory(community=community)
    replies.reply(ticket, body=f"[Own]({settings.SITE_URL}/c/coastal/kb/own/)", by=acting(sam))
    ticket.refresh_from_db()
    ticket.status_id = 4
    ticket.save()
    found = told(acting(sam), community)[own.pk]
    assert (found.cited, found.open_tickets) == (1, ())


def test_queries_are_four_whatever_there_is(community, sam, settings, django_assert_num_queries):
    for title in ("One", "Two", "Three"):
        own = published(bare(community), title=title)
        forms(community, shown=[own], opened=[own], sent=True)
        replies.reply(TicketFactory(community=community), body=f"[x]({settings.SITE_URL}/c/coastal/kb/{own.address}/)", by=acting(sam))
    actor = acting(sam)
    assert actor.user.staff_groups
    with django_assert_num_queries(4):
        assert len(told(actor, community)) == 3


@pytest.mark.parametrize("word", ["", "x", "0", "-1", "9" * 30, "²", "1.0", "NaN"])
def test_a_word_that_names_no_article_names_none(word):
    published(bare(), title="One")
    assert deflecting.article_of(word) == []
