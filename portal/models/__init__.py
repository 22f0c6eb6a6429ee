"""The portal's rows."""

from portal.models.archives import Archive
from portal.models.updates import CommunityUpdate, NamedForAll, QuietReader

__all__ = ["Archive", "CommunityUpdate", "NamedForAll", "QuietReader"]
