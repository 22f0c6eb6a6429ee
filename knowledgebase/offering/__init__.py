"""Offering a community's article to the shared shelf: offer, look for what is the community's alone, take or decline, use the shared one."""

from knowledgebase.offering.checking import Finding, findings
from knowledgebase.offering.deciding import CannotOffer, decline, offer, take, use_shared, withdraw

__all__ = ["CannotOffer", "Finding", "decline", "findings", "offer", "take", "use_shared", "withdraw"]
