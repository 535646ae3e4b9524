"""Figures of a network that writes names: what it predicts, and how it learns."""

import numpy as np

from seqgrad.figures.style import COLOUR, add_colour_bar, label_line, new_axes, tint


def character_map(p, columns, name, ax=None):
    """Draw the probability (27, n) of each next character as a map of colours; columns holds n labels."""
    ax = new_axes(width=3.2 + 0.14 * len(columns), height=5.4) if ax is None else ax
    image = ax.imshow(p, cmap=tint("prediction"), vmin=0, aspect="auto", interpolation="nearest")
    ax.grid(False)
    ax.set(xlabel=name, ylabel="next character", xticks=range(len(columns)), yticks=range(len(p)))
    ax.set_xticklabels(columns)
    ax.set_yticklabels(["↵", *"abcdefghijklmnopqrstuvwxyz"])
    ax.tick_params(labelsize=8)
    add_colour_bar(ax, image, "probability p")
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
