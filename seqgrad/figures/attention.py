"""Figures of attention: who looks at whom, and what it costs."""

import numpy as np
from matplotlib.ticker import NullFormatter

from seqgrad.figures.style import COLOUR, INK, SIZE, add_colour_bar, describe, new_axes, tint

MARKS = ("o", "s", "^", "D")


def attention_map(weights, labels, ax=None):
    """Draw attention weights (T_k, T_q) as a map of colours, a column for each query; labels (T,)."""
    ax = new_axes(width=4.2, height=3.6) if ax is None else ax
    image = ax.imshow(weights, cmap=tint("prediction"), vmin=0, vmax=1, interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel="query: the step that looks", ylabel="key: the step that is looked at")
    ax.set_xticks(range(len(labels)), labels)
    ax.set_yticks(range(len(labels)), labels)
    add_colour_bar(ax, image, "weight")
    most = "; ".join(
        f"step {t} ({labels[t]}) looks most at step {column.argmax()} ({labels[column.argmax()]}), "
        f"{column.max():.2f}"
        for t, column in enumerate(np.transpose(weights))
    )
    return describe(
        ax, f"A map of attention weights over {''.join(labels)!r}; each column sums to 1: {most}."
    )


def growth(curves, lengths, ylabel, ax=None):
    """Draw what something costs (n,) by name against the lengths (n,) of sequences, on logarithmic axes."""
    ax = new_axes(height=3.0) if ax is None else ax
    told, last = [], max(costs[-1] for costs in curves.values())
    for (name, costs), hue, mark in zip(
        curves.items(), ("prediction", "hidden", "cell", "update"), MARKS, strict=False
    ):
        ax.loglog(lengths, costs, color=COLOUR[hue], marker=mark, linewidth=2)
        ink = {
            "color": INK[hue],
            "size": SIZE,
            "weight": "bold",
            "va": "bottom" if costs[-1] == last else "top",
        }
        ax.annotate(name, (lengths[-1], costs[-1]), (8, 0), textcoords="offset points", **ink)
        told.append(f"{name} from {costs[0]:.2g} to {costs[-1]:.2g}")
    ax.set(xlabel="time steps T", ylabel=ylabel, xlim=(lengths[0] / 1.2, lengths[-1] * 2.6))
    ax.set_xticks(lengths, [str(length) for length in lengths])
    ax.xaxis.set_minor_formatter(NullFormatter())
    return describe(
        ax,
        f"{ylabel[0].upper()}{ylabel[1:]} on logarithmic axes, for {lengths[0]} to {lengths[-1]} time steps: "
        f"{'; '.join(told)}.",
    )
