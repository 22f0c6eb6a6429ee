"""The desk's views: which tickets, in which order, and how many."""

from support.queue.choosing import NAMES, Chosen, Narrowing, narrowings, order_of, view_of
from support.queue.counting import CAP, count_capped, counts
from support.queue.filters import FILTERS, SOON, Filter
from support.queue.listing import PAGE, is_unread, listed, page, rows
from support.queue.moments import Moment, moment
from support.queue.places import Place, place
from support.queue.pulses import Pulse, pulse
from support.queue.showing import Look, Row, shown
from support.queue.views import DEFAULT_VIEW, LATELY, NEWEST_FIRST, SORTS, VIEWS, Sort, View, kept

__all__ = [
    "CAP",
    "DEFAULT_VIEW",
    "FILTERS",
    "LATELY",
    "NAMES",
    "NEWEST_FIRST",
    "PAGE",
    "SOON",
    "SORTS",
    "VIEWS",
    "Chosen",
    "Filter",
    "Look",
    "Moment",
    "Narrowing",
    "Place",
    "Pulse",
    "Row",
    "Sort",
    "View",
    "count_capped",
    "counts",
    "is_unread",
    "kept",
    "listed",
    "moment",
    "narrowings",
    "order_of",
    "page",
    "place",
    "pulse",
    "rows",
    "shown",
    "view_of",
]
