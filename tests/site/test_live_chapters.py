"""Every chapter runs on its own page, and has all its points with the right functions put in."""

import contextlib
import functools

import pytest

from tests import browser
from tests.site.live import DRAWN, POINTS, Live, read_cells, read_right
from tests.site.small import ROOT, each_chapter, served
from tools.course import chapters, pairs

pytestmark = pytest.mark.timeout(900)  # seconds; the first of these makes the site, on a busy machine in 300


@pytest.fixture(scope="module")
def window(chromium):
    with browser.visit(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def serve():
    """Yield a function that serves a folder, and returns its address, the same one each time."""
    with contextlib.ExitStack() as servers:
        yield functools.cache(lambda folder: f"http://127.0.0.1:{servers.enter_context(served(folder))}")


@pytest.fixture
def beside(window):
    """Yield a new page; the first one stays open, so that Python is compiled only once."""
    first, met = window
    met["errors"].clear()
    page = first.context.new_page()
    yield page, met
    if len(first.context.pages) > 2:
        page.close()


@each_chapter
def test_every_chapter_runs_with_the_right_functions_and_has_all_its_points(folder, serve, beside, name):
    page, met = beside
    most = sum(cell.metadata.get("points", 0) for cell in read_cells(name))
    live = Live(page, serve(folder), name)
    live.open({"cells": read_right(name) | read_short(name), "points": {}})
    live.start(280)
    assert live.page.locator(".live-raised, .live-said").all_inner_texts() == []
    assert live.status() == "Ready."
    assert live.page.locator(POINTS).inner_text() == (f"{most} of {most} points" if most else "")
    expected = read_pictures(name)
    assert live.page.locator(".live-shown img").count() == expected and live.page.evaluate(DRAWN)
    assert met["errors"] == [] and met["hosts"] <= {"127.0.0.1", None, ""}


def read_short(name):
    """Return the cells of a chapter that define a training, by their ids, with one epoch for eight."""
    trained = "epochs=8"
    return {
        cell.id: cell.source.replace(trained, "epochs=1")
        for cell in read_cells(name)
        if trained in cell.source
    }


def read_pictures(name):
    """Return how many pictures the cells of an exercise show in the solution that was executed."""
    ids = {cell.id for cell in read_cells(name)}
    solution = chapters.read_notebook(pairs.read(ROOT / f"notebooks/solutions/{name}.ipynb"), ".ipynb")
    outputs = [
        output for cell in pairs.list_code_cells(solution) if cell.id in ids for output in cell.outputs
    ]
    return sum("image/png" in output.get("data", {}) for output in outputs)
