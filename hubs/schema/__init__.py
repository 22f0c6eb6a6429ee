"""The one document a hub's facts live in: what is wrong with it, what is missing, what there is to ask, in plain words."""

from hubs.schema.asking import Field, fields
from hubs.schema.checking import Missing, cleaned, is_sound, missing, problems, sound
from hubs.schema.events import MARGIN, Circumstances, OtherEvent, cautions
from hubs.schema.problems import Problem
from hubs.schema.rules import USUAL_NOTICE, Notice
from hubs.schema.shape import request_schema
from hubs.schema.warnings import warnings

__all__ = [
    "MARGIN",
    "USUAL_NOTICE",
    "Circumstances",
    "Field",
    "Missing",
    "Notice",
    "OtherEvent",
    "Problem",
    "cautions",
    "cleaned",
    "fields",
    "is_sound",
    "missing",
    "problems",
    "request_schema",
    "sound",
    "warnings",
]
