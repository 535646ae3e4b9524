"""Attention and layer normalization as layers: arrays by name in, one array out, and random arrays for them.

All sizes differ, and nothing is zero.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqgrad import attention, layer_norm
from tests.networks import draw

N_HEADS = 3


@dataclass(frozen=True)
class Layer:
    """A forward function and its backward function, and the arrays that go into them."""

    function: Callable
    back: Callable
    arguments: Callable  # of the forward function, from the arrays by name
    shapes: dict  # of each array, in names of sizes
    sizes: dict

    def arrays(self, seed, **sizes):
        """Draw the arrays; a mask hides about half of the keys, but never the first."""
        arrays = draw(seed, self.shapes, **self.sizes | sizes)
        if "mask" in arrays:
            arrays["mask"] = arrays["mask"] > 0
            arrays["mask"][0] = True
        return arrays

    def upstream(self, seed, arrays):
        """Draw a gradient at the output that belongs to these arrays."""
        return np.random.default_rng([seed, 2]).standard_normal(self.forward(arrays)[0].shape)

    def forward(self, arrays):
        """Return the output and the cache."""
        return self.function(*self.arguments(arrays))

    def backward(self, dout, cache):
        """Return the gradients by name."""
        gradients = self.back(dout, cache)
        if isinstance(gradients, dict):
            return gradients
        names = ["d" + name for name in self.shapes if name != "mask"]
        return dict(zip(names, gradients, strict=True))


def in_order(arrays):
    """Return the arrays as they are given one by one."""
    return tuple(arrays.values())


def with_heads(arrays):
    """Return the arguments of several heads, with the mask among the arrays or the causal one."""
    parameters = {name: arrays[name] for name in attention.PARAMETERS}
    mask = arrays.get("mask", attention.causal_mask(arrays["x"].shape[2]))
    return arrays["x"], parameters, N_HEADS, mask


ONE = attention.scaled_dot_product_attention, attention.scaled_dot_product_attention_backward, in_order
SEVERAL = attention.multi_head_attention_forward, attention.multi_head_attention_backward, with_heads
NORM = layer_norm.layer_norm_forward, layer_norm.layer_norm_backward, in_order
QKV = {"q": "n_k m T_q", "k": "n_k m T_k", "v": "n_v m T_k"}
ONE_HEAD = {"n_k": 3, "n_v": 6, "m": 2, "T_q": 4, "T_k": 5}
HEADS = {"x": "n_x m T_x", "Wq": "n_k n_x", "Wk": "n_k n_x", "Wv": "n_v n_x", "Wo": "n_a n_v"}
# Three heads of 4 rows for queries and keys, of 6 rows for values.
ALL_HEADS = {"n_x": 7, "n_k": 12, "n_v": 18, "n_a": 8, "m": 2, "T_x": 5}
FEATURES = {"x": "n_x m T_x", "gamma": "n_x 1", "beta": "n_x 1"}
LAYERS = {
    "attention": Layer(*ONE, QKV, ONE_HEAD),
    "attention under a mask": Layer(*ONE, QKV | {"mask": "T_k m T_q"}, ONE_HEAD),
    "attention under a mask for all queries": Layer(*ONE, QKV | {"mask": "T_k m 1"}, ONE_HEAD),
    "causal heads": Layer(*SEVERAL, HEADS, ALL_HEADS),
    "heads under a mask": Layer(*SEVERAL, HEADS | {"mask": "T_x m T_x"}, ALL_HEADS),
    "layer norm": Layer(*NORM, FEATURES, {"n_x": 5, "m": 2, "T_x": 6}),
}
