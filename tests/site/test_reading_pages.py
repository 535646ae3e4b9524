"""Recap, symbols and glossary: complete, in order, and every link leads to a chapter."""

import inspect
import re
from pathlib import Path

import pytest

import seqgrad
from tools.course import pairs

ROOT = Path(__file__).parents[2]
NAMES = pairs.list_chapters(ROOT)
PAGE_NAMES = ("recap", "symbols", "glossary")
PAGES = {name: (ROOT / f"notebooks/{name}.md").read_text(encoding="utf-8") for name in PAGE_NAMES}


def title(name):
    """Return the title of a source chapter."""
    return (ROOT / "notebooks/source" / f"{name}.py").read_text(encoding="utf-8").split("\n")[1][4:]


@pytest.mark.parametrize("name", NAMES)
def test_the_recap_has_five_lines_for_each_chapter_under_its_title(name):
    section = PAGES["recap"].split(f"](exercises/{name}.ipynb)\n")
    assert section[0].endswith(f"## [{title(name)}") and len(section) == 2
    assert len(re.findall("^- ", section[1].split("\n## ")[0], re.M)) == 5


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_page_or_to_a_chapter(page):
    links = re.findall(r"\]\(([^)#]+)", PAGES[page])
    assert links and all((ROOT / "notebooks" / link).is_file() for link in links)


@pytest.mark.parametrize("function", seqgrad.__all__)
def test_every_array_that_an_exercise_takes_or_returns_is_among_the_symbols(function):
    docstring = inspect.getdoc(getattr(seqgrad, function))
    names = re.findall(r"^([\w, ]+?) : \(n_", docstring, re.M)
    known = set(re.findall(r"`(\w+)`", PAGES["symbols"]))
    assert {name for line in names for name in line.split(", ")} <= known


@pytest.mark.parametrize("network", [seqgrad.rnn, seqgrad.lstm], ids=["rnn", "lstm"])
def test_every_parameter_of_a_network_is_among_the_symbols_with_its_shape(network):
    rows = [line.split("|") for line in PAGES["symbols"].split("\n") if line.startswith("|")]
    for name, shape in network.PARAMETERS.items():
        shapes = [row[3] for row in rows if f"`{name}`" in row[1]]
        assert any(f"({shape})".replace(" ", ", ").replace("+", " + ") in listed for listed in shapes), name


def test_the_glossary_is_in_alphabetical_order_and_names_the_chapter_of_each_term():
    entries = re.findall(r"^\*\*(.+?)\*\* \(\[chapter (\d+)\]\(exercises/(\d+)_", PAGES["glossary"], re.M)
    terms = [term.strip("`").lower() for term, _, _ in entries]
    assert len(terms) > 50 and terms == sorted(terms)
    assert all(int(number) == int(file) for _, number, file in entries)
