"""The one document a hub's facts live in: what is wrong with it, what is missing, what there is to ask, in plain words."""

from hubs.schema.asking import Field, fields
from hubs.schema.checking import Missing, cleaned, missing, problems
from hubs.schema.problems import Problem
from hubs.schema.rules import USUAL_NOTICE, Notice
from hubs.schema.shape import request_schema
from hubs.schema.warnings import warnings

__all__ = [
    "USUAL_NOTICE",
    "Field",
    "Missing",
    "Notice",
    "Problem",
    "cleaned",
    "fields",
    "missing",
    "problems",
    "request_schema",
    "warnings",
]
