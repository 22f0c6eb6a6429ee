"""Synthetic data in bulk, to see how the site stands many years of work: the same seed makes the same world."""

from demo.load.articles import make_articles
from demo.load.communities import make_communities
from demo.load.tickets import make_tickets

__all__ = ["make_articles", "make_communities", "make_tickets"]
