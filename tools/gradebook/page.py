"""A page: one HTML file that needs nothing else, for a phone, a screen reader, the dark, and paper."""

from html import escape

# Nothing is fetched and nothing runs, whatever the page should come to hold.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root {
  color-scheme: light dark;
  --text: #1c1e21; --soft: #595d63; --ground: #ffffff; --panel: #f5f6f7; --line: #d5d8dc; --link: #0b5a9d;
  --mark: #ffe08a; --alarm: #a33b00;
  --jp-content-font-family: system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) { :root {
  --text: #e7e9ea; --soft: #a9aeb4; --ground: #15171a; --panel: #1f2226; --line: #3b4046; --link: #83bdf2;
  --mark: #6b4d00; --alarm: #ff9e66;
} }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.4rem 0 .5rem; padding-top: .8rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
p, ul { margin: .5rem 0; }
ul { padding-left: 1.3rem; }
code, pre, td.digits { font-family: ui-monospace, SFMono-Regular, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .92em; }
pre { background: var(--panel); padding: .6rem .8rem; margin: .4rem 0; white-space: pre-wrap; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
summary { cursor: pointer; padding: .15rem 0; }
mark { background: var(--mark); color: inherit; text-decoration: underline; }
.soft, caption { color: var(--soft); }
.score { font-size: 2rem; font-weight: 600; line-height: 1.2; margin: .6rem 0 0; }
.score span, h2 span { font-size: 1rem; font-weight: 400; color: var(--soft); }
th span.soft { font-weight: 400; }
.alarm { border: 2px solid var(--alarm); padding: .6rem .9rem; margin: 1rem 0; }
.wide { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .2rem; }
caption span { position: sticky; left: 0; display: inline-block; width: max-content;
  max-width: min(58rem, calc(100vw - 2rem)); }
th, td { text-align: left; vertical-align: top; padding: .3rem 1rem .3rem 0; overflow-wrap: break-word;
  border-bottom: 1px solid var(--line); }
thead th { white-space: nowrap; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
:is(th, td):last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
.digits { text-align: right; white-space: pre-wrap; overflow-wrap: normal; }
.prose { min-width: 17rem; }
.label { white-space: nowrap; }
.names { min-width: 9rem; overflow-wrap: anywhere; }
[role=group] { background: var(--panel); }
svg { display: block; }
@media (max-width: 30rem) {
  th, td { padding-right: .5rem; font-size: .84rem; }
  .label { min-width: 4.5rem; white-space: normal; overflow-wrap: anywhere; }
}
@media print {
  :root { color-scheme: light; --text: #000; --soft: #333; --ground: #fff; --panel: #fff; --line: #999;
    --mark: #ddd; --alarm: #000; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; }
  [role=group], tr, pre, svg { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  ::details-content { content-visibility: visible; block-size: auto; }
}
"""


def make_page(title, body):
    """Return a page; the title is text, the body HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def make_table(caption, columns, rows, foot=()):
    """Return a table that scrolls by itself where it is too wide.

    Parameters
    ----------
    caption : str
        What the table shows.
    columns : dict
        Header of each column, and its class: "", "label", "prose", "names", "number" or "digits".
    rows, foot : list of tuple
        Cells as HTML; the first of each row is its header.
    """
    kinds = list(columns.values())
    head = "".join(f'<th scope="col"{add_class(kind)}>{escape(name)}</th>' for name, kind in columns.items())
    body = "".join(make_row(row, kinds) for row in rows)
    feet = f"<tfoot>{''.join(make_row(row, kinds) for row in foot)}</tfoot>" if foot else ""
    return (
        f'<div class="wide" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption><span>{escape(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{feet}</table></div>"
    )


def make_row(cells, kinds):
    """Return one row of a table."""
    first, *rest = zip(cells, kinds, strict=True)
    made = [f'<th scope="row"{add_class(first[1])}>{first[0]}</th>']
    made += [f"<td{add_class(kind)}>{cell}</td>" for cell, kind in rest]
    return f"<tr>{''.join(made)}</tr>"


def add_class(kind):
    """Return the attribute for a class, if there is one."""
    return f' class="{kind}"' if kind else ""


def make_list(sentences):
    """Return sentences as a list."""
    return f"<ul>{''.join(f'<li>{sentence}</li>' for sentence in sentences)}</ul>" if sentences else ""


def fold(summary, body):
    """Return something that unfolds."""
    return f"<details><summary>{summary}</summary>{body}</details>"


def make_alarm(sentence):
    """Return a sentence that has to be read first."""
    return f'<p class="alarm" role="note"><strong>Beware.</strong> {escape(sentence)}</p>'
