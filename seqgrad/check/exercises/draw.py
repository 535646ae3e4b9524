"""The sizes of the arrays that the exercises are tried on, and arrays of these sizes.

All sizes differ, so that a swapped axis cannot fit.  No weight and no bias is zero.
"""

import numpy as np

N_X, N_A, N_Y, M, T_X = 3, 5, 4, 7, 6

# Inputs that saturate every gate: so large that none comes to lie near zero by chance,
# where a learner who computes in float32 would be off by more than rounding.
HUGE = 1e8


def draw_arrays(shapes, rng, scale=0.5):
    """Draw arrays of these shapes by name: parameters, biases included, or gradients."""
    return {name: scale * rng.standard_normal(shape) for name, shape in shapes.items()}


def draw_like(array, seed):
    """Draw an array shaped like another one: a gradient for it."""
    return np.random.default_rng(seed).standard_normal(array.shape)
