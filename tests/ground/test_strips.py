"""A row of days: heights tell them apart, and the table holds those that were not well."""

from xml.etree import ElementTree as ET

from ground.plots import Cell, strip

CELLS = [Cell("Mon", "unknown"), Cell("Tue", "well", ["0 min"]), Cell("Wed", "partly", ["5 min"]), Cell("Thu", "bad", ["20 h"])]


def drawn(cells):
    return strip("row", title="A <b> & row", description="Said", cells=cells, headings=["Day", "Down"], ends=("Mon", "Thu"))


def test_each_look_is_one_path_of_its_own_height():
    plot = drawn(CELLS)
    paths = ET.fromstring(plot.svg).findall("{http://www.w3.org/2000/svg}path")
    heights = {path.get("class").rpartition("--")[2]: path.get("d").partition("v")[2].partition("h")[0] for path in paths}
    assert heights == {"unknown": "3.0", "well": "34.0", "partly": "22.7", "bad": "11.3"}


def test_the_table_holds_what_was_not_well_the_last_first():
    assert (list(drawn(CELLS).table.headings), list(drawn(CELLS).table.rows)) == (["Day", "Down"], [["Thu", "20 h"], ["Wed", "5 min"]])


def test_nothing_known_draws_nothing():
    assert drawn(CELLS[:1]).is_empty
    assert drawn([]).is_empty


def test_ninety_places_stay_a_small_drawing():
    assert len(drawn([Cell(str(number), "well") for number in range(90)]).svg) < 3000
