"""A chapter that runs on its own page, as a person uses it, and what its notebook holds."""

import json

from tests.site.small import ROOT
from tools.course import chapters, pairs

POINTS = ".live-points"
IS_DONE = "document.querySelector('.live').getAttribute('aria-busy') == 'false'"
DRAWN = (
    "[...document.querySelectorAll('.live-shown img')].every(i => i.alt && i.complete && i.naturalWidth > 99)"
)


class Live:
    """A chapter as a person uses it."""

    def __init__(self, page, address, name):
        self.page, self.address, self.name = page, f"{address}/chapters/{name}.html", name

    def open(self, kept=None, limit=60):
        """Show the page, with what was typed on it before, and let its cells have so many seconds."""
        self.page.goto(self.address)
        if kept is not None:
            self.page.evaluate(
                f"localStorage.setItem('seqgrad-chapter-{self.name}', {json.dumps(json.dumps(kept))})"
            )
        self.page.evaluate(
            "limit => { const about = document.querySelector('#tab-about');"
            "about.textContent = JSON.stringify({...JSON.parse(about.textContent), limit}); }",
            limit,
        )

    def start(self, seconds=120):
        """Run the page, and wait until all of it has run."""
        self.page.get_by_role("button", name="Run this page").click()
        self.page.wait_for_selector(".live-bottom")
        self.wait(seconds)

    def wait(self, seconds=120):
        """Wait until nothing is running."""
        self.page.wait_for_function(IS_DONE, timeout=1000 * seconds)

    def cell(self, id):
        """Return the element of a cell."""
        return self.page.locator(f".tag_cell-{id}")

    def type(self, id, text, key="Control+Enter"):
        """Put a text into a cell, run it, and return what it shows."""
        self.cell(id).locator(".cm-content").focus()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press(key)
        self.wait()
        return self.cell(id).locator(".live-shown > div").inner_text()

    def status(self):
        """Return what the line in the bar says."""
        return self.page.locator(".live [role=status]").inner_text()


def read_cells(name, variant="exercises"):
    """Return the code cells of a chapter."""
    return pairs.list_code_cells(chapters.make_variants(ROOT / f"notebooks/source/{name}.py", ROOT)[variant])


def read_right(name):
    """Return the right functions of a chapter, by the ids of their cells."""
    return {cell.id: cell.source for cell in read_cells(name, "solutions") if "exercise" in cell.metadata}
