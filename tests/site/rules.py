"""The rules of accessibility, WCAG 2.1 A and AA, as axe-core finds them broken on a page."""

import pytest

from tests.site.small import MISSING, NPM

SCRIPT = NPM / "axe-core" / "axe.min.js"
ASKED = (  # only which rules are broken: a list of all the others would take long
    "{preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}"
)
AT_ONCE = "* { transition: none !important; }"  # no colour on its way to another


def learn(page):
    """Make a page ready to be asked, in whatever size and colours it will be seen."""
    if not SCRIPT.exists():
        pytest.skip(MISSING)
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    page.add_style_tag(content=AT_ONCE)


def list_broken(page):
    """Return a line for each element that breaks a rule as the page is now."""
    found = page.evaluate(f"axe.run(document, {ASKED}).then(result => result.violations)")
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
