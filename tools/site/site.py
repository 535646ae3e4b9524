"""Make the course a web site, in site/, that loads nothing from elsewhere."""

import io
import os
import shutil
import tempfile
import time
import webbrowser
from pathlib import Path

from tools import Refusal, owned, verb_parser
from tools.course.ranges import list_begins
from tools.environment import ROOT
from tools.site import withheld

DESCRIPTION = """\
Write the course as pages that need no server and no network: every chapter with its exercises, and on a
page of its own its solution as it was executed; the notebooks to download, the reference of seqgrad, how
the diagnosis works, a guide for instructors, and a search. Nothing is run again. Where the pages come from
a server of files, each chapter can be run in the browser, and one page checks any function: for that,
Python in WebAssembly is fetched, once; where it cannot be had, this is left out. Every link is followed,
and a warning or a broken link ends it.

Without solutions, or for a release, no file of the site holds a line of a function that is to be written:
its checks work with recorded answers, as in the archives of `release`. The page that checks any function,
the guides and the sources of seqgrad show answers, and are left out, too."""

EXAMPLE = """\
example:
  python3 -m tools site
  python3 -m tools site --open            and show it in the browser
  python3 -m tools site --out FOLDER      write it there, not in site/
  python3 -m tools site --fetch           only fetch what builds it, as for its tests
  python3 -m tools site --without-solutions
  python3 -m tools site --release 4,5     these chapters alone, as a release of them has them"""

MATHJAX = ("es5/tex-svg-full.js", "LICENSE")  # all that draws formulas, in one file, and whose it is

CARD = (
    "Gradients through time",
    "Write the backward passes of recurrent networks in NumPy.\n"
    "A check tells you what is wrong with your gradient.",
)


def main(arguments):
    """Make the site; return the exit code."""
    parser = verb_parser("site", DESCRIPTION, EXAMPLE)
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=ROOT / "site", help="by default site/")
    parser.add_argument("--fetch", action="store_true", help="only fetch what builds it")
    parser.add_argument("--without-solutions", action="store_true", help="leave out all that holds an answer")
    parser.add_argument(
        "--release", metavar="2-5", type=list_begins, help="the exercises of these chapters alone"
    )
    options = parser.parse_args(arguments)
    if options.fetch:
        fetch_parts(ROOT)
        print("What builds the site is here. Next: python3 -m tools site")
        return 0

    began = time.perf_counter()
    try:
        pages, links = make_site(ROOT, options.out.absolute(), plan_release(options))
    except OSError as error:
        raise Refusal(f"The site cannot be written to {options.out}: {find_reason(error)}.") from error
    index = options.out / "index.html"
    took = time.perf_counter() - began
    print(f"{pages} pages, {links} links and resources followed, in {took:.0f} s.")
    if options.open:
        webbrowser.open(index.resolve().as_uri())
        print("Next: copy the folder to any web server.")
    else:
        print(f"Next: open {os.path.relpath(index)} in a browser, or copy the folder to any web server.")
    return 0


def fetch_parts(root):
    """Fetch what the site is built with and what its pages load, unless it is here."""
    from tools.site import needs
    from tools.site.tab import interpreter

    cache = root / ".site"
    try:
        needs.install_packages(root)
        needs.install_modules(cache)
        interpreter.install_interpreter(cache)
    except OSError as error:
        raise Refusal(f"It cannot be kept in {cache}: {find_reason(error)}.") from error


def plan_release(options):
    """Return the plan of the release whose answers the site withholds; None if it shows them."""
    from tools.course import pairs
    from tools.release import notebooks

    if not (options.release or options.without_solutions):
        return None
    return notebooks.plan_release(ROOT, options.release or pairs.list_chapters(ROOT))


def find_reason(error):
    """Return why something cannot be written; of an error about many files the first."""
    return error.args[0][0][-1] if isinstance(error, shutil.Error) else error.strerror or error


def make_site(root, out, plan=None):
    """Make the site, and put it in its place when it is whole; return how many pages and links it has."""
    from tools.site import card, links, needs, pages

    owned.check(out, "site")
    needs.install_packages(root)
    cache = root / ".site"
    modules = needs.install_modules(cache)

    with tempfile.TemporaryDirectory(dir=cache, prefix="work-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        bundle = prepare_live_pages(root, cache, modules, work, plan)
        expected = pages.write_pages(root, work / "sources", bundle, plan)
        render(work, expected, root, plan)
        made = work / "html"
        beside = made / "_static" / "mathjax"
        beside.mkdir()
        for name in MATHJAX:
            shutil.copy(modules / "mathjax" / name, beside)
        card.draw_card(made / "_static" / "card.png", *CARD)
        if bundle:
            add_live_pages(work / "tab", made)
        problems, looked = links.list_problems(made)
        if problems:
            raise Refusal("\n".join([*problems, f"The site is not made, problems: {len(problems)}."]))
        if plan:
            withheld.refuse_answers(root, made, plan)
        owned.replace(out, made, "site")
    return expected, looked


def prepare_live_pages(root, cache, modules, work, plan=None):
    """Return what the pages have to know on which Python runs, and fill their folder; None without Python."""
    from tools.site.tab import bundle

    try:
        package = withheld.write_package(root, work / "package", plan) if plan else root
        return bundle.make_bundle(package, cache, modules, work / "tab")
    except Refusal as refusal:
        print(f'The page "Check your gradient" is left out, and no chapter can be run. {refusal}')
        return None


def add_live_pages(folder, made):
    """Put what pages load on which Python runs into a site that has such pages."""
    from tools.site.tab import bundle, page

    shutil.copytree(folder, made / page.ADDRESS)
    # A service worker serves what lies beside and below it.
    (made / page.ADDRESS / bundle.OFFLINE).rename(made / bundle.OFFLINE)


def render(work, expected, root, plan=None):
    """Let Sphinx turn sources into HTML, with progress; whatever it warns of ends it."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    from tools.bar import show_progress

    warnings = io.StringIO()
    settings = root / "tools" / "site"
    with patch_docutils(settings), docutils_namespace(), show_progress(2 * expected) as advance:
        app = Sphinx(
            work / "sources",
            settings,
            work / "html",
            work / "doctrees",
            "html",
            status=None,
            warning=warnings,
            freshenv=True,
            confoverrides={"extensions": withheld.list_extensions()} if plan else {},
        )
        app.connect("source-read", lambda *_: advance())  # each page once when it is read,
        app.connect(  # and once when it is written, unlike those that Sphinx adds
            "html-page-context", lambda app, page, *_: advance() if page in app.env.found_docs else None
        )
        app.build()
    if said := warnings.getvalue().strip():
        lines = said.replace(f"{work / 'sources'}{os.sep}", "").splitlines()
        raise Refusal("\n".join([*lines, f"The site is not made, warnings: {len(lines)}."]))
