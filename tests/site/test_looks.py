"""The pages of the site in a browser: on a desk by day, a tablet and a telephone at night, also by keys.

One window goes from page to page; of what every page is asked in an ordinary run, a small site has some.
"""

import re

import pytest

from tests import browser
from tests.marks import exhaustive
from tests.site import rules
from tests.site.small import CHAPTER, ROOT, each_chapter, each_site
from tools.course import pairs
from tools.site import front

CHAPTERS = pairs.list_chapters(ROOT)
pytestmark = pytest.mark.timeout(900)  # seconds; the first of these makes the site, on a busy machine in 300

KINDS = {
    "front": "index.html",
    "chapter": "chapters/03_rnn_backward.html",
    "solution": "solutions/03_rnn_backward.html",
    "cards": "solutions/09_find_the_mistake.html",
    "symbols": "symbols.html",
    "diagnosis": "diagnosis.html",
    "instructors": "instructors.html",
    "modules": "reference/index.html",
    "functions": "reference/seqgrad.rnn.html",
    "source": "_modules/seqgrad/rnn.html",
    "search": "search.html?q=saturated",
}
SMALL = {"front": "index.html", "solution": f"solutions/{CHAPTER}.html", "functions": KINDS["functions"]}
PAGES = [
    *(pytest.param("small_site", address, id=f"small {kind}") for kind, address in SMALL.items()),
    *(pytest.param("whole_site", at, marks=exhaustive, id=kind) for kind, at in KINDS.items()),
]
VIEWS = {"desk": (1280, 900, "light"), "tablet": (800, 1100, "dark"), "telephone": (390, 844, "dark")}
SETTLED = 400  # milliseconds in which the theme lets keys reach what scrolls in a window of another size
DIMMED = """[...document.querySelectorAll("article img:not([src$='.png'])")].map(
    picture => getComputedStyle(picture).filter).filter(filter => filter !== "none")
"""  # a figure's colours are chosen for both grounds, and a theme that darkens them makes them pale
CUT = """() => [...document.querySelectorAll(
    "article mjx-container > svg, article .section > table, article section > table, article img"
)].filter(part => {
    const box = part.getBoundingClientRect();
    return box.width && box.right > part.closest("article").getBoundingClientRect().right + 1;
}).map(part => part.parentElement.textContent.slice(0, 60) || part.outerHTML.slice(0, 60))"""
PARTED = """() => {
    document.querySelectorAll("article details").forEach(fold => { fold.open = true; });
    return [...document.querySelectorAll("article span.math")].filter(formula => {
        const next = formula.nextSibling;
        if (!/^[,.;:?!)]/.test(next?.data ?? "")) return false;
        const mark = new Range();
        mark.setStart(next, 0);
        mark.setEnd(next, 1);
        return mark.getBoundingClientRect().left < formula.getBoundingClientRect().left;
    }).map(formula => formula.parentElement.textContent);
}"""


@pytest.fixture(scope="module")
def window(chromium):
    with browser.visit(chromium) as opened:
        yield opened


@pytest.fixture
def page(window):
    """Return the page of the window, on a desk by day, in which nothing has gone wrong yet."""
    page, met = window
    met["errors"].clear()
    look(page, "desk")
    return page


def opened(page, folder, address):
    """Show a page of the site, as it is on disk, until its formulas are drawn."""
    path, _, query = address.partition("?")
    page.goto((folder / path).as_uri() + f"?{query}" * bool(query))
    page.wait_for_function("!window.MathJax || MathJax.startup?.promise")
    page.evaluate("window.MathJax && MathJax.startup.promise.then(() => true)")
    if query:
        page.wait_for_selector("#search-results li")


def look(page, view):
    """Give the window the size and the colours of a view; return its width."""
    width, height, theme = VIEWS[view]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    return width


@pytest.mark.parametrize(("folder", "address"), PAGES, indirect=["folder"])
def test_a_page_is_quiet_fits_and_breaks_no_rule_of_accessibility(window, page, folder, address):
    opened(page, folder, address)
    rules.learn(page)
    for view, (_, _, theme) in VIEWS.items():
        width = look(page, view)
        page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        page.wait_for_timeout(SETTLED)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        browser.screenshot(page, f"site {address} {view}")
        assert rules.list_broken(page) == [], view
    _, met = window
    assert met["errors"] == []
    assert met["hosts"] <= {None, ""}  # files have no host


def see_drawn(page, name):
    """See that the formulas of a chapter are drawn, and that its pictures are there."""
    formulas = page.evaluate("document.querySelectorAll('.math').length")
    drawn = page.evaluate(
        "[...document.querySelectorAll('mjx-container > svg')].filter(s => s.clientWidth).length"
    )
    wrong = page.evaluate("document.querySelectorAll('mjx-merror, [data-mjx-error]').length")
    missing = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).length")
    assert drawn >= formulas
    assert formulas > 5 or name > "08"  # the last chapters read code
    assert (wrong, missing) == (0, 0)


@each_chapter
def test_of_a_chapter_mathematics_is_drawn_and_on_a_telephone_no_line_begins_with_a_comma(page, folder, name):
    opened(page, folder, f"chapters/{name}.html")
    see_drawn(page, name)
    look(page, "telephone")
    assert page.evaluate(PARTED) == []


@each_chapter
def test_of_a_solution_mathematics_is_drawn_and_no_formula_table_or_picture_is_cut(page, folder, name):
    opened(page, folder, f"solutions/{name}.html")
    see_drawn(page, name)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    for view, (_, _, theme) in VIEWS.items():
        width = look(page, view)
        page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        assert page.evaluate(CUT) == [], view
        assert page.evaluate(DIMMED) == [], view


@exhaustive
def test_no_long_name_in_the_reference_is_wider_than_a_telephone(page, whole_site):
    paths = sorted((whole_site / "reference").glob("*.html"), key=lambda path: len(path.name))
    names = [path.name for path in paths[-4:]] + ["seqgrad.attention.html", "seqgrad.fused.html"]
    width = look(page, "telephone")
    for name in names:
        opened(page, whole_site, f"reference/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


TABLES = ["index", "symbols", "recap", "glossary", "reference/index", "reference/seqgrad.check.reading"]


@exhaustive
@pytest.mark.parametrize("page_name", TABLES)
def test_no_table_is_wider_than_a_telephone(page, whole_site, page_name):
    look(page, "telephone")
    opened(page, whole_site, f"{page_name}.html")
    wide = page.evaluate("""[...document.querySelectorAll("article table")].filter(
        table => table.scrollWidth > table.closest("section").clientWidth + 1
    ).map(table => table.textContent.slice(0, 60))""")
    assert wide == []


@exhaustive
def test_on_a_telephone_printed_numbers_are_not_broken(page, whole_site):
    look(page, "telephone")
    opened(page, whole_site, "chapters/09_find_the_mistake.html")
    broken = page.evaluate("""() => {
        document.querySelectorAll("article details").forEach(fold => { fold.open = true; });
        return [...document.querySelectorAll(".text_html > p + table mark")].filter(mark => {
            const text = mark.firstChild;
            return [...text.data.matchAll(/-?\\d+\\.\\d+/g)].some(number => {
                const range = new Range();
                range.setStart(text, number.index);
                range.setEnd(text, number.index + number[0].length);
                return range.getClientRects().length > 1;
            });
        }).map(mark => mark.textContent);
    }""")
    assert broken == []


@exhaustive
def test_on_a_telephone_every_exercise_can_be_downloaded_from_the_front_page(page, whole_site):
    look(page, "telephone")
    opened(page, whole_site, "index.html")
    links = page.locator("#chapters a.download")
    assert links.count() == len(CHAPTERS)
    assert all(link.is_visible() for link in links.all())


@each_site
def test_a_line_that_is_chosen_on_the_front_page_shows_what_the_check_says(window, page, folder):
    opened(page, folder, "index.html")
    cards = page.locator(".try [aria-label^='Check of']:visible")
    seen = []
    for number, (_, line) in enumerate(front.TRIES):
        page.locator(f"#try-{number}").check()
        assert page.locator(".try .case:visible .hll").text_content().strip() == line
        seen.append(cards.text_content())
    assert cards.get_attribute("aria-label") == "Check of rnn_cell_backward: passed"
    assert len(set(seen)) == len(front.TRIES)
    browser.screenshot(page, "site front passed")
    assert window[1]["errors"] == []


@exhaustive
def test_the_front_page_leads_to_the_check_or_the_site_says_why_it_is_left_out(window, page, made):
    folder, said = made
    if not (folder / "check.html").exists():
        assert 'The page "Check your gradient" is left out.' in said
        assert "check.html" not in (folder / "index.html").read_text(encoding="utf-8")
        return
    opened(page, folder, "index.html")
    page.locator("article").get_by_role("link", name="Check your gradient").first.click()
    page.wait_for_selector(".tab .cm-content")
    assert "Call python3 -m http.server" in page.locator(".tab [role=status]").inner_text()
    assert window[1]["errors"] == []


@exhaustive
def test_an_answer_and_what_a_cell_prints_unfold(page, whole_site):
    opened(page, whole_site, "solutions/06_adam.html")
    answer = page.locator("section > details", has_text="The learning rate 0.038 ends nearest").first
    printed = page.get_by_text("rate 0.038 ends at").last
    assert not answer.locator("p").first.is_visible() and not printed.is_visible()
    answer.locator("summary").click()
    page.locator("details.hide summary", has_text="Show the output").first.click()
    assert answer.locator("p").first.is_visible() and printed.is_visible()
    assert not page.get_by_text("for name in parameters").first.is_visible()  # the solution of an exercise


@exhaustive
def test_a_session_is_copied_without_what_it_prints(page, whole_site):
    opened(page, whole_site, "instructors.html")
    page.evaluate("addEventListener('copy', () => { window.copied = String(getSelection()); })")
    block = page.locator("div.highlight-console").first
    block.hover()
    block.locator("button.copybtn").click()
    text = page.wait_for_function("window.copied").json_value()
    commands = re.findall(r"^\$ (.*)$", block.text_content(), re.MULTILINE)
    assert len(commands) > 1 and text.splitlines() == commands


def test_an_excerpt_of_the_search_has_words_and_no_tex(page, small_site):
    opened(page, small_site, "search.html?q=softmax")
    text = page.evaluate("""Search.htmlToText(
        `<div role="main"><h1>Title<a class="headerlink">#</a></h1><p>The slope
         <span class="math">\\\\(\\\\sigma\\\\)</span> is small.</p><p>So it goes.</p>
         <details class="hide"><summary>Show the output</summary><pre>1.0</pre></details></div>`)""")
    assert text.split() == "Title The slope is small. So it goes. 1.0".split()


@exhaustive
def test_keys_alone_reach_the_content_the_search_and_the_menu(page, whole_site):
    focus = "(e => e.ariaLabel || e.title || e.textContent.trim())(document.activeElement)"
    opened(page, whole_site, KINDS["chapter"])
    page.keyboard.press("Tab")
    assert page.evaluate(focus) == "Skip to main content"
    met = []
    for _ in range(40):
        page.keyboard.press("Tab")
        met.append(page.evaluate(focus))
    assert any("Search" in name for name in met)
    assert any("Turn scores into probabilities" in name for name in met)
    assert any("light/dark" in name or "Color mode" in name for name in met), met
    page.keyboard.press("Control+k")
    page.keyboard.type("peephole")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=peephole*")


@exhaustive
def test_on_a_telephone_keys_open_the_menu(chromium, whole_site):
    with browser.visit(chromium, *VIEWS["telephone"]) as (page, _):
        opened(page, whole_site, KINDS["chapter"])
        button = page.locator("button.primary-toggle").first
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open] >> text=How the diagnosis works")
        browser.screenshot(page, "site menu telephone")


@exhaustive
def test_the_search_finds_a_word_of_a_chapter_and_a_function(page, whole_site):
    opened(page, whole_site, KINDS["search"])
    assert "Turn scores into probabilities" in page.inner_text("#search-results")
    opened(page, whole_site, "search.html?q=rnn_cell_backward")
    assert "seqgrad.rnn.rnn_cell_backward" in page.inner_text("#search-results")
