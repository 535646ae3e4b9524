"""Figures of a network that writes names: the loss's gradient, what it predicts, and how it learns."""

import numpy as np
from matplotlib.patches import Rectangle

from seqgrad.figures.style import COLOUR, SIZE, add_colour_bar, describe, label_line, new_axes, tint

LETTERS = "↵abcdefghijklmnopqrstuvwxyz"


def softmax_gradient(p, target, ax=None):
    """Draw the Jacobian of the softmax at p (n_y,), and below it the gradient of the loss at the logits."""
    ax = new_axes(4.4, 4.4) if ax is None else ax
    n_y = len(p)
    jacobian, gradient = np.diag(p) - np.outer(p, p), p - (np.arange(n_y) == target)
    for numbers, top in ((jacobian, 0), (gradient[np.newaxis], n_y + 0.5)):
        limit, bottom = 1.6 * np.abs(numbers).max(), top + len(numbers)
        square = (0, n_y, bottom, top)
        ax.imshow(numbers, cmap="RdBu_r", vmin=-limit, vmax=limit, extent=square, interpolation="nearest")
        for (row, column), number in np.ndenumerate(numbers):
            ax.text(
                column + 0.5,
                top + row + 0.5,
                f"{number:.2f}",
                ha="center",
                va="center",
                color="black",
                size=SIZE,
            )
    frame = {"fill": False, "edgecolor": COLOUR["gradient"], "linewidth": 4}
    ax.add_patch(Rectangle((0, target), n_y, 1, **frame))
    ax.grid(False)
    ax.set(xlim=(0, n_y), ylim=(n_y + 1.5, 0), xlabel="logit $z_j$", ylabel="probability", aspect="equal")
    ax.set_xticks(np.arange(n_y) + 0.5, range(n_y))
    ax.set_yticks(
        [*np.arange(n_y) + 0.5, n_y + 1], [*(rf"$\partial \hat y_{i}$" for i in range(n_y)), "$dz$"]
    )
    for side in ax.spines.values():
        side.set_visible(False)
    ax.tick_params(length=0)
    row, below = (
        ", ".join(f"{number:z.2f}" for number in numbers) for numbers in (jacobian[target], gradient)
    )
    return describe(
        ax,
        f"The Jacobian of the softmax as a square of {n_y} by {n_y} numbers, positive on the diagonal and "
        f"negative elsewhere. The row of the target, {target}, is framed: {row}. Below it stands the "
        f"gradient: {below}.",
    )


def character_map(p, columns, name, ax=None):
    """Draw the probability (27, n) of each next character as a map of colours; columns holds n labels."""
    ax = new_axes(width=min(4.8, 3.2 + 0.14 * len(columns)), height=5.6) if ax is None else ax
    image = ax.imshow(p, cmap=tint("prediction"), vmin=0, aspect="auto", interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel=name, ylabel="next character")
    ax.set_yticks(range(len(p)), LETTERS)
    ax.set_xticks(range(len(columns)), columns)
    for label in ax.get_xticklabels()[1::2] if len(columns) > 15 else ():
        label.set_y(-0.03)  # every other one a row lower, where one row has no room
    add_colour_bar(ax, image, "probability")
    surest = p.max(axis=0).argmax()
    best = ", ".join(
        f"{LETTERS[k]} after {column}" for k, column in zip(p.argmax(axis=0), columns, strict=True)
    )
    return describe(
        ax,
        f"A map of colours: the probability of each next character (row) for each {name} (column). The most "
        f"likely ones are {best}; the highest probability is {p.max():.2f}, after {columns[surest]}.",
    )


def training_curves(histories, baseline, ax=None):
    """Draw {network: (epochs, 2)}, losses in training (dashed) and on held-out names, with a baseline."""
    ax = new_axes(height=3.4) if ax is None else ax
    words = [f"the bigram model {baseline:.2f}"]
    for (network, losses), hue in zip(histories.items(), ("hidden", "cell"), strict=True):
        epochs = np.arange(1, len(losses) + 1)
        for losses_of, kind, line in zip(
            np.transpose(losses), ("training", "held out"), ("--", "-"), strict=True
        ):
            ax.plot(epochs, losses_of, color=COLOUR[hue], linestyle=line)
            label_line(ax, epochs[-1] + 0.15, losses_of[-1], f"{network}, {kind}", hue)
            words.append(f"the {network} {losses_of[-1]:.2f} ({kind})")
    ax.axhline(baseline, color=COLOUR["input"], linestyle=":")
    label_line(ax, epochs[-1] + 0.15, baseline, "bigram", "input")
    ax.set(xlabel="epoch", ylabel="nats per character", xticks=epochs, xlim=(0.8, epochs[-1] + 0.1))
    return describe(ax, f"Cross-entropy after each of {len(epochs)} epochs. At the end: {', '.join(words)}.")
