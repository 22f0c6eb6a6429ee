"""Plots: whatever the numbers and the names, what is drawn is whole, inside its frame, and says the same as its table."""

import math
import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ground.plots import Bar, Cells, Line, Plot, Point, Sample, bars, distribution, funnel, heat_map, lines, scatter

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</svg><script>alert("x")</script>&amp;\x00\x1b'
names = st.text(max_size=80)
amounts = st.one_of(
    st.integers(min_value=0, max_value=10**9), st.floats(min_value=0, max_value=1e9), st.sampled_from([math.nan, math.inf, 0, 0.001])
)
real = st.one_of(st.integers(min_value=0, max_value=10**7), st.floats(min_value=0, max_value=1e7))
said = {"title": "Title", "description": "What it shows."}


def drawn(plot: Plot) -> ElementTree.Element | None:
    return None if plot.is_empty else ElementTree.fromstring(plot.svg)


def assert_whole(plot: Plot) -> None:
    """Well-formed, without anything that is no number, every part inside the frame."""
    root = drawn(plot)
    if root is None:
        return
    assert not re.search(r"\b(nan|inf|infinity)\b", re.sub(r">[^<]*<", "><", str(plot.svg)), re.IGNORECASE)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    _left, _top, width, height = map(float, root.get("viewBox").split())
    for part in root.iter():
        assert not any(name.startswith("on") or name == "style" for name in part.attrib)
        x, y = (float(part.get(name, 0)) for name in ("x", "y"))
        assert 0 <= x + float(part.get("width", 0) if part.tag == f"{SVG}rect" else 0) <= width + 0.02
        assert 0 <= y + float(part.get("height", 0) if part.tag == f"{SVG}rect" else 0) <= height + 0.02
        for name, edge in {"x1": width, "x2": width, "cx": width, "y1": height, "y2": height, "cy": height}.items():
            assert 0 <= float(part.get(name, 0)) <= edge
        assert float(part.get("width", 0)) >= 0


@given(st.lists(st.tuples(names, st.tuples(amounts, amounts)), max_size=8), st.booleans(), names)
def test_bars_are_whole_whatever_they_show(rows, stacked, heading):
    plot = bars("b", rows=[Bar(label, pair) for label, pair in rows], series=["one", "two"], heading=heading, stacked=stacked, **said)
    assert_whole(plot)
    assert plot.is_empty or len(plot.table.rows) == len(rows)


@given(st.lists(st.tuples(names, st.integers(min_value=0, max_value=10**6)), max_size=7))
def test_funnel_is_whole(rows):
    assert_whole(funnel("f", rows=rows, **said))


@given(st.lists(st.tuples(names, st.lists(real, max_size=100)), max_size=5), st.one_of(st.none(), real))
def test_distribution_is_whole(samples, mark):
    plot = distribution("d", samples=[Sample(*each) for each in samples], unit="days", mark=mark, marked="line", **said)
    assert_whole(plot)
    assert plot.is_empty == (not any(values for _name, values in samples))


@given(
    st.lists(st.tuples(names, st.lists(st.one_of(st.none(), real), min_size=3, max_size=3)), max_size=6),
    st.lists(names, min_size=3, max_size=3),
)
def test_heat_map_is_whole(rows, columns):
    assert_whole(heat_map("h", rows=[Cells(*row) for row in rows], columns=columns, **said))


@given(st.lists(st.tuples(names, st.one_of(st.none(), real)), min_size=1, max_size=30), st.one_of(st.none(), real), st.booleans())
def test_lines_are_whole(places, mark, stepped):
    values = [value for _name, value in places]
    assert_whole(
        lines(
            "l",
            places=[name for name, _value in places],
            series=[Line("a", values), Line("b", values[::-1])],
            mark=mark,
            marked="m",
            stepped=stepped,
            **said,
        )
    )


@given(st.lists(st.tuples(names, real, real), max_size=40))
def test_scatter_is_whole(points):
    assert_whole(scatter("s", points=[Point(*point) for point in points], across="x", upward="y", **said))


def test_hostile_names_stay_text():
    plot = bars("b", rows=[Bar(HOSTILE, [1])], series=[HOSTILE], title=HOSTILE, description=HOSTILE, heading=HOSTILE)
    html = render_to_string("components/plot.html", {"plot": plot})
    assert "<script" not in html
    assert "alert" in "".join(drawn(plot).itertext())


def test_nothing_to_show_is_an_empty_plot_that_says_so():
    plot = funnel("f", rows=[("Sent", 0)], title="Funnel", description="What will be here.")
    assert plot.is_empty
    assert "What will be here." in render_to_string("components/plot.html", {"plot": plot})


def test_plot_is_named_and_described_and_its_table_holds_the_same_numbers():
    plot = funnel("f", rows=[("Sent", 1200), ("Live", 300)], heading="Step", amount="Applications", **said)
    root = drawn(plot)
    named = [root.find(f".//*[@id='{key}']").text for key in root.get("aria-labelledby").split()]
    assert named == ["Title", "What it shows."]
    assert plot.table.headings == ["Step", "Applications", "Of the first"]
    assert plot.table.rows == [["Sent", "1,200", "100 %"], ["Live", "300", "25 %"]]


@pytest.mark.parametrize(("language", "expected"), [("en", "1,234.5"), ("fr", "1\u202f234,5"), ("es", "1234,5"), ("pt", "1.234,5")])
def test_numbers_are_the_readers_and_coordinates_are_not(language, expected):
    with translation.override(language):
        plot = bars("b", rows=[Bar("a", [1234.5]), Bar("b", [10.25])], series=["n"], **said)
        assert plot.table.rows[0][1].replace("\xa0", "\u202f") in {
            expected,
            expected.replace("1234", "1.234"),
            expected.replace("1234", "1\u202f234"),
        }
        assert_whole(plot)


def test_series_differ_without_colour():
    plot = bars("b", rows=[Bar("a", [1, 2, 3])], series=["x", "y", "z"], **said)
    assert len(set(re.findall(r"url\(#(b-pattern-\d)\)", plot.svg))) == 3
    assert [key.words for key in plot.legend] == ["x", "y", "z"]
