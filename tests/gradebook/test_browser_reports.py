"""The pages that `gradebook` writes fit every window, by day and by night, and their links work."""

import pytest

from tests import browser, results
from tools.gradebook import publish

CLASS = [
    results.of("anna", "carried_accumulate", notes=["05_lstm_backward.ipynb, cell 3: left out."]),
    results.of("ben", "y_sigmoid_from_c", "carried_accumulate"),
    results.of("carla"),
    results.of("dan", absent=list(results.POINTS)),
    results.of("eve", "list_transpose", absent=["lstm_cell_forward", "lstm_forward", "lstm_backward"]),
    results.of("finn", "list_transpose"),
]
ROSTER = "id,name\nanna,Anna Meier\nben,Ben Okafor\ncarla,Carla Núñez\ndan,Dan Ito\neve,Eve Sørensen\n"
VIEWS = [(1280, "light"), (800, "light"), (800, "dark"), (390, "dark"), (390, "light")]


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the gradebook of a small class, and a page for each student."""
    folder = tmp_path_factory.mktemp("class")
    results.write(folder / "results", *CLASS)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    publish.publish(folder / "results", folder / "book", folder / "pages", people=folder / "roster.csv")
    return folder


@pytest.mark.parametrize("name", ["book/overview", "pages/anna", "pages/dan"])
def test_a_page_fits_every_window(chromium, folder, name):
    with browser.visit(chromium) as (page, met):
        page.goto((folder / f"{name}.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        for width, theme in VIEWS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, theme
            cut = page.evaluate("""[...document.querySelectorAll("svg text, h1, h2, h3, p")].filter(
                part => part.getBoundingClientRect().right > innerWidth + 1
            ).map(part => part.textContent)""")
            assert cut == [], (width, theme)
            browser.screenshot(page, f"report {name} {width} {theme}")
        assert met["errors"] == [] and met["hosts"] <= {None, ""}


def test_a_name_in_the_list_leads_to_the_page_of_the_student(chromium, folder):
    with browser.visit(chromium) as (page, _):
        page.goto((folder / "book/overview.html").as_uri())
        page.get_by_role("link", name="Ben Okafor").click()
        page.get_by_role("heading", name="seqgrad 04, 05: ben").wait_for()
