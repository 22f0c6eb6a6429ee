"""People, communities, and the matrix of who is responsible for what."""

from communities.models.communities import Community, Membership, Programme, ServicePolicy
from communities.models.matrices import MatrixRow, MatrixTemplateVersion, ResponsibilityMatrix
from communities.models.people import User

__all__ = ["Community", "MatrixRow", "MatrixTemplateVersion", "Membership", "Programme", "ResponsibilityMatrix", "ServicePolicy", "User"]
