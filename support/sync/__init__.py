"""The mirror's performing side: rows that wait go to Freshdesk, what changed there comes here.

Every function is given an open client and says what it did; each may be run again at any time, after any crash.
"""

from support.sync.carrying import fetch_file
from support.sync.companies import ensure_company, link_missing_communities, link_of, push_company
from support.sync.connection import PATIENCE, WHOLE_WINDOW, is_connected, open_freshdesk
from support.sync.leases import alone
from support.sync.passes import poll
from support.sync.people import ensure_contact
from support.sync.pulling import pull_ticket
from support.sync.pushing import push_message, push_ticket
from support.sync.rating import push_rating
from support.sync.reconciling import reconcile
from support.sync.walking import is_first as is_first_import
from support.sync.walking import pull_changes

__all__ = [
    "PATIENCE",
    "WHOLE_WINDOW",
    "alone",
    "ensure_company",
    "ensure_contact",
    "fetch_file",
    "is_connected",
    "is_first_import",
    "link_missing_communities",
    "link_of",
    "open_freshdesk",
    "poll",
    "pull_changes",
    "pull_ticket",
    "push_company",
    "push_message",
    "push_rating",
    "push_ticket",
    "reconcile",
]
