"""PyTorch as an independent witness: arrays become tensors, and its gradients are compared with ours.

Where torch is not installed this can be imported, but not used.
"""

import contextlib

import numpy as np
import pytest

from seqgrad.gradcheck import relative_errors
from tests.marks import sample

with contextlib.suppress(ImportError):
    import torch

# Both round at 1e-16, in sums of some hundred terms taken in another order.
TOLERANCE = 1e-10

seeds = pytest.mark.parametrize("seed", sample(range(8), 4))


def tensors(value):
    """Return arrays, or a dict of arrays, as tensors that remember what is done to them."""
    if isinstance(value, dict):
        return {name: tensors(part) for name, part in value.items()}
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def random_sizes(seed):
    """Return sizes from 1 to 9, the length of the sequence too."""
    rng = np.random.default_rng([seed, 9])
    return {name: int(rng.integers(1, 10)) for name in ("n_x", "n_a", "n_y", "m", "T_x")}


def assert_agree(ours, theirs):
    theirs = {name: tensor.detach().numpy() for name, tensor in theirs.items()}
    errors = relative_errors(theirs, ours)
    assert max(errors.values()) < TOLERANCE, errors
