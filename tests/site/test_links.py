"""A page is read for what it loads and where it leads, whatever it begins with."""

from tools.site.links import Page


def read(text):
    page = Page()
    page.feed(text)
    return page


def test_only_what_stands_in_a_style_sheet_is_taken_for_one():
    address = "url(https://far.example/f.woff2)"
    assert read(f"{address} begins the page <p>{address}</p>").loads == []
    assert read(f"<style>a {{ src: {address} }}</style> {address}").loads == ["https://far.example/f.woff2"]
