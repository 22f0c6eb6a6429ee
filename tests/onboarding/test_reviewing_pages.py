"""What reviewers and leads see and press: days, changes, tabs, people, duplicates, examples, agreement."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from communities.models import Membership
from communities.roles import Role
from ground.models import StageEvent
from onboarding import assigning, calibration_defaults, comparing, conflicts, deciding, duplicates, reviewing
from onboarding.models import (
    Application,
    Assignment,
    CalibrationExample,
    CalibrationPractice,
    CommandPolicy,
    Conflict,
    DuplicateLink,
    Review,
    ReviewPolicy,
    ViewRecord,
)
from onboarding.scoring import Mark
from onboarding.states import ApplicationState, AssignmentState, ConflictKind, Outcome, ReviewState, Verdict
from tests.factories import CommunityFactory, UserFactory, acting
from tests.onboarding.factories import ANSWERS, AnswerRevisionFactory, ApplicationFactory, FormVersionFactory
from tests.onboarding.files import FIELD, PDF, kept
from tests.onboarding.review_factories import in_review, lead, marks, proposed, reviewed, reviewer, rubric, screened

pytestmark = pytest.mark.django_db

QUEUE = "onboarding:review_queue"


@pytest.fixture
def ana():
    return reviewer(name="Ana")


@pytest.fixture
def boss():
    return lead(name="Boss")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("second_factor_for_staff")]


def url(name, application):
    return reverse(f"onboarding:{name}", args=[application.reference])


def typed(level="3", recommendation="accept", **changes):
    data = {f"level:{mark.criterion}": level for mark in marks()}
    return data | {"recommendation": recommendation, "note_team": "", "note_applicant": ""} | changes


def free_to_read(application, user):
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(user))


def words(response):
    return response.content.decode()


# the queue


def test_queue_has_ones_own_first_by_their_day_and_says_what_is_overdue(as_, ana, boss):
    late, soon, begun, open_to_all = in_review(name="Late"), in_review(name="Soon"), in_review(name="Begun"), in_review(name="Open")
    for application, days in ((soon, 4), (late, -1)):
        assigning.invite(application, ana, due_at=timezone.now() + timedelta(days=days), by=acting(boss))
    free_to_read(begun, ana)
    reviewing.keep(begun, scores=[Mark("need", 2)], by=acting(ana))
    page = as_(ana).get(reverse(QUEUE))
    queue = page.context["queue"]
    assert [(row.name, row.next_step, row.is_overdue) for row in queue.mine] == [
        ("Late", "Score it", True),
        ("Soon", "Score it", False),
        ("Begun", "Finish your review", False),
    ]
    assert [row.name for row in queue.volunteer] == [open_to_all.name]
    assert words(page).count("overdue") == 1


def test_queue_says_which_answers_changed_since_a_review(as_, ana):
    application = in_review()
    reviewed(application, ana)
    AnswerRevisionFactory(application=application, number=2)
    assert [row.next_step for row in as_(ana).get(reverse(QUEUE)).context["queue"].mine] == ["Answers changed since your review"]


def test_queue_leaves_out_spam_joined_and_examples(as_, ana, boss):
    shown = in_review()
    for fields in ({"spam_at": timezone.now()}, {"duplicate_of": shown}, {"is_calibration": True}):
        Application.objects.filter(pk=in_review().pk).update(**fields)
    for user in (ana, boss):
        queue = as_(user).get(reverse(QUEUE)).context["queue"]
        assert [row.reference for row in [*queue.mine, *queue.volunteer, *queue.with_others, *queue.to_start]] == [shown.reference]


def test_queue_and_review_page_cost_the_same_at_ten_and_at_a_thousand(as_, ana, boss, django_assert_num_queries):
    first = in_review()
    assigning.invite(first, ana, by=acting(boss))
    for _ in range(3):
        reviewed(first)
    reviewed(first, ana)
    AnswerRevisionFactory(application=first, number=2)
    many(9, first)
    browser = as_(ana)
    browser.get(reverse(QUEUE))
    browser.get(url("review", first))  # what a form asks is read once a process
    with django_assert_num_queries(11):
        browser.get(reverse(QUEUE))
    with django_assert_num_queries(13):
        browser.get(url("review", first))
    many(990, first)
    with django_assert_num_queries(11):
        page = browser.get(reverse(QUEUE))
    with django_assert_num_queries(13):
        browser.get(url("review", first))
    assert page.context["queue"].more == 900


@pytest.mark.parametrize("who", [reviewer, lead])
def test_review_page_costs_at_most_fifteen_in_each_of_its_states(as_, who, boss, django_assert_max_num_queries):
    application, user = in_review(), who()
    assigning.invite(application, user, by=acting(boss))
    reviewed(application)
    browser = as_(user)
    for act in (
        lambda: None,
        lambda: free_to_read(application, user),
        lambda: reviewing.keep(application, scores=[Mark("need", 2)], by=acting(user)),
        lambda: AnswerRevisionFactory(application=application, number=2),
        lambda: reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=acting(user)),
    ):
        act()
        with django_assert_max_num_queries(15):
            browser.get(url("review", application))


def many(number, like):
    taken = Application.objects.count()
    Application.objects.bulk_create(
        Application(
            reference=f"CI-MANY-{taken + count:04}",
            programme=like.programme,
            form_version=like.form_version,
            state=ApplicationState.IN_REVIEW,
            email="a@example.org",
            name=f"Community {count}",
            sent_at=timezone.now(),
            email_verified_at=timezone.now(),
        )
        for count in range(number)
    )


# one application


def test_submit_and_next_leads_to_the_next_of_ones_own(as_, ana, boss):
    open_to_all, first, second = in_review(), in_review(), in_review()
    for days, application in ((1, first), (2, second)):
        assigning.invite(application, ana, due_at=timezone.now() + timedelta(days=days), by=acting(boss))
    for application in (first, second, open_to_all):
        free_to_read(application, ana)
    followed = [as_(ana).post(url("submit_review_and_next", each), typed()).headers["Location"] for each in (first, second, open_to_all)]
    assert followed == [url("review", second), url("review", open_to_all), reverse(QUEUE)]


def test_submit_and_next_with_gaps_stays(as_, ana):
    application = in_review()
    free_to_read(application, ana)
    assert as_(ana).post(url("submit_review_and_next", application), typed(recommendation="")).status_code == 422


def test_found_tie_is_shown_in_the_question_and_beside_the_answer(as_, boss):
    application, ana = in_review(), reviewer(name="Ana", email="ana.b@glaciares.example.org")
    page = words(as_(ana).get(url("review", application)))
    assert "belong to the same organisation" in page
    assert "imágenes desde el navegador" not in page
    as_(ana).post(url("declare_conflict", application), {"kind": "none", "note": "another faculty"})
    assert "imágenes desde el navegador" in words(as_(ana).get(url("review", application)))
    seen = words(as_(boss).get(url("review_people", application)))
    assert "belong to the same organisation" in seen
    assert "another faculty" in seen


def test_plain_tie_recuses_without_a_question(as_):
    application, luis = in_review(), reviewer(email="luis@glaciares.example.org")
    page = words(as_(luis).get(url("review", application)))
    assert "the application names this person" in page
    assert "imágenes desde el navegador" not in page
    assert url("declare_conflict", application) not in page


def test_changed_answers_are_shown_before_and_after_and_scores_may_stand(as_, ana, boss):
    application = in_review()
    reviewed(application, ana)
    changed = ANSWERS | {"goal.barrier": "Ya tenemos computadoras.", "contact.name": "Otra Persona"}
    newer = AnswerRevisionFactory(application=application, number=2, answers=changed)
    page = as_(ana).get(url("review", application))
    assert [(each.before, each.after) for each in page.context["changes"]] == [
        ("Nuestras computadoras son pequeñas.", "Ya tenemos computadoras."),
        ("Ana Quispe Mamani", "Otra Persona"),
    ]
    free_to_read(application, boss)
    assert "older than the answers" in words(as_(boss).get(url("review", application)))
    as_(ana).post(url("stand_by_review", application))
    assert Review.objects.get().answer_revision == newer
    assert "the scores stand" in words(as_(ana).get(url("review", application)))
    assert "older than the answers" not in words(as_(boss).get(url("review", application)))


def test_people_are_hidden_from_reviewers_and_not_from_leads(as_, ana, boss):
    application = in_review()
    ReviewPolicy.objects.create(programme=application.programme, hide_people=True)
    for user in (ana, boss):
        reviewed(application, user)
    AnswerRevisionFactory(application=application, number=2, answers=ANSWERS | {"contact.name": "Otra Persona"})
    for name in ("review", "decision"):
        page = words(as_(ana).get(url(name, application)))
        assert not {word for word in ("Quispe", "Luis Huamán", "ana@glaciares", "Otra Persona") if word in page}
    assert "hidden from reviewers" in words(as_(ana).get(url("review", application)))
    assert as_(ana).get(url("review", application)).context["changes"] == []
    assert "Luis Huamán" in words(as_(boss).get(url("review", application)))


def test_hidden_people_are_hidden_in_files_history_and_letters_too(as_, ana, boss):
    application = in_review()
    ReviewPolicy.objects.create(programme=application.programme, hide_people=True)
    file = kept(application)
    answers = ANSWERS | {FIELD: [{"file": str(file.key), "name": "Ana Quispe.pdf", "size": 3}]}
    AnswerRevisionFactory(application=application, number=2, answers=answers)
    for user in (ana, boss):
        reviewed(application, user)
    proposed(application)
    StageEvent.objects.filter(after=ApplicationState.IN_REVIEW).update(actor_role="applicant", actor_label="Ana Quispe")
    asks_for_file = reverse("onboarding:file", args=[file.key])
    for name in ("review", "decision", "where_it_stands"):
        assert "Quispe" not in words(as_(ana).get(url(name, application))), name
        assert "Quispe" in words(as_(boss).get(url(name, application))), name
    assert as_(ana).get(asks_for_file).status_code == 404
    assert as_(ana).post(url("edit_letter", application), {"subject": "S", "body": "B"}).status_code == 404
    assert b"".join(as_(boss).get(asks_for_file).streaming_content) == PDF


def test_hidden_applicant_who_was_signed_in_has_no_name_in_the_history(as_, ana):
    application, luis = in_review(), UserFactory(name="Luis Huamán")
    ReviewPolicy.objects.create(programme=application.programme, hide_people=True)
    free_to_read(application, ana)
    kind = ContentType.objects.get_for_model(Application)
    for after in ("applied", "withdrawn"):
        StageEvent.objects.create(
            content_type=kind,
            object_id=application.pk,
            before="x",
            after=after,
            actor=luis,
            actor_role="person",
            actor_label="Luis Huamán",
            at=timezone.now(),
        )
    assert "Luis Huamán" not in words(as_(ana).get(url("where_it_stands", application)))


def test_two_tabs_are_shown_both_texts_and_the_second_may_win(as_, ana):
    application = in_review()
    free_to_read(application, ana)
    as_(ana).post(url("keep_review", application), {"seen": "", "level:need": "2", "note_team": "from one tab"})
    clash = as_(ana).post(url("keep_review", application), {"seen": "", "level:need": "3", "note_team": "from the other"})
    page = words(clash)
    assert clash.status_code == 409
    assert "from one tab" in page
    assert "from the other" in page
    assert Review.objects.get().note_team == "from one tab"
    again = {"seen": clash.context["form"]["seen"].value(), "level:need": "3", "note_team": "from the other"}
    assert as_(ana).post(url("keep_review", application), again).status_code == 302
    assert Review.objects.get().note_team == "from the other"


def test_stale_tab_does_not_submit(as_, ana):
    application = in_review()
    free_to_read(application, ana)
    as_(ana).post(url("keep_review", application), {"seen": "", "level:need": "2"})
    assert as_(ana).post(url("submit_review", application), typed(seen="")).status_code == 409
    assert Review.objects.get().state == ReviewState.DRAFT


def test_confidence_is_kept_and_shown(as_, ana):
    application = in_review()
    free_to_read(application, ana)
    as_(ana).post(url("submit_review", application), typed(confidence="1"))
    assert Review.objects.get().confidence == 1
    assert "I am guessing in places" in words(as_(ana).get(url("review", application)))


def test_gates_stand_beside_their_evidence(as_, boss):
    application = in_review()
    reviewed(application, boss)
    assert len(as_(boss).get(url("decision", application)).context["gates"]) == 5
    page = words(as_(boss).get(url("decision", application)))
    assert "Luis Huamán" in page.split("Gates")[1]


# who reviews it


def test_lead_asks_and_the_person_declines_with_a_word(as_, ana, boss):
    application = in_review()
    tomorrow = timezone.localdate() + timedelta(days=1)
    as_(boss).post(url("invite_reviewer", application), {"person": ana.pk, "due_on": str(tomorrow)})
    assignment = Assignment.objects.get()
    assert (assignment.reviewer, timezone.localdate(assignment.due_at)) == (ana, tomorrow)
    assert "asked you to review" in words(as_(ana).get(url("review", application)))
    as_(ana).post(url("decline_review", application), {"reason": ""})
    as_(ana).post(url("decline_review", application), {"reason": "away until June"})
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.DECLINED
    assert "away until June" in words(as_(boss).get(url("review_people", application)))


def test_lead_cannot_ask_until_yesterday_nor_somebody_tied(as_, boss):
    application, tied = in_review(), reviewer(email="luis@glaciares.example.org")
    yesterday = str(timezone.localdate() - timedelta(days=1))
    response = as_(boss).post(url("invite_reviewer", application), {"person": tied.pk, "due_on": yesterday})
    assert response.status_code == 422
    as_(boss).post(url("invite_reviewer", application), {"person": tied.pk})
    assert not Assignment.objects.exists()


def test_lead_waives_and_recuses(as_, ana, boss):
    application, tied = in_review(), reviewer(email="luis@glaciares.example.org")
    conflict = conflicts.look(application, by=acting(tied))
    assert as_(boss).post(url("waive_conflict", application), {"conflict": conflict.pk, "reason": ""}).status_code == 422
    as_(boss).post(url("waive_conflict", application), {"conflict": conflict.pk, "reason": "another Luis"})
    conflict.refresh_from_db()
    assert (conflict.waived_by, conflict.waive_reason) == (boss, "another Luis")
    as_(boss).post(url("recuse_reviewer", application), {"person": ana.pk, "kind": "supervisor", "note": "thesis"})
    assert Conflict.objects.get(person=ana).is_hard
    assert "A review lead noted" in words(as_(ana).get(url("review", application)))


def test_people_page_costs_the_same_with_two_reviewers_and_with_five(as_, ana, boss, django_assert_num_queries):
    application = in_review()
    browser = as_(boss)
    for count in (1, 3):
        for _ in range(count):
            assigning.invite(application, reviewer(), by=acting(boss))
            free_to_read(application, reviewer())
        with django_assert_num_queries(PEOPLE_QUERIES):
            browser.get(url("review_people", application))


PEOPLE_QUERIES = 9


# duplicates


@pytest.mark.parametrize("what", ["switched off", "pending"])
def test_pair_is_joined_through_the_door(as_, boss, what):
    first, second = in_review(), in_review()
    comparing.compare_all()
    link = DuplicateLink.objects.get()
    if what == "pending":
        proposed(second)
    else:
        CommandPolicy.objects.create(programme=first.programme, command="mark_duplicate", is_enabled=False)
    page = as_(boss).post(reverse("onboarding:merge_duplicates", args=[link.pk]), {"keep": first.reference}, follow=True)
    assert {"switched off": "This programme does not use this.", "pending": "A decision is proposed."}[what] in words(page)
    second.refresh_from_db()
    assert second.duplicate_of is None


def test_withdrawn_copy_is_joined(as_, boss):
    first, second = in_review(), screened()
    comparing.compare_all()
    deciding.withdraw(second, by=acting(boss))
    as_(boss).post(reverse("onboarding:merge_duplicates", args=[DuplicateLink.objects.get().pk]), {"keep": first.reference})
    second.refresh_from_db()
    assert second.duplicate_of == first


def test_pair_is_noticed_joined_and_taken_apart(as_, boss):
    first, second = in_review(), screened()
    comparing.compare_all()
    link = DuplicateLink.objects.get()
    free_to_read(first, boss)
    assert "The same wish twice?" in words(as_(boss).get(url("review", first)))
    assert "the same website" in words(as_(boss).get(reverse("onboarding:duplicates")))
    as_(boss).post(reverse("onboarding:merge_duplicates", args=[link.pk]), {"keep": first.reference})
    link.refresh_from_db()
    second.refresh_from_db()
    assert (link.verdict, second.duplicate_of) == (Verdict.SAME, first)
    free_to_read(second, boss)
    assert "It goes on there" in words(as_(boss).get(url("review", second)))
    as_(boss).post(reverse("onboarding:part_duplicates", args=[link.pk]))
    as_(boss).post(reverse("onboarding:tell_apart", args=[link.pk]))
    link.refresh_from_db()
    assert link.verdict == Verdict.DIFFERENT
    assert "No pairs to look at" in words(as_(boss).get(reverse("onboarding:duplicates")))


def test_pairs_cost_the_same_with_one_and_with_many(as_, boss, django_assert_num_queries):
    rubric()
    ApplicationFactory.create_batch(2)
    comparing.compare_all()
    browser = as_(boss)
    browser.get(reverse("onboarding:duplicates"))
    with django_assert_num_queries(5):
        browser.get(reverse("onboarding:duplicates"))
    ApplicationFactory.create_batch(3)
    comparing.compare_all()
    with django_assert_num_queries(5):
        page = browser.get(reverse("onboarding:duplicates"))
    assert len(page.context["pairs"]) == 10


# examples and agreement


@pytest.fixture
def examples(db):
    rubric()
    FormVersionFactory()
    calibration_defaults.ensure()
    return list(CalibrationExample.objects.all())


def practise_url(example):
    return reverse("onboarding:practise", args=[example.key])


def test_examples_are_scored_and_compared(as_, ana, examples):
    rivers = examples[0]
    assert "To score" in words(as_(ana).get(reverse("onboarding:calibration")))
    page = as_(ana).get(reverse("onboarding:calibration_example", args=["rivers"]))
    assert "40 rivers" in words(page)
    assert "You and the team" not in words(page)
    assert as_(ana).post(practise_url(rivers), {"need": "2"}).status_code == 422
    page = as_(ana).post(practise_url(rivers), dict(rivers.agreed) | {"need": "1"}, follow=True)
    assert "You and the team" in words(page)
    assert "1 criterion is two or more levels apart" in words(page)
    assert CalibrationPractice.objects.get().levels["need"] == 1


def test_programme_that_needs_it_leads_to_the_examples_first(as_, ana, examples):
    application = in_review()
    ReviewPolicy.objects.create(programme=application.programme, needs_calibration=True)
    free_to_read(application, ana)
    page = as_(ana).get(url("review", application))
    assert "First the examples" in words(page)
    assert not page.context["is_open"]
    page = as_(ana).post(url("submit_review", application), typed(), follow=True)
    assert "Please score the examples first." in words(page)
    assert not Review.objects.exists()


def test_agreement_names_each_criterion(as_, ana):
    rubric()
    page = as_(ana).get(reverse("onboarding:agreement"))
    assert next((each.title, each.alpha) for each in page.context["found"][0][1]) == ("Mission and open science", None)
    assert "too little to say" in words(page)


def test_agreement_of_nothing_says_what_will_appear(as_, ana):
    assert "No rubric yet" in words(as_(ana).get(reverse("onboarding:agreement")))


def test_others_numbers_are_in_no_page_of_who_may_not_see_them(as_, ana):
    application = in_review()
    for level in (1, 4):
        reviewed(application, level=level, recommendation=Outcome.ACCEPT)
    free_to_read(application, ana)
    for address in (reverse(QUEUE), url("review", application), url("decision", application)):
        page = words(as_(ana).get(address))
        assert not {word for word in ("62.5", "Reviewers far apart", "100.0") if word in page}, address


# joined ones


def joined_with(application, boss, **answers):
    """Another sending of the same wish, joined with it."""
    other = screened(answers=ANSWERS | answers, email="luis@otra.example.org")
    duplicates.join(application, other, by=acting(boss))
    return other


def with_a_file(application):
    file = kept(application, f"{application.reference}.pdf")
    newest = application.revisions.latest("number")
    entry = {"file": str(file.key), "name": file.name, "size": file.size}
    AnswerRevisionFactory(application=application, number=newest.number + 1, answers=newest.answers | {FIELD: [entry]})
    return file


@pytest.mark.parametrize("name", ["review", "decision"])
def test_what_was_joined_is_read_beside_the_one_that_stays(as_, ana, boss, name):
    application = in_review()
    other = joined_with(application, boss, **{"goal.barrier": "Sin red estable.", "goal.success": ""})
    file = with_a_file(other)
    free_to_read(application, ana)
    page = as_(ana).get(url(name, application))
    assert f"Also sent as {other.reference}" in words(page)
    (also,) = page.context["also_sent"]
    assert [(change.before, change.after) for change in also.differing] == [(ANSWERS["goal.barrier"], "Sin red estable.")]
    path = reverse("onboarding:file", args=[file.key])
    assert path in words(page)
    assert as_(ana).get(path).getvalue() == PDF
    assert set(ViewRecord.objects.filter(viewer=ana).values_list("application", flat=True)) == {application.pk, other.pk}


def test_what_was_joined_is_read_where_only_the_one_that_stays_was_given(as_, ana, boss):
    application = in_review()
    file = with_a_file(joined_with(application, boss))
    ReviewPolicy.objects.create(programme=application.programme, assigned_only=True)
    path = reverse("onboarding:file", args=[file.key])
    assert as_(ana).get(path).status_code == 404
    assigning.invite(application, ana, by=acting(boss))
    free_to_read(application, ana)
    assert as_(ana).get(path).getvalue() == PDF


@pytest.mark.parametrize("tie", ["declared", "named", "member"])
def test_what_was_joined_stays_hidden_from_who_is_tied_to_it(as_, ana, boss, tie):
    application = in_review()
    site = {"community.website": "https://otra.example.org"}
    person = {"people.hub_champion": {"name": "Ana", "email": ana.email}} if tie == "named" else {}
    other = joined_with(application, boss, **site, **person)
    file = with_a_file(other)
    free_to_read(application, ana)
    if tie == "declared":
        free_to_read(other, ana)
        reviewing.declare_conflict(other, kind=ConflictKind.FINANCIAL, by=acting(ana))
    elif tie == "member":
        Membership.objects.create(user=ana, community=CommunityFactory(website="https://www.otra.example.org/"), role=Role.HUB_CHAMPION)
    page = as_(ana).get(url("review", application))
    assert (page.context["also_sent"], other.reference in words(page)) == ([], False)
    assert as_(ana).get(reverse("onboarding:file", args=[file.key])).status_code == 404


def test_file_of_what_was_joined_stays_hidden_from_who_cannot_judge_the_one_that_stays(as_, ana, boss):
    application = in_review()
    file = with_a_file(joined_with(application, boss))
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=acting(ana))
    assert as_(ana).get(reverse("onboarding:file", args=[file.key])).status_code == 404


@pytest.mark.parametrize("name", ["review", "decision"])
def test_joined_ones_cost_the_same_with_one_and_with_three(as_, boss, name, django_assert_num_queries, django_assert_max_num_queries):
    application = in_review()
    free_to_read(application, boss)
    browser = as_(boss)
    browser.get(url(name, application))
    with django_assert_max_num_queries(60) as alone:
        browser.get(url(name, application))
    joined_with(application, boss)
    with django_assert_num_queries(len(alone) + 5):
        browser.get(url(name, application))
    for _ in range(2):
        joined_with(application, boss, **{"goal.barrier": "Sin red."})
    with django_assert_num_queries(len(alone) + 5):
        page = browser.get(url(name, application))
    assert len(page.context["also_sent"]) == 3
