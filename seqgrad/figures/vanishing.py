"""Figures of gradients that vanish, explode and are clipped."""

import numpy as np

from seqgrad.figures.style import COLOUR, INK, SIZE, label_line, new_axes


def gradients_through_time(curves, ax=None):
    """Draw gradient norms (T_x + 1,) by name, from step 0 on; an LSTM's has the colour of the cell state."""
    ax = new_axes(height=3.2) if ax is None else ax
    for name, norms in curves.items():
        hue = "cell" if name.startswith("LSTM") else "gradient"
        ax.semilogy(norms, color=COLOUR[hue])
        ax.text(
            -0.02 * len(norms),
            norms[0],
            name,
            color=INK[hue],
            size=SIZE,
            weight="bold",
            ha="right",
            va="center",
        )
    T_x = len(norms) - 1
    ax.set(xlabel="time step t", ylabel="gradient norm at step t", xlim=(-0.28 * T_x, 1.02 * T_x))
    ax.set_xticks(range(0, T_x + 1, 10))
    return ax


def gradient_reach(curves, reaches, least, ax=None):
    """Draw gradient norms (T_x + 1,) by name over the steps back, faint from where they do not reach on.

    Limits and labels keep their places, so that the picture can be drawn again with other numbers.
    """
    ax = new_axes(height=3.2) if ax is None else ax
    for row, (name, norms) in enumerate(curves.items()):
        hue = "cell" if name.startswith("LSTM") else "gradient"
        back, reach = norms[::-1], reaches[name]
        ax.semilogy(back, color=COLOUR[hue], alpha=0.4)
        ax.semilogy(back[: reach + 1], color=COLOUR[hue], linewidth=2.5)
        ax.semilogy(reach, back[reach], color=COLOUR[hue], marker="o")
        label = f"{name} reaches {reach:\N{FIGURE SPACE}>2} steps"
        label_line(ax, 1.04 * len(back), 1e6 / 100**row, label, hue)
    ax.axhline(least, color=COLOUR["input"], linestyle="--", linewidth=0.8)
    ax.set(xlabel="steps back from the last", ylabel="gradient norm", ylim=(1e-12, 1e8), xlim=(0, len(back)))
    return ax


def arrows(vectors, ax=None):
    """Draw vectors (2,) by name as arrows from the origin, the first in the gradient's colour and wider."""
    ax = new_axes() if ax is None else ax
    hues = ("gradient", "forget", "hidden")
    for k, ((name, vector), hue) in enumerate(zip(vectors.items(), hues, strict=False)):
        tip = {"color": COLOUR[hue], "lw": 2 + 2 * (k == 0), "shrinkA": 0, "shrinkB": 0, "arrowstyle": "->"}
        ax.annotate("", xy=vector, xytext=(0, 0), arrowprops=tip)
        below = (0, -14) if k == len(vectors) - 1 else (6, 4)
        ax.annotate(name, vector, below, textcoords="offset points", color=INK[hue], size=SIZE, weight="bold")
    largest = np.max(list(vectors.values()), axis=0)
    ax.set(xlabel="gradient at the first weight", ylabel="gradient at the second weight", aspect="equal")
    ax.set(xlim=(0, 1.35 * largest[0]), ylim=(-0.35 * largest[1], 1.35 * largest[1]))
    return ax
