"""Which articles need care and why; that somebody looked and found one right (docs/adr/0060)."""

from knowledgebase.care.carrying import carry
from knowledgebase.care.listing import Item, needing_care
from knowledgebase.care.looking import looked, published
from knowledgebase.care.missed import missed
from knowledgebase.care.reasons import Kind, Reason
from knowledgebase.care.waiting import Waiting, waiting

__all__ = ["Item", "Kind", "Reason", "Waiting", "carry", "looked", "missed", "needing_care", "published", "waiting"]
