"""Figures of Adam: its bias correction, and paths in a valley."""

import numpy as np

from seqgrad.figures.style import COLOUR, INK, PLAIN, SIZE, label_line, new_axes


def bias_correction(t, uncorrected, ax=None):
    """Draw over t (n,) how many times too long (n,) a step of Adam is without the correction."""
    ax = new_axes() if ax is None else ax
    ax.plot(t, uncorrected, color=COLOUR["gradient"])
    ax.plot(t, np.ones_like(uncorrected), color=COLOUR["hidden"])
    label_line(ax, 1.02 * t[-1], uncorrected[-1], "not corrected", "gradient")
    label_line(ax, 1.02 * t[-1], 1, "corrected", "hidden")
    ax.set(xlabel="step t", ylabel="relative length", xlim=(0, t[-1]), ylim=(0, None))
    return ax


def valley(paths, slope_ratio, ax=None):
    """Draw paths (steps + 1, 2) by name in a valley `slope_ratio` times as steep across as along."""
    ax = new_axes(height=3.2) if ax is None else ax
    w1, w2 = np.meshgrid(np.linspace(-4.6, 1.6, 200), np.linspace(-1.3, 1.3, 200))
    loss = (w1**2 + slope_ratio * w2**2) / 2
    ax.contour(w1, w2, loss, levels=np.geomspace(0.1, 30, 8), colors="#80808080", linewidths=0.8)
    hues = ("gradient", "hidden")
    for (name, path), hue in zip(paths.items(), hues, strict=False):
        ax.plot(*path.T, color=COLOUR[hue], marker="o", markersize=3, linewidth=1.2, label=name)
    ax.plot(0, 0, marker="+", markersize=12, color=PLAIN)
    ax.set(xlabel="first weight $w_1$", ylabel="second weight $w_2$")
    legend = ax.legend(loc="upper right", frameon=False, fontsize=SIZE)
    for text, hue in zip(legend.get_texts(), hues, strict=False):
        text.set_color(INK[hue])
    return ax
