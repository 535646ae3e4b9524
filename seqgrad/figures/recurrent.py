"""Figures of states, gates and gradients over time."""

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogLocator

from seqgrad.figures.style import (
    COLOUR,
    INK,
    PLAIN,
    SIGNED,
    SIZE,
    add_colour_bar,
    describe,
    new_axes,
    paper_tint,
    tint,
)

# What a unit of an LSTM or a GRU is drawn as over a text: the name of each row, and its colour.
ROWS = {
    "ft": ("forget gate f", "forget"),
    "it": ("input gate i", "update"),
    "ut": ("update gate u", "update"),
    "cct": ("candidate c\u0303", "candidate"),
    "c_next": ("cell state c", "cell"),
    "a_next": ("hidden state a", "hidden"),
}
COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six")


def over_time(a, name, ax=None):
    """Draw a signed array (rows, T_x) as a map of colours, time from left to right, zero without colour."""
    ax = new_axes(height=1.1 + 0.3 * len(a)) if ax is None else ax
    limit = np.abs(a).max() or 1
    image = ax.imshow(a, cmap=SIGNED, vmin=-limit, vmax=limit, aspect="auto", interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel="time step t", ylabel="unit", xticks=range(a.shape[1]), yticks=range(a.shape[0]))
    add_colour_bar(ax, image, name)
    turning = np.sum(np.any(np.diff(np.sign(a)) != 0, axis=1))
    return describe(
        ax,
        f"A map of colours, the {name} of {len(a)} units over {a.shape[1]} time steps: red where it is "
        f"positive, blue where it is negative. The sign changes in {turning} of the {len(a)} units.",
    )


def reach(strength, xlabel, ylabel, colour, ax=None):
    """Draw how strongly each step (column) is felt at each step (row), (T, T); empty where it is not."""
    side = 1.1 + 0.48 * len(strength)
    ax = new_axes(side, side - 0.2) if ax is None else ax
    felt = np.ma.masked_equal(strength, 0)
    norm = LogNorm(felt.min() / 3, felt.max() * 3)
    ax.imshow(felt, cmap=paper_tint(colour), norm=norm, interpolation="nearest")
    for row, column in np.argwhere(strength):
        number = f"{strength[row, column]:.2g}"
        ax.text(column, row, number, ha="center", va="center", color="black", size=SIZE - 1)
    steps = range(len(strength))
    ax.set(xlabel=xlabel, ylabel=ylabel, xticks=steps, yticks=steps)
    ax.set_xticks(np.arange(len(strength) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(strength) + 1) - 0.5, minor=True)
    ax.grid(False)
    ax.grid(True, which="minor")
    ax.tick_params(which="minor", length=0)
    above, below = np.triu(strength, 1).any(), np.tril(strength, -1).any()
    empty = {
        (False, True): "above the diagonal",
        (True, False): "below the diagonal",
        (False, False): "off it",
    }
    words = f"Everything {empty[above, below]} is empty. " if (above, below) in empty else ""
    return describe(
        ax,
        f"A square of {len(strength)} by {len(strength)} steps; across: {xlabel}; down: {ylabel}. {words}The "
        f"numbers go from {felt.min():.2g} to {felt.max():.2g}.",
    )


def gradient_through_time(norms, ax=None):
    """Draw how much of the last gradient is left at each step; norms (T_x,) in order of time."""
    ax = new_axes() if ax is None else ax
    ax.semilogy(norms, color=COLOUR["gradient"], linewidth=2, marker="o", markersize=4)
    ax.set(xlabel="time step t", ylabel="gradient norm at a⟨t⟩")
    return describe(
        ax,
        f"The norm of the gradient at each of {len(norms)} time steps, on a logarithmic axis: "
        f"{norms[-1]:.2g} at the last step, {norms[0]:.2g} at the first.",
    )


def gradient_travels(curves, back, ax=None):
    """Draw gradient norms (T,) by name over the steps that a gradient has passed, `back` steps from the last.

    The rest of the way is faint, and the limits stay, so that the picture can be drawn again with more steps.
    """
    ax = new_axes() if ax is None else ax
    T = len(next(iter(curves.values())))
    here, told = T - 1 - int(back), []
    for (name, norms), (hue, marker) in zip(curves.items(), (("gradient", "o"), ("cell", "s")), strict=False):
        ax.semilogy(norms, color=COLOUR[hue], alpha=0.3)
        ax.semilogy(range(here, T), norms[here:], color=COLOUR[hue], linewidth=2.5, marker=marker)
        told.append(f"{name} at step {here}: {norms[here]:.2g}")
        above = len(curves) > 1 and norms[0] == max(other[0] for other in curves.values())
        ink = {"color": INK[hue], "size": SIZE, "weight": "bold", "va": "bottom" if above else "top"}
        ax.annotate(name, (0, norms[0]), (0, 7 if above else -7), textcoords="offset points", **ink)
    ax.text(0, 1.04, "; ".join(told), color=PLAIN, size=SIZE, transform=ax.transAxes)
    ax.set(xlabel="time step t", ylabel="gradient norm", xlim=(-0.3, T - 0.7), xticks=range(T))
    ax.margins(y=0.2)
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 300 * low else (1,)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")
    ends = "; ".join(f"{name}: {norms[-1]:.2g} and {norms[0]:.2g}" for name, norms in curves.items())
    return describe(
        ax,
        f"Gradient norms over {T} time steps on a logarithmic axis, with marks from the last step back to "
        f"step {here}. At the last and at the first step: {ends}.",
    )


def gates_over_text(seen, text, ax=None):
    """Draw gates, candidate and states of one unit, (T_x,) by name, over the characters that it reads."""
    rows = {key: row for key, row in ROWS.items() if key in seen}
    ax = new_axes(height=1.15 + 0.25 * len(rows)) if ax is None else ax
    for row, (key, (_, colour)) in enumerate(rows.items()):
        square = (-0.5, len(text) - 0.5, row + 0.42, row - 0.42)
        values = seen[key][np.newaxis]
        ax.imshow(values, cmap=tint(colour), vmin=0, vmax=1, extent=square, interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel="character read", xlim=(-0.5, len(text) - 0.5), ylim=(len(rows) - 0.5, -0.5), aspect="auto")
    ax.set_xticks(range(len(text)), ["␣" if character == " " else character for character in text])
    ax.set_yticks(range(len(rows)), [label for label, _ in rows.values()])
    open_at = {key: [text[t] for t in np.flatnonzero(np.abs(seen[key]) > 0.5)] for key in rows}
    return describe(
        ax,
        f"{COUNTS[len(rows)]} rows over the characters of {text!r}, full colour for 1 and none for 0. Above "
        "one half are "
        + "; ".join(f"{rows[key][0]} at {''.join(at) or 'no character'!r}" for key, at in open_at.items())
        + ".",
    )
