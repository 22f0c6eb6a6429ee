"""What waits for a person, source by source."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from communities import renewing
from communities.models import Community, MatrixTemplateVersion, ResponsibilityMatrix
from communities.roles import Role, StaffGroup
from communities.states import MatrixState
from ground.actors import Actor
from hubs.states import RequestState
from knowledgebase.models import Article
from onboarding import plans
from onboarding.models import Conflict, Item, Phase
from onboarding.states import ConflictKind, Supplier
from portal.waiting import waiting_for
from support.states import Status
from tests.communities.factories import review_due, signers
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import HubRequestFactory
from tests.knowledgebase.factories import bare, published
from tests.onboarding.factories import ApplicationFactory
from tests.onboarding.review_factories import in_review, reviewed, rubric
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


def proposed_matrix(community: Community, **fields: object) -> ResponsibilityMatrix:
    template, _ = MatrixTemplateVersion.objects.get_or_create(
        programme=community.programme, number=1, defaults={"areas": [], "sha256": "0" * 64}
    )
    guide = staff(StaffGroup.COMMUNITY_GUIDE)
    return ResponsibilityMatrix.objects.create(
        community=community, template=template, number=1, state=MatrixState.PROPOSED, proposed_by=guide, proposed_at=now(), **fields
    )


def test_a_proposed_matrix_waits_for_the_representative():
    community = CommunityFactory(name="Reef watch")
    proposed_matrix(community)
    waits = waiting_for(acting(member(community, Role.REPRESENTATIVE)))
    assert [wait.url for wait in waits] == [f"/c/{community.slug}/responsibilities/"]
    assert "Reef watch" in waits[0].sentence


def test_a_proposed_matrix_does_not_wait_for_a_member_nor_for_another_community():
    community = CommunityFactory()
    proposed_matrix(community)
    others = [member(community, Role.MEMBER), member(CommunityFactory(), Role.REPRESENTATIVE), staff(StaffGroup.ENGINEER)]
    assert [waiting_for(acting(user)) for user in others] == [[], [], []]


def test_a_proposed_matrix_waits_for_the_provider_until_the_provider_agreed():
    guide = acting(staff(StaffGroup.COMMUNITY_GUIDE))
    matrix = proposed_matrix(CommunityFactory())
    assert len(waiting_for(guide)) == 1
    ResponsibilityMatrix.objects.filter(pk=matrix.pk).update(provider_agreed_by=guide.user, provider_agreed_at=now())
    assert waiting_for(guide) == []


def test_waiting_in_one_community_leaves_out_the_others():
    here, there = CommunityFactory(), CommunityFactory()
    proposed_matrix(here)
    proposed_matrix(there)
    guide = acting(staff(StaffGroup.COMMUNITY_GUIDE))
    assert (len(waiting_for(guide)), len(waiting_for(guide, community=here))) == (2, 1)


def test_nothing_waits_for_a_stranger():
    proposed_matrix(CommunityFactory())
    assert waiting_for(Actor.anonymous()) == []


def test_an_open_hub_request_waits_for_who_leads_the_community_alone():
    community = CommunityFactory()
    request = HubRequestFactory(community=community)
    assert [wait.url for wait in waiting_for(acting(member(community, Role.HUB_CHAMPION)))] == [request.get_absolute_url()]
    assert waiting_for(acting(member(community, Role.MEMBER))) == []
    assert waiting_for(acting(member(CommunityFactory(), Role.REPRESENTATIVE))) == []


def test_a_planned_hub_request_waits_for_an_engineer():
    community = CommunityFactory()
    HubRequestFactory(community=community, state=RequestState.PLANNED, plan_digest="sha256:1")
    (wait,) = waiting_for(acting(staff(StaffGroup.ENGINEER)))
    assert (wait.button, wait.sentence) == ("Read the plan", f"The plan for the hub of {community} is ready to be read.")
    assert waiting_for(acting(member(community, Role.REPRESENTATIVE))) == []


def test_applications_in_review_wait_for_a_reviewer_until_scored_or_in_conflict():
    scored, tied, fresh = (in_review() for _ in range(3))
    reviewer = acting(staff(StaffGroup.REVIEWER))
    Conflict.objects.create(application=tied, person=reviewer.user, kind=ConflictKind.INSTITUTION)
    reviewed(scored, reviewer.user)
    (wait,) = waiting_for(reviewer)
    assert wait.sentence == "1 application waits for your review."
    assert wait.since == fresh.sent_at


def test_a_new_application_waits_for_a_review_lead_and_not_for_a_reviewer():
    ApplicationFactory()
    assert [wait.url for wait in waiting_for(acting(staff(StaffGroup.REVIEW_LEAD)))] == ["/review/"]
    assert waiting_for(acting(staff(StaffGroup.REVIEWER))) == []


def test_tickets_wait_for_their_agent_and_those_of_nobody_for_every_agent():
    agent, other = staff(StaffGroup.SUPPORT_AGENT), staff(StaffGroup.SUPPORT_AGENT)
    TicketFactory(assignee=agent)
    TicketFactory(assignee=other, waiting_since=None)
    TicketFactory()
    TicketFactory()
    assert {wait.sentence for wait in waiting_for(acting(agent))} == {
        "1 ticket of yours waits for an answer.",
        "2 tickets have nobody to answer them yet.",
    }
    assert {wait.sentence for wait in waiting_for(acting(other))} == {"2 tickets have nobody to answer them yet."}


def test_a_question_of_ours_waits_for_who_opened_the_ticket():
    community = CommunityFactory()
    ana = member(community, Role.MEMBER)
    TicketFactory(community=community, opened_by=ana, subject="Kernel dies", status_id=Status.WAITING_ON_REQUESTER)
    TicketFactory(community=community, opened_by=ana, status_id=Status.OPEN)
    assert [wait.sentence for wait in waiting_for(acting(ana))] == ["We asked you something about “Kernel dies”."]
    assert waiting_for(acting(member(community, Role.MEMBER))) == []


def test_those_who_wait_longest_come_first():
    community = CommunityFactory()
    TicketFactory(waiting_since=now() - timedelta(days=3))
    guide = staff(StaffGroup.COMMUNITY_GUIDE, StaffGroup.SUPPORT_AGENT)
    proposed_matrix(community)
    assert [wait.url for wait in waiting_for(acting(guide))] == ["/desk/", f"/c/{community.slug}/responsibilities/"]


def test_items_of_a_begun_phase_wait_for_who_leads_the_community():
    rubric()
    community = CommunityFactory()
    plan = plans.open_plan(community, by=Actor.system())
    ours = Item.objects.filter(phase__plan=plan, check_name="", optional=False, supplied_by=Supplier.COMMUNITY)
    first = ours.order_by("phase__position", "position").first()
    Phase.objects.filter(plan=plan).update(ready_at=None)
    ana = acting(member(community, Role.REPRESENTATIVE))
    assert waiting_for(ana) == []
    Phase.objects.filter(pk=first.phase_id).update(ready_at=now())
    (wait,) = waiting_for(ana)
    number = ours.filter(phase=first.phase).count()
    assert wait.sentence.startswith(f"{number} thing")
    assert wait.url == f"/c/{community.slug}/onboarding/"
    assert waiting_for(acting(member(community, Role.MEMBER))) == []


def test_matrix_to_look_at_again_waits_for_both_sides_until_one_answers():
    community = CommunityFactory()
    review_due(community)
    ana, guide = signers(community)
    assert [wait.button for wait in waiting_for(ana)] == ["Look at it again"]
    assert [wait.button for wait in waiting_for(guide)] == ["Look at it again"]
    renewing.still_right(community, by=ana)
    assert [wait.button for wait in waiting_for(ana)] == []
    assert [wait.button for wait in waiting_for(guide)] == ["Read and agree"]


def test_articles_that_need_care_wait_for_who_looks_after_them():
    community = CommunityFactory(slug="coastal", name="Coastal")
    for base in (bare(community), bare()):
        edition = published(base, title="Old")
        Article.objects.filter(pk=edition.pk).update(review_by=now().date() - timedelta(days=3))
    people = {
        "champion": member(community, Role.HUB_CHAMPION),
        "member": member(community, Role.MEMBER),
        "other": member(CommunityFactory(), Role.REPRESENTATIVE),
        "guide": staff(StaffGroup.COMMUNITY_GUIDE),
        "engineer": staff(StaffGroup.ENGINEER),
    }
    waits = {who: [(wait.sentence, wait.url) for wait in waiting_for(acting(user))] for who, user in people.items()}
    assert waits == {
        "champion": [("1 article of Coastal needs care.", "/c/coastal/kb/care/")],
        "member": [],
        "other": [],
        "guide": [("1 shared article needs care.", "/kb/care/")],
        "engineer": [],
    }
    assert [wait.url for wait in waiting_for(acting(people["champion"]), community=community)] == ["/c/coastal/kb/care/"]
