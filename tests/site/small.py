"""A small site on which Python runs: a front page, the check, a chapter, some modules; a server for it."""

import contextlib
import functools
import http.server
import shutil
import threading
import warnings
from pathlib import Path

import pytest

from tests.marks import exhaustive, missing
from tools.course import chapters, navigation, pairs
from tools.site import front, needs, pages, site
from tools.site.tab import bundle, interpreter
from tools.site.tab import page as live_page

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".site"
NPM = needs.locate_modules(CACHE)
MISSING = missing("What the site is made of", "python3 -m tools site --fetch, with npm,")
CHAPTER = "02_rnn_forward"
MODULES = ("seqgrad.activations", "seqgrad.gradcheck", "seqgrad.rnn")
# A chapter on the small site, and all of them on the whole one.
EACH = [
    ("small_site", CHAPTER),
    *(pytest.param("whole_site", name, marks=exhaustive, id=name) for name in pairs.list_chapters(ROOT)),
]
each_site = pytest.mark.parametrize(
    "folder", ["small_site", pytest.param("whole_site", marks=exhaustive)], indirect=True
)
each_chapter = pytest.mark.parametrize(("folder", "name"), EACH, indirect=["folder"])
INDEX = """\
# Gradients

{points}

## Chapters

{table}

{try_out}

```{{toctree}}
:glob:
{names}
```
"""
BESIDE = ("diagnosis", "recap", "symbols", "glossary")


def make_site(work):
    """Make the site in an empty folder, below `html`."""
    made = bundle.make_bundle(ROOT, CACHE, NPM, work / "tab")
    write_sources(
        work / "sources", [one for one in navigation.read_openings(ROOT) if one.name == CHAPTER], made
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the theme uses of Sphinx is not ours
        site.render(work, 3, ROOT)
    shutil.copytree(NPM / "mathjax/es5", work / "html/_static/mathjax")
    site.add_live_pages(work / "tab", work / "html")


def skip_without_parts(live=True):
    """Skip a test where something is missing that a site is made of, `live` if Python runs on it."""
    for module in ("sphinx", "myst_nb", "sphinx_book_theme"):
        pytest.importorskip(module, reason=MISSING, exc_type=ImportError)
    parts = [NPM / "mathjax", *([NPM / "esbuild", interpreter.locate_interpreter(CACHE)] if live else [])]
    if not all(part.exists() for part in parts):
        pytest.skip(MISSING)


def write_sources(folder, known, made):
    """Write the pages of the small site; a link to a page that it does not have becomes words."""
    for name in ("chapters", "exercises", "solutions"):
        (folder / name).mkdir(parents=True)
    exercises = chapters.exercises(ROOT)
    pages.write_chapters(ROOT, folder, known, exercises, made, None)
    there = {f"{one.name}.ipynb" for one in known} | {f"{name}.md" for name in BESIDE}
    for path in folder.glob("[cs]*/*.ipynb"):
        notebook = chapters.read_notebook(pairs.read(path), ".ipynb")
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = navigation.unlink(cell.source, there)
        path.write_text(chapters.to_texts(notebook)[".ipynb"], encoding="utf-8")
    shutil.copytree(ROOT / "notebooks/figures", folder / "figures")
    table = front.tabulate_chapters(known, exercises, pairs.read(ROOT / "README.md"), "")
    pages.write_reference(folder / "reference", MODULES)
    names = "\n".join(["check", *BESIDE, "chapters/*", "solutions/*", "reference/index"])
    index = INDEX.format(points=front.POINTS, table=table, try_out=front.try_out(), names=names)
    texts = {"index": index, "check": live_page.make_check_page(made)}
    for name, text in (dict.fromkeys(BESIDE, "# How it works\n") | texts).items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_):
        """Say nothing."""


@contextlib.contextmanager
def served(folder, port=0):
    """Serve a folder on this machine; yield the port."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
