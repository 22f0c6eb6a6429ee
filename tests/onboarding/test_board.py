"""The board: where cards hang, who has to move, what is hidden from whom, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from onboarding import reviewing
from onboarding.board import CARDS, Filters, board
from onboarding.models import Application, Letter, ReviewPolicy
from onboarding.states import ApplicationState, ConflictKind, LetterState, Outcome
from tests.factories import acting, staff
from tests.onboarding.factories import ApplicationFactory, applied
from tests.onboarding.review_factories import approved, in_review, lead, proposed, reviewed, reviewer, rubric

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]

QUERIES = 9


def hangs(actor, **filters):
    """The references by column, empty columns left out."""
    return {stage.column.value: [card.name for card in stage.cards] for stage in board(actor, Filters(**filters)).stages if stage.cards}


def holders(actor):
    return {card.name: card.holder.value for stage in board(actor, Filters()).stages for card in stage.cards}


@pytest.fixture
def boss():
    return acting(lead(name="Boss"))


@pytest.fixture
def everything():
    """One application for every place of the board, and three that never hang there."""
    rubric()
    now = timezone.now()
    applied(name="unconfirmed")
    ApplicationFactory(name="asked", waiting_since=now)
    ApplicationFactory(name="new")
    ApplicationFactory(name="unread", state=ApplicationState.IN_REVIEW, reviews_submitted=1)
    ApplicationFactory(name="read", state=ApplicationState.IN_REVIEW, reviews_submitted=2)
    ApplicationFactory(name="discussed", state=ApplicationState.DISCUSSION)
    proposed(in_review(name="proposed"))
    ApplicationFactory(name="told", state=ApplicationState.DECIDED, outcome=Outcome.DECLINE)
    ApplicationFactory(name="withdrawn", state=ApplicationState.WITHDRAWN)
    ApplicationFactory(name="spam", spam_at=now)
    ApplicationFactory(name="copy", duplicate_of=Application.objects.get(name="new"))
    ApplicationFactory(name="example", is_calibration=True)


def test_board_hangs_every_application_in_earnest_once(everything, boss):
    assert hangs(boss) == {
        "applicant": ["unconfirmed", "asked"],
        "new": ["new"],
        "in_review": ["unread", "read"],
        "discussion": ["discussed"],
        "decision": ["proposed"],
        "decided": ["told"],
    }


def test_board_says_who_has_to_move(everything, boss):
    assert holders(boss) == {
        "unconfirmed": "applicant",
        "asked": "applicant",
        "new": "lead",
        "unread": "reviewers",
        "read": "lead",
        "discussed": "lead",
        "proposed": "lead",
        "told": "nobody",
    }
    assert [(each.holder.value, each.count) for each in board(boss, Filters()).waiting] == [("lead", 4), ("reviewers", 1), ("applicant", 2)]


def test_board_of_a_reviewer_has_what_reviewers_read(everything):
    assert "unconfirmed" not in str(hangs(acting(reviewer())))


def test_board_of_a_stranger_is_empty(everything):
    assert hangs(acting(staff(StaffGroup.ENGINEER))) == {}


def test_in_earnest_leaves_out_spam_copies_and_examples(everything):
    kept = set(Application.objects.in_earnest().values_list("name", flat=True))
    assert {"spam", "copy", "example"} & kept == set()
    assert {"new", "told", "withdrawn"} <= kept


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"stage": "discussion"}, {"discussed"}),
        ({"waiting_on": "reviewers"}, {"unread"}),
        ({"text": "ead"}, {"unread", "read"}),
        ({"country": "PE", "stage": "new"}, {"new"}),
        ({"country": "KE"}, set()),
        ({"mine": True}, {"new", "unread", "read", "discussed", "proposed"}),
    ],
)
def test_board_filters(everything, boss, filters, names):
    assert {name for column in hangs(boss, **filters).values() for name in column} == names


def test_mine_leaves_out_what_i_proposed_what_i_scored_and_what_a_conflict_bars(boss):
    proposed(in_review(name="by me"), by=boss.user)
    reviewed(in_review(name="scored"), boss.user)
    barred = in_review(name="barred")
    reviewing.declare_conflict(barred, kind=ConflictKind.FINANCIAL, by=boss)
    in_review(name="open")
    assert hangs(boss, mine=True) == {"in_review": ["open"]}


def only_card(actor):
    return next(card for stage in board(actor, Filters()).stages for card in stage.cards)


def judged(application, actor):
    """The same application, of which this person said that nothing keeps them from judging it."""
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=actor)
    return application


def scored(**fields):
    return in_review(median=Decimal("61.3"), flags=["split", "coverage"], reviews_submitted=2, **fields)


def test_card_greys_a_median_below_coverage(boss):
    judged(scored(), boss)
    card = only_card(boss)
    assert (card.median, card.is_covered, card.flags) == (
        Decimal("61.3"),
        False,
        ["Recommendations on both sides", "Too little was scored"],
    )


def test_card_hides_scores_until_ones_own_review_is_in():
    application, ana = scored(), acting(reviewer())
    assert (only_card(ana).median, only_card(ana).flags) == (None, [])
    reviewed(application, ana.user)
    Application.objects.update(median=Decimal("61.3"))
    assert only_card(ana).median == Decimal("61.3")


def test_card_hides_scores_where_the_policy_never_opens_them():
    ana = acting(reviewer())
    ReviewPolicy.objects.create(programme=reviewed(scored(), ana.user).application.programme, see_others="never")
    Application.objects.update(median=Decimal("61.3"))
    assert only_card(ana).median is None


def test_card_shows_scores_where_the_policy_always_opens_them():
    application, ana = scored(), acting(reviewer())
    ReviewPolicy.objects.create(programme=application.programme, see_others="always")
    assert only_card(ana).median is None
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=ana)
    assert only_card(ana).median == Decimal("61.3")


def test_card_hides_scores_from_who_reads_the_board_and_scores_nothing():
    scored()
    assert only_card(acting(staff(StaffGroup.OPERATOR))).median is None


def test_card_hides_scores_from_a_lead_who_is_at_a_review(boss):
    application = scored()
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=boss)
    reviewing.keep(application, scores=[], by=boss)
    assert only_card(boss).median is None


def test_card_hides_scores_from_a_lead_who_has_not_said_whether_there_is_a_conflict():
    named = acting(lead(email="luis@glaciares.example.org"))
    scored()
    assert (only_card(named).median, only_card(named).flags) == (None, [])
    assert hangs(named, flag="split") == {}


def test_card_hides_scores_from_who_has_a_conflict(boss):
    reviewing.declare_conflict(scored(), kind=ConflictKind.PERSONAL, by=boss)
    card = only_card(boss)
    assert (card.is_conflicted, card.median, card.flags) == (True, None, [])


def test_flag_filter_finds_only_what_this_person_may_see(boss):
    judged(scored(name="split"), boss)
    in_review(name="quiet")
    assert hangs(boss, flag="split") == {"in_review": ["split"]}
    assert hangs(acting(reviewer()), flag="split") == {}


def test_days_count_from_the_question_while_the_applicant_is_asked(boss):
    now = timezone.now()
    ApplicationFactory(name="asked", state_since=now - timedelta(days=40), waiting_since=now - timedelta(days=3))
    ApplicationFactory(name="new", state_since=now - timedelta(days=9))
    assert {card.name: card.days for stage in board(boss, Filters()).stages for card in stage.cards} == {"asked": 3, "new": 9}
    assert {each.holder.value: each.days for each in board(boss, Filters()).waiting} == {"applicant": 3, "lead": 9}


def test_column_shows_who_waited_longest_and_is_cut(boss):
    now = timezone.now()
    for day in range(CARDS + 2):
        ApplicationFactory(name=f"day {day}", state_since=now - timedelta(days=day))
    stage = next(stage for stage in board(boss, Filters()).stages if stage.cards)
    assert (stage.cards[0].name, len(stage.cards), stage.count, stage.is_cut) == (f"day {CARDS + 1}", CARDS, CARDS + 2, True)


def test_one_stage_is_read_page_by_page(client, boss, monkeypatch):
    many(120)
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    seen, address = [], reverse("onboarding:board") + "?stage=new"
    while address:
        shown = client.get(address).context["board"]
        seen += [card.reference for card in shown.stages[0].cards]
        address = reverse("onboarding:board") + f"?stage=new&cursor={shown.page.next}" if shown.page.next else ""
    assert len(seen) == len(set(seen)) == Application.objects.filter(state="screening").count()


def many(number):
    """Applications in every stage, as rows set directly."""
    one = ApplicationFactory.build()
    now, states = timezone.now(), ["screening", "in_review", "discussion", "decided"]
    rubric()
    form = ApplicationFactory().form_version
    Application.objects.bulk_create(
        Application(
            reference=f"CI-9{n % 10}99-{n:04}",
            programme=form.definition.programme,
            form_version=form,
            state=states[n % 4],
            email="x@example.org",
            name=f"Community {n}",
            country="PE" if n % 2 else "KE",
            sent_at=now,
            email_verified_at=now,
            state_since=now - timedelta(days=n % 60),
            reviews_submitted=n % 3,
            median=Decimal(n % 100),
            flags=["split"] if n % 5 == 0 else [],
            answers=one.answers,
        )
        for n in range(number)
    )


@pytest.mark.parametrize("number", [10, 1000])
@pytest.mark.parametrize("query", ["", "?stage=in_review&flag=split&country=PE&waiting_on=lead&mine=on&text=a"])
def test_board_costs_the_same_with_ten_applications_and_with_a_thousand(client, boss, number, query, django_assert_num_queries):
    many(number)
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse("onboarding:board") + query)
    with django_assert_num_queries(QUERIES - (1 if query else 0)):
        assert client.get(reverse("onboarding:board") + query).status_code == 200


def test_board_with_filters_that_mean_nothing_shows_everything(client, boss):
    ApplicationFactory(name="new")
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("onboarding:board") + "?stage=x&waiting_on=y&flag=z&country=XXXX&cursor=q")
    assert [card.name for stage in page.context["board"].stages for card in stage.cards] == ["new"]


def test_board_tells_leads_of_letters_that_came_back(client, boss):
    decision = approved()
    Letter.objects.filter(decision=decision).update(state=LetterState.FAILED)
    assert (board(boss, Filters()).failed_letters, board(acting(reviewer()), Filters()).failed_letters) == (1, 0)
    client.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
    assert (
        reverse("onboarding:send_letter_again", args=[decision.application.reference])
        in client.get(reverse("onboarding:failed_letters")).content.decode()
    )
