"""A page is read for what it loads and where it leads, whatever it begins with."""

from tools.site.links import Page, read_page


def read(text):
    page = Page()
    page.feed(text)
    return page


def test_only_what_stands_in_a_style_sheet_is_taken_for_one():
    address = "url(https://far.example/f.woff2)"
    assert read(f"{address} begins the page <p>{address}</p>").loads == []
    assert read(f"<style>a {{ src: {address} }}</style> {address}").loads == ["https://far.example/f.woff2"]


def test_tags_that_lead_nowhere_are_passed_over_and_nothing_else(tmp_path):
    text = (
        '<p class="x"><a id="here" class="y" href="b.html"><span class="k">b</span></a></p>'
        '<style class="z">a { src: url(c.woff2) }</style><script>"<b>url(d.png)</b>"</script>'
        '<p style="background: url(e.png)"><img class="w" src="f.png"><em>url(g.png)</em></p>'
    )
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    seen, whole = read_page(tmp_path / "page.html"), read(text)
    assert (seen.links, seen.loads, seen.wordless) == (["b.html"], ["c.woff2", "e.png", "f.png"], ["f.png"])
    assert seen.anchors == whole.anchors == {"here"} and seen.loads == whole.loads
