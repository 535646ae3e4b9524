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
PRINT = "margin:.2em 0;max-height:16em;overflow:auto;white-space:pre-wrap;background:none;color:inherit"


def make_card(verdict, unfold=False):
    """Return a verdict as HTML: the outcome in words, what was measured, and the way to the cause, folded.

    A nudge, where to look and the cause unfold one by one; what the function printed comes last.  With
    `unfold` the cause is open.
    """
    style = (
        f"border-left:4px solid {COLOURS[verdict.outcome]};padding:.4em .9em;margin:.2em 0;max-width:60em;"
        "font-family:var(--jp-content-font-family,sans-serif);line-height:1.45;color:inherit"
    )
    heading = f"<code>{escape(verdict.exercise)}</code>: {verdict.outcome}"
    sign = f'<span aria-hidden="true">{SIGNS[verdict.outcome]}</span>'
    parts = [f'<div style="font-weight:600">{sign} {heading}</div>']
    unfolded = [sentence for sentence in verdict.sentences() if sentence not in list_folded(verdict)]
    parts += [f"<div>{mark_up(sentence)}</div>" for sentence in unfolded]
    if verdict.picture:
        parts.append(draw_influence(*verdict.picture))
    for title, hint in zip((*HINTS, name_last(verdict)), verdict.hints, strict=False):
        if hint not in unfolded:
            parts.append(fold(title, mark_up(hint), unfold and title not in HINTS))
    if verdict.printed:
        parts.append(fold("What it printed", f'<pre style="{PRINT}">{escape(verdict.printed)}</pre>'))
    label = f"Check of {escape(verdict.exercise)}: {verdict.outcome}"
    return f'<div role="group" aria-label="{label}" style="{style}">{"".join(parts)}</div>'


def list_folded(verdict):
    """Return the sentences that stand in the last hint alone: without hints, none."""
    return verdict.list_causes() if len(verdict.hints) > len(HINTS) else []


def name_last(verdict):
    """Return the title of the last hint."""
    if verdict.cause:
        return "The cause"
    return "What is known" if verdict.list_causes() else "How to find it"


def fold(title, content, is_open=False):
    """Return HTML that unfolds below its title."""
    summary = f'<summary style="cursor:pointer">{title}</summary>'
    return f'<details{" open" * is_open} style="margin-top:.2em">{summary}{content}</details>'


def mark_up(sentence):
    """Return a sentence as HTML: code where it stands between backquotes, and no line ends in an index."""
    coded = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(sentence))
    return re.sub(r"\[[\d, ]+\]", r'<span style="white-space:nowrap">\g<0></span>', coded)
