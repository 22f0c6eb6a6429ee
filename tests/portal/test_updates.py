"""Monthly updates: counted at once for all, drafted without losing what somebody wrote, published once, read by whom they are for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from communities import defaults
from communities.roles import Role, StaffGroup
from communities.states import CommunityState
from ground import sweep
from ground.actors import Actor
from ground.models import OutgoingMail
from hubs.states import Kind, RequestState
from knowledgebase.models import Article
from knowledgebase.opening import grant_everything
from portal import access, drafting, feeds, telling, updating
from portal.drafting import facts
from portal.drafting.facts import BY_KEY, FACTS, behind
from portal.models import CommunityUpdate, NamedForAll
from portal.months import Month, first_working_day
from portal.templatetags.updates import day, update_body
from support import incidents
from support.models import ClockRun
from support.states import ClockKind, ClockOutcome
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubFactory, HubRequestFactory
from tests.knowledgebase.factories import bare, published
from tests.portal.routes import update_of
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import declared

pytestmark = pytest.mark.django_db
OCTOBER = Month(2026, 10)
WITHIN = datetime(2026, 10, 12, 9, tzinfo=UTC)
GUIDE, OPERATOR = StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR


@pytest.fixture
def reef():
    return CommunityFactory(slug="reef", name="Reef", state=CommunityState.LIVE)


@pytest.fixture
def glacier():
    return CommunityFactory(slug="glacier", name="Glacier", state=CommunityState.LIVE)


def client(user=None):
    found = Client()
    if user:
        found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def a_month_of(community):
    """Two tickets, one solved after 90 working minutes; one request, one article, one event and one incident."""
    hub = HubFactory(community=community, name=f"{community.slug}-hub")
    type(hub).objects.filter(pk=hub.pk).update(created_at=WITHIN)
    solved = TicketFactory(community=community, subject=f"of {community}", created_at=WITHIN, solved_at=WITHIN + timedelta(hours=3))
    TicketFactory(community=community, created_at=WITHIN)
    TicketFactory(community=community, created_at=WITHIN - timedelta(days=40))
    ClockRun.objects.create(
        ticket=solved,
        clock=ClockKind.FIRST,
        began_at=WITHIN,
        ended_at=WITHIN,
        target_minutes=60,
        used_minutes=90,
        outcome=ClockOutcome.MISSED,
    )
    HubRequestFactory(community=community, state=RequestState.SUCCEEDED, finished_at=WITHIN, **approved())
    edition = published(bare(community), title=f"{community.slug} reads")
    Article.objects.filter(pk=edition.article_id).update(first_published_at=WITHIN)
    event = {"event": {"title": f"{community.slug} school", "starts_at": "2026-11-20T09:00:00Z"}}
    begins = {"begins_at": datetime(2026, 11, 20, 9, tzinfo=UTC), "ends_at": datetime(2026, 11, 20, 17, tzinfo=UTC)}
    HubRequestFactory(community=community, kind=Kind.EVENT, state=RequestState.DEPLOYING, document=event, **begins, **approved())


def approved():
    return {"approved_by": staff(StaffGroup.ENGINEER), "approved_at": WITHIN, "plan_digest": "d"}


def one_incident_of(*communities):
    hubs = [hub for community in communities for hub in community.hubs.all()]
    incident = declared(hubs=hubs, by=staff(StaffGroup.ENGINEER))
    incidents.say(incident, text={"en": "We look."}, state="identified", by=Actor.system())
    type(incident).objects.filter(pk=incident.pk).update(began_at=WITHIN, title={"en": "No logins"})


NUMBERS = {
    "hubs": 1,
    "tickets_opened": 2,
    "tickets_solved": 1,
    "changes": 1,
    "articles": 1,
    "incidents": 1,
    "events": 1,
    "first_response_minutes": 90,
    "people": None,
}


def test_events_of_a_month_are_those_that_begin_after_it_wherever_they_are(reef):
    """In Apia it is already November; the month's end counts in one time."""
    last, first = OCTOBER.end - timedelta(minutes=1), OCTOBER.end
    for begins in (last, first):
        told = {
            "begins_at": begins,
            "ends_at": begins + timedelta(hours=8),
            "document": {"event": {"starts_at": "2026-11-01T09:00:00+13:00"}},
        }
        HubRequestFactory(community=reef, kind=Kind.EVENT, state=RequestState.DEPLOYING, **told, **approved())
    assert [row.begins_at for row in facts.events(OCTOBER)] == [first]


def test_facts_are_a_communitys_own_and_those_for_all_are_totals(reef, glacier):
    a_month_of(reef)
    a_month_of(glacier)
    one_incident_of(reef, glacier)
    ours, theirs, everybodys = drafting.draft([reef, glacier, None], OCTOBER, by=Actor.system())
    assert ours.facts["numbers"] == theirs.facts["numbers"] == NUMBERS
    doubled = {key: number * 2 for key, number in NUMBERS.items() if key not in {"incidents", "first_response_minutes", "people"}}
    assert everybodys.facts["numbers"] == NUMBERS | doubled
    assert ours.facts["named"] == {
        "articles": [{"title": "reef reads", "address": "reef-reads"}],
        "events": [{"title": "reef school", "starts_at": "2026-11-20T09:00:00Z"}],
        "incidents": [{"title": {"en": "No logins"}, "began_at": WITHIN.isoformat()}],
    }
    assert ours.facts["series"][-2:] == [{"month": "2026-09", "opened": 1, "solved": 0}, {"month": "2026-10", "opened": 2, "solved": 1}]
    assert (everybodys.facts["named"], everybodys.facts["communities"]) == ({}, [])
    assert "glacier" not in f"{ours.facts} {ours.body.get_prep_value()}".casefold()
    assert "reef school" in str(ours.body.get_prep_value())


def test_no_number_tells_of_a_confidential_ticket(reef):
    drafted = drafting.draft([reef], OCTOBER, by=Actor.system())[0].facts
    hidden = TicketFactory(community=reef, confidential=True, created_at=WITHIN, solved_at=WITHIN + timedelta(hours=3))
    ClockRun.objects.create(
        ticket=hidden,
        clock=ClockKind.FIRST,
        began_at=WITHIN,
        ended_at=WITHIN,
        target_minutes=60,
        used_minutes=90,
        outcome=ClockOutcome.MISSED,
    )
    assert drafting.draft([reef], OCTOBER, by=Actor.system())[0].facts == drafted


def test_each_number_is_as_many_as_the_rows_behind_it(reef, glacier):
    a_month_of(reef)
    a_month_of(glacier)
    one_incident_of(reef, glacier)
    ours, everybodys = drafting.draft([reef, None], OCTOBER, by=Actor.system())
    for fact in FACTS:
        assert behind(fact.key, OCTOBER, reef.pk).count() == ours.facts["numbers"][fact.key], fact.key
        assert behind(fact.key, OCTOBER, None).count() == everybodys.facts["numbers"][fact.key], fact.key
        assert all(fact.show(row).words for row in behind(fact.key, OCTOBER, reef.pk))


def test_drafting_costs_the_same_for_one_community_and_for_three(reef):
    a_month_of(reef)
    one = queries(lambda: drafting.draft([reef], OCTOBER, by=Actor.system()))
    others = [CommunityFactory(state=CommunityState.LIVE) for _number in range(3)]
    for each in others:
        a_month_of(each)
    assert queries(lambda: drafting.draft(others, OCTOBER, by=Actor.system())) <= one


def queries(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_drafting_again_counts_an_untouched_draft_anew_and_leaves_what_somebody_wrote(reef, glacier):
    for community in (reef, glacier):
        drafting.draft([community], OCTOBER, by=Actor.system())
    edited = CommunityUpdate.objects.get(community=glacier)
    edited.body = [("introduction", "By hand.")]
    edited.save_revision()
    for community in (reef, glacier):
        TicketFactory(community=community, created_at=WITHIN)
    drafting.draft([reef, glacier], OCTOBER, by=Actor.system())
    opened = {row.community.slug: row.facts["numbers"]["tickets_opened"] for row in CommunityUpdate.objects.all()}
    assert opened == {"reef": 1, "glacier": 0}
    edited.refresh_from_db()
    assert edited.get_latest_revision_as_object().body[0].value == "By hand."
    assert CommunityUpdate.objects.count() == 2


def test_drafts_are_made_from_the_first_working_day_on_for_who_is_served(reef):
    CommunityFactory(state=CommunityState.ENDED)
    type(reef).objects.update(created_at=WITHIN)
    assert drafting.draft_due(date(2026, 11, 1)) == 0  # a Sunday
    assert drafting.draft_due(date(2026, 11, 2)) == 2
    rows = CommunityUpdate.objects.values_list("community__slug", "month", "live")
    assert set(rows) == {(None, date(2026, 10, 1), False), ("reef", date(2026, 10, 1), False)}


def test_first_working_day_of_a_month():
    assert [first_working_day(Month(2026, number)).day for number in (8, 10, 11)] == [3, 1, 2]


def test_months_follow_each_other_over_a_year():
    assert (Month(2026, 12).next, Month(2026, 1).before) == (Month(2027, 1), Month(2025, 12))
    assert [str(month) for month in Month(2026, 2).last(3)] == ["2025-12", "2026-01", "2026-02"]


def test_a_draft_speaks_the_language_of_its_community_and_another_when_asked():
    community = CommunityFactory(language="es", name="Arrecife")
    row = drafting.draft([community], OCTOBER, by=Actor.system())[0]
    other = updating.draft(community, OCTOBER, by=acting(staff(GUIDE)), language="en")
    assert (row.language, "octubre" in row.title.lower(), other.language, other.title) == ("es", True, "en", "Arrecife in October 2026")


def test_only_those_who_agreed_are_named_for_all(reef, glacier):
    ana = acting(member(reef, Role.REPRESENTATIVE))
    with pytest.raises(updating.NotYours):
        updating.agree_to_be_named(glacier, by=ana)
    updating.agree_to_be_named(reef, by=ana)
    updating.agree_to_be_named(reef, by=ana)
    assert drafting.draft([None], OCTOBER, by=Actor.system())[0].facts["communities"] == ["Reef"]
    updating.take_name_back(reef, by=ana)
    assert (NamedForAll.objects.count(), drafting.draft([None], OCTOBER, by=Actor.system())[0].facts["communities"]) == (0, [])


class TestPublishing:
    def test_its_readers_are_told_once_however_often_it_is_published(self, reef, mailoutbox):
        ana, quiet = member(reef, Role.REPRESENTATIVE, email="ana@reef.example"), member(reef, Role.HUB_CHAMPION)
        member(reef, Role.MEMBER)
        updating.stop_mails(reef, by=acting(quiet))
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        operator = acting(staff(OPERATOR, name="Olu"))
        updating.publish(row, by=operator)
        sweep.perform_due()
        row.refresh_from_db()
        updating.publish(row, by=operator)
        sweep.perform_due()
        assert [(mail.to, mail.subject) for mail in mailoutbox] == [([ana.email], "Reef in October 2026")]
        assert "/c/reef/updates/2026-10/" in mailoutbox[0].body
        row.refresh_from_db()
        assert (row.live, row.published_by.name, row.told_at is not None, row.next_attempt_at) == (True, "Olu", True, None)
        assert ModelLogEntry.objects.filter(action="portal.publish_update").count() == 2

    def test_one_for_all_is_mailed_to_nobody(self, reef):
        member(reef, Role.REPRESENTATIVE)
        (row,) = drafting.draft([None], OCTOBER, by=Actor.system())
        updating.publish(row, by=acting(staff(OPERATOR)))
        telling.tell(row.pk)
        assert OutgoingMail.objects.count() == 0

    def test_who_left_or_asked_for_quiet_meanwhile_gets_no_mail(self, reef, mailoutbox):
        ana, ben = member(reef, Role.REPRESENTATIVE), member(reef, Role.HUB_CHAMPION)
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        updating.publish(row, by=acting(staff(OPERATOR)))
        telling.tell(row.pk)
        reef.memberships.filter(user=ana).delete()
        updating.stop_mails(reef, by=acting(ben))
        sweep.perform_due()
        assert list(mailoutbox) == []

    def test_a_guide_drafts_and_does_not_publish(self, reef):
        guide = acting(staff(GUIDE))
        row = updating.draft(reef, OCTOBER, by=guide)
        with pytest.raises(updating.NotYours):
            updating.publish(row, by=guide)
        with pytest.raises(updating.NotYours):
            updating.draft(reef, OCTOBER, by=acting(member(reef, Role.REPRESENTATIVE)))

    def test_publishing_an_old_revision_does_not_forget_who_was_told(self, reef):
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        revision = row.save_revision()
        CommunityUpdate.objects.update(told_at=WITHIN, facts={"numbers": {"hubs": 9}})
        Revision.objects.get(pk=revision.pk).publish()
        row.refresh_from_db()
        assert (row.live, row.told_at, row.facts) == (True, WITHIN, {"numbers": {"hubs": 9}})


class TestEditor:
    @pytest.fixture(autouse=True)
    def _site(self):
        defaults.ensure()
        grant_everything(OPERATOR)
        grant_everything(GUIDE)

    def test_a_guide_writes_and_an_operator_publishes(self, reef):
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        address = reverse(CommunityUpdate.snippet_viewset.get_url_name("edit"), args=[row.pk])
        guide, operator = client(staff(GUIDE)), client(staff(OPERATOR, name="Olu"))
        assert guide.get(address).status_code == 200
        assert guide.post(address, typed("We wrote this.")).status_code == 302
        guide.post(address, typed("Not by me.") | {"action-publish": "yes"})
        row.refresh_from_db()
        assert (row.live, row.get_latest_revision_as_object().body[0].value) == (False, "Not by me.")
        assert operator.post(address, typed("For you.") | {"action-publish": "yes"}).status_code == 302
        row.refresh_from_db()
        assert (row.live, row.body[0].value, row.published_by.name, row.next_attempt_at is not None) == (True, "For you.", "Olu", True)

    def test_nobody_else_reaches_it(self, reef):
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        address = reverse(CommunityUpdate.snippet_viewset.get_url_name("edit"), args=[row.pk])
        for user in (member(reef, Role.REPRESENTATIVE), member(reef, Role.HUB_CHAMPION), staff(StaffGroup.REVIEWER)):
            assert client(user).get(address).status_code in {302, 404}

    def test_a_draft_is_seen_as_its_readers_will(self, reef):
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        address = reverse(CommunityUpdate.snippet_viewset.get_url_name("preview_on_edit"), args=[row.pk])
        operator = client(staff(OPERATOR))
        operator.post(address, typed("Nearly done."))
        assert "Nearly done." in operator.get(address).content.decode()


def typed(words):
    """What the editor posts for one introduction."""
    return {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "introduction",
        "body-0-id": "",
        "body-0-value": words,
    }


class TestPages:
    def test_an_update_shows_words_numbers_and_a_plot_with_its_table(self, reef):
        a_month_of(reef)
        one_incident_of(reef)
        (row,) = drafting.draft([reef], OCTOBER, by=Actor.system())
        updating.publish(row, by=acting(staff(OPERATOR)))
        page = client(member(reef, Role.MEMBER)).get(row.get_absolute_url()).content.decode()
        for words in (
            "Reef in October 2026",
            "Questions asked",
            "2 working hours",
            "reef school",
            "No logins",
            "reef reads",
            "<svg",
            "<table",
        ):
            assert words in page, words
        assert "/rows/" not in page

    def test_words_are_cleaned(self, reef):
        row = update_of(reef, body=[("introduction", "<script>alert(1)</script> **bold** [x](javascript:alert)")])
        html = update_body(row)
        assert "<strong>bold</strong>" in html
        assert "<script" not in html
        assert "javascript:" not in html.replace("(javascript:alert)", "")

    def test_a_reader_gets_their_language_when_there_is_one(self, reef):
        update_of(reef, body=[("introduction", "In English.")])
        update_of(reef, language="es", body=[("introduction", "En castellano.")])
        url = reverse("portal:update", args=["reef", OCTOBER])
        for language, words in (("es", "En castellano."), ("fr", "In English.")):
            page = client(member(reef, Role.MEMBER, language=language)).get(url).content.decode()
            assert words in page
        chosen = client(member(reef, Role.MEMBER)).get(url + "?language=es").content.decode()
        assert "En castellano." in chosen

    def test_a_draft_and_anothers_update_are_not_there(self, reef, glacier):
        update_of(reef, live=False)
        update_of(glacier)
        ana = client(member(reef, Role.REPRESENTATIVE))
        for slug in ("reef", "glacier"):
            assert ana.get(reverse("portal:update", args=[slug, OCTOBER])).status_code == 404
        assert "October" not in ana.get(reverse("portal:updates", args=["reef"])).content.decode()

    def test_a_month_that_is_none_is_not_there(self):
        assert client().get("/updates/2026-13/").status_code == 404
        assert client().get("/updates/2026-10/").status_code == 404

    def test_a_list_costs_the_same_with_one_and_with_three(self, reef):
        ana = client(member(reef, Role.REPRESENTATIVE))
        url = reverse("portal:updates", args=["reef"])
        update_of(reef)
        one = queries(lambda: ana.get(url))
        for language in ("es", "fr"):
            update_of(reef, language=language)
        assert queries(lambda: ana.get(url)) == one

    def test_staff_look_up_the_rows_behind_a_number(self, reef, glacier):
        a_month_of(reef)
        a_month_of(glacier)
        guide = client(staff(GUIDE))
        for key in BY_KEY:
            assert guide.get(reverse("portal:update_rows", args=["reef", OCTOBER, key])).status_code == 200
        url = reverse("portal:update_rows", args=["reef", OCTOBER, "tickets_opened"])
        assert ("of Reef" in (page := guide.get(url).content.decode()), "of Glacier" in page) == (True, False)
        assert b"of Reef" in b"".join(guide.get(f"{url}?download=csv").streaming_content)
        assert guide.get(reverse("portal:update_rows", args=["reef", OCTOBER, "nothing"])).status_code == 404

    def test_rows_cost_the_same_with_one_and_with_three(self, reef):
        guide = client(staff(GUIDE))
        url = reverse("portal:update_rows", args=["reef", OCTOBER, "tickets_opened"])
        TicketFactory(community=reef, created_at=WITHIN)
        one = queries(lambda: guide.get(url))
        for _number in range(2):
            TicketFactory(community=reef, created_at=WITHIN)
        assert queries(lambda: guide.get(url)) == one

    def test_a_month_that_is_not_over_is_not_drafted(self, reef):
        guide, url = client(staff(GUIDE)), reverse("portal:draft_update", args=["reef"])
        now = Month.of(timezone.now().date())
        assert guide.post(url, {"month": str(now), "language": "en"}).status_code == 422
        assert guide.post(url, {"month": str(now.before), "language": "en"}).status_code == 302
        assert [row.of_month for row in CommunityUpdate.objects.all()] == [now.before]

    def test_mails_are_stopped_and_started_with_a_button(self, reef):
        ana = client(member(reef, Role.REPRESENTATIVE))
        url = reverse("portal:updates", args=["reef"])
        assert "Stop these mails" in ana.get(url).content.decode()
        assert "Write to me again" in ana.post(reverse("portal:stop_update_mails", args=["reef"]), follow=True).content.decode()
        assert "Stop these mails" in ana.post(reverse("portal:start_update_mails", args=["reef"]), follow=True).content.decode()

    def test_being_named_is_agreed_to_and_taken_back_with_a_button(self, reef):
        ana = client(member(reef, Role.REPRESENTATIVE))
        assert "Do not name us" in ana.post(reverse("portal:agree_to_be_named", args=["reef"]), follow=True).content.decode()
        assert "You may name us" in ana.post(reverse("portal:take_name_back", args=["reef"]), follow=True).content.decode()


def test_feeds_hold_what_is_published_each_for_its_readers(reef):
    now = timezone.now()
    update_of(reef, first_published_at=now, last_published_at=now, body=[("introduction", "Hello & welcome")])
    update_of(None, first_published_at=now, last_published_at=now)
    update_of(None, language="es", live=False)
    public = client(staff(OPERATOR)).get(reverse("portal:public_feed"))
    theirs = client(member(reef, Role.MEMBER)).get(reverse("portal:updates_feed", args=["reef"]))
    assert public.headers["Content-Type"] == feeds.Atom1Feed.content_type
    assert (public.content.count(b"<entry>"), b"Reef" in public.content) == (1, False)
    assert (theirs.content.count(b"<entry>"), b"Hello &amp; welcome" in theirs.content) == (1, True)
    assert theirs.headers["Cache-Control"] == "private, no-store"


def test_predicate_and_queryset_agree_on_who_reads_an_update(reef, glacier):
    rows = [update_of(reef), update_of(reef, language="es", live=False), update_of(None), update_of(None, language="es", live=False)]
    people = [member(reef, Role.MEMBER), member(glacier, Role.REPRESENTATIVE), *(staff(group) for group in StaffGroup)]
    for actor in (*map(acting, people), Actor.system(), Actor.anonymous()):
        assert set(CommunityUpdate.objects.visible_to(actor)) == {row for row in rows if access.can_read_update(actor, row)}, actor


def test_a_day_of_a_document_is_said_or_left_as_it_is():
    assert [day(said) for said in ("2026-11-20T09:00:00Z", "some day", "")] == ["20 Nov 2026", "some day", ""]
