"""People, communities, and the matrix of who is responsible for what."""

from communities.models.communities import Community, Membership, Programme, ServicePolicy
from communities.models.matrices import MatrixComment, MatrixRow, ResponsibilityMatrix
from communities.models.matrix_templates import MatrixTemplate, MatrixTemplateVersion
from communities.models.people import User

__all__ = [
    "Community",
    "MatrixComment",
    "MatrixRow",
    "MatrixTemplate",
    "MatrixTemplateVersion",
    "Membership",
    "Programme",
    "ResponsibilityMatrix",
    "ServicePolicy",
    "User",
]
