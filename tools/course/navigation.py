"""The way through the course: titles of chapters, links between notebooks, and the page that one starts at.

first cells of the chapters  ->  Opening, one each  ->  a line of links, the start page

A title is written once, at the top of a source chapter; whoever shows it takes it from here.
"""

import re
from dataclasses import dataclass

import nbformat

from tools.course import chapters
from tools.course.place import list_sources

START = "00_start"
LOOK_UP = {"Recap": "recap.md", "Symbols and shapes": "symbols.md", "Glossary": "glossary.md"}

LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:)([^()#\s]+\.(?:ipynb|md))(?:#[^()\s]*)?\)")
WORDS = re.compile(r"\*\*What you will know\.\*\* You will be able to\n\n((?:- .*\n(?:  .*\n)*)+)")
TIME = re.compile(r"\*\*Time\.\*\* About (\d+ \w+)")

WELCOME = """\
# Start here

In this course you write functions in NumPy, one at a time. After each of them, a check says what is wrong
with your numbers, and where.

- Open a chapter below. To run a cell, click into it and press Shift+Enter.
- An exercise is a function whose comments are the steps. Write the steps, run the cell, and run the check
  below it.
- Demonstrations use the course's own functions, so you can read on before an exercise is right.
- Save with Ctrl+S. The points below are those of the saved notebooks."""

POINTS = """\
## Your points so far

Run this cell whenever you come back."""

PROGRESS = """\
import sys

sys.path.insert(0, "../..")  # the course's folder
from tools.reader.progress import show_progress

show_progress("../..")"""


@dataclass(frozen=True)
class Opening:
    """What the first cell of a chapter says: title, what its reader will be able to do, how long it takes."""

    name: str
    title: str
    skills: tuple
    time: str


def read_openings(root):
    """Return the Opening of each chapter, in order."""
    return [read_opening(path, root) for path in list_sources(root)]


def read_opening(path, root):
    """Return the Opening of a source chapter; what its first cell does not say is empty."""
    first = next(iter(chapters.read_source_cells(path, root)), None)
    text = first.source if first and first.cell_type == "markdown" else ""
    skills, time = WORDS.search(text + "\n"), TIME.search(text)
    listed = re.split(r"^- ", skills[1], flags=re.MULTILINE)[1:] if skills else ()
    plain = tuple(" ".join(skill.split()).rstrip(",.") for skill in listed)
    return Opening(path.stem, read_title(text) or path.stem, plain, time[1] if time else "")


def read_title(text):
    """Return the title with which a text begins; "" if it begins with something else."""
    first, *_ = text.split("\n")
    return first.removeprefix("# ").strip() if first.startswith("# ") else ""


# Links.


def list_pages(root):
    """Return the pages of a course that can be looked up, {title: file}."""
    return {title: page for title, page in LOOK_UP.items() if (root / "notebooks" / page).exists()}


def add_links(notebook, name, known, look_up, start=f"{START}.ipynb"):
    """Return a notebook with the same links below its title and at its end.

    Parameters
    ----------
    notebook : NotebookNode
        As `chapters.make_variants` makes it.
    name : str
        Its chapter.
    known : list of Opening
        The chapters that it may lead to, in order; its own is among them.
    look_up : dict
        The pages that can be looked up, as `list_pages` returns them.
    start : str
        Where the start page is, from this notebook.
    """
    line = link_line(name, known, look_up, start)
    cells = [nbformat.from_dict(cell) for cell in notebook.cells]
    if cells and cells[0].cell_type == "markdown" and read_title(cells[0].source):
        title, _, rest = cells[0].source.partition("\n")
        cells[0].source = f"{title}\n\n{line}\n{rest}".rstrip()
    else:
        cells.insert(0, nbformat.v4.new_markdown_cell(line, id="links-above"))
    cells.append(nbformat.v4.new_markdown_cell(f"---\n\n{line}", id="links"))
    return chapters.make_notebook(cells, name)


def link_line(name, known, look_up, start):
    """Return links to the chapters before and after one, to the start page, and to what can be looked up."""
    place = [chapter.name for chapter in known].index(name)
    links = [f"[All chapters]({start})"]
    if place > 0:
        links.insert(0, link_to(known[place - 1], "← {}"))
    if place + 1 < len(known):
        links.append(link_to(known[place + 1], "{} →"))
    return "<br>\n".join(filter(None, [" · ".join(links), link_pages(look_up)]))


def link_to(chapter, form="{}"):
    """Return a link to a chapter that lies in the same folder."""
    return f"[{form.format(chapter.title)}]({chapter.name}.ipynb)"


def link_pages(look_up):
    """Return links to the pages beside the chapters; "" if there are none."""
    links = " · ".join(f"[{title}](../{page})" for title, page in look_up.items())
    return f"To look up: {links}" if links else ""


def unlink(text, known):
    """Return a text in which links to notebooks and pages that are not among `known`, by name, are words."""

    def keep(link):
        return link[0] if link[2].rpartition("/")[2] in known else link[1]

    return LINK.sub(keep, text)


# The start page.


def make_start_page(known, points, look_up):
    """Return the notebook that a learner opens first.

    Parameters
    ----------
    known : list of Opening
        The chapters that it leads to.
    points : dict
        What can be earned in a chapter, by its name; chapters without exercises may be missing.
    look_up : dict
        The pages that can be looked up.
    """
    cells = [
        nbformat.v4.new_markdown_cell(WELCOME, id="welcome"),
        nbformat.v4.new_markdown_cell(POINTS, id="points"),
        nbformat.v4.new_code_cell(PROGRESS, id="progress"),
        nbformat.v4.new_markdown_cell(tabulate_chapters(known, points), id="chapters"),
    ]
    if look_up:
        cells.append(nbformat.v4.new_markdown_cell(link_pages(look_up), id="links"))
    return chapters.make_notebook(cells, START)


def tabulate_chapters(known, points):
    """Return the table of the chapters, below its heading."""
    cells = [
        (link_to(chapter), "; ".join(chapter.skills), chapter.time, str(points.get(chapter.name, "–")))
        for chapter in known
    ]
    rows = [f"| {' | '.join(row)} |" for row in cells]
    head = "| chapter | you will be able to | time | points |\n| --- | --- | --- | --- |"
    return "\n".join(["## The chapters", "", head, *rows])
