"""Every notebook leads to its neighbours, and each title is written once: in its source chapter."""

import re
from pathlib import Path

import pytest

from tests.small_project import edit, load, make
from tools.course import build, chapters, navigation, pairs
from tools.writing import write

ROOT = Path(__file__).parents[2]
KNOWN = navigation.read_openings(ROOT)
NAMES = [chapter.name for chapter in KNOWN]
LINK = re.compile(r"\]\(([^()#\s]+)\)")


def notebook(variant, name):
    """Return a notebook of the course."""
    return chapters.read_notebook(pairs.read(ROOT / "notebooks" / variant / f"{name}.ipynb"), ".ipynb")


def links(text):
    """Return what a text links to, in order."""
    return [link for link in LINK.findall(text) if not link.startswith("http")]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("variant", chapters.VARIANTS)
def test_a_chapter_leads_to_its_neighbours_below_its_title_and_at_its_end(variant, name):
    first, *_, last = notebook(variant, name).cells
    place = NAMES.index(name)
    before, after = NAMES[max(0, place - 1) : place], NAMES[place + 1 : place + 2]
    start = "00_start.ipynb" if variant == "exercises" else "../exercises/00_start.ipynb"
    expected = [*(f"{each}.ipynb" for each in before), start, *(f"{each}.ipynb" for each in after)]
    expected += ["../recap.md", "../symbols.md", "../glossary.md"]
    assert links(first.source)[: len(expected)] == links(last.source) == expected
    assert first.source.startswith(f"# {KNOWN[place].title}\n\n[")


@pytest.mark.parametrize("name", ["00_start", *NAMES])
@pytest.mark.parametrize("variant", chapters.VARIANTS)
def test_every_link_of_a_notebook_leads_to_a_file(variant, name):
    if (variant, name) == ("solutions", "00_start"):
        pytest.skip("there is one start page, beside the exercises")
    for cell in notebook(variant, name).cells:
        for link in links(cell.source) if cell.cell_type == "markdown" else ():
            assert (ROOT / "notebooks" / variant / link).is_file(), link


def test_the_start_page_lists_every_chapter_with_what_it_teaches_its_time_and_its_points():
    page = notebook("exercises", "00_start")
    rows = re.findall(
        r"^\| \[(.+)\]\((\w+)\.ipynb\) \| (.+) \| (.+) \| (.+) \|$",
        "\n".join(c.source for c in page.cells),
        re.M,
    )
    assert [row[:2] for row in rows] == [(chapter.title, chapter.name) for chapter in KNOWN]
    assert all(len(row[2].split("; ")) >= 4 and re.fullmatch(r"\d+ (minutes|hours)", row[3]) for row in rows)
    worth = sum(exercise.points for exercise in chapters.exercises(ROOT))
    assert sum(int(row[4]) for row in rows if row[4] != "–") == worth


def test_the_readme_has_every_chapter_under_its_title():
    table = pairs.read(ROOT / "README.md")
    listed = re.findall(r"^\| \[(.+)\]\(notebooks/source/(\w+)\.py\)", table, re.M)
    assert listed == [(chapter.title, chapter.name) for chapter in KNOWN]


def test_a_new_title_reaches_the_neighbours_and_the_start_page(tmp_path):
    root = make(tmp_path)
    text = pairs.read(root / "notebooks/source/01_divide.py").replace("# Divide", "# Divide more")
    write(root / "notebooks/source/02_more.py", text)
    build.build(root)
    edit(root, "notebooks/source/02_more.py", "# Divide more", "# Divide again")
    build.build(root)
    assert "[Divide again →](02_more.ipynb)" in load(root).cells[0].source
    assert "[← Divide](01_divide.ipynb)" in load(root, "exercises/02_more.ipynb").cells[0].source
    assert "[Divide again](02_more.ipynb)" in load(root, "exercises/00_start.ipynb").cells[3].source
    assert build.list_stale(root) == []


def test_a_chapter_without_a_title_gets_its_links_in_a_cell_of_their_own(tmp_path):
    root = make(tmp_path)
    write(root / "notebooks/source/02_bare.py", "# %%\nprint(1)\n")
    build.build(root)
    first, second, _ = load(root, "exercises/02_bare.ipynb").cells
    assert links(first.source)[:2] == ["01_divide.ipynb", "00_start.ipynb"]
    assert second.source == "print(1)"
    assert "[02_bare →](02_bare.ipynb)" in load(root).cells[0].source


def test_the_start_page_can_be_begun_anew_like_a_chapter(tmp_path):
    root = make(tmp_path)
    own = load(root, "exercises/00_start.ipynb")
    own.cells[0].source = "My notes."
    for suffix, text in chapters.to_texts(own).items():
        write((root / "notebooks/exercises/00_start").with_suffix(suffix), text)
    build.build(root)
    assert load(root, "exercises/00_start.ipynb").cells[0].source == "My notes."
    assert pairs.set_aside("00", root).name == "00_start_mine_1"
    build.build(root)
    assert load(root, "exercises/00_start.ipynb").cells[0].source.startswith("# Start here")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See [chapter 5](05_x.ipynb).", "See chapter 5."),
        ("See [chapter 4](04_x.ipynb).", "See [chapter 4](04_x.ipynb)."),
        ("See [it](exercises/05_x.ipynb#part) and [this](../recap.md).", "See it and [this](../recap.md)."),
        ("![A picture](../figures/a.svg) [NumPy](https://numpy.org/x.md)", None),
        ("See [`rnn`](05_x.ipynb), [a\nb](05_x.ipynb).", "See `rnn`, a\nb."),
    ],
)
def test_a_link_to_what_is_not_there_becomes_words(text, expected):
    assert navigation.unlink(text, {"04_x.ipynb", "recap.md"}) == (expected or text)
