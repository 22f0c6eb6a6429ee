"""Freshdesk's REST API, version 2, as far as the desk needs it. Knows no model."""

from support.freshdesk.client import Freshdesk

__all__ = ["Freshdesk"]
