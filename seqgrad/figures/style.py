"""The look of every figure: the colour of each thing, empty axes, names beside lines.

A figure has no ground of its own: it lies on a white page by day and on a nearly black page at night.  So
each colour is of middling brightness, and stands out from both.
"""

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

# Each thing has one colour in the whole course.  Most hues are Okabe and Ito's, safe for colour-blind eyes;
# lines in them have a contrast of at least 3 with both grounds.
COLOUR = {
    "input": "#757575",
    "hidden": "#0072B2",
    "cell": "#BF7F00",
    "prediction": "#B9508A",
    "gradient": "#D55E00",
    "forget": "#C96F9F",
    "update": "#009E73",
    "candidate": "#8F8F2F",
    "output": "#3C97CC",
}

# The same as ink: words have a contrast of at least 4.5 with white, and of 3.8 with the ground of the night.
INK = COLOUR | {
    "hidden": "#1A7ABD",
    "cell": "#9C6C00",
    "gradient": "#C25600",
    "forget": "#A36186",
    "update": "#008662",
    "candidate": "#7A7A29",
    "output": "#3B7CA1",
}

SIZE = 11  # of letters, in points: 11 pixels or more where a page is 390 pixels wide
PLAIN = COLOUR["input"]  # the ink of axes, ticks and remarks

# The map for signed numbers: blue where they are negative, red where they are positive, no colour at zero.
BLUE, RED = to_rgb("#2F7FBF"), to_rgb("#C9372C")
SIGNED = LinearSegmentedColormap.from_list(
    "signed", [(0, (*BLUE, 1)), (0.5, (*BLUE, 0)), (0.5, (*RED, 0)), (1, (*RED, 1))]
)

STYLE = {
    "axes.edgecolor": PLAIN,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": PLAIN,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "none",
    "font.size": SIZE,
    "grid.color": "#80808040",
    "grid.linewidth": 0.8,
    "xtick.color": PLAIN,
    "ytick.color": PLAIN,
}


def new_axes(width=4.8, height=2.6, columns=1, **kwargs):
    """Return empty axes in the style of the course, an array of them for several columns; sizes in inches."""
    with mpl.rc_context(STYLE):
        return Figure(figsize=(width, height), layout="constrained").subplots(ncols=columns, **kwargs)


def describe(ax, words):
    """Say in words what a picture shows, for a reader who does not see it; return the axes."""
    ax.figure.set_label(words)
    return ax


def tint(colour):
    """Return the map from nothing, through which the page is seen, to a colour of the course."""
    red, green, blue = to_rgb(COLOUR[colour])
    return LinearSegmentedColormap.from_list(colour, [(red, green, blue, 0), (red, green, blue, 1)])


def paper_tint(colour):
    """Return the map from white to a colour of the course, in which black numbers can be read."""
    return LinearSegmentedColormap.from_list(colour, ["#FFFFFF", COLOUR[colour]])


def add_colour_bar(ax, image, name):
    """Put the scale of a map of colours beside it."""
    with mpl.rc_context(STYLE):
        ax.figure.colorbar(image, ax=ax, label=name)


def label_line(ax, x, y, text, colour):
    """Write a line's name beside it, in its colour, at (x, y) in the units of the axes."""
    ax.text(x, y, text, color=INK[colour], size=SIZE, weight="bold", va="center")
