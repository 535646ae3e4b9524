"""Figures of softmax and sigmoid."""

import numpy as np

from seqgrad.figures.style import COLOUR, label_line, new_axes


def shares(scores, p, ax=None):
    """Draw the share (classes, n) of each class, stacked, while one score (n,) moves."""
    ax = new_axes() if ax is None else ax
    edges = np.vstack([np.zeros_like(scores), np.cumsum(p, axis=0)])
    margin = 0.08 * np.ptp(scores)
    for k, share in enumerate(p):
        alpha = 0.7 * 0.55**k
        ax.fill_between(scores, edges[k], edges[k + 1], color=COLOUR["prediction"], alpha=alpha, linewidth=0)
        widest = np.clip(scores[share.argmax()], scores[0] + margin, scores[-1] - margin)
        height = np.interp(widest, scores, edges[k] + share / 2)
        hue = "white" if k == 0 else "black"
        ax.text(widest, height, f"class {k}", color=hue, weight="bold", ha="center", va="center")
    ax.set(xlabel="score of class 0", ylabel="share p", xlim=(scores[0], scores[-1]), ylim=(0, 1))
    return ax


def largest_term(distance, by_array, ax=None):
    """Draw a column's largest exponential (n,) over its distance (n,) from the maximum that is subtracted."""
    ax = new_axes() if ax is None else ax
    ax.semilogy(distance, np.ma.masked_equal(by_array, 0), color=COLOUR["gradient"])
    ax.semilogy(distance, np.ones_like(distance), color=COLOUR["prediction"])
    label_line(ax, 0.35 * distance[-1], 1e-90, "shifted by the maximum of the array", "gradient")
    label_line(ax, 0.35 * distance[-1], 1e-22, "shifted by its own maximum", "prediction")
    ax.set(xlabel="distance below the largest score of the array", ylabel="largest exponential")
    ax.set(ylim=(1e-323, 1e20), yticks=[1e-300, 1e-200, 1e-100, 1])
    return ax


def function_and_slope(x, values, slopes, name, colour, ax=None):
    """Draw a function (n,) and, dashed, its slope (n,) over x (n,)."""
    ax = new_axes() if ax is None else ax
    ax.plot(x, values, color=COLOUR[colour])
    ax.plot(x, slopes, color=COLOUR["gradient"], linestyle="--")
    right = x[-1] + 0.02 * np.ptp(x)
    label_line(ax, right, values[-1], "value", colour)
    label_line(ax, right, slopes[-1], "slope", "gradient")
    ax.set(xlabel="number x", ylabel=name, xlim=(x[0], x[-1]))
    return ax
