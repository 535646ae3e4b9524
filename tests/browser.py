"""Chromium for tests: started so that it asks no other host by itself, and pictures of what it shows.

The pictures go to the folder that SEQGRAD_SCREENSHOTS names, by default `.screenshots` in the project.
"""

import contextlib
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.marks import missing

FOLDER = Path(os.environ.get("SEQGRAD_SCREENSHOTS") or Path(__file__).parent.parent / ".screenshots")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --process-per-site""".split()
SECONDS = 120  # that a busy machine may take until something shows


@contextlib.contextmanager
def chromium():
    """Yield Chromium, driven by playwright; the tests that need it are skipped where one of both is missing.

    Open it in a fixture of a module: while it is open, no other test can start an event loop.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        pytest.skip(missing("Chromium", "on Debian, apt install chromium"))
    reason = missing("playwright")
    playwright = pytest.importorskip("playwright.sync_api", reason=reason, exc_type=ImportError)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, width=1280, height=900, theme="light"):
    """Yield an empty page and what it will have asked and said: a dict of `hosts` and `errors`.

    Pages beside it, ``page.context.new_page()``, count as well; what one of a site has compiled is there for
    the next, as long as it stays open.

    Parameters
    ----------
    browser : what `chromium` yields
    width, height : int
        Of the window, in pixels.
    theme : {"light", "dark"}
        What the visitor's system prefers.
    """
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    context.set_default_timeout(1000 * SECONDS)
    page = context.new_page()
    met = {"hosts": set(), "errors": []}
    context.on("request", lambda request: met["hosts"].add(urlsplit(request.url).hostname))
    context.on("weberror", lambda failed: met["errors"].append(str(failed.error)))
    context.on("console", lambda said: met["errors"].append(said.text) if said.type == "error" else None)
    yield page, met
    context.close()


def screenshot(page, name):
    """Keep a picture of what a page shows now; the name may be a sentence."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / (re.sub(r"\W+", "-", name).strip("-") + ".png"))
