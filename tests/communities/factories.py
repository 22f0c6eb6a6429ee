"""Matrices for tests."""

from communities import defaults, discussing, matrix, renewing
from communities.matrix_rows import RowChange
from communities.models import Community, MatrixComment, MatrixTemplateVersion, ResponsibilityMatrix, User
from communities.roles import StaffGroup
from communities.states import Party
from ground.actors import Actor
from tests.factories import acting, member, staff

AREAS = [
    {
        "key": "daily",
        "title": {"en": "Day to day", "es": "Día a día"},
        "rows": [
            {"key": "day.accounts", "text": {"en": "Add people"}, "party": "community", "role": "Hub administrator"},
            {"key": "day.bill", "text": {"en": "Pay the bill"}, "party": "unset", "role": "Representative"},
        ],
    }
]


def template_of(community: Community) -> MatrixTemplateVersion:
    current = MatrixTemplateVersion.objects.filter(programme=community.programme, is_current=True).first()
    return current or defaults.publish_matrix_template(community.programme, AREAS)


def drafted_matrix(community: Community) -> ResponsibilityMatrix:
    template_of(community)
    return matrix.draft(community, by=Actor.system())


def proposed_matrix(community: Community) -> ResponsibilityMatrix:
    return matrix.propose(drafted_matrix(community), by=Actor.system())


def settled_matrix(community: Community) -> ResponsibilityMatrix:
    """Proposed, with nothing left to decide."""
    proposed = proposed_matrix(community)
    proposed.rows.filter(party=Party.UNSET).update(party=Party.COMMUNITY)
    return proposed


def agreed_matrix(community: Community) -> ResponsibilityMatrix:
    """Agreed by a representative and a guide who exist for that alone, or by those there are."""
    return signed(settled_matrix(community), by=signers(community))


def signers(community: Community) -> tuple[Actor, Actor]:
    """(a representative of the community, a community guide)."""
    guide = User.objects.filter(groups__name=StaffGroup.COMMUNITY_GUIDE).first() or staff(StaffGroup.COMMUNITY_GUIDE)
    return acting(community.representatives().first() or member(community)), acting(guide)


def signed(proposed: ResponsibilityMatrix, *, by: tuple[Actor, Actor]) -> ResponsibilityMatrix:
    """Agreed by both."""
    for each in by:
        proposed = matrix.agree(proposed, by=each)
    return proposed


def proposed_change(community: Community, *, by: Actor | None = None) -> ResponsibilityMatrix:
    """The community asks to share what it does alone; a representative proposes it unless told otherwise."""
    agreed_matrix(community)
    change = RowChange(key="day.accounts", party=Party.SHARED, note="half each")
    return matrix.propose_change(community, [change], reason="We grew.", by=by or signers(community)[0])


def review_due(community: Community) -> ResponsibilityMatrix:
    """Agreed, and both sides were asked whether it is still right."""
    agreed = agreed_matrix(community)
    renewing.ask(agreed.pk)
    agreed.refresh_from_db()
    return agreed


def commented(proposed: ResponsibilityMatrix, *, by: Actor | None = None, key: str = "day.bill", is_question: bool = True) -> MatrixComment:
    row = proposed.rows.select_related("matrix").get(key=key)
    return discussing.comment(row, text="Who pays in August?", is_question=is_question, by=by or signers(proposed.community)[0])
