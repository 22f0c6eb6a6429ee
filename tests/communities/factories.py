"""Matrices for tests."""

from communities import defaults, matrix
from communities.models import Community, MatrixTemplateVersion, ResponsibilityMatrix
from communities.states import Party
from ground.actors import Actor

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
