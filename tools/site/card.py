"""The picture that is shown beside a link to the site: a gradient that gets smaller on its way back."""

from seqgrad.figures.style import COLOUR

SIZE = (1200, 630)  # pixels, as those who show such pictures ask for
STEPS = 6
FACTOR = 0.62  # how much of the gradient is left after each step back


def draw_card(path, title, words):
    """Draw the picture into a PNG file; no other program or font is needed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor="#ffffff")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, SIZE[0]), ylim=(0, SIZE[1]))
    axes.axis("off")
    axes.text(70, 530, title, fontsize=44, fontweight="bold", color="#1c1e21", va="center")
    axes.text(70, 410, words, fontsize=21, color="#444950", va="center", linespacing=1.5)

    places = [130 + 188 * step for step in range(STEPS)]
    flat = {"length_includes_head": True, "linewidth": 0}
    for step, (here, there) in enumerate(zip(places, places[1:], strict=False)):
        left = FACTOR ** (STEPS - 2 - step)
        axes.arrow(
            here + 54,
            190,
            there - here - 108,
            0,
            width=4,
            head_width=22,
            head_length=20,
            fc=COLOUR["hidden"],
            **flat,
        )
        size = {"width": 3 + 19 * left, "head_width": 20 + 30 * left, "head_length": 26}
        axes.arrow(
            there - 36,
            104,
            here - there + 72,
            0,
            fc=COLOUR["gradient"],
            alpha=0.35 + 0.65 * left,
            **size,
            **flat,
        )
    for step, place in enumerate(places):
        axes.plot(place, 190, "o", markersize=62, color=COLOUR["hidden"])
        axes.text(place, 188, f"a⟨{step}⟩", fontsize=20, color="#ffffff", ha="center", va="center")
    figure.savefig(path)
