"""An article cut at its headings."""

from knowledgebase import sections

PARTS = [
    {"html": '<p>Intro</p>\n<h2 id="a">A <code>x</code></h2>\n<p>one</p>\n<h3 id="a1">A1</h3>\n<p>deep</p>\n'},
    {"live": "ask_support", "words": "Ask us", "subject": ""},
    {"html": '<blockquote><h2 id="quoted">No</h2></blockquote><h2 id="b">B</h2><p>two <a href="https://x.example/">link</a><br></p>'},
]


def test_pieces_begin_at_the_texts_own_headings():
    found = [(piece.id, piece.level, piece.title, len(piece.parts)) for piece in sections.pieces(PARTS)]
    assert found == [("", 0, "", 1), ("a", 2, "A x", 1), ("a1", 3, "A1", 3), ("b", 2, "B", 1)]


def test_a_section_reaches_to_the_next_heading_of_its_level():
    assert sections.words(sections.section(PARTS, "a") or []).splitlines() == ["A x", "one", "A1", "deep", "ask_support Ask us", "No"]
    assert sections.words(sections.section(PARTS, "b") or []) == "B\ntwo link (https://x.example/)"
    assert sections.section(PARTS, "quoted") is None


def test_the_pieces_together_are_the_whole():
    def joined(parts):
        return "".join(part.get("html", "|") for part in parts).replace("\n", "")

    assert joined([part for piece in sections.pieces(PARTS) for part in piece.parts]) == joined(PARTS)


def test_anchors_are_all_of_them():
    assert sections.anchors(PARTS) == ["a", "a1", "quoted", "b"]
