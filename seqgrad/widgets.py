"""Sliders above a picture: as one of them moves, the picture is drawn anew.

Where a notebook is only read, the picture stands there as it is at the start.  Needs ipywidgets, and what
`seqgrad.figures` needs.
"""

import html

import ipywidgets
from IPython.display import display

from seqgrad import figures


def slide(draw, alt, **ranges):
    """Put a picture on the page that follows its sliders.

    Parameters
    ----------
    draw : callable
        Takes a number for each slider, by name, and returns axes.  What is written in them is also told in
        words below the sliders.
    alt : str
        What the picture shows at the start, for a reader who does not see it.
    **ranges : tuple of float
        For each slider ``(start, lowest, highest, step)``.

    Notes
    -----
    The picture is an output of its own, so a saved notebook shows it before it is run again.
    """
    sliders = [
        ipywidgets.FloatSlider(start, min=lowest, max=highest, step=step, description=name)
        for name, (start, lowest, highest, step) in ranges.items()
    ]
    told = ipywidgets.HTML()

    def drawn(alt=None):
        axes = draw(**{slider.description: slider.value for slider in sliders})
        words = "; ".join(text.get_text() for text in axes.texts)
        told.value = f'<span role="status">{html.escape(words)}</span>'  # which a screen reader says
        return figures.rendered(axes, alt or words)

    picture = drawn(alt)
    widget = ipywidgets.VBox([*sliders, told])._repr_mimebundle_()
    stands = f"[sliders for {' and '.join(ranges)}, where the notebook runs]"
    display(figures.Output(stands, widget | {"text/plain": stands}))
    place = display(picture, display_id=True)
    display(figures.in_words(alt))
    for slider in sliders:
        slider.observe(lambda _: place.update(drawn()), "value")
