"""Figures of the time and the memory that code takes."""

import numpy as np
from matplotlib.ticker import LogLocator

from seqgrad.figures.style import COLOUR, describe, label_line, new_axes


def durations(times, ax=None):
    """Draw the medians of seconds (n,) by name as bars, first on top, and how many times as fast each is."""
    ax = new_axes(height=0.8 + 0.32 * len(times)) if ax is None else ax
    first = next(iter(times.values()))
    for row, seconds in enumerate(times.values()):
        low, middle, high = 1e3 * np.quantile(seconds, [0.25, 0.5, 0.75])
        ax.barh(row, middle, height=0.65, color="#80808080")
        ax.plot([low, high], [row, row], color=COLOUR["input"], linewidth=1.2)
        label_line(ax, high, row, f"  ×{np.median(np.divide(first, seconds)):.1f}", "input")
    ax.grid(False, axis="y")
    ax.set(xlabel="median time of a call [ms]", ylabel="version")
    ax.set_yticks(range(len(times)), list(times))
    ax.invert_yaxis()
    ax.margins(x=0.16)
    told = ", ".join(f"{name} {1e3 * np.median(seconds):.1f} ms" for name, seconds in times.items())
    return describe(ax, f"Bars of the median time of a call, with quartiles: {told}.")


def memory_of_segments(lengths, peaks, whole, ax=None):
    """Draw bytes (n,) over the length of a segment (n,), below the bytes that all caches take."""
    ax = new_axes() if ax is None else ax
    ax.loglog(lengths, np.divide(peaks, 1e6), color=COLOUR["cell"], marker="o", markersize=4)
    ax.axhline(whole / 1e6, color=COLOUR["input"], linestyle="--")
    label_line(ax, lengths[0], 1.35 * whole / 1e6, "all caches", "input")
    label_line(ax, 1.1 * lengths[-2], 0.7 * peaks[-2] / 1e6, "checkpoints", "cell")
    ax.set(xlabel="steps in a segment s", ylabel="peak memory [MB]", ylim=(None, 2 * whole / 1e6))
    ax.set_xticks(lengths, lengths)
    ax.set_xticks([], minor=True)
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")
    told = ", ".join(f"{peak / 1e6:.1f} MB for {length}" for length, peak in zip(lengths, peaks, strict=True))
    return describe(
        ax,
        f"The peak memory over the number of steps in a segment, both axes logarithmic: {told}. All caches "
        f"take {whole / 1e6:.1f} MB.",
    )
