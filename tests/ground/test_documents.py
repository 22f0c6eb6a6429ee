"""JSON of strangers."""

import pytest

from ground import documents


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("text", ["{}", '{"a": [1, "b", null]}', nested(documents.DEEPEST)])
def test_a_document_is_read(text):
    documents.read(text)


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", nested(documents.DEEPEST + 1), '{"a":' * 60 + "1" + "}" * 60, nested(200_000), "[" * 200_000]
)
def test_what_is_no_document_or_too_deep_is_refused(text):
    with pytest.raises(documents.Unreadable):
        documents.read(text)
