"""Arrays become pictures: each function draws one, and `show` puts it on the page and says it in words.

The functions take axes or make their own, draw, and return the axes. What they draw stands in a module that
is named for it; `style` has the colours, `page` what a notebook shows. Needs matplotlib and IPython.
"""

from seqgrad.figures.activations import function_and_slope, largest_term, probabilities
from seqgrad.figures.attention import attention_map, growth
from seqgrad.figures.names import character_map, softmax_gradient, training_curves
from seqgrad.figures.optimize import bias_correction, valley, weights_of_average
from seqgrad.figures.page import Output, in_words, rendered, show
from seqgrad.figures.recurrent import (
    gates_over_text,
    gradient_through_time,
    gradient_travels,
    over_time,
    reach,
)
from seqgrad.figures.speed import durations, memory_of_segments
from seqgrad.figures.style import COLOUR, INK, describe, label_line, new_axes, paper_tint, tint
from seqgrad.figures.vanishing import arrows, gradient_reach, gradients_through_time, spectrum

__all__ = [
    "COLOUR",
    "INK",
    "Output",
    "arrows",
    "attention_map",
    "bias_correction",
    "character_map",
    "describe",
    "durations",
    "function_and_slope",
    "gates_over_text",
    "gradient_reach",
    "gradient_through_time",
    "gradient_travels",
    "gradients_through_time",
    "growth",
    "in_words",
    "label_line",
    "largest_term",
    "memory_of_segments",
    "new_axes",
    "over_time",
    "paper_tint",
    "probabilities",
    "reach",
    "rendered",
    "show",
    "softmax_gradient",
    "spectrum",
    "tint",
    "training_curves",
    "valley",
    "weights_of_average",
]
