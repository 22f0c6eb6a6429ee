"""Search in our own table, alike on PostgreSQL and SQLite: titles before headings before bodies; accents, endings and misspellings forgiven.

Whatever is found is found inside a queryset the caller may see; no query of anybody's making raises.
"""

from ground.search.asking import Group, Term, Wider
from ground.search.entries import folded, forget, index, index_many
from ground.search.matching import Answer, Match, look_up, match
from ground.search.spelling import Meant, learn, recount
from ground.search.words import LONGEST_QUERY, LONGEST_WORD, STOP, fold, root, stem, trunk, trunks_of, words_of

__all__ = [
    "LONGEST_QUERY",
    "LONGEST_WORD",
    "STOP",
    "Answer",
    "Group",
    "Match",
    "Meant",
    "Term",
    "Wider",
    "fold",
    "folded",
    "forget",
    "index",
    "index_many",
    "learn",
    "look_up",
    "match",
    "recount",
    "root",
    "stem",
    "trunk",
    "trunks_of",
    "words_of",
]
