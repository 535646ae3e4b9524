"""The pages on which Python runs: their text, and what their scripts have to know.

bundle  ->  "Check your gradient";    bundle, chapter  ->  the bar with which its page begins to run
"""

import json
from html import escape
from pathlib import Path

from seqgrad.check.exercises import list_exercises
from tools.site.tab.bundle import ARCHIVE, BEGIN, CHAPTERS, OFFLINE
from tools.site.tab.examples import list_examples

NAME = "check"
ADDRESS = "_static/tab/"
LIMIT = 60  # seconds that a cell may take while nothing counts them


def make_check_page(bundle):
    """Return the source of the page, for what `make_bundle` returned."""
    about = describe(bundle, ["program", "library", ARCHIVE], "guest") | {
        "page": f"{NAME}.html",
        "what": "Python and NumPy",
        "meanwhile": "You can type meanwhile.",
        "examples": list_examples(),
        "exercises": [exercise.name for exercise in list_exercises()],
    }
    text = Path(__file__).with_name("check.md").read_text(encoding="utf-8")
    text = text.replace("<!-- size -->", f"The first visit fetches {measure(about):.0f} MB.")
    text = text.replace("<!-- licences -->", f"{ADDRESS}LICENCES.txt")
    script = f'<script defer src="{locate(bundle, "check.js")}"></script>'
    return f"{text}\n{make_head(bundle, about)}\n{script}\n"


def make_bar(bundle, chapter, exercises):
    """Return what stands below the title of a chapter, one folder below the site's top, as HTML."""
    above = "../"
    about = describe(bundle, ["program", "library", ARCHIVE, CHAPTERS], "notebook", above) | {
        "begin": f"{BEGIN}notebook; notebook.begin()",
        "page": f"chapters/{chapter}.html",
        "what": "Python, NumPy and matplotlib",
        "meanwhile": "You can read on meanwhile.",
        "key": f"seqgrad-chapter-{chapter}",
        "chapter": chapter,
        "points": {exercise.name: exercise.points for exercise in exercises},
        "limit": LIMIT,
    }
    hidden = {"all": "Run all", "stop": "Restart", "download": "Download", "reset": "Reset"}
    buttons = "".join(
        f'<button type="button" data-do="{name}" hidden>{words}</button>' for name, words in hidden.items()
    )
    script = escape(locate(bundle, "live.js", above))
    return (
        '<div class="tab live" data-live role="group" aria-label="Python on this page">'
        f'<button type="button" class="tab-first" data-do="start" data-script="{script}">'
        f'Run this page</button>{buttons}<span class="live-points"></span>'
        '<p role="status">Python runs in your browser, and nothing leaves it. '
        f"The first time, {measure(about):.0f} MB are fetched.</p>"
        '<progress max="1" value="0" aria-label="Download" hidden></progress></div>'
        f"{make_head(bundle, about, above)}"
    )


def describe(bundle, names, module, above=""):
    """Return what the script of any such page has to know."""
    return {
        "files": [bundle["files"][name] for name in names],
        "begin": f"{BEGIN}{module}",
        "address": f"{above}{ADDRESS}",
        "worker": locate(bundle, "worker.js", above),
        "offline": f"{above}{OFFLINE}",
    }


def locate(bundle, name, above=""):
    """Return the address of a script or a style sheet, which says what is in it."""
    return f"{above}{ADDRESS}{name}?v={bundle['digests'][name]}"


def make_head(bundle, about, above=""):
    """Return the style sheet of such a page, and what its script has to know."""
    data = json.dumps(about).replace("</", "<\\/")
    style = f'<link rel="stylesheet" href="{locate(bundle, "tab.css", above)}">'
    return f'{style}\n<script type="application/json" id="tab-about">{data}</script>'


def measure(about):
    """Return how many megabytes a page fetches at the first visit."""
    return sum(file["bytes"] for file in about["files"]) / 1e6
