"""The look of every figure: the colour of each thing, empty axes, names beside lines."""

import matplotlib as mpl
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

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


def tint(colour):
    """Return the map from white to a colour of the course."""
    return LinearSegmentedColormap.from_list(colour, ["#FFFFFF", COLOUR[colour]])


def label_line(ax, x, y, text, colour):
    """Write a line's name beside it, in its colour, at (x, y) in the units of the axes."""
    ax.text(x, y, text, color=INK[colour], weight="bold", va="center")
