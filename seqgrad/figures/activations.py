"""Figures of softmax and sigmoid."""

import numpy as np

from seqgrad.figures.style import COLOUR, SIZE, describe, label_line, new_axes, paper_tint


def probabilities(scores, p, ax=None):
    """Draw the probability (classes, n) of each class, stacked, while one score (n,) moves."""
    ax = new_axes() if ax is None else ax
    edges = np.vstack([np.zeros_like(scores), np.cumsum(p, axis=0)])
    margin = 0.12 * np.ptp(scores)
    for k, band in enumerate(p):
        colour = paper_tint("prediction")(0.9 * 0.45**k)
        ax.fill_between(scores, edges[k], edges[k + 1], color=colour, linewidth=0)
        widest = np.clip(scores[band.argmax()], scores[0] + margin, scores[-1] - margin)
        height = np.interp(widest, scores, edges[k] + band / 2)
        ink = "white" if k == 0 else "black"
        ax.text(widest, height, f"class {k}", color=ink, size=SIZE, weight="bold", ha="center", va="center")
    ax.set(xlabel="score of class 0", ylabel="probability p", xlim=(scores[0], scores[-1]), ylim=(0, 1))
    return describe(
        ax,
        f"Stacked bands, the probabilities of {len(p)} classes, against the score of class 0, from "
        f"{scores[0]:g} to {scores[-1]:g}. The band of class 0 grows from {p[0, 0]:.2f} to {p[0, -1]:.2f} "
        "along an S-shaped edge; the other classes divide the rest in a constant ratio.",
    )


def largest_term(distance, by_array, ax=None):
    """Draw a column's largest exponential (n,) over its distance (n,) from the maximum that is subtracted."""
    ax = new_axes() if ax is None else ax
    ax.semilogy(distance, np.ma.masked_equal(by_array, 0), color=COLOUR["gradient"], linestyle="--")
    ax.semilogy(distance, np.ones_like(distance), color=COLOUR["prediction"])
    label_line(ax, 0.3 * distance[-1], 1e-60, "shift by the array's maximum", "gradient")
    label_line(ax, 0.3 * distance[-1], 1e-22, "shift by its own maximum", "prediction")
    ax.set(xlabel="distance below the largest score of the array", ylabel="largest exponential")
    ax.set(ylim=(1e-323, 1e20), yticks=[1e-300, 1e-200, 1e-100, 1])
    last = distance[np.flatnonzero(by_array)[-1]]
    return describe(
        ax,
        f"The largest exponential of a column, on a logarithmic axis, against how far the column lies below "
        f"the largest score of the array, from 0 to {distance[-1]:g}. Shifted by the maximum of the array it "
        f"falls in a straight line and ends at {last:g}; shifted by the column's own maximum it stays 1.",
    )


def function_and_slope(x, values, slopes, name, colour, ax=None):
    """Draw a function (n,) and, dashed, its slope (n,) over x (n,)."""
    ax = new_axes() if ax is None else ax
    ax.plot(x, values, color=COLOUR[colour], linewidth=2)
    ax.plot(x, slopes, color=COLOUR["gradient"], linewidth=2, linestyle="--")
    right = x[-1] + 0.02 * np.ptp(x)
    label_line(ax, right, values[-1], "value", colour)
    label_line(ax, right, slopes[-1], "slope", "gradient")
    ax.set(xlabel="number x", ylabel=name, xlim=(x[0], x[-1]))
    return describe(
        ax,
        f"Two curves over x from {x[0]:g} to {x[-1]:g}: the {name}, from {values[0]:.2f} to "
        f"{values[-1]:.2f}, and dashed its slope, which is largest at x = {x[slopes.argmax()]:.1f}, where it "
        f"is {slopes.max():.2f}, and {slopes[-1]:.4f} at the right end.",
    )
