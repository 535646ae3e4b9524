"""The first hour of a student and of an instructor in a browser: what they click, and what they see.

Each step leaves pictures of it, in a wide and a narrow window, by day and by night.
"""

import contextlib
import re
import shutil
from pathlib import Path

import pytest

from tests.browser import chromium, screenshot, visit
from tests.laboratory import running_lab
from tests.marks import exhaustive
from tools.course import chapters, pairs

ROOT = Path(__file__).parents[2]
START = "notebooks/exercises/00_start.ipynb"
CHAPTER = "03_rnn_backward"
FUNCTION = "rnn_cell_backward"
WITH_SLIDERS = "07_what_vanishes"
OWN_COMPLAINT = "Could not restore the debugger state"  # JupyterLab's, when a kernel restarts
VIEWS = [(1280, "light"), (800, "light"), (800, "dark"), (1280, "dark")]

SETTLED = 2000  # milliseconds in which JupyterLab writes into a notebook what the kernel says of itself
IDLE = "document.querySelector('#jp-main-statusbar')?.innerText.includes('| Idle')"
WAITS = r"""
[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some(one => /\[[ *]\]/.test(one.textContent))
"""
THEMED = "theme => document.body.dataset.jpThemeLight === String(theme === 'light')"

# What is wrong with the looks of an element: wider than its place, or letters that WCAG 2 calls too pale.
UGLY = r"""
element => {
  const place = element.closest('.jp-OutputArea-output') ?? element.parentElement;
  const edge = place.getBoundingClientRect().right + 1;
  const channels = colour => colour.match(/[\d.]+/g).map(Number);
  const light = colour => channels(colour).slice(0, 3).map(c => c / 255).map(
    c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  ).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    const colour = node ? getComputedStyle(node).backgroundColor : 'rgb(255, 255, 255)';
    return node && channels(colour)[3] === 0 ? ground(node.parentElement) : colour;
  };
  const found = place.scrollWidth > place.clientWidth + 1 ? ['it scrolls sideways'] : [];
  for (const node of [element, ...element.querySelectorAll('*')]) {
    const box = node.getBoundingClientRect();
    const words = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!words || !box.width) continue;
    if (box.right > edge) found.push(`cut off: ${node.textContent}`);
    const [low, high] = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => a - b);
    if ((high + 0.05) / (low + 0.05) < 4.5) found.push(`pale: ${node.textContent}`);
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def browser():
    """Open Chromium for the whole module."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """Start JupyterLab on a copy of the project with exercises as they are built; return root and address."""
    root = tmp_path_factory.mktemp("project")
    others = [name for name in pairs.list_chapters(ROOT) if name not in (CHAPTER, WITH_SLIDERS)]
    left_out = shutil.ignore_patterns("exercises", *(f"{name}.*" for name in others))
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=left_out)
    for folder in ("seqgrad", "tools"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    with running_lab(root, 18890) as (_, address, _):
        yield root, address


@pytest.fixture(scope="module")
def exercise(browser, lab):
    """Open an exercise and run all of it; return the page."""
    with opened(browser, lab, f"notebooks/exercises/{CHAPTER}.ipynb") as page:
        ready(page)
        choose(page, "Run", "Run All Cells")
        ran(page)
        yield page


@contextlib.contextmanager
def opened(browser, lab, path):
    """Yield the page of a file; whatever is done there, no other host is asked and no script fails."""
    root, address = lab
    assert (root / path).exists()
    with visit(browser) as (page, met):
        page.goto(address.replace(f"/{START}?", f"/{path}?reset&"))
        yield page
        assert met["hosts"] == {"localhost"}
        assert [error for error in met["errors"] if not error.startswith(OWN_COMPLAINT)] == []


def ready(page):
    """Wait for a notebook and its kernel."""
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(IDLE)


def ran(page):
    """Wait until every code cell has run."""
    page.wait_for_function(f"!{WAITS.strip()}")
    page.wait_for_function(IDLE)


def choose(page, menu, *labels):
    """Choose from a menu of the menu bar."""
    page.locator(".lm-MenuBar-item", has_text=menu).first.click()
    select(page, *labels)


def select(page, *labels):
    """Choose from a menu that is open."""
    for label in labels:
        page.locator(".lm-Menu-item", has_text=re.compile(f"^{re.escape(label)}")).first.click()


def accept(page):
    """Agree to what a dialog asks."""
    page.locator(".jp-Dialog .jp-mod-accept").click()


def code_cell(page, source):
    """Return the code cell whose source begins so."""
    editor = page.locator(".cm-content").filter(has_text=re.compile(rf"^\s*{re.escape(source)}"))
    return page.locator(".jp-CodeCell").filter(has=editor).first


def check_again(page, source):
    """Write a function into its cell, run it and the check below it; return the card."""
    code_cell(page, f"def {FUNCTION}").locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    page.keyboard.press("Shift+Enter")
    cell = code_cell(page, f"check({FUNCTION})")
    forget(page)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    card = cell.locator("[aria-label^='Check of']:not([data-old] *)")
    card.wait_for()
    return card


def forget(page):
    """Mark all outputs, so that a new one can be told from them."""
    page.evaluate("document.querySelectorAll('.jp-OutputArea-child').forEach(one => one.dataset.old = '')")


def look(page, part, name):
    """Take pictures of a part of the page in every view, and see that it is whole and can be read."""
    for width, theme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(THEMED, arg=theme)
        part.scroll_into_view_if_needed()
        screenshot(page, f"lab {name}, {width} {theme}")
        assert part.evaluate(UGLY) == [], f"{name} at {width} pixels, {theme}"


def reference():
    """Return the function as the solution has it."""
    notebook = chapters.read_notebook(pairs.read(ROOT / f"notebooks/solutions/{CHAPTER}.ipynb"), ".ipynb")
    return next(cell.source for cell in notebook.cells if cell.metadata.get("exercise") == FUNCTION)


@exhaustive
def test_the_start_page_shows_points_and_leads_to_chapters_and_glossary(browser, lab):
    with opened(browser, lab, START) as page:
        ready(page)
        look(page, page.get_by_role("heading", name="The chapters"), "start page")
        page.locator(".jp-CodeCell").scroll_into_view_if_needed()
        choose(page, "Run", "Run All Cells")
        page.get_by_text("Nothing is solved yet: 0 of 35 points.").wait_for()
        look(page, page.locator(".jp-RenderedMarkdown table").first, "points")
        listed = page.locator(".jp-DirListing-item").all_text_contents()
        assert listed == ["00_start.ipynb", f"{CHAPTER}.ipynb", f"{WITH_SLIDERS}.ipynb"]
        page.locator(".jp-OutputArea").get_by_role("link", name="Chapter 3.").first.click()
        page.get_by_role("heading", name="Chapter 3.").wait_for()
        page.get_by_role("link", name="Chapter 7. Follow a gradient until it vanishes →").first.click()
        page.get_by_role("heading", name="Chapter 7.").wait_for()
        page.get_by_role("link", name="Glossary").last.click()
        page.locator(".jp-MarkdownViewer").get_by_role("heading", name="Glossary").wait_for()
        screenshot(page, "lab glossary")


def test_run_all_of_an_exercise_reaches_the_bottom_and_every_check_says_not_attempted(exercise):
    cards = exercise.locator("[aria-label^='Check of']")
    names = [one.name for one in chapters.exercises(ROOT) if one.chapter == CHAPTER]
    cards.nth(len(names) - 1).wait_for()  # JupyterLab shows an output some time after the cell has run
    labels = [card.get_attribute("aria-label") for card in cards.all()]
    assert labels == [f"Check of {name}: not attempted" for name in names]
    look(exercise, cards.first, "not attempted")


def test_the_answer_to_a_question_shows_nothing_until_it_is_opened(exercise):
    fold = exercise.locator(".jp-RenderedMarkdown details", has_text="The unit at 4 passes least").first
    answer = fold.get_by_text("The unit at 4 passes least")
    assert not answer.is_visible()
    look(exercise, fold, "answer folded")
    fold.locator("summary").click()
    assert answer.is_visible()
    look(exercise, fold, "answer open")


def test_a_wrong_solution_gets_a_card_that_names_the_mistake(exercise):
    card = check_again(exercise, reference().replace("1 - a_next**2", "1 - a_prev**2"))
    told = card.text_content()
    assert f"{FUNCTION}: wrong" in told
    assert "The gradient at the tanh's pre-activation has a_prev where it should have a_next." in told
    for hint in card.locator("summary").all():
        hint.click()
    look(exercise, card, "wrong")


def test_the_right_solution_passes_and_saving_writes_it_into_both_halves(exercise, lab):
    card = check_again(exercise, reference())
    assert card.get_attribute("aria-label") == f"Check of {FUNCTION}: passed"
    look(exercise, card, "passed")
    exercise.keyboard.press("Control+S")
    exercise.locator(".jp-mod-current.jp-mod-dirty").wait_for(state="detached")
    base = lab[0] / "notebooks/exercises" / CHAPTER
    for suffix in (".ipynb", ".py"):
        cells = chapters.read_notebook(pairs.read(pairs.locate_half(base, suffix)), suffix).cells
        assert [cell.source for cell in cells if cell.metadata.get("exercise") == FUNCTION] == [reference()]


@exhaustive
@pytest.mark.parametrize("variant", ["exercises", "solutions"])
def test_a_notebook_that_was_only_looked_at_closes_without_a_question(browser, lab, variant):
    path = lab[0] / f"notebooks/{variant}/{WITH_SLIDERS}.ipynb"
    before = pairs.find_halves(path.with_suffix(""))
    with opened(browser, lab, f"notebooks/{variant}/{path.name}") as page:
        ready(page)
        page.wait_for_timeout(SETTLED)
        assert page.locator(".jp-mod-dirty").count() == 0
        choose(page, "File", "Close Tab")
        page.wait_for_selector(".jp-NotebookPanel", state="detached")
        assert page.locator(".jp-Dialog").count() == 0
    assert pairs.find_halves(path.with_suffix("")) == before


@exhaustive
def test_saving_what_was_not_changed_leaves_every_byte_as_it_was(browser, lab):
    base = lab[0] / "notebooks/exercises" / WITH_SLIDERS
    before = pairs.find_halves(base)
    with opened(browser, lab, f"notebooks/exercises/{WITH_SLIDERS}.ipynb") as page:
        ready(page)
        page.locator(".jp-MarkdownCell").first.click()  # not on a hidden cell, which it would open
        with page.expect_response(lambda response: response.request.method == "PUT") as answer:
            page.keyboard.press("Control+S")
        assert answer.value.ok
    assert pairs.find_halves(base) == before


@exhaustive
def test_a_source_chapter_opens_as_a_notebook(browser, lab):
    with opened(browser, lab, f"notebooks/source/{CHAPTER}.py") as page:
        page.locator(".jp-DirListing-item", has_text=f"{CHAPTER}.py").click(button="right")
        select(page, "Open With", "Jupytext Notebook")
        accept(page)  # the only kernel that there is
        ready(page)
        title = page.get_by_role("heading", level=1).first
        look(page, title, "source")
        assert f"from seqgrad.rnn import {FUNCTION}" in code_cell(page, "from seqgrad.rnn").text_content()


@exhaustive
def test_a_solution_restarts_and_runs_to_its_end(browser, lab):
    with opened(browser, lab, f"notebooks/solutions/{CHAPTER}.ipynb") as page:
        ready(page)
        forget(page)
        choose(page, "Kernel", "Restart Kernel and Run All Cells")
        accept(page)
        page.wait_for_function("!document.querySelector('[data-old]')")
        ran(page)
        cards = page.locator("[aria-label^='Check of']")
        cards.first.wait_for()
        labels = [card.get_attribute("aria-label") for card in cards.all()]
        assert all(label.endswith(": passed") for label in labels)
        look(page, page.locator(".jp-RenderedImage img").last, "solution")


@exhaustive
def test_a_slider_that_moves_changes_the_picture_and_its_words(browser, lab):
    with opened(browser, lab, f"notebooks/exercises/{WITH_SLIDERS}.ipynb") as page:
        ready(page)
        choose(page, "Run", "Run All Cells")
        ran(page)
        cell = page.locator(".jp-CodeCell").filter(has=page.get_by_role("status"))
        picture, told = cell.locator(".jp-RenderedImage img"), cell.get_by_role("status")
        cell.scroll_into_view_if_needed()
        told.get_by_text("RNN reaches 14 steps; LSTM reaches 56 steps").wait_for()  # drawn once it is in view
        before = picture.get_attribute("src")
        cell.get_by_role("slider").first.press("ArrowRight")
        told.get_by_text("RNN reaches 14 steps; LSTM reaches 60 steps").wait_for()
        page.wait_for_function("src => ![...document.images].some(one => one.src === src)", arg=before)
        look(page, cell.locator(".jp-OutputArea"), "sliders")
