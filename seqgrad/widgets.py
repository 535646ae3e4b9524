"""Sliders above a picture: as one of them moves, the picture is drawn anew.

Where a notebook is only read, the picture stands there as it is at the start.  Needs ipywidgets, and what
`seqgrad.figures` needs.
"""

import html

import ipywidgets
from IPython.display import display

from seqgrad import figures


def slide(draw, alt="", **ranges):
    """Put a picture on the page that follows its sliders.

    Parameters
    ----------
    draw : callable
        Takes a number for each slider, by name, and returns axes.  What is written in them is also told in
        words below the sliders.
    alt : str, optional
        What the picture shows at the start, for a reader who does not see it; by default what `draw` says.
    **ranges : tuple of float
        For each slider ``(start, lowest, highest, step)``.

    Notes
    -----
    The picture is an output of its own, so a saved notebook shows it before it is run again.
    """
    sliders = [
        ipywidgets.FloatSlider(
            start,
            min=lowest,
            max=highest,
            step=step,
            description=name,
            readout_format=f".{len(f'{step:g}'.partition('.')[2])}f",  # as many decimals as the step has
        )
        for name, (start, lowest, highest, step) in ranges.items()
    ]
    status = ipywidgets.HTML()

    def draw_now():
        axes = draw(**{slider.description: slider.value for slider in sliders})
        words = "; ".join(text.get_text() for text in axes.texts)
        status.value = f'<span role="status">{html.escape(words)}</span>'  # which a screen reader says
        return axes, axes.figure.get_label() or words

    axes, words = draw_now()
    widget = ipywidgets.VBox([*sliders, status])._repr_mimebundle_()
    instead = f"[sliders for {' and '.join(ranges)}, where the notebook runs]"
    display(figures.Output(instead, widget | {"text/plain": instead}))
    place = display(figures.rendered(axes, alt or words), display_id=True)
    display(figures.in_words(alt or words))
    for slider in sliders:
        slider.observe(lambda _: place.update(figures.rendered(*draw_now())), "value")
