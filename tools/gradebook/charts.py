"""Charts for the overview, as SVG in percent of the page's width, so that text keeps its size on a phone."""

from html import escape

from seqgrad.check.showing.card import SIGNS

# The course's colours; black text can be read on each of them.
COLOUR = {"passed": "#009E73", "wrong": "#D55E00", "raised": "#CC79A7", "not attempted": "#8f8f8f"}
BAR = "#2f86c0"
GROUND = "#80808033"  # what a bar would be if it were whole
FEW = 8  # up to here a count is drawn as so many blocks


def wrap_parts(height, description, parts):
    """Return a chart with its description in words."""
    words = escape(description)
    return (
        f'<svg role="img" aria-label="{words}" width="100%" height="{height}" fill="currentColor" '
        f'font-size="13" font-family="inherit"><title>{words}</title>{"".join(parts)}</svg>'
    )


def draw_rect(x, y, width, height, colour):
    """Return a rectangle; x and width are in percent."""
    return f'<rect x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{height:.1f}" fill="{colour}"/>'


def draw_label(x, y, words, more=""):
    """Return a text that begins at x percent."""
    return f'<text x="{x:.2f}%" y="{y:.1f}"{more}>{words}</text>'


def draw_shares(rows, description):
    """Return a bar for each row (name, {outcome: count}), divided by outcome."""
    parts = []
    for number, (name, counts) in enumerate(rows):
        y, left, whole = 46 * number, 0.0, sum(counts.values())
        parts.append(draw_label(0, y + 14, escape(name), ' font-family="ui-monospace,monospace"'))
        for outcome, count in counts.items():
            width, words = 100 * count / whole, f"{SIGNS[outcome]} {count}"
            parts.append(draw_rect(left, y + 20, width, 18, COLOUR[outcome]))
            if width > 3 + 2 * len(words):
                parts.append(draw_label(left, y + 34, words, ' dx="5" font-size="12" fill="#000"'))
            left += width
    return wrap_parts(46 * len(rows), description, parts)


def draw_bars(rows, whole, description):
    """Return a bar for each row (name, count), as long as the count's share of the whole."""
    parts = []
    for number, (name, count) in enumerate(rows):
        y, words = 40 * number, f'<tspan font-weight="600">{count}</tspan> {escape(name)}'
        parts += [draw_label(0, y + 14, words), draw_rect(0, y + 20, 100, 10, GROUND)]
        parts.append(draw_rect(0, y + 20, 100 * count / whole, 10, BAR))
    return wrap_parts(40 * len(rows), description, parts)


def draw_histogram(counts, description):
    """Return how many fell into each of equal parts of 0 to 100 percent."""
    most, step = max(FEW, *counts), 100 / len(counts)
    small = ' font-size="12" text-anchor="{}"'
    parts = ['<line x1="0" x2="100%" y1="128" y2="128" stroke="currentColor"/>']
    for number, count in enumerate(counts):
        if count:
            height, left = 110 * count / most, number * step
            blocks = count if max(counts) <= FEW else 1  # where they are few, one for each student
            for block in range(blocks):
                top = 128 - height * (block + 1) / blocks
                parts.append(draw_rect(left + 0.4, top, step - 0.8, height / blocks - (blocks > 1), BAR))
            parts.append(draw_label(left + step / 2, 123 - height, count, small.format("middle")))
    for edge in range(0, 101, 20):
        anchor = {0: "start", 100: "end"}.get(edge, "middle")
        parts.append(draw_label(edge, 144, f"{edge}%", small.format(anchor)))
    return wrap_parts(150, description, parts)
