"""A community's own version of a shared article or of one section: writing it, and what to do when the shared text changes under it."""

from knowledgebase.overriding.comparing import Comparison, Word, compare, comparison
from knowledgebase.overriding.settling import NothingToKeep, WaitsForAnother, adopt, keep, let_stand_alone
from knowledgebase.overriding.showing import Tools, tools, with_tools
from knowledgebase.overriding.writing import CannotWrite, write_own

__all__ = [
    "CannotWrite",
    "Comparison",
    "NothingToKeep",
    "Tools",
    "WaitsForAnother",
    "Word",
    "adopt",
    "compare",
    "comparison",
    "keep",
    "let_stand_alone",
    "tools",
    "with_tools",
    "write_own",
]
