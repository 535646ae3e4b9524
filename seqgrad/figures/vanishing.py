"""Figures of gradients that vanish, explode and are clipped."""

import numpy as np

from seqgrad.figures.style import COLOUR, INK, SIZE, describe, label_line, new_axes

NETWORKS = {"RNN": "hidden", "LSTM": "cell", "GRU": "update"}  # the colour of what the others have not
OTHERS = ("gradient", "hidden", "update", "prediction")
LINES = ("-", "--", "-.", ":")


def spectrum(eigenvalues, ax=None):
    """Draw eigenvalues (n,) in the complex plane, with their spectral radius and the circle of radius 1."""
    ax = new_axes(height=3.6) if ax is None else ax
    radius = np.abs(eigenvalues).max()
    angle = np.linspace(0, 2 * np.pi, 200)
    ax.plot(np.cos(angle), np.sin(angle), color=COLOUR["input"], linestyle="--", linewidth=1)
    ax.plot(radius * np.cos(angle), radius * np.sin(angle), color=COLOUR["gradient"])
    ax.plot(eigenvalues.real, eigenvalues.imag, "o", color=COLOUR["hidden"], markersize=4)
    side = 1.1 * max(1, radius)
    label_line(ax, 1.05 * side, 0.72, "radius 1", "input")
    label_line(ax, 1.05 * side, 0.45, f"ρ = {radius:.2f}", "gradient")
    ax.set(xlabel="real part", xlim=(-side, side), xticks=(-1, 0, 1), aspect="equal")
    ax.set(ylabel="imaginary part", ylim=(-side, side), yticks=(-1, 0, 1))
    return describe(
        ax,
        f"{len(eigenvalues)} points in the complex plane, spread over a disc. The outermost of them lies "
        f"{radius:.2f} from zero; a dashed circle has radius 1.",
    )


def gradients_through_time(curves, ax=None):
    """Draw gradient norms (T_x + 1,) by name, from step 0 on."""
    ax = new_axes(height=3.2) if ax is None else ax
    starts = spread(np.log10([norms[0] for norms in curves.values()]))
    for k, ((name, norms), start) in enumerate(zip(curves.items(), starts, strict=True)):
        hue = NETWORKS.get(name, OTHERS[k % 4])
        ax.semilogy(norms, color=COLOUR[hue], linewidth=2, linestyle=LINES[k % 4])
        ax.text(-0.03 * len(norms), 10**start, name, **bold(hue), ha="right", va="center")
    T_x = len(norms) - 1
    ax.set(xlabel="time step t", ylabel="gradient norm at step t", xlim=(-0.3 * T_x, 1.02 * T_x))
    ax.set_xticks(range(0, T_x + 1, 10))
    told = "; ".join(
        f"{name}: {norms[-1]:.1g} at step {T_x}, {norms[0]:.1g} at step 0" for name, norms in curves.items()
    )
    return describe(ax, f"Gradient norms over time on a logarithmic axis. {told}.")


def spread(places, least=0.09):
    """Return the places of labels, moved apart where they are nearer than a share of the whole range."""
    order, moved = np.argsort(places), np.array(places, dtype=float)
    gap = least * max(np.ptp(places), 1)
    for lower, upper in zip(order, order[1:], strict=False):
        moved[upper] = max(moved[upper], moved[lower] + gap)
    return moved


def gradient_reach(curves, reaches, least, ax=None):
    """Draw gradient norms (T_x + 1,) by name over the steps back, faint from where they do not reach on.

    Limits and labels keep their places, so that the picture can be drawn again with other numbers.
    """
    ax = new_axes(height=3.2) if ax is None else ax
    for row, (name, norms) in enumerate(curves.items()):
        hue = NETWORKS[name]
        back, reach = norms[::-1], reaches[name]
        ax.semilogy(back, color=COLOUR[hue], alpha=0.5, linestyle=LINES[row])
        ax.semilogy(back[: reach + 1], color=COLOUR[hue], linewidth=2.5, linestyle=LINES[row])
        ax.semilogy(reach, back[reach], color=COLOUR[hue], marker="o")
        label = f"{name} reaches {reach:\N{FIGURE SPACE}>2} step{'' if reach == 1 else 's'}"
        label_line(ax, 0.03 * len(back), 10.0 ** (-9.5 - 1.6 * row), label, hue)
    ax.axhline(least, color=COLOUR["input"], linestyle=":", linewidth=1.2)
    label_line(ax, 0.68 * len(back), least / 6, "a thousandth", "input")
    ax.set(xlabel="steps back from the last", ylabel="gradient norm", ylim=(1e-12, 1e8), xlim=(0, len(back)))
    told = " and ".join(
        f"the {name}'s reaches {reaches[name]} step{'' if reaches[name] == 1 else 's'}" for name in curves
    )
    return describe(ax, f"Gradient norms over the steps back, on a logarithmic axis: {told}.")


def arrows(vectors, ax=None):
    """Draw vectors (2,) by name as arrows from the origin, the first in the gradient's colour and wider."""
    ax = new_axes() if ax is None else ax
    hues = ("gradient", "forget", "hidden")
    for k, ((name, vector), hue) in enumerate(zip(vectors.items(), hues, strict=False)):
        tip = {"color": COLOUR[hue], "lw": 2 + 2 * (k == 0), "shrinkA": 0, "shrinkB": 0, "arrowstyle": "->"}
        ax.annotate("", xy=vector, xytext=(0, 0), arrowprops=tip)
        below = (0, -16) if k == len(vectors) - 1 else (6, 4)
        ax.annotate(name, vector, below, textcoords="offset points", **bold(hue))
    largest = np.max(list(vectors.values()), axis=0)
    ax.set(xlabel="first entry", ylabel="second entry", aspect="equal")
    ax.set(xlim=(0, 1.35 * largest[0]), ylim=(-0.45 * largest[1], 1.45 * largest[1]))
    ends = "; ".join(f"{name} to ({vector[0]:.2f}, {vector[1]:.2f})" for name, vector in vectors.items())
    return describe(ax, f"Arrows from the origin: {ends}.")


def bold(hue):
    """Return the settings of a name in the ink of a thing."""
    return {"color": INK[hue], "size": SIZE, "weight": "bold"}
