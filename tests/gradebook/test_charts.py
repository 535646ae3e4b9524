"""A chart is as wide as the page and in proportion, and says in words what it shows."""

import re
from xml.etree import ElementTree

import pytest

from tools.gradebook import charts


def rectangles(svg):
    """Return (x, y, width, height, colour) for each rectangle of a chart."""
    parts = [part.attrib for part in ElementTree.fromstring(svg).iter("rect")]
    sizes = [[float(part[key].rstrip("%")) for key in ("x", "y", "width", "height")] for part in parts]
    return [(*size, part["fill"]) for size, part in zip(sizes, parts, strict=True)]


def words(svg):
    """Return (x, y, text) for each text of a chart."""
    texts = ElementTree.fromstring(svg).iter("text")
    return [(float(one.get("x").rstrip("%")), float(one.get("y")), "".join(one.itertext())) for one in texts]


def test_a_bar_is_as_long_as_its_share_of_the_class():
    svg = charts.draw_bars([("a < b", 4), ("c", 1)], 5, "two & more")
    ground, bar = (0, 20, 100, 10, charts.GROUND), (0, 20, 80, 10, charts.BAR)
    assert rectangles(svg) == [ground, bar, (0, 60, *ground[2:]), (0, 60, 20, 10, charts.BAR)]
    assert words(svg) == [(0, 14, "4 a < b"), (0, 54, "1 c")]
    top = ElementTree.fromstring(svg)
    assert top.get("aria-label") == top.find("title").text == "two & more" and top.get("height") == "80"


def test_a_bar_is_divided_by_outcome_and_has_a_number_where_it_fits():
    svg = charts.draw_shares(
        [("f", {"passed": 60, "wrong": 34, "raised": 6}), ("g", {"passed": 1, "wrong": 3})], ""
    )
    green, red, pink = (charts.COLOUR[outcome] for outcome in ("passed", "wrong", "raised"))
    assert rectangles(svg) == [
        (0, 20, 60, 18, green),
        (60, 20, 34, 18, red),
        (94, 20, 6, 18, pink),
        (0, 66, 25, 18, green),
        (25, 66, 75, 18, red),
    ]
    assert [(x, y, re.sub(r"\W", "", text)) for x, y, text in words(svg)] == [
        (0, 14, "f"),
        (0, 34, "60"),
        (60, 34, "34"),
        (0, 60, "g"),
        (0, 80, "1"),
        (25, 80, "3"),
    ]


def test_a_histogram_has_a_bar_for_each_part_in_which_somebody_is():
    svg = charts.draw_histogram([0, 20, 0, 40], "")
    assert rectangles(svg) == [
        (25.4, 73, 24.2, 55, charts.BAR),
        (75.4, 18, 24.2, 110, charts.BAR),
    ]
    counts, edges = words(svg)[:2], words(svg)[2:]
    assert counts == [(37.5, 68, "20"), (87.5, 13, "40")]
    assert edges == [(edge, 144, f"{edge}%") for edge in (0, 20, 40, 60, 80, 100)]
    anchors = [one.get("text-anchor") for one in ElementTree.fromstring(svg).iter("text")]
    assert anchors == ["middle", "middle", "start", *4 * ["middle"], "end"]


def test_where_there_are_few_students_each_is_a_block():
    svg = charts.draw_histogram([0, 2, 0, 4], "")
    columns = [left for left, *_ in rectangles(svg)]
    assert (columns.count(25.4), columns.count(75.4), len(columns)) == (2, 4, 6)


@pytest.mark.parametrize("colour", charts.COLOUR.values())
def test_black_can_be_read_on_every_colour(colour):
    """By the contrast of WCAG 2, of which 4.5 is asked."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert (luminance + 0.05) / 0.05 >= 4.5
