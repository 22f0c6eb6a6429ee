import pytest
from django.core import mail

from communities.models import Community, MatrixTemplateVersion, Membership, ResponsibilityMatrix
from communities.roles import Role
from communities.states import CommunityState, MatrixState
from ground.states import WrongState
from ground.sweep import perform_due
from hubs.models import HubRequest
from hubs.states import RequestState
from knowledgebase.models import KnowledgeBase
from onboarding import acceptance, answered_facts, posting, reviewing
from onboarding.conflicts import Conflicted
from onboarding.models import Decision, Letter, OnboardingPlan, PlanTemplateVersion
from onboarding.questions.conditions import PENDING
from onboarding.states import ApplicationState, ConflictKind, DecisionState, LetterState, Outcome
from tests.factories import acting
from tests.onboarding.factories import ANSWERS, AnswerRevisionFactory
from tests.onboarding.review_factories import approved, in_review, lead, proposed

pytestmark = pytest.mark.django_db


def release(decision):
    return acceptance.release(decision, by=acting(lead()))


def test_release_of_an_acceptance_founds_everything_from_the_answers(house):
    community = release(approved())
    assert (community.slug, community.name, community.state) == ("glaciares-andinos", "Red Andina de Glaciares", CommunityState.ONBOARDING)
    assert (community.language, community.country.code, community.timezone) == ("es", "PE", "America/Lima")
    assert set(Membership.objects.filter(community=community).values_list("user__email", "role")) == {
        ("ana@glaciares.example.org", Role.REPRESENTATIVE),
        ("luis@glaciares.example.org", Role.HUB_CHAMPION),
        ("luis@glaciares.example.org", Role.TECHNICAL_CONTACT),
    }
    assert ResponsibilityMatrix.objects.get(community=community).state == MatrixState.PROPOSED
    assert KnowledgeBase.objects.filter(community=community).exists()
    assert OnboardingPlan.objects.get(community=community).phases.count() == 14
    request = HubRequest.objects.get(community=community)
    assert request.state == RequestState.DRAFT
    assert request.document["hubs"][0]["display_name"] == "Red Andina de Glaciares"
    assert request.document["requested_by"] == {"name": "Ana Quispe Mamani", "email": "ana@glaciares.example.org"}


def test_release_tells_the_application_and_the_decision(house):
    decision = approved()
    community = release(decision)
    decision.refresh_from_db()
    assert (decision.state, decision.community) == (DecisionState.RELEASED, community)
    assert decision.released_by is not None
    application = decision.application
    application.refresh_from_db()
    assert (application.state, application.outcome, application.community) == (ApplicationState.DECIDED, Outcome.ACCEPT, community)
    assert decision.letters.get().state == LetterState.QUEUED


def test_release_of_anything_else_sends_the_letter_alone(house):
    assert release(approved(outcome=Outcome.WAITLIST)) is None
    assert not Community.objects.exists()
    assert Letter.objects.get().state == LetterState.QUEUED


def test_release_runs_once(house):
    decision = approved()
    release(decision)
    with pytest.raises(WrongState):
        release(decision)
    assert Community.objects.count() == 1


def test_release_before_approval_is_refused(house):
    with pytest.raises(WrongState):
        release(proposed())
    assert Letter.objects.get().state == LetterState.DRAFT


def test_release_by_somebody_with_a_conflict_is_refused(house):
    decision, by = approved(), acting(lead())
    reviewing.declare_conflict(decision.application, kind=ConflictKind.INSTITUTION, by=by)
    with pytest.raises(Conflicted):
        acceptance.release(decision, by=by)
    assert Decision.objects.get().state == DecisionState.APPROVED
    assert not Community.objects.exists()


def test_release_leaves_nothing_half_done_when_any_callee_fails(house):
    decision = approved()
    PlanTemplateVersion.objects.update(is_current=False)
    with pytest.raises(PlanTemplateVersion.DoesNotExist):
        release(decision)
    assert not Community.objects.exists()
    assert not KnowledgeBase.objects.filter(community__isnull=False).exists()
    decision.refresh_from_db()
    assert (decision.state, decision.released_at) == (DecisionState.APPROVED, None)
    assert Letter.objects.get().state == LetterState.APPROVED
    decision.application.refresh_from_db()
    assert (decision.application.state, decision.application.outcome) == (ApplicationState.IN_REVIEW, "")


def test_release_without_a_matrix_template_is_refused_whole(house):
    decision = approved()
    MatrixTemplateVersion.objects.update(is_current=False)
    with pytest.raises(MatrixTemplateVersion.DoesNotExist):
        release(decision)
    assert not Community.objects.exists()


def test_release_reads_the_newest_answers(house):
    decision = approved()
    AnswerRevisionFactory(application=decision.application, number=2, answers=ANSWERS | {"community.long_name": "Glaciares del Sur"})
    assert release(decision).name == "Glaciares del Sur"


# people


@pytest.mark.parametrize(
    ("changes", "people"),
    [
        ({"people.hub_champion": PENDING}, {"ana@glaciares.example.org": [Role.REPRESENTATIVE]}),
        (
            {"people.community_champion": {"name": "Rosa", "email": "Rosa@Glaciares.example.org"}, "people.hub_champion": PENDING},
            {"rosa@glaciares.example.org": [Role.REPRESENTATIVE], "ana@glaciares.example.org": [Role.MEMBER]},
        ),
        ({"people.community_champion": PENDING, "people.hub_champion": PENDING}, {"ana@glaciares.example.org": [Role.REPRESENTATIVE]}),
        (
            {"people.hub_champion": {"name": "Ana", "email": "ana@glaciares.example.org"}},
            {"ana@glaciares.example.org": [Role.HUB_CHAMPION, Role.REPRESENTATIVE, Role.TECHNICAL_CONTACT]},
        ),
    ],
)
def test_people_of_an_application_come_once_with_all_their_roles(changes, people):
    application = in_review()
    found = answered_facts.people(application, ANSWERS | changes)
    assert {person.email: list(person.roles) for person in found} == people


# the letter


def test_letter_tells_the_representative_how_to_sign_in(house):
    community = release(approved())
    letter = Letter.objects.get()
    posting.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.next_attempt_at) == (LetterState.SENT, None)
    [message] = mail.outbox
    assert message.to == ["ana@glaciares.example.org"]
    assert message.subject == letter.subject
    assert letter.body in message.body
    assert f"/accounts/login/?next=/c/{community.slug}/" in message.body


def test_letter_of_a_waiting_list_speaks_of_no_sign_in(house):
    release(approved(outcome=Outcome.WAITLIST))
    posting.send(Letter.objects.get().pk)
    assert "/accounts/login/" not in mail.outbox[0].body


def test_letter_leaves_once_when_performed_twice(house):
    release(approved(outcome=Outcome.DECLINE))
    letter = Letter.objects.get()
    posting.send(letter.pk)
    posting.send(letter.pk)
    assert len(mail.outbox) == 1


def test_letter_waits_while_the_transport_is_away_and_fails_in_the_end(house, settings):
    release(approved(outcome=Outcome.DECLINE))
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letter = Letter.objects.get()
    posting.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.QUEUED, 1)
    assert letter.last_error
    assert letter.next_attempt_at is not None
    Letter.objects.update(attempts=12, next_attempt_at=letter.decision.released_at)
    posting.send(letter.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.next_attempt_at) == (LetterState.FAILED, None)


def test_letters_are_due_for_the_sweep(house):
    release(approved(outcome=Outcome.DECLINE))
    perform_due()
    assert Letter.objects.get().state == LetterState.SENT
