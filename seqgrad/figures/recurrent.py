"""Figures of states, gates and gradients over time."""

import numpy as np
from matplotlib.colors import LogNorm

from seqgrad.figures.style import COLOUR, new_axes, tint


def over_time(a, name, ax=None):
    """Draw a signed array (rows, T_x) as a map of colours, time from left to right, zero white."""
    ax = new_axes(height=0.9 + 0.28 * len(a)) if ax is None else ax
    limit = np.abs(a).max() or 1
    image = ax.imshow(a, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto", interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel="time step t", ylabel="unit", xticks=range(a.shape[1]), yticks=range(a.shape[0]))
    ax.figure.colorbar(image, ax=ax, label=name)
    return ax


def reach(strength, xlabel, ylabel, colour, ax=None):
    """Draw how strongly each step (column) is felt at each step (row), (T, T); empty where it is not."""
    ax = new_axes(4.2, 4.0) if ax is None else ax
    felt = np.ma.masked_equal(strength, 0)
    ax.imshow(felt, cmap=tint(colour), norm=LogNorm(felt.min() / 3, felt.max() * 3), interpolation="nearest")
    for row, column in np.argwhere(strength):
        ax.text(column, row, f"{strength[row, column]:.2g}", ha="center", va="center", fontsize=8)
    steps = range(len(strength))
    ax.set(xlabel=xlabel, ylabel=ylabel, xticks=steps, yticks=steps)
    ax.set_xticks(np.arange(len(strength) + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(len(strength) + 1) - 0.5, minor=True)
    ax.grid(False)
    ax.grid(True, which="minor")
    ax.tick_params(which="minor", length=0)
    return ax


def gradient_through_time(norms, ax=None):
    """Draw how much of the last gradient is left at each step; norms (T_x,) in order of time."""
    ax = new_axes() if ax is None else ax
    ax.semilogy(norms, color=COLOUR["gradient"], marker="o", markersize=4)
    ax.set(xlabel="time step t", ylabel="gradient norm at a⟨t⟩")
    return ax


def gates_over_text(seen, text, ax=None):
    """Draw gates, candidate and states of one unit, (T_x,) by name, over the characters that it reads."""
    rows = {
        "ft": ("forget gate f", "forget"),
        "it": ("input gate i", "update"),
        "cct": ("candidate c\u0303", "candidate"),
        "c_next": ("cell state c", "cell"),
        "a_next": ("hidden state a", "hidden"),
    }
    ax = new_axes(height=2.4) if ax is None else ax
    for row, (key, (_, colour)) in enumerate(rows.items()):
        square = (-0.5, len(text) - 0.5, row + 0.42, row - 0.42)
        values = seen[key][np.newaxis]
        ax.imshow(values, cmap=tint(colour), vmin=0, vmax=1, extent=square, interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel="character read", xlim=(-0.5, len(text) - 0.5), ylim=(len(rows) - 0.5, -0.5), aspect="auto")
    ax.set_xticks(range(len(text)), ["␣" if character == " " else character for character in text])
    ax.set_yticks(range(len(rows)), [label for label, _ in rows.values()])
    return ax
