"""What an HTML page is made of: its tags in order, checked to nest, and its text."""

from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link", "line", "rect", "circle"}


class Page(HTMLParser):
    """The tags of a page, as pairs (name, attributes), and the text outside its style."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        """Keep a tag."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        self.open += [tag] if tag not in VOID else []

    def handle_startendtag(self, tag, attrs):
        """Keep a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """See that it closes the last one."""
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        """Keep text."""
        if "style" not in self.open:
            self.text += data

    def all(self, tag):
        """Return the attributes of all tags of a name."""
        return [attrs for name, attrs in self.tags if name == tag]


def check(html, others=()):
    """Return a page that asks for nothing, runs nothing, and can be read by a machine that reads aloud.

    Its links lead to places in it, and to `others`.
    """
    page = Page(html)
    names = [tag for tag, _ in page.tags]
    assert page.all("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in page.all("meta")
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & set(names)
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "srcset", "action")]
        href = attrs.get("href", "#")
        assert href.startswith("#") or href in others, f"{tag} leads to {href}"
    for word in ("http:", "https:", "url(", "@import", "javascript:"):
        assert word not in html

    identities = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(identities) == len(set(identities))
    within = {attrs["href"][1:] for attrs in page.all("a") if attrs["href"].startswith("#")}
    assert within <= set(identities)
    levels = [int(name[1]) for name in names if name in ("h1", "h2", "h3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:], strict=False))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th"))
    for attrs in page.all("svg"):
        assert attrs["role"] == "img" and attrs["aria-label"].strip()
    return page
