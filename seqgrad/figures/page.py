"""From a picture to what a notebook shows: the picture, and what it shows in words."""

import base64
import dataclasses
import html
import io

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display


def show(picture, alt=""):
    """Put a picture on the page, with its description in words beneath it, and close it.

    Parameters
    ----------
    picture : Figure, Axes or array of Axes
    alt : str, optional
        What the picture shows, for a reader who does not see it; by default what the function that drew the
        picture says of it.

    Raises
    ------
    ValueError
        If there are no such words.

    Notes
    -----
    JupyterLab gives a picture no alternative text of its own, so the words stand in a fold below it, for all.
    """
    alt = alt or np.ravel(picture)[0].figure.get_label()
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
