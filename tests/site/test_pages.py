"""What is on the pages of the site, which need nothing from elsewhere and lead nowhere in vain.

An ordinary run reads a small site; the whole one, as the verb makes it, is exhaustive.
"""

import functools
import importlib
import inspect
import re
import textwrap
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

import seqgrad
from tests.marks import exhaustive
from tests.site.small import ROOT, each_chapter, each_site
from tools.course import chapters, navigation, pairs
from tools.site import addresses, links, pages

pytestmark = pytest.mark.timeout(900)  # seconds; the first of these makes the site, on a busy machine in 300


def each(names, first):
    """Return the mark of a test of a name on the small site, and of all names on the whole one."""
    whole = [pytest.param("whole_site", name, marks=exhaustive, id=name) for name in names]
    return pytest.mark.parametrize(("folder", "name"), [("small_site", first), *whole], indirect=["folder"])


@functools.cache
def html(path):
    return path.read_text(encoding="utf-8")


@functools.cache
def variants(name):
    return chapters.make_variants(ROOT / "notebooks/source" / f"{name}.py", ROOT)


@exhaustive
def test_the_verb_says_what_it_has_made_and_what_comes_next(made):
    assert re.search(
        r"^\d{2,} pages, \d{4,} links and resources followed, in \d+ s\.\nNext: open ", made[1], re.M
    )


@each_chapter
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


@each_chapter
def test_every_exercise_can_be_downloaded_as_it_was_built(folder, name):
    (address,) = re.findall(
        rf'href="\.\./(_downloads/\w+/{name}\.ipynb)"', html(folder / f"chapters/{name}.html")
    )
    known, pages = navigation.read_openings(ROOT), navigation.list_pages(ROOT)
    built = pairs.link_variants(variants(name), name, known, pages)["exercises"]
    assert (folder / address).read_text(encoding="utf-8") == chapters.to_texts(built)[".ipynb"]


@each_chapter
def test_a_chapter_shows_its_exercises_as_stubs_and_what_demonstrations_print(folder, name):
    page = re.sub(r"<[^>]*>", "", html(folder / "chapters" / f"{name}.html"))
    made = variants(name)
    stubs = {cell.id: cell.source for cell in made["exercises"].cells if "exercise" in cell.metadata}
    for cell in made["solutions"].cells:
        if cell.id in stubs:
            assert unescape(page).count(stubs[cell.id]) == 1 and cell.source not in unescape(page)
    printed = re.findall(r'class="cell_output', html(folder / "chapters" / f"{name}.html"))
    assert len(printed) > 3


@each(seqgrad.__all__, "rnn_cell_backward")
def test_every_function_has_its_place_in_the_reference(folder, name):
    module = getattr(seqgrad, name).__module__
    page = html(folder / "reference" / f"{module}.html")
    assert f'id="{module}.{name}"' in page
    assert f'href="../_modules/{module.replace(".", "/")}.html#{name}"' in page


@each(["seqgrad.rnn", "seqgrad.check.running.survive", "seqgrad.check.reading.stub"], "seqgrad.rnn")
def test_what_flows_through_a_module_is_shown_line_by_line_as_it_stands(folder, name):
    _, *blocks = inspect.getdoc(importlib.import_module(name)).split("\n\n")
    page = (folder / f"reference/{name}.html").read_text(encoding="utf-8")
    shown = [
        unescape(re.sub("<[^>]*>", "", pre)).strip("\n") for pre in re.findall("<pre>(.*?)</pre>", page, re.S)
    ]
    assert shown == [textwrap.dedent(block) for block in blocks if "  ->  " in block]


@each_site
def test_the_reference_says_nothing_of_a_field_but_its_name(folder):
    page = html(folder / "reference" / "seqgrad.gradcheck.html")
    assert "draw_parameters" in page and "Alias for field" not in page


@each(["activations", "gradcheck", "figures", "fused", "check", "check.verdict"], "rnn")
def test_every_public_module_has_a_page(folder, name):
    assert f'id="module-seqgrad.{name}"' in html(folder / "reference" / f"seqgrad.{name}.html")


@exhaustive
@pytest.mark.parametrize("page", [Path(name).stem for name in pages.AUTHORED])
def test_what_is_written_beside_the_chapters_is_there(whole_site, page):
    title = (ROOT / "notebooks" / f"{page}.md").read_text(encoding="utf-8").partition("\n")[0]
    assert f"<h1>{title.removeprefix('# ')}<a" in html(whole_site / f"{page}.html")


@each_site
def test_the_front_page_shows_a_card_of_a_mistake(folder):
    page = html(folder / "index.html")
    assert 'aria-label="Check of rnn_cell_backward: wrong"' in page
    assert "where it should have <code>a_next</code>" in page


@exhaustive
def test_every_page_has_an_icon_and_says_what_others_show_beside_a_link_to_it(whole_site):
    page = html(whole_site / "chapters" / "04_lstm_forward.html")
    assert '<link rel="icon" href="../_static/favicon.svg"' in page
    assert '<meta property="og:title" content="Chapter 4. Build a memory with gates">' in page
    assert '<meta property="og:description" content="Write the forward and backward passes' in page
    assert 'property="og:image"' not in page  # its address has to be whole, and the site has none yet
    with Image.open(whole_site / "_static" / "card.png") as card:
        assert card.size == (1200, 630)


@each_site
@pytest.mark.parametrize("name", ["binder", "colab"])
def test_without_an_address_no_page_leads_to_a_service(folder, name):
    assert addresses.read_addresses(ROOT) == {"repository": "", "site": ""}
    for path in [folder / "index.html", *(folder / "chapters").glob("*.html")]:
        assert f"{name}.org" not in html(path) and f"{name}.research" not in html(path)


@each_site
def test_nothing_is_loaded_from_elsewhere_and_every_link_leads_somewhere(folder):
    problems, looked = links.list_problems(folder)
    assert problems == []
    assert looked > (5000 if (folder / "solutions/12_attention.html").exists() else 500)


@each_site
def test_no_path_of_this_machine_is_on_a_page(folder):
    for path in folder.rglob("*.html"):
        assert str(ROOT) not in html(path) and str(Path.home()) + "/" not in html(path), path


@each_chapter
def test_no_page_shows_the_text_in_place_of_a_slider_or_a_progress_bar(folder, name):
    assert not re.search(
        r"where the notebook runs\]|\dit/s\]|\?it/s\]", html(folder / f"chapters/{name}.html")
    )
