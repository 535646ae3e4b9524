"""The T x T picture: which step reaches which, yours beside the expected one, as SVG from text alone."""

from html import escape

CELL = 26


def draw_influence(yours, expected):
    """Return the two matrices as one picture, with its description in words.

    The size of the square in a cell is the root of the value, so that faint paths can be
    seen; an empty cell has a dot.  Nothing depends on colour.
    """
    size = len(expected) * CELL
    panels = [draw_panel(yours, "yours", 34, size), draw_panel(expected, "expected", size + 90, size)]
    words = f"Which step reaches which. Yours: {describe_reach(yours)} Expected: {describe_reach(expected)}"
    return (
        f'<svg role="img" aria-label="{escape(words)}" viewBox="0 0 {2 * size + 110} {size + 44}" '
        f'width="{2 * size + 110}" style="max-width:100%;margin-top:.4em" fill="currentColor" font-size="11" '
        f'font-family="inherit"><title>{escape(words)}</title>{"".join(panels)}</svg>'
    )


def draw_panel(values, title, left, size):
    """Return one matrix: columns are the steps at which something is put in, rows those that it reaches."""
    parts = [f'<g transform="translate({left},28)"><text x="0" y="-14" font-weight="600">{title}</text>']
    parts.append(
        f'<rect width="{size}" height="{size}" fill="none" stroke="currentColor" stroke-opacity=".4"/>'
    )
    for i, row in enumerate(values):
        parts.append(f'<text x="-8" y="{(i + 0.65) * CELL:.0f}" text-anchor="end">{i}</text>')
        parts.append(f'<text x="{(i + 0.5) * CELL:.0f}" y="-3" text-anchor="middle">{i}</text>')
        for j, value in enumerate(row):
            x, y = (j + 0.5) * CELL, (i + 0.5) * CELL
            side = min(1.0, value) ** 0.5 * (CELL - 4)
            if value > 1e-9:
                corner = f'x="{x - side / 2:.1f}" y="{y - side / 2:.1f}"'
                parts.append(f'<rect {corner} width="{max(side, 2):.1f}" height="{max(side, 2):.1f}"/>')
            else:
                parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="1" fill-opacity=".5"/>')
    below = (
        f'<text x="{size / 2:.0f}" y="{size + 13}" text-anchor="middle">column: put in, row: reached</text>'
    )
    return "".join([*parts, below, "</g>"])


def describe_reach(values):
    """Return which steps each step reaches, as a sentence."""
    sentences = []
    for j in range(len(values)):
        steps = [i for i in range(len(values)) if values[i][j] > 1e-9]
        sentences.append(f"step {j} reaches {', '.join(map(str, steps)) or 'none'}")
    return "; ".join(sentences) + "."
