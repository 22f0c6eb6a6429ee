"""A ticket that needs engineers becomes an issue on GitHub, whose state comes back to it."""

from support.escalating.connection import is_connected
from support.escalating.deciding import Draft, escalate, link, retry, unlink
from support.escalating.drafting import cleaned, draft
from support.escalating.stripping import Stripped, Taken, strip

__all__ = ["Draft", "Stripped", "Taken", "cleaned", "draft", "escalate", "is_connected", "link", "retry", "strip", "unlink"]
