"""The site is whole, needs nothing from elsewhere, and can be read in a browser, also by keys alone."""

import base64
import functools
import importlib
import inspect
import json
import re
import shutil
import subprocess
import sys
import textwrap
import time
from html import unescape
from pathlib import Path

import pytest
from nbformat import v4
from PIL import Image

import seqgrad
from tests import browser
from tests.marks import exhaustive, missing, sample
from tools import Refusal
from tools.course import chapters, navigation, pairs
from tools.release.locks import KEPT, find_locks
from tools.site import addresses, front, links, needs, pages, session, site
from tools.writing import write

ROOT = Path(__file__).parents[2]
CHAPTERS = pairs.list_chapters(ROOT)
NPM = needs.locate_modules(ROOT / ".site")
pytestmark = pytest.mark.timeout(900)  # seconds; the first of these makes the site, on a busy machine in 300
MISSING = missing("Sphinx or MathJax", "python3 -m tools site, with npm,")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Return the site, made anew by the verb, and what the verb said."""
    for name in ("sphinx", "myst_nb", "sphinx_book_theme"):
        pytest.importorskip(name, reason=MISSING, exc_type=ImportError)
    if not (NPM / "mathjax").exists():
        pytest.skip(MISSING)
    out = tmp_path_factory.mktemp("site") / "made"
    command = [sys.executable, "-m", "tools", "site", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done.stdout


@pytest.fixture(scope="session")
def folder(made):
    return made[0]


@functools.cache
def html(path):
    return path.read_text(encoding="utf-8")


# What is on the pages.


def test_the_verb_says_what_it_has_made_and_what_comes_next(made):
    assert re.search(
        r"^\d{2,} pages, \d{4,} links and resources followed, in \d+ s\.\nNext: open ", made[1], re.M
    )


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_shows_what_its_solution_holds(folder, name):
    page = html(folder / "solutions" / f"{name}.html")
    notebook = chapters.read_notebook(pairs.read(ROOT / "notebooks/solutions" / f"{name}.ipynb"), ".ipynb")
    cells = pairs.list_code_cells(notebook)
    shown = [cell for cell in cells if cell.outputs or not cell.metadata.get("jupyter")]
    assert len(re.findall(r'<div class="cell[ "]', page)) == len(shown)
    pictures = [output for cell in cells for output in cell.outputs if "image/png" in output.get("data", {})]
    for picture in pictures:
        words = picture.metadata["image/png"]["alt"].split(",")[0]
        assert f'alt="{words}' in page
    drawings = re.findall(r"!\[([^\]]+)\]", "\n".join(cell.source for cell in notebook.cells))
    assert all(f'alt="{" ".join(words.split())}"' in page for words in drawings)
    assert len(re.findall(r'role="group" aria-label="Check of', page)) == sum(
        'aria-label="Check of' in output.get("data", {}).get("text/html", "")
        for cell in cells
        for output in cell.outputs
    )


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_exercise_can_be_downloaded_as_it_was_built(folder, name):
    (address,) = re.findall(
        rf'href="\.\./(_downloads/\w+/{name}\.ipynb)"', html(folder / f"chapters/{name}.html")
    )
    made = chapters.make_variants(ROOT / "notebooks/source" / f"{name}.py", ROOT)
    known, pages = navigation.read_openings(ROOT), navigation.list_pages(ROOT)
    built = pairs.link_variants(made, name, known, pages)["exercises"]
    assert (folder / address).read_text(encoding="utf-8") == chapters.to_texts(built)[".ipynb"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_shows_its_exercises_as_stubs_and_what_demonstrations_print(folder, name):
    page = re.sub(r"<[^>]*>", "", html(folder / "chapters" / f"{name}.html"))
    made = chapters.make_variants(ROOT / "notebooks/source" / f"{name}.py", ROOT)
    stubs = {cell.id: cell.source for cell in made["exercises"].cells if "exercise" in cell.metadata}
    for cell in made["solutions"].cells:
        if cell.id in stubs:
            assert unescape(page).count(stubs[cell.id]) == 1 and cell.source not in unescape(page)
    printed = re.findall(r'class="cell_output', html(folder / "chapters" / f"{name}.html"))
    assert len(printed) > 3


def test_what_depends_on_a_blank_shows_no_output_of_the_solution():
    cells = {
        "blank": ("dz, keep = None, 1", "dz, keep = 2.0, 1"),
        "asks": ("print(dz)",) * 2,
        "derived": ("twice = 2 * dz\nprint('computed')",) * 2,
        "uses-derived": ("print(twice)",) * 2,
        "own-name": ("print([dz for dz in range(3)])",) * 2,
        "parameter": ("def show(dz):\n    print(dz)\nshow(1)",) * 2,
        "function": ("print(softmax)",) * 2,
        "bound-anew": ("dz = 3\nprint(dz)",) * 2,
        "as-before": ("print(dz)",) * 2,
    }
    notebook, executed = (
        v4.new_notebook(cells=[v4.new_code_cell(both[side], id=name) for name, both in cells.items()])
        for side in (0, 1)
    )
    for cell in executed.cells:
        cell.outputs = [v4.new_output("stream", text=cell.id)]
    pages.show_demonstrations(notebook, executed, chapters.exercises(ROOT)[:1])
    shown = [cell.id for cell in notebook.cells if cell.outputs]
    assert shown == ["own-name", "parameter", "bound-anew", "as-before"]


@pytest.mark.parametrize("name", seqgrad.__all__)
def test_every_function_has_its_place_in_the_reference(folder, name):
    module = getattr(seqgrad, name).__module__
    page = html(folder / "reference" / f"{module}.html")
    assert f'id="{module}.{name}"' in page
    assert f'href="../_modules/{module.replace(".", "/")}.html#{name}"' in page


@pytest.mark.parametrize(
    "name", ["seqgrad.rnn", "seqgrad.check.running.survive", "seqgrad.check.reading.stub"]
)
def test_what_flows_through_a_module_is_shown_line_by_line_as_it_stands(folder, name):
    _, *blocks = inspect.getdoc(importlib.import_module(name)).split("\n\n")
    page = (folder / f"reference/{name}.html").read_text(encoding="utf-8")
    shown = [
        unescape(re.sub("<[^>]*>", "", pre)).strip("\n") for pre in re.findall("<pre>(.*?)</pre>", page, re.S)
    ]
    assert shown == [textwrap.dedent(block) for block in blocks if "  ->  " in block]


def test_the_reference_says_nothing_of_a_field_but_its_name(folder):
    page = html(folder / "reference" / "seqgrad.gradcheck.html")
    assert "draw_parameters" in page and "Alias for field" not in page


@pytest.mark.parametrize("name", ["activations", "gradcheck", "figures", "fused", "check", "check.verdict"])
def test_every_public_module_has_a_page(folder, name):
    assert f'id="module-seqgrad.{name}"' in html(folder / "reference" / f"seqgrad.{name}.html")


@pytest.mark.parametrize("page", [Path(name).stem for name in pages.AUTHORED])
def test_what_is_written_beside_the_chapters_is_there(folder, page):
    title = (ROOT / "notebooks" / f"{page}.md").read_text(encoding="utf-8").partition("\n")[0]
    assert f"<h1>{title.removeprefix('# ')}<a" in html(folder / f"{page}.html")


def test_the_front_page_shows_a_card_of_a_mistake(folder):
    page = html(folder / "index.html")
    assert 'aria-label="Check of rnn_cell_backward: wrong"' in page
    assert "where it should have <code>a_next</code>" in page


def test_every_page_has_an_icon_and_says_what_others_show_beside_a_link_to_it(folder):
    page = html(folder / "chapters" / "04_lstm_forward.html")
    assert '<link rel="icon" href="../_static/favicon.svg"' in page
    assert '<meta property="og:title" content="Chapter 4. Build a memory with gates">' in page
    assert '<meta property="og:description" content="Write the forward and backward passes' in page
    assert 'property="og:image"' not in page  # its address has to be whole, and the site has none yet
    with Image.open(folder / "_static" / "card.png") as card:
        assert card.size == (1200, 630)


@pytest.mark.parametrize("name", ["binder", "colab"])
def test_without_an_address_no_page_leads_to_a_service(folder, name):
    assert addresses.read_addresses(ROOT) == {"repository": "", "site": ""}
    for path in [folder / "index.html", *(folder / "chapters").glob("*.html")]:
        assert f"{name}.org" not in html(path) and f"{name}.research" not in html(path)


def test_with_an_address_the_front_page_has_the_clone_command_and_links_to_binder_and_colab(tmp_path):
    for name in ("README.md", "tools/site/index.md"):
        write(tmp_path / name, pairs.read(ROOT / name))
    write(tmp_path / "pyproject.toml", '[tool.seqgrad]\nrepository = "https://github.com/a-b/c.d"\n')
    page = front.make_front_page(tmp_path, navigation.read_openings(ROOT), chapters.exercises(ROOT))
    assert (
        "```bash\ngit clone https://github.com/a-b/c.d seqgrad\ncd seqgrad\npython3 -m tools lab\n```" in page
    )
    assert (
        "(https://mybinder.org/v2/gh/a-b/c.d/HEAD?urlpath=lab/tree/notebooks/exercises/00_start.ipynb)"
        in page
    )
    colab = (
        "https://colab.research.google.com/github/a-b/c.d/blob/HEAD/notebooks/exercises/04_lstm_forward.ipynb"
    )
    assert f"[Colab]({colab})" in page
    assert f"]({colab})" in pages.make_invitation("04_lstm_forward", (), "https://github.com/a-b/c.d")


@pytest.mark.parametrize("repository", ["https://example.org/git/seqgrad", ""])
def test_a_repository_that_is_elsewhere_has_no_links_to_services(repository):
    assert addresses.link_binder(repository) == addresses.link_colab(repository, "04_lstm_forward") == ""


def test_an_address_that_is_none_is_refused(tmp_path):
    write(tmp_path / "pyproject.toml", '[tool.seqgrad]\nsite = "example"\n')
    with pytest.raises(
        Refusal, match=r"^pyproject.toml, \[tool.seqgrad\]: site = 'example' should begin with https"
    ):
        addresses.read_addresses(tmp_path)


def test_nothing_is_loaded_from_elsewhere_and_every_link_leads_somewhere(folder):
    problems, looked = links.list_problems(folder)
    assert problems == []
    assert looked > 5000


def test_no_path_of_this_machine_is_on_a_page(folder):
    for path in folder.rglob("*.html"):
        assert str(ROOT) not in html(path) and str(Path.home()) + "/" not in html(path), path


@exhaustive
@pytest.mark.usefixtures("shown")
def test_the_session_of_the_guide_prints_what_stands_there(tmp_path):
    text = session.GUIDE.read_text(encoding="utf-8")
    session.copy_project(tmp_path)
    find_locks(("lstm_cell_forward", "lstm_forward"), ROOT)
    shutil.copytree(ROOT / KEPT, tmp_path / KEPT)  # which take a while to make
    assert session.record_page(text, tmp_path).splitlines() == text.splitlines()


def test_the_guide_shows_the_whole_way():
    commands = re.findall(r"^\$ python3 -m tools (\w+)", session.GUIDE.read_text(encoding="utf-8"), re.M)
    assert commands == ["release", "grade", "gradebook", "gradebook"]


# How links are read.


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<img src="https://far.example/a.png" alt="A">', "loads https://far.example/a.png from elsewhere"),
        (
            '<img srcset="//far.example/a.png 2x" src="a.png" alt="A">',
            "loads //far.example/a.png from elsewhere",
        ),
        ('<script src="gone.js"></script>', "loads gone.js, and there is no such file"),
        (
            '<link rel="stylesheet" href="http://far.example/a.css">',
            "loads http://far.example/a.css from elsewhere",
        ),
        (
            "<style>@import 'https://far.example/a.css';</style>",
            "loads https://far.example/a.css from elsewhere",
        ),
        ('<p style="background: url(//far.example/b.png)">', "loads //far.example/b.png from elsewhere"),
        ('<a href="gone.html">', "links to gone.html, and there is no such file"),
        ('<a href="#gone">', "links to #gone, and that page has no such place"),
        ('<a href="other.html#gone">', "links to other.html#gone, and that page has no such place"),
        ('<a href="file:///etc/hosts">', "links to file:///etc/hosts"),
        ('<img src="a.png">', "the picture a.png has no alternative text"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(tmp_path, text, problem):
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="here">', encoding="utf-8")
    (tmp_path / "a.png").touch()
    (found,) = links.list_problems(tmp_path)[0]
    assert found in (f"page.html {problem}", f"page.html: {problem}")


def test_a_style_sheet_that_loads_from_elsewhere_is_told(tmp_path):
    (tmp_path / "a.css").write_text(
        "@font-face { src: url('https://far.example/f.woff2') }", encoding="utf-8"
    )
    assert links.list_problems(tmp_path)[0] == ["a.css loads https://far.example/f.woff2 from elsewhere"]


def test_links_to_read_and_links_within_are_in_order(tmp_path):
    (tmp_path / "page.html").write_text(
        '<p id="here"><a href="https://far.example/">far</a> <a href="#here">here</a> <a href="page.html?q">',
        encoding="utf-8",
    )
    assert links.list_problems(tmp_path) == ([], 3)


# What it refuses.


def test_without_npm_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(
        Refusal, match=r"^The site needs npm, .* install it, on Debian with `apt install npm`"
    ):
        needs.install_modules(tmp_path)


def test_a_folder_of_something_else_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(needs, "install_packages", lambda root: None)
    monkeypatch.setattr(needs, "install_modules", lambda cache: tmp_path)
    for name in ("thesis.txt", "searchindex.js"):  # the second as in a site that another program has made
        (tmp_path / name).touch()
        with pytest.raises(
            Refusal, match="and not the mark of a folder that `python3 -m tools site` has filled"
        ):
            site.make_site(ROOT, tmp_path)
        assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        shutil.Error([(f"from/{i}", f"to/{i}", "[Errno 28] No space left on device") for i in range(1000)]),
    ],
)
def test_a_disk_that_is_full_is_told_in_one_short_sentence(tmp_path, monkeypatch, error):
    def full(root, out, plan):
        raise error

    monkeypatch.setattr(site, "make_site", full)
    with pytest.raises(Refusal) as refused:
        site.main(["--out", str(tmp_path / "site")])
    assert re.fullmatch(
        r"The site cannot be written to .*/site: (\[Errno 28\] )?No space left on device\.",
        str(refused.value),
    )


@pytest.mark.skipif(not shutil.which("npm"), reason=missing("npm", "apt install npm"))
@pytest.mark.parametrize("registry", ["http://127.0.0.1:9/", "http://nowhere.invalid/"])
def test_without_a_network_npm_gives_up_within_seconds_and_leaves_nothing(tmp_path, monkeypatch, registry):
    monkeypatch.setenv("npm_config_registry", registry)
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    began = time.monotonic()
    with pytest.raises(Refusal) as refused:
        needs.install_modules(tmp_path / "site")
    assert str(refused.value) == (
        "MathJax cannot be had from npm: its registry cannot be reached; connect to the network and call "
        "again."
    )
    assert time.monotonic() - began < 30  # on a quiet machine 3; npm alone would try for 72
    assert list((tmp_path / "site").iterdir()) == []


def test_what_else_npm_complains_of_is_one_line(tmp_path):
    npm = tmp_path / "npm"
    lines = "npm error code EACCES\nnpm error errno -13\nnpm error It is so."
    npm.write_text(f"#!/bin/sh\necho '{lines}' >&2; exit 1\n")
    npm.chmod(0o755)
    with pytest.raises(Refusal, match="^MathJax cannot be had from npm: npm says: EACCES It is so.$"):
        needs.fetch(npm, tmp_path)


def test_a_solution_that_was_not_run_is_refused(tmp_path):
    made = chapters.make_variants(ROOT / "notebooks/source" / f"{CHAPTERS[0]}.py", ROOT)["solutions"]
    (tmp_path / "notebooks/solutions").mkdir(parents=True)
    with pytest.raises(Refusal, match="was not executed .* call `python3 -m tools validate 01` first"):
        pages.read_executed(tmp_path, CHAPTERS[0], made)


def test_what_comes_from_npm_is_pinned_by_digest_and_names_no_host():
    lock = json.loads((ROOT / "tools/site/package-lock.json").read_text(encoding="utf-8"))
    packages = [entry for path, entry in lock["packages"].items() if path]
    assert all(len(base64.b64decode(entry["integrity"].removeprefix("sha512-"))) == 64 for entry in packages)
    assert not any("resolved" in entry for entry in packages)


def test_what_comes_from_pypi_is_pinned_and_agrees_with_the_environment():
    pinned = re.compile(r"^([\w.-]+)==(\S+)", re.M)
    own = dict(pinned.findall((ROOT / "tools/site/requirements.lock").read_text(encoding="utf-8")))
    common = dict(pinned.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    assert {name: own[name] for name in own.keys() & common.keys()} == {
        name: common[name] for name in own.keys() & common.keys()
    }
    assert {"sphinx", "myst-nb", "sphinx-book-theme"} <= own.keys()


# In a browser.  One page of each kind, on a desk by day, on a tablet and on a telephone at night.

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
DIMMED = """[...document.querySelectorAll("article img:not([src$='.png'])")].map(
    picture => getComputedStyle(picture).filter).filter(filter => filter !== "none")
"""  # a figure's colours are chosen for both grounds, and a theme that darkens them makes them pale
VIEWS = {"desk": (1280, 900, "light"), "tablet": (800, 1100, "dark"), "telephone": (390, 844, "dark")}


@pytest.fixture(scope="module")
def chromium(made):
    with browser.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe():
    script = NPM / "axe-core" / "axe.min.js"
    if not script.exists():
        pytest.skip(MISSING)
    return script.read_text(encoding="utf-8")


def opened(page, folder, address):
    """Show a page of the site, as it is on disk, until its formulas are drawn."""
    path, _, query = address.partition("?")
    page.goto((folder / path).as_uri() + f"?{query}" * bool(query))
    page.wait_for_function("!window.MathJax || MathJax.startup?.promise")
    page.evaluate("window.MathJax && MathJax.startup.promise.then(() => true)")
    if query:
        page.wait_for_selector("#search-results li")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", sample(KINDS, 3))
def test_a_page_is_quiet_fits_and_breaks_no_rule_of_accessibility(chromium, axe, folder, kind, view):
    width, height, theme = VIEWS[view]
    with browser.visit(chromium, width, height, theme) as (page, met):
        opened(page, folder, KINDS[kind])
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(axe)
        rules = "{preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
        found = page.evaluate(f"axe.run(document, {rules}).then(result => result.violations)")
        browser.screenshot(page, f"site {kind} {view}")
    told = [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
    assert told == []
    assert met["errors"] == []
    assert met["hosts"] <= {None, ""}  # files have no host


@pytest.mark.parametrize("kind", ["chapters", pytest.param("solutions", marks=exhaustive)])
@pytest.mark.parametrize("name", sample(CHAPTERS, 4))
def test_mathematics_is_drawn_and_pictures_are_there(chromium, folder, kind, name):
    with browser.visit(chromium) as (page, _):
        opened(page, folder, f"{kind}/{name}.html")
        formulas = page.evaluate("document.querySelectorAll('.math').length")
        drawn = page.evaluate(
            "[...document.querySelectorAll('mjx-container > svg')].filter(s => s.clientWidth).length"
        )
        wrong = page.evaluate("document.querySelectorAll('mjx-merror, [data-mjx-error]').length")
        missing = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).length")
        assert drawn >= formulas
        assert formulas > 5 or name > "08"  # the last chapters read code
        assert (wrong, missing) == (0, 0)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", sample(CHAPTERS, 4))
def test_no_formula_table_or_picture_of_a_solution_is_cut(chromium, folder, name, view):
    cut = """() => [...document.querySelectorAll(
        "article mjx-container > svg, article .section > table, article section > table, article img"
    )].filter(part => {
        const box = part.getBoundingClientRect();
        return box.width && box.right > part.closest("article").getBoundingClientRect().right + 1;
    }).map(part => part.parentElement.textContent.slice(0, 60) || part.outerHTML.slice(0, 60))"""
    width, height, theme = VIEWS[view]
    with browser.visit(chromium, width, height, theme) as (page, _):
        opened(page, folder, f"solutions/{name}.html")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(cut) == []
        assert page.evaluate(DIMMED) == []


def test_no_long_name_in_the_reference_is_wider_than_a_telephone(chromium, folder):
    paths = sorted((folder / "reference").glob("*.html"), key=lambda path: len(path.name))
    names = [path.name for path in paths[-4:]] + ["seqgrad.attention.html", "seqgrad.fused.html"]
    width, height, theme = VIEWS["telephone"]
    with browser.visit(chromium, width, height, theme) as (page, _):
        for name in names:
            opened(page, folder, f"reference/{name}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name


TABLES = ["index", "symbols", "recap", "glossary", "reference/index", "reference/seqgrad.check.reading"]


@pytest.mark.parametrize("page_name", TABLES)
def test_no_table_is_wider_than_a_telephone(chromium, folder, page_name):
    with browser.visit(chromium, *VIEWS["telephone"]) as (page, _):
        opened(page, folder, f"{page_name}.html")
        wide = page.evaluate("""[...document.querySelectorAll("article table")].filter(
            table => table.scrollWidth > table.closest("section").clientWidth + 1
        ).map(table => table.textContent.slice(0, 60))""")
        assert wide == []


@pytest.mark.parametrize("name", sample(CHAPTERS, 4))
def test_on_a_telephone_no_line_begins_with_the_comma_after_a_formula(chromium, folder, name):
    with browser.visit(chromium, *VIEWS["telephone"]) as (page, _):
        opened(page, folder, f"chapters/{name}.html")
        parted = page.evaluate("""() => {
            document.querySelectorAll("article details").forEach(fold => { fold.open = true; });
            return [...document.querySelectorAll("article span.math")].filter(formula => {
                const next = formula.nextSibling;
                if (!/^[,.;:?!)]/.test(next?.data ?? "")) return false;
                const mark = new Range();
                mark.setStart(next, 0);
                mark.setEnd(next, 1);
                return mark.getBoundingClientRect().left < formula.getBoundingClientRect().left;
            }).map(formula => formula.parentElement.textContent);
        }""")
        assert parted == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_page_shows_the_text_in_place_of_a_slider_or_a_progress_bar(folder, name):
    assert not re.search(
        r"where the notebook runs\]|\dit/s\]|\?it/s\]", html(folder / f"chapters/{name}.html")
    )


def test_on_a_telephone_printed_numbers_are_not_broken(chromium, folder):
    with browser.visit(chromium, *VIEWS["telephone"]) as (page, _):
        opened(page, folder, "chapters/09_find_the_mistake.html")
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


def test_on_a_telephone_every_exercise_can_be_downloaded_from_the_front_page(chromium, folder):
    with browser.visit(chromium, *VIEWS["telephone"]) as (page, _):
        opened(page, folder, "index.html")
        links = page.locator("#chapters a.download")
        assert links.count() == len(CHAPTERS)
        assert all(link.is_visible() for link in links.all())


def test_a_line_that_is_chosen_on_the_front_page_shows_what_the_check_says(chromium, folder):
    with browser.visit(chromium) as (page, met):
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
        assert met["errors"] == []


def test_the_front_page_leads_to_the_check_or_the_site_says_why_it_is_left_out(chromium, made):
    folder, said = made
    if not (folder / "check.html").exists():
        assert 'The page "Check your gradient" is left out.' in said and "check.html" not in html(
            folder / "index.html"
        )
        return
    with browser.visit(chromium) as (page, met):
        opened(page, folder, "index.html")
        page.locator("article").get_by_role("link", name="Check your gradient").first.click()
        page.wait_for_selector(".tab .cm-content")
        assert "Call python3 -m http.server" in page.locator(".tab [role=status]").inner_text()
        assert met["errors"] == []


def test_an_answer_and_what_a_cell_prints_unfold(chromium, folder):
    with browser.visit(chromium) as (page, _):
        opened(page, folder, "solutions/06_adam.html")
        answer = page.locator("section > details", has_text="The learning rate 0.038 ends nearest").first
        printed = page.get_by_text("rate 0.038 ends at").last
        assert not answer.locator("p").first.is_visible() and not printed.is_visible()
        answer.locator("summary").click()
        page.locator("details.hide summary", has_text="Show the output").first.click()
        assert answer.locator("p").first.is_visible() and printed.is_visible()
        assert not page.get_by_text(
            "for name in parameters"
        ).first.is_visible()  # the solution of an exercise


def test_a_session_is_copied_without_what_it_prints(chromium, folder):
    with browser.visit(chromium) as (page, _):
        opened(page, folder, "instructors.html")
        page.evaluate("addEventListener('copy', () => { window.copied = String(getSelection()); })")
        block = page.locator("div.highlight-console").first
        block.hover()
        block.locator("button.copybtn").click()
        text = page.wait_for_function("window.copied").json_value()
        commands = re.findall(r"^\$ (.*)$", block.text_content(), re.MULTILINE)
        assert len(commands) > 1 and text.splitlines() == commands


def test_an_excerpt_of_the_search_has_words_and_no_tex(chromium, folder):
    with browser.visit(chromium) as (page, _):
        opened(page, folder, "search.html?q=softmax")
        text = page.evaluate("""Search.htmlToText(
            `<div role="main"><h1>Title<a class="headerlink">#</a></h1><p>The slope
             <span class="math">\\\\(\\\\sigma\\\\)</span> is small.</p><p>So it goes.</p>
             <details class="hide"><summary>Show the output</summary><pre>1.0</pre></details></div>`)""")
        assert text.split() == "Title The slope is small. So it goes. 1.0".split()


def test_keys_alone_reach_the_content_the_search_and_the_menu(chromium, folder):
    focus = "(e => e.ariaLabel || e.title || e.textContent.trim())(document.activeElement)"
    with browser.visit(chromium) as (page, _):
        opened(page, folder, KINDS["chapter"])
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


def test_on_a_telephone_keys_open_the_menu(chromium, folder):
    with browser.visit(chromium, *VIEWS["telephone"]) as (page, _):
        opened(page, folder, KINDS["chapter"])
        button = page.locator("button.primary-toggle").first
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open] >> text=How the diagnosis works")
        browser.screenshot(page, "site menu telephone")


def test_the_search_finds_a_word_of_a_chapter_and_a_function(chromium, folder):
    with browser.visit(chromium) as (page, _):
        opened(page, folder, KINDS["search"])
        assert "Turn scores into probabilities" in page.inner_text("#search-results")
        opened(page, folder, "search.html?q=rnn_cell_backward")
        assert "seqgrad.rnn.rnn_cell_backward" in page.inner_text("#search-results")
