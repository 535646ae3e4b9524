"""Figures of Adam: weights of a moving average, the bias correction, and paths in a valley."""

import numpy as np

from seqgrad.figures.style import COLOUR, PLAIN, describe, label_line, new_axes


def weights_of_average(weights, rest, ax=None):
    """Draw the weight of each gradient (n,) in a moving average, and the rest that belongs to its start."""
    ax = new_axes() if ax is None else ax
    steps = np.arange(1, len(weights) + 1)
    ax.bar(0, rest, color=COLOUR["input"], alpha=0.6)
    ax.bar(steps, weights, color=COLOUR["gradient"])
    label_line(ax, 0.6, 0.9 * rest, f"start: {rest:.3f}", "input")
    label_line(ax, 1, 1.3 * weights.max(), f"gradients: {weights.sum():.3f} together", "gradient")
    ax.grid(False, axis="x")
    ax.set(xlabel="gradient of step", ylabel="weight in the average")
    ax.set_xticks([0, *steps], ["start", *steps])
    return describe(
        ax,
        f"Bars. The zero at the start has a weight of {rest:.2f}; the gradients have weights that grow from "
        f"{weights[0]:.2f} for the oldest to {weights[-1]:.2f} for the newest, together {weights.sum():.2f}.",
    )


def bias_correction(t, uncorrected, ax=None):
    """Draw over t (n,) how many times too long (n,) a step of Adam is without the correction."""
    ax = new_axes() if ax is None else ax
    ax.plot(t, uncorrected, color=COLOUR["gradient"])
    ax.plot(t, np.ones_like(uncorrected), color=COLOUR["hidden"], linestyle="--")
    label_line(ax, t[len(t) // 2], 1.12 * uncorrected[len(t) // 2], "without corrections", "gradient")
    label_line(ax, t[len(t) // 2], 1.5, "right", "hidden")
    ax.set(xlabel="step t", ylabel="relative length of the step", xlim=(0, t[-1]), ylim=(0, None))
    longest = uncorrected.argmax()
    return describe(
        ax,
        f"The length of Adam's steps without the corrections over {len(t)} steps, where 1 is right: "
        f"{uncorrected[0]:.1f} at the first step, at most {uncorrected[longest]:.1f}, at step {t[longest]}, "
        f"and {uncorrected[-1]:.1f} at the last.",
    )


def valley(paths, slope_ratio, ax=None):
    """Draw paths (steps + 1, 2) by name in a valley `slope_ratio` times as steep across as along."""
    ax = new_axes(height=3.2) if ax is None else ax
    w1, w2 = np.meshgrid(np.linspace(-4.6, 1.6, 200), np.linspace(-1.3, 1.6, 200))
    loss = (w1**2 + slope_ratio * w2**2) / 2
    ax.contour(w1, w2, loss, levels=np.geomspace(0.1, 30, 8), colors="#80808080", linewidths=0.8)
    words = []
    for row, ((name, path), hue) in enumerate(zip(paths.items(), ("gradient", "hidden"), strict=False)):
        ax.plot(*path.T, color=COLOUR[hue], marker="o", markersize=3, linewidth=1.2)
        label_line(ax, -2.9, 1.45 - 0.22 * row, name, hue)
        start, end = (f"({point[0]:z.1f}, {point[1]:z.1f})" for point in (path[0], path[-1]))
        words.append(
            f"{name} goes from {start} to {end} in {len(path) - 1} steps, {count_turns(path)} of them across"
        )
    ax.plot(0, 0, marker="+", markersize=12, markeredgewidth=2, color=PLAIN)
    ax.grid(False)
    ax.set(xlabel="first weight $w_1$", ylabel="second weight $w_2$")
    return describe(ax, f"A long narrow valley, seen from above: {'; '.join(words)} the valley's floor.")


def count_turns(path):
    """Return at how many steps of a path (steps + 1, 2) the second weight changes its sign."""
    return np.count_nonzero(np.diff(np.sign(path[:, 1])))
