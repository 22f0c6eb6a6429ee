"""A unified diff as lines."""

from hubs import diffs

DIFF = """--- a/x.yaml
+++ b/x.yaml
@@ -1,3 +1,3 @@
 hubs:
-- old
+- new
 end
"""


def test_lines_carry_their_kind_and_numbers():
    assert [(line.kind, line.text, line.before, line.after) for line in diffs.lines(DIFF)] == [
        ("hunk", "@@ -1,3 +1,3 @@", None, None),
        ("same", "hubs:", 1, 1),
        ("remove", "- old", 2, None),
        ("add", "- new", None, 2),
        ("same", "end", 3, 3),
    ]


def test_added_and_removed_lines_are_counted():
    assert diffs.counted(DIFF) == (1, 1)


def test_what_is_no_diff_has_no_lines():
    assert diffs.lines("Binary files differ") == []
