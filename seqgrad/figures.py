"""Arrays become pictures: each function draws one, and `show` puts it on the page and says it in words.

The functions take axes or make their own, draw, and return the axes.  A picture has a white background of its
own in light and dark themes alike: a colour that has to be read on white and on black stands out on neither.
Needs matplotlib and IPython.
"""

import base64
import dataclasses
import html
import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

# Each thing has one colour in the whole course.  They are Okabe and Ito's, safe for colour-blind eyes; grey,
# wine and olive (for their yellow, too faint on white) come from Tol's palette.
COLOUR = {
    "input": "#595959",
    "hidden": "#0072B2",
    "cell": "#E69F00",
    "prediction": "#882255",
    "gradient": "#D55E00",
    "forget": "#CC79A7",
    "update": "#009E73",
    "candidate": "#999933",
    "output": "#56B4E9",
}

# The same as ink: words on white need a contrast of 4.5.
INK = COLOUR | {
    "cell": "#9C6C00",
    "gradient": "#C25600",
    "forget": "#A36186",
    "update": "#008662",
    "candidate": "#7A7A29",
    "output": "#3B7CA1",
}

STYLE = {
    "axes.edgecolor": "#595959",
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "white",
    "font.size": 10,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.6,
}


def new_axes(width=6.4, height=2.6, columns=1, **kwargs):
    """Return empty axes in the style of the course, an array of them for several columns; sizes in inches."""
    with mpl.rc_context(STYLE):
        return Figure(figsize=(width, height), layout="constrained").subplots(ncols=columns, **kwargs)


def show(picture, alt):
    """Put a picture on the page, with its description in words beneath it, and close it.

    Parameters
    ----------
    picture : Figure, Axes or array of Axes
    alt : str
        What the picture shows, for a reader who does not see it.

    Raises
    ------
    ValueError
        If `alt` is empty.

    Notes
    -----
    JupyterLab gives a picture no alternative text of its own, so the words stand in a fold below it, for all.
    """
    if not alt.strip():
        raise ValueError("show: alt is empty; say in a sentence what the picture shows")
    display(rendered(picture, alt))
    display(in_words(alt))


def in_words(alt):
    """Return the description of a picture as an output: a fold."""
    words = f"<details><summary>The picture in words</summary>{html.escape(alt)}</details>"
    return Output(alt, {"text/html": words})


def rendered(picture, alt):
    """Return a picture as an output, and close it."""
    figure = np.ravel(picture)[0].figure
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=150, metadata={"Software": None})
    plt.close(figure)
    data = {"image/png": base64.b64encode(file.getvalue()).decode()}
    return Output("[picture]", data, {"image/png": {"alt": alt, "width": round(100 * figure.get_figwidth())}})


@dataclasses.dataclass(frozen=True, repr=False)
class Output:
    """What a cell shows: the same thing as plain text and in richer forms."""

    plain: str
    data: dict
    metadata: dict = dataclasses.field(default_factory=dict)

    def __repr__(self):
        """Return the plain text."""
        return self.plain

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.data, self.metadata


def tint(colour):
    """Return the map from white to a colour of the course."""
    return LinearSegmentedColormap.from_list(colour, ["#FFFFFF", COLOUR[colour]])


def label_line(ax, x, y, text, colour):
    """Write a line's name beside it, in its colour, at (x, y) in the units of the axes."""
    ax.text(x, y, text, color=INK[colour], weight="bold", va="center")


# Chapter 1: activations.


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


# Chapters 2 and 3: the recurrent network.


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


# Chapters 4 to 6: the LSTM, and Adam.


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
    ax.contour(w1, w2, loss, levels=np.geomspace(0.1, 30, 8), colors="#BFBFBF", linewidths=0.8)
    for (name, path), hue in zip(paths.items(), ("gradient", "hidden"), strict=False):
        ax.plot(*path.T, color=COLOUR[hue], marker="o", markersize=3, linewidth=1.2, label=name)
    ax.plot(0, 0, marker="+", markersize=12, color="black")
    ax.set(xlabel="first weight $w_1$", ylabel="second weight $w_2$")
    ax.legend(loc="upper right", frameon=False, labelcolor="linecolor")
    return ax


# Chapter 7: what vanishes.


def gradients_through_time(curves, ax=None):
    """Draw gradient norms (T_x + 1,) by name, from step 0 on; an LSTM's has the colour of the cell state."""
    ax = new_axes(height=3.2) if ax is None else ax
    for name, norms in curves.items():
        hue = "cell" if name.startswith("LSTM") else "gradient"
        ax.semilogy(norms, color=COLOUR[hue])
        ax.text(-0.02 * len(norms), norms[0], name, color=INK[hue], weight="bold", ha="right", va="center")
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
    ax = new_axes(width=5.2) if ax is None else ax
    hues = ("gradient", "forget", "hidden")
    for k, ((name, vector), hue) in enumerate(zip(vectors.items(), hues, strict=False)):
        tip = {"color": COLOUR[hue], "lw": 2 + 2 * (k == 0), "shrinkA": 0, "shrinkB": 0, "arrowstyle": "->"}
        ax.annotate("", xy=vector, xytext=(0, 0), arrowprops=tip)
        below = (0, -14) if k == len(vectors) - 1 else (6, 4)
        ax.annotate(name, vector, below, textcoords="offset points", color=INK[hue], weight="bold")
    largest = np.max(list(vectors.values()), axis=0)
    ax.set(xlabel="gradient at the first weight", ylabel="gradient at the second weight", aspect="equal")
    ax.set(xlim=(0, 1.35 * largest[0]), ylim=(-0.35 * largest[1], 1.35 * largest[1]))
    return ax


# Chapter 8: names.


def character_map(p, columns, name, ax=None):
    """Draw the probability (27, n) of each next character as a map of colours; columns holds n labels."""
    ax = new_axes(width=3.2 + 0.14 * len(columns), height=5.4) if ax is None else ax
    image = ax.imshow(p, cmap=tint("prediction"), vmin=0, aspect="auto", interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel=name, ylabel="next character", xticks=range(len(columns)), yticks=range(len(p)))
    ax.set_xticklabels(columns)
    ax.set_yticklabels(["↵", *"abcdefghijklmnopqrstuvwxyz"])
    ax.tick_params(labelsize=8)
    ax.figure.colorbar(image, ax=ax, label="probability p")
    return ax


def training_curves(histories, baseline, ax=None):
    """Draw {network: (epochs, 2)}, losses in training (dashed) and on held-out names, with a baseline."""
    ax = new_axes(height=3.2) if ax is None else ax
    for (network, losses), hue in zip(histories.items(), ("hidden", "cell"), strict=True):
        epochs = np.arange(1, len(losses) + 1)
        ax.plot(epochs, np.array(losses)[:, 0], color=COLOUR[hue], linestyle="--")
        ax.plot(epochs, np.array(losses)[:, 1], color=COLOUR[hue])
        label_line(ax, epochs[-1] + 0.15, losses[-1][0], f"{network}, training", hue)
        label_line(ax, epochs[-1] + 0.15, losses[-1][1], f"{network}, held out", hue)
    ax.axhline(baseline, color=COLOUR["input"], linestyle=":")
    label_line(ax, epochs[-1] + 0.15, baseline, "bigram, held out", "input")
    ax.set(xlabel="epoch", ylabel="cross-entropy [nats per character]")
    ax.set(xticks=epochs, xlim=(0.8, epochs[-1] + 0.1))
    return ax


# Chapter 10: from readable to fast.


def durations(times, ax=None):
    """Draw the medians of seconds (n,) by name as bars, first on top, and how many times as fast each is."""
    ax = new_axes(height=0.8 + 0.32 * len(times)) if ax is None else ax
    first = next(iter(times.values()))
    for row, seconds in enumerate(times.values()):
        low, middle, high = 1e3 * np.quantile(seconds, [0.25, 0.5, 0.75])
        ax.barh(row, middle, height=0.65, color="#BFBFBF")
        ax.plot([low, high], [row, row], color=COLOUR["input"], linewidth=1.2)
        ax.text(high, row, f"  ×{np.median(np.divide(first, seconds)):.1f}", va="center", weight="bold")
    ax.grid(False, axis="y")
    ax.set(xlabel="time of a call [ms]: median, quartiles, and times as fast", ylabel="version")
    ax.set_yticks(range(len(times)), list(times))
    ax.invert_yaxis()
    ax.margins(x=0.12)
    return ax


def memory_of_segments(lengths, peaks, whole, ax=None):
    """Draw bytes (n,) over the length of a segment (n,), below the bytes that all caches take."""
    ax = new_axes() if ax is None else ax
    ax.loglog(lengths, np.divide(peaks, 1e6), color=COLOUR["cell"], marker="o", markersize=4)
    ax.axhline(whole / 1e6, color=COLOUR["input"], linestyle="--")
    label_line(ax, lengths[0], 1.25 * whole / 1e6, "all caches", "input")
    label_line(ax, 1.1 * lengths[-2], 0.75 * peaks[-2] / 1e6, "checkpoints", "cell")
    ax.set(xlabel="steps in a segment s", ylabel="most memory [MB]", ylim=(None, 2 * whole / 1e6))
    ax.set_xticks(lengths, lengths)
    ax.set_xticks([], minor=True)
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")
    return ax
