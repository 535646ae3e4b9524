"""A slider moves, and the picture with it; where nothing can move, the picture and its words are there."""

import pytest

from seqgrad import figures, widgets

VIEW = "application/vnd.jupyter.widget-view+json"


class Page(list):
    """What is displayed, in order; an output with an id can be replaced later."""

    def display(self, output, display_id=False):
        """Put an output on the page."""
        self.append(output)
        return Place(self, len(self) - 1) if display_id else None


class Place:
    """Where a page has an output."""

    def __init__(self, page, index):
        self.page, self.index = page, index

    def update(self, output):
        """Put another output there."""
        self.page[self.index] = output


def line(height, width):
    """Draw something that depends on both sliders, and write how high it is."""
    axes = figures.new_axes()
    axes.plot([0, width], [0, height])
    axes.set(xlim=(0, 9), ylim=(0, 9))
    axes.text(1, 8, f"{height:g} high & wide")
    return axes


@pytest.fixture
def page(monkeypatch):
    """Return a page with two sliders on it."""
    page = Page()
    monkeypatch.setattr(widgets, "display", page.display)
    widgets.slide(line, "A line, 3 high.", height=(3, 0, 9, 1), width=(5, 1, 9, 0.5))
    return page


def sliders(page):
    """Return the widgets on a page by name, and the one that tells in words what is drawn."""
    registry = widgets.ipywidgets.widgets.widget._instances
    *moving, told = registry[page[0].data[VIEW]["model_id"]].children
    return {slider.description: slider for slider in moving}, told


@pytest.mark.parametrize("name", ["height", "width"])
def test_a_slider_that_moves_changes_the_picture(page, name):
    before = page[1].data["image/png"]
    moving, _ = sliders(page)
    moving[name].value = 7
    assert page[1].data["image/png"] != before
    moving[name].value = {"height": 3, "width": 5}[name]
    assert page[1].data["image/png"] == before


def test_sliders_begin_where_they_should_and_go_as_far(page):
    moving, _ = sliders(page)
    numbers = {name: (one.value, one.min, one.max, one.step) for name, one in moving.items()}
    assert numbers == {"height": (3, 0, 9, 1), "width": (5, 1, 9, 0.5)}


def test_a_slider_shows_as_many_decimals_as_its_step_has(page):
    moving, _ = sliders(page)
    assert [moving[name].readout_format for name in ("height", "width")] == [".0f", ".1f"]


def test_what_is_drawn_is_also_told_in_words(page):
    moving, told = sliders(page)
    moving["height"].value = 4
    assert told.value == '<span role="status">4 high &amp; wide</span>'
    assert page[1].metadata["image/png"]["alt"] == "4 high & wide"


def test_without_widgets_the_picture_and_its_words_are_there(page):
    plain = [output.data.get("text/plain", repr(output)) for output in page]
    assert plain == [
        "[sliders for height and width, where the notebook runs]",
        "[picture]",
        "A line, 3 high.",
    ]
    assert page[1].metadata["image/png"]["alt"] == "A line, 3 high."
