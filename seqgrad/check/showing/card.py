"""A verdict becomes a card: HTML that needs nothing else, readable without colour and by a screen reader."""

import re
from html import escape

from seqgrad.check.showing.picture import draw_influence

SIGNS = {"passed": "✓", "not attempted": "○", "raised": "!", "wrong": "✗"}
COLOURS = {
    "passed": "#009E73",
    "not attempted": "#7f7f7f",
    "raised": "#D55E00",
    "wrong": "#D55E00",
}  # Okabe, Ito
HINTS = ("A nudge", "Where to look")


def make_card(verdict):
    """Return a verdict as HTML: the outcome in words, what was measured, the cause, hints that unfold."""
    style = (
        f"border-left:4px solid {COLOURS[verdict.outcome]};padding:.4em .9em;margin:.2em 0;max-width:60em;"
        "font-family:var(--jp-content-font-family,sans-serif);line-height:1.45;color:inherit"
    )
    heading = f"<code>{escape(verdict.exercise)}</code>: {verdict.outcome}"
    sign = f'<span aria-hidden="true">{SIGNS[verdict.outcome]}</span>'
    parts = [f'<div style="font-weight:600">{sign} {heading}</div>']
    parts += [f"<div>{mark_up(line)}</div>" for line in verdict.sentences()]
    if verdict.picture:
        parts.append(draw_influence(*verdict.picture))
    unknown = any(finding.kind == "unknown" for finding in verdict.findings[:1])
    titles = (*HINTS, "What is known" if unknown else "The cause")
    for title, hint in zip(titles, verdict.hints, strict=False):
        summary = f'<summary style="cursor:pointer">{title}</summary>'
        parts.append(f'<details style="margin-top:.2em">{summary}{mark_up(hint)}</details>')
    label = f"Check of {escape(verdict.exercise)}: {verdict.outcome}"
    return f'<div role="group" aria-label="{label}" style="{style}">{"".join(parts)}</div>'


def mark_up(sentence):
    """Return a sentence as HTML: code where it stands between backquotes, and no line ends in an index."""
    coded = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(sentence))
    return re.sub(r"\[[\d, ]+\]", r'<span style="white-space:nowrap">\g<0></span>', coded)
