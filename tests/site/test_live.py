"""A chapter runs on its own page: cells, figures, checks and points, what was typed, and what does not end.

One chapter is opened for all of it.
"""

import contextlib
import json
import re

import nbformat
import pytest

from tests import browser
from tests.marks import exhaustive
from tests.site import rules
from tests.site.live import DRAWN, POINTS, Live, read_cells, read_right
from tests.site.small import CHAPTER, ROOT, served


@pytest.fixture(scope="module")
def visited(small_site, chromium):
    """Yield the chapter after it has run, what it asked and said, and how its server is stopped."""
    with contextlib.ExitStack() as server:
        port = server.enter_context(served(small_site))
        with browser.visit(chromium) as (page, met):
            live = Live(page, f"http://127.0.0.1:{port}", CHAPTER)
            live.open(limit=8)
            live.start()
            yield live, met, server


@pytest.fixture
def live(visited):
    return visited[0]


FIRST, SECOND = read_right(CHAPTER)  # the cells of the exercises
SPARE = next(cell.id for cell in read_cells(CHAPTER) if cell.source.startswith("def run_one_unit"))


def test_an_untouched_chapter_runs_to_its_end_and_its_exercises_are_not_attempted(live):
    assert live.status() == "Ready." and live.page.locator(".live-raised, .live-said").count() == 0
    cards = live.page.locator(".live-shown [role=group]").all_inner_texts()
    assert len(cards) == 2 and all("not attempted" in card for card in cards)
    assert live.page.locator(POINTS).inner_text() == "0 of 20 points"
    assert live.page.locator(".live-shown img").count() == 2 and live.page.evaluate(DRAWN)
    marks = live.page.locator(".live-do span").all_inner_texts()
    assert marks == [f"[{number}]" for number in range(1, len(marks) + 1)]
    live.page.evaluate("window.scrollTo(0, 900)")
    browser.screenshot(live.page, "live untouched")


def test_a_cell_shows_what_it_prints_its_last_value_and_an_exception_with_its_line(live):
    assert live.type(SPARE, "x = 3\nprint('a')\nprint('b', end='')\n{'x': x}") == "a\nb\n{'x': 3}"
    seen = live.type(SPARE, "def f():\n    return 1 / 0\n\nf()")
    assert re.search(r'File "<cell \d+>", line 2, in f\n    return 1 / 0', seen)
    assert seen.endswith("ZeroDivisionError: division by zero")
    assert "SyntaxError" in live.type(SPARE, "def f(:")
    assert "only Jupyter understands" in live.type(SPARE, "%timeit 1\nprint(x)")
    seen = live.type(
        SPARE, "import sys\nwhile True:\n    print('x' * 999)\n    if sys.stdout.left < 1: break"
    )
    assert "[Only 200000 characters are shown.]" in seen and len(seen) < 205_000


SLIDER = """
from seqgrad import figures, widgets


def draw(n):
    ax = figures.new_axes()
    ax.plot([0, n])
    ax.text(0, 0, f'n is {n:.1f}')
    return ax


widgets.slide(draw, alt='a line', n=(1, 0, 3, 0.5))
"""


def test_figures_of_pyplot_sliders_and_bars_are_shown(live):
    live.type(SPARE, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert live.cell(SPARE).locator("img").count() == 1
    live.type(SPARE, SLIDER)
    before = live.cell(SPARE).locator("img").get_attribute("src")
    slider = live.cell(SPARE).get_by_role("slider", name="n")
    slider.focus()
    live.page.keyboard.press("ArrowRight")
    live.page.wait_for_function("/n is 1.5/.test(document.querySelector('.live-slider ~ div').textContent)")
    live.wait()
    assert live.cell(SPARE).locator("img").get_attribute("src") != before
    live.cell(SPARE).scroll_into_view_if_needed()
    browser.screenshot(live.page, "live slider")
    seen = live.type(SPARE, "from tqdm.auto import tqdm\nfor _ in tqdm(range(3)): pass")
    assert seen.startswith("3 of 3, in ")


def test_what_a_cell_forges_executes_nothing_and_loads_nothing(live):
    forged = "<p onclick='go()'>mine<img src='//far.example/b' onerror='document.title = 1'></p>"
    seen = live.type(SPARE, f"class Forged:\n    _repr_html_ = lambda self: {forged!r}\n\n\nForged()")
    assert seen == "mine" and "far.example" not in live.cell(SPARE).locator(".live-shown").inner_html()


@pytest.mark.parametrize("key", ["Shift+Enter", "Control+Enter"])
def test_who_types_and_runs_at_once_sees_no_list_of_completions(live, key):
    live.type(SPARE, "prin = 1\npri")
    live.cell(SPARE).locator(".cm-content").press("Control+End")
    live.page.keyboard.type("n")
    live.page.keyboard.press(key)
    live.wait()
    live.page.wait_for_timeout(500)  # a list opens 0.1 s after a letter
    assert live.page.locator(".cm-tooltip-autocomplete").count() == 0
    live.cell(SPARE).locator(".cm-content").press("Control+End")
    live.page.keyboard.type("t")
    live.page.wait_for_selector(".cm-tooltip-autocomplete")  # there it is where nothing is run
    live.page.keyboard.press("Escape")


def test_an_exercise_is_written_checked_kept_and_downloaded(live):
    right = read_right(CHAPTER)[FIRST]
    live.type(FIRST, right, "Shift+Enter")
    assert live.page.evaluate("document.activeElement.ariaLabel").startswith("Cell ")
    live.page.keyboard.press("Shift+Enter")  # the next cell, which is its check
    live.wait()
    assert live.page.locator(POINTS).inner_text() == "10 of 20 points"
    wrong = right.replace("np.tanh(", "np.sin(")
    live.type(FIRST, wrong, "Shift+Enter")
    live.page.keyboard.press("Shift+Enter")
    live.wait()
    card = live.page.locator(".live-shown [role=group]").first
    assert "rnn_cell_forward: wrong" in card.inner_text()
    card.scroll_into_view_if_needed()
    browser.screenshot(live.page, "live wrong")
    assert live.page.locator(POINTS).inner_text() == "0 of 20 points"

    with live.page.expect_download() as started:
        live.page.get_by_role("button", name="Download", exact=True).click()
    assert started.value.suggested_filename == f"{CHAPTER}.ipynb"
    downloaded = nbformat.read(started.value.path(), 4)
    nbformat.validate(downloaded)
    built = nbformat.read(ROOT / f"notebooks/exercises/{CHAPTER}.ipynb", 4)
    assert downloaded.metadata == built.metadata
    for mine, theirs in zip(downloaded.cells, built.cells, strict=True):
        assert (mine.id, mine.metadata) == (theirs.id, theirs.metadata)
        expected = {FIRST: wrong}.get(mine.id, theirs.source)
        assert mine.source == expected or mine.id == SPARE


def test_what_was_typed_is_there_again_until_it_is_reset(live):
    live.type(FIRST, "kept = 1")
    live.open(limit=8)
    live.start()
    assert live.cell(FIRST).locator(".cm-content").inner_text() == "kept = 1"
    live.cell(FIRST).get_by_role("button", name="As it was").click()
    assert live.cell(FIRST).locator(".cm-content").inner_text().startswith("def rnn_cell_forward")
    live.type(FIRST, "kept = 2")
    live.page.once("dialog", lambda dialog: dialog.accept())
    live.page.get_by_role("button", name="Reset").click()
    assert live.cell(FIRST).locator(".cm-content").inner_text().startswith("def rnn_cell_forward")
    assert json.loads(live.page.evaluate(f"localStorage.getItem('seqgrad-chapter-{CHAPTER}')"))["cells"] == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("while True: pass", "did not come to an end within 8 s, so Python was stopped"),
        pytest.param("import os\nos._exit(3)", "ended Python", marks=exhaustive),
    ],
    ids=["loop", "exit"],
)
def test_what_ends_python_is_said_and_the_cells_above_are_run_again(live, text, sentence):
    seen = live.type(SPARE, text)
    assert sentence in seen and "What the cells had defined is lost." in seen
    live.cell(SPARE).scroll_into_view_if_needed()
    browser.screenshot(live.page, f"live {sentence[:5]}")
    assert "NameError" in live.type(SECOND, "np.ones(3)")
    live.cell(SPARE).get_by_role("button", name="Run the cells above again").click()
    live.wait()
    assert live.type(SECOND, "np.ones(3)") == "array([1., 1., 1.])"


def test_a_run_can_be_stopped(live):
    live.cell(SPARE).locator(".cm-content").focus()
    live.page.keyboard.press("Control+a")
    live.page.keyboard.insert_text("while True: pass")
    live.page.keyboard.press("Control+Enter")
    live.page.wait_for_selector(".live[aria-busy=true]")
    live.page.get_by_role("button", name="Stop", exact=True).click()
    live.wait()
    assert "Python was stopped." in live.cell(SPARE).locator(".live-shown").inner_text()
    assert live.type(SPARE, "1 + 1") == "2"


def test_the_front_page_shows_the_points(live):
    live.open({"cells": {}, "points": {"rnn_cell_forward": 7.5}})
    live.page.goto(live.address.replace(f"chapters/{CHAPTER}", "index"))
    live.page.wait_for_selector("#points:visible")
    shown = live.page.locator("[data-most]").evaluate_all("all => all.map((one) => Number(one.dataset.most))")
    assert f"You have 7.5 of {sum(shown)} points" in live.page.locator("#points").inner_text()
    assert "7.5 of 20" in live.page.locator("#chapters table").inner_text()
    browser.screenshot(live.page, "live front")


def test_it_fits_and_breaks_no_rule_of_accessibility_by_day_and_by_night(live):
    live.open({"cells": read_right(CHAPTER) | {SPARE: "print(1)\n1 / 0"}, "points": {}})
    live.start()
    assert live.status() == "A cell raised an exception, and the cells below it were not run."
    live.type(SPARE, "print(1)\nfrom tqdm.auto import tqdm\nfor _ in tqdm(range(2)): pass")
    live.page.get_by_role("button", name="Run all", exact=True).click()
    live.wait()
    live.page.evaluate("document.querySelectorAll('.live-shown').forEach(part => { part.open = true; })")
    rules.learn(live.page)
    for width, height, theme in (
        (1280, 900, "light"),
        (1280, 900, "dark"),
        (390, 844, "light"),
        (390, 844, "dark"),
    ):
        live.page.set_viewport_size({"width": width, "height": height})
        live.page.emulate_media(color_scheme=theme)
        live.page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        assert rules.list_broken(live.page) == [], (width, theme)
        assert live.page.evaluate("document.documentElement.scrollWidth") <= width
        for place in (FIRST, SECOND):
            live.cell(place).scroll_into_view_if_needed()
            browser.screenshot(live.page, f"live {width} {theme} {place}")
    live.page.set_viewport_size({"width": 1280, "height": 900})
    live.page.emulate_media(color_scheme="light")


def test_without_a_network_the_chapter_runs_and_nothing_was_asked_of_another_host(visited):
    live, met, server = visited
    live.page.wait_for_function("caches.match(document.querySelector('a.download').href).then(Boolean)")
    server.close()
    live.open()
    live.start()
    assert live.status() == "Ready."
    assert met["hosts"] <= {"127.0.0.1", None, ""}
    assert met["errors"] == []
