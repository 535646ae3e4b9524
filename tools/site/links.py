"""From the pages of a site to what is wrong with them: links that lead nowhere, and things from elsewhere.

A link to another host is there to be read, and is left alone; whatever a browser would load has to be here.
"""

import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes by which a page makes the browser load something, without being asked.
LOADS = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
NAMED = {
    "canonical",
    "author",
    "next",
    "prev",
    "search",
    "index",
    "license",
    "help",
}  # link rel=… loads nothing
PLAIN = re.compile(r'</?(?!script\b|style\b)\w+(?: class="[^"<>]*")?>')  # most tags: they lead nowhere
STYLE = re.compile(r"""@import\s+(?:url\()?\s*["']?([^"')\s;]+)|url\(\s*["']?([^"')]+?)["']?\s*\)""")


@dataclass
class Page(HTMLParser):
    """What one page holds: anchors, links to follow, resources to load, pictures without words."""

    anchors: set = field(default_factory=set)
    links: list = field(default_factory=list)
    loads: list = field(default_factory=list)
    wordless: list = field(default_factory=list)

    def __post_init__(self):
        """Make it ready to read."""
        super().__init__()
        self.inside_style = False

    def handle_starttag(self, tag, attributes):
        """Take what a tag says."""
        values = {name: value or "" for name, value in attributes}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        self.inside_style = tag == "style"
        if tag in ("a", "area") and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and NAMED & set(values.get("rel", "").split()):
            self.links.append(values["href"])
        else:
            for name in LOADS.get(tag, ()):
                entries = values.get(name, "").split(",") if name == "srcset" else [values.get(name, "")]
                self.loads += [entry.split()[0] for entry in entries if entry.strip()]
        self.loads += list_styled(values.get("style", ""))
        if tag == "img" and not values.get("alt", "").strip():
            self.wordless.append(values.get("src", ""))

    def handle_endtag(self, tag):
        """Leave a style sheet where it ends."""
        self.inside_style = False

    def handle_data(self, data):
        """Take what a style sheet within the page loads."""
        if self.inside_style:
            self.loads += list_styled(data)


def list_styled(text):
    """Return the addresses that a style sheet makes the browser load."""
    return [imported or url for imported, url in STYLE.findall(text)]


def read_page(path):
    """Return the page that stands in a file."""
    page = Page()
    page.feed(PLAIN.sub("", path.read_text(encoding="utf-8")))
    return page


def list_problems(folder):
    """Return a sentence for all that is wrong with a site, and how many links and resources it has."""
    found = sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts)
    pages = {path: read_page(path) for path in found}
    found, looked = [], 0
    for path, page in pages.items():
        place = path.relative_to(folder).as_posix()
        found += [f"{place}: the picture {source} has no alternative text" for source in page.wordless]
        found += [f"{place} {wrong}" for address in page.loads if (wrong := check_loaded(address, path))]
        found += [f"{place} {wrong}" for address in page.links if (wrong := check_link(address, path, pages))]
        looked += len(page.loads) + len(page.links)
    for path in sorted(folder.rglob("*.css")):
        addresses = list_styled(path.read_text(encoding="utf-8"))
        place = path.relative_to(folder).as_posix()
        found += [f"{place} {wrong}" for address in addresses if (wrong := check_loaded(address, path))]
        looked += len(addresses)
    return found, looked


def check_loaded(address, path):
    """Return what is wrong with something that a file loads."""
    parts = urlsplit(address)
    if parts.scheme == "data" or address.startswith("#"):
        return None
    if parts.scheme or parts.netloc:
        return f"loads {address} from elsewhere"
    target = locate(parts, path)
    return None if target.is_file() else f"loads {address}, and there is no such file"


def check_link(address, path, pages):
    """Return what is wrong with a link of a page."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None if parts.scheme in ("https", "http", "mailto") else f"links to {address}"
    target = locate(parts, path) if parts.path else path
    if not target.is_file():
        return f"links to {address}, and there is no such file"
    anchor = unquote(parts.fragment)
    if anchor and target in pages and anchor not in pages[target].anchors | {"top"}:
        return f"links to {address}, and that page has no such place"
    return None


def locate(parts, path):
    """Return the file that an address in a file leads to, by its parts."""
    return Path(os.path.normpath(path.parent / unquote(parts.path)))
