"""The exercises of chapter 12 on attention: a mask, one head, several heads, and the ways back."""

import numpy as np

from seqgrad import attention
from seqgrad.check.exercises.activations import softmax
from seqgrad.check.exercises.draw import HUGE, draw_arrays, draw_like
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.running.data import Call

WORDS = {
    "mask": ("mask", "The mask"),
    "scores": ("scores", "The array of scores"),
    "weights": ("weights", "The array of weights"),
    "out": ("out", "The output"),
    "dweights": ("dweights", "The gradient at the weights"),
    "mean": ("mean", "The mean of the weights' gradients"),
    "dscores": ("dscores", "The gradient at the scores"),
    "head": ("head", "The output of a head"),
    "heads": ("heads", "The list of the heads' outputs"),
    "concat": ("concat", "The array of all heads' outputs"),
    "dconcat": ("dconcat", "The gradient at the outputs of all heads"),
    "dheads": ("dheads", "What each head gets of the gradient"),
}
# All sizes differ, here and in several heads, where each head has 3 rows for keys and 4 for values.
ONE = {"n_k": 3, "n_v": 5, "m": 2, "T_q": 4, "T_k": 6}
SEVERAL = {"n_heads": 2, "n_x": 5, "n_k": 6, "n_a": 7, "n_v": 8, "m": 9, "T_x": 10}


def draw_head(seed, **sizes):
    """Draw queries, keys and values, and a mask that hides about half of the keys, but never the first."""
    n_k, n_v, m, T_q, T_k = (ONE | sizes).values()
    rng = np.random.default_rng(seed)
    q, k, v = (rng.standard_normal(shape) for shape in ((n_k, m, T_q), (n_k, m, T_k), (n_v, m, T_k)))
    mask = rng.random((T_k, m, T_q)) < 0.5
    mask[0] = True
    return q, k, v, mask


def make_masks(seeded):
    """Return calls: five steps; one; two."""
    return [Call((5,)), Call((1,), "With one time step, "), Call((2,), "With two time steps, ")]


def make_heads(seeded):
    """Return calls: no mask; masks of three kinds; one step; one example; extreme scores."""
    q, k, v, mask = draw_head(seeded(1))
    square = draw_head(seeded(2), T_q=6)[:3]
    small = draw_head(seeded(3), n_k=4, n_v=3, m=1, T_q=5, T_k=2)[:3]
    one_left = np.arange(6)[:, np.newaxis, np.newaxis] == np.array([[2, 0, 5, 2], [4, 4, 1, 3]])
    return [
        Call((q, k, v)),
        Call((q, k, v, mask), "Under a mask, "),
        Call((*square, attention.causal_mask(6)), "Under the causal mask, "),
        Call((q, k, v, mask[:, :1, :1]), "Under a mask that is the same for all examples and queries, "),
        Call((q, k, v, one_left), "With all keys hidden but one, "),
        Call(draw_head(seeded(4), T_q=1, T_k=1)[:3], "With one time step, "),
        Call(small, "With one example, "),
        Call((HUGE * q, k, v), "With scores near 1e8, "),
        Call((np.zeros_like(q), k, v), "With equal scores, "),
    ]


def make_heads_back(seeded):
    """Return the same calls for the way back."""
    calls = []
    for number, call in enumerate(make_heads(seeded), 10):
        out, cache = attention.scaled_dot_product_attention(*call.arguments)
        calls.append(Call((draw_like(out, seeded(number)), cache), call.label))
    return calls


def draw_sequence(seed, scale=0.5, **sizes):
    """Draw a sequence and the weights of several heads."""
    n_heads, n_x, n_k, n_a, n_v, m, T_x = (SEVERAL | sizes).values()
    rng = np.random.default_rng(seed)
    shapes = {"Wq": (n_k, n_x), "Wk": (n_k, n_x), "Wv": (n_v, n_x), "Wo": (n_a, n_v)}
    return rng.standard_normal((n_x, m, T_x)), draw_arrays(shapes, rng, scale), n_heads


def make_sequences(seeded):
    """Return calls: no mask; two masks; one head; one step; one example; scores that saturate."""
    given = draw_sequence(seeded(1))
    T_x, m = SEVERAL["T_x"], SEVERAL["m"]
    own = np.random.default_rng(seeded(6)).random((T_x, m, T_x)) < 0.5
    own[0] = True
    return [
        Call(given),
        Call((*given, attention.causal_mask(T_x)), "Under the causal mask, "),
        Call((*given, own), "Under a mask for each example, "),
        Call(draw_sequence(seeded(2), n_heads=1), "With one head, "),
        Call(draw_sequence(seeded(3), n_heads=3, n_k=12, n_v=6, n_x=8, n_a=4), "With three heads, "),
        Call(draw_sequence(seeded(4), T_x=1), "With one time step, "),
        Call(draw_sequence(seeded(5), m=1, T_x=3), "With one example, "),
        Call(draw_sequence(seeded(7), scale=HUGE, T_x=3), "With scores that saturate, "),
    ]


def make_sequences_back(seeded):
    """Return the same calls for the way back, as far as nothing saturates."""
    calls = []
    for number, call in enumerate(make_sequences(seeded)[:-1], 20):
        out, cache = attention.multi_head_attention_forward(*call.arguments)
        calls.append(Call((draw_like(out, seeded(number)), cache), call.label))
    return calls


causal_mask = Exercise(
    "causal_mask", attention.causal_mask, make_masks, returns="mask", words=WORDS,
    by_hand="Take two time steps, and write down which of the four entries are True.",
)  # fmt: skip

scaled_dot_product_attention = Exercise(
    "scaled_dot_product_attention", attention.scaled_dot_product_attention, make_heads,
    helpers=(softmax,), returns=("out", "cache"), cache=attention.CACHE, words=WORDS,
    by_hand="Take one example, one query and two keys, n_k = n_v = 1, and work out both weights on paper.",
)  # fmt: skip

scaled_dot_product_attention_backward = Exercise(
    "scaled_dot_product_attention_backward", attention.scaled_dot_product_attention_backward,
    make_heads_back, forward=scaled_dot_product_attention, returns=("dq", "dk", "dv"),
    cache=attention.CACHE, words=WORDS,
    by_hand="Take one example, one query and two keys, n_k = n_v = 1, and work out each line on paper.",
)  # fmt: skip

multi_head_attention_forward = Exercise(
    "multi_head_attention_forward", attention.multi_head_attention_forward, make_sequences,
    helpers=(scaled_dot_product_attention,), returns=("out", "cache"), cache=attention.MULTI_HEAD_CACHE,
    words=WORDS,
    by_hand="Take one head: beside the products, one call of `scaled_dot_product_attention` is left.",
)  # fmt: skip

multi_head_attention_backward = Exercise(
    "multi_head_attention_backward", attention.multi_head_attention_backward, make_sequences_back,
    helpers=(scaled_dot_product_attention_backward,), forward=multi_head_attention_forward,
    cache=attention.MULTI_HEAD_CACHE, words=WORDS,
    by_hand="Take one head: beside the products, a call of `scaled_dot_product_attention_backward` is left.",
)  # fmt: skip
