"""The sizes of the arrays that the exercises are tried on, and arrays of these sizes.

All sizes differ, so that a swapped axis cannot fit.  No weight and no bias is zero.
"""

import numpy as np

N_X, N_A, N_Y, M, T_X = 3, 5, 4, 7, 6

# Other sizes, so that none of these can be written into the code: what takes the place of each.
OTHER = {N_X: 4, N_A: 3, N_Y: 6, N_A + N_X: 7, M: 2, T_X: 5, 1: 1}
USUAL = {size: size for size in OTHER}
WITH_OTHER_SIZES = "With other sizes than the usual (n_x = 4, n_a = 3, n_y = 6, m = 2, T_x = 5), "
BY_NUMBER = (
    "It works for the usual sizes alone: a size is written as a number. Read it from an argument's shape."
)
ON_SIZES = ("sizes", BY_NUMBER)

# Inputs that saturate every gate: so large that none comes to lie near zero by chance,
# where a learner who computes in float32 would be off by more than rounding.
HUGE = 1e8


def draw_arrays(shapes, rng, scale=0.5):
    """Draw arrays of these shapes by name: parameters, biases included, or gradients."""
    return {name: scale * rng.standard_normal(shape) for name, shape in shapes.items()}


def resize(shapes, sizes):
    """Return shapes by name with each size replaced by another one."""
    return {name: tuple(sizes[size] for size in shape) for name, shape in shapes.items()}


def draw_like(array, seed):
    """Draw an array shaped like another one: a gradient for it."""
    return np.random.default_rng(seed).standard_normal(array.shape)
