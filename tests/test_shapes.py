"""What does not fit is refused in one sentence: which function and argument, what it has, what it needs."""

import numpy as np
import pytest

import seqgrad
from seqgrad.initialize import rnn_parameters
from seqgrad.shapes import takes
from tests.layers import LAYERS, N_HEADS
from tests.networks import GRU, LSTM, RNN


def arguments():
    """Return arguments that fit, for each function that declares shapes, by name."""
    step, sequence, da = RNN.step(0), RNN.sequence(0), RNN.upstream(0)
    lstm_step, lstm_sequence = LSTM.step(0), LSTM.sequence(0)
    gru_step, gru_sequence = GRU.step(0), GRU.sequence(0)
    head, heads, norm = (LAYERS[name] for name in ("attention under a mask", "causal heads", "layer norm"))
    weights_of_heads = heads.arrays(0)
    several = {"x": weights_of_heads.pop("x"), "parameters": weights_of_heads, "n_heads": N_HEADS}
    shares = np.full((4, 2, 6), 0.25)
    weights = {"W1": np.ones((2, 3)), "b1": np.ones((2, 1))}
    moments = {"dW1": np.ones((2, 3)), "db1": np.ones((2, 1))}
    newlines = rnn_parameters(np.random.default_rng(0), n_x=4, n_a=5, n_y=4)
    newlines["by"][0] = 1000  # whatever is drawn, it is a newline
    return {
        "softmax": {"x": shares},
        "sigmoid": {"x": shares},
        "rnn_cell_forward": dict(zip(("xt", "a_prev", "parameters"), step, strict=True)),
        "rnn_forward": dict(zip(("x", "a0", "parameters"), sequence, strict=True)),
        "rnn_cell_backward": {"da_next": da[:, :, 0], "cache": RNN.cell_forward(*step)[-1]},
        "rnn_backward": {"da": da, "caches": RNN.forward(*sequence)[-1]},
        "lstm_cell_forward": dict(zip(("xt", "a_prev", "c_prev", "parameters"), lstm_step, strict=True)),
        "lstm_forward": dict(zip(("x", "a0", "parameters"), lstm_sequence, strict=True)),
        "lstm_cell_backward": {
            "da_next": da[:, :, 0], "dc_next": da[:, :, 1], "cache": LSTM.cell_forward(*lstm_step)[-1]
        },
        "lstm_backward": {"da": da, "caches": LSTM.forward(*lstm_sequence)[-1]},
        "gru_cell_forward": dict(zip(("xt", "a_prev", "parameters"), gru_step, strict=True)),
        "gru_forward": dict(zip(("x", "a0", "parameters"), gru_sequence, strict=True)),
        "gru_cell_backward": {"da_next": da[:, :, 0], "cache": GRU.cell_forward(*gru_step)[-1]},
        "gru_backward": {"da": da, "caches": GRU.forward(*gru_sequence)[-1]},
        "scaled_dot_product_attention": head.arrays(0),
        "scaled_dot_product_attention_backward": back(head),
        "multi_head_attention_forward": several | {"mask": seqgrad.causal_mask(5)},
        "multi_head_attention_backward": back(heads),
        "layer_norm_forward": norm.arrays(0),
        "layer_norm_backward": back(norm),
        "initialize_adam": {"parameters": weights},
        "update_parameters_with_adam": {
            "parameters": weights, "grads": moments, "v": moments, "s": moments, "t": 1
        },
        "clip": {"gradients": moments, "maxValue": 5.0},
        "clip_by_global_norm": {"gradients": moments, "max_norm": 5.0},
        "cross_entropy_forward": {"y_pred": shares, "y": shares},
        "cross_entropy_backward": {"cache": (shares, shares)},
        "output_backward": {"dz": shares, "a": da, "parameters": {"Wya": np.ones((4, 5))}},
        "sample": {"parameters": newlines, "newline": 0, "rng": np.random.default_rng(0)},
    }  # fmt: skip


def back(layer):
    """Return the arguments of a layer's backward function."""
    arrays = layer.arrays(0)
    return {"dout": layer.upstream(0, arrays), "cache": layer.forward(arrays)[1]}


def put(**entries):
    """Return a change to a dict: these entries are others."""
    return lambda value: value | {name: change(value[name]) for name, change in entries.items()}


def without(*names):
    """Return a change to a dict: these entries are missing."""
    return lambda value: {name: entry for name, entry in value.items() if name not in names}


def T(array):
    return array.T


def integers(array):
    return array.astype(int)


def nothing(_):
    return None


def part(i, change):
    """Return a change to a tuple: this part is another."""
    return lambda value: (*value[:i], change(value[i]), *value[i + 1 :])


RNN_PARTS = "a_next, a_prev, xt, parameters"
LSTM_PARTS = "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters"
GRU_PARTS = "a_next, a_prev, ut, rt, cct, xt, parameters"
HEAD = "item 0 of head_caches of cache"
STEP = "a_next of item 0 of steps of caches"
# The wrong kind of thing: a TypeError.
WRONG_KIND = [
    ("softmax", "x", list, "x is a list, but a NumPy array of floats is needed"),
    ("softmax", "x", integers, "x holds int64, but floats are needed: use .astype(float)"),
    ("sigmoid", "x", nothing, "x is None, but numbers are needed"),
    ("sigmoid", "x", lambda x: "1.5", "x is a str, but numbers are needed"),
    ("sigmoid", "x", lambda x: x.astype(str), "x holds <U32, but numbers are needed"),
    ("sigmoid", "x", lambda x: x.astype(object), "x holds object, but numbers are needed"),
    ("rnn_cell_forward", "parameters", nothing,
     "parameters is None, but a dict with Waa, Wax, Wya, ba, by is needed"),
    ("rnn_cell_forward", "parameters", put(by=integers),
     'parameters["by"] holds int64, but floats are needed: use .astype(float)'),
    ("rnn_cell_forward", "a_prev", nothing, "a_prev is None, but a NumPy array of floats is needed"),
    ("rnn_forward", "x", integers, "x holds int64, but floats are needed: use .astype(float)"),
    ("rnn_cell_backward", "da_next", integers,
     "da_next holds int64, but floats are needed: use .astype(float)"),
    ("rnn_cell_backward", "cache", nothing, f"cache is None, but a tuple ({RNN_PARTS}) is needed"),
    ("rnn_cell_backward", "cache", lambda cache: cache[0],
     f"cache is an array, but a tuple ({RNN_PARTS}) is needed"),
    ("rnn_backward", "caches", lambda caches: (None, caches[1]),
     "steps of caches is None, but a list is needed"),
    ("rnn_backward", "caches", lambda caches: (5, caches[1]),
     "steps of caches is an int, but a list is needed"),
    ("lstm_forward", "c0", lambda _: 0, "c0 is an int, but a NumPy array of floats is needed"),
    ("gru_cell_forward", "parameters", nothing,
     "parameters is None, but a dict with bu, br, bc, Wu, Wr, Wc is needed"),
    ("gru_forward", "parameters", put(Wy=nothing),
     'parameters["Wy"] is None, but a NumPy array of floats is needed'),
    ("gru_cell_backward", "cache", nothing, f"cache is None, but a tuple ({GRU_PARTS}) is needed"),
    ("gru_backward", "da", integers, "da holds int64, but floats are needed: use .astype(float)"),
    ("scaled_dot_product_attention", "q", nothing, "q is None, but a NumPy array of floats is needed"),
    ("scaled_dot_product_attention", "mask", lambda mask: mask.astype(float),
     "mask holds float64, but booleans are needed"),
    ("scaled_dot_product_attention", "mask", lambda mask: mask.tolist(),
     "mask is a list, but a NumPy array of booleans is needed"),
    ("multi_head_attention_forward", "mask", integers, "mask holds int64, but booleans are needed"),
    ("multi_head_attention_backward", "cache", part(1, lambda heads: heads[0]),
     f"{HEAD} is an array, but a tuple (q, k, v, weights) is needed"),
    ("layer_norm_forward", "gamma", lambda _: 1.0, "gamma is a float, but a NumPy array of floats is needed"),
    ("initialize_adam", "parameters", list, "parameters is a list, but a dict of arrays is needed"),
    ("initialize_adam", "parameters", put(W1=integers),
     'parameters["W1"] holds int64, but floats are needed: use .astype(float)'),
    ("update_parameters_with_adam", "v", nothing, "v is None, but a dict of arrays is needed"),
    ("clip", "gradients", put(dW1=lambda _: 1.0),
     'gradients["dW1"] is a float, but a NumPy array of floats is needed'),
    ("clip_by_global_norm", "gradients", put(dW1=integers),
     'gradients["dW1"] holds int64, but floats are needed: use .astype(float)'),
]  # fmt: skip
# The right kind of thing, but a wrong size, or a part that is missing: a ValueError.
WRONG_SIZE = [
    ("softmax", "x", lambda x: x[:0], "x has shape (0, 2, 6), but (n_y, ...) with no size zero is needed"),
    ("softmax", "x", lambda x: np.ones(()), "x has shape (), but (n_y, ...) is needed"),
    ("rnn_cell_forward", "parameters", without("Waa"), "parameters lacks Waa; it has Wax, Wya, ba, by"),
    ("rnn_cell_forward", "parameters", lambda _: {},
     "parameters lacks Waa, Wax, Wya, ba, by; it has nothing"),
    ("rnn_cell_forward", "parameters", put(Waa=lambda W: W[1:]),
     'parameters["Waa"] has shape (4, 5), but (n_a, n_a) is needed'),
    ("rnn_cell_forward", "parameters", put(Wax=T),
     'parameters["Wax"] has shape (3, 5), but (n_a, n_x) with n_a = 5 as in parameters["Waa"] is needed'),
    ("rnn_cell_forward", "parameters", put(Wya=T),
     'parameters["Wya"] has shape (5, 4), but (n_y, n_a) with n_a = 5 as in parameters["Waa"] is needed'),
    ("rnn_cell_forward", "parameters", put(ba=np.ravel),
     'parameters["ba"] has shape (5,), but (n_a, 1) with n_a = 5 as in parameters["Waa"] is needed'),
    ("rnn_cell_forward", "parameters", put(by=T),
     'parameters["by"] has shape (1, 4), but (n_y, 1) with n_y = 4 as in parameters["Wya"] is needed'),
    ("rnn_cell_forward", "xt", T,
     'xt has shape (2, 3), but (n_x, m) with n_x = 3 as in parameters["Wax"] is needed'),
    ("rnn_cell_forward", "xt", lambda xt: xt[:, 0],
     'xt has shape (3,), but (n_x, m) with n_x = 3 as in parameters["Wax"] is needed'),
    ("rnn_cell_forward", "a_prev", lambda a: a[:, :1],
     'a_prev has shape (5, 1), but (n_a, m) with n_a = 5 as in parameters["Waa"] '
     "and m = 2 as in xt is needed"),
    ("rnn_forward", "parameters", without("ba", "by"), "parameters lacks ba, by; it has Wax, Waa, Wya"),
    ("rnn_forward", "x", lambda x: x[:, :, :0],
     'x has shape (3, 2, 0), but (n_x, m, T_x) with n_x = 3 as in parameters["Wax"] '
     "and no size zero is needed"),
    ("rnn_forward", "x", lambda x: x[:, :, 0],
     'x has shape (3, 2), but (n_x, m, T_x) with n_x = 3 as in parameters["Wax"] is needed'),
    ("rnn_forward", "a0", T,
     'a0 has shape (2, 5), but (n_a, m) with n_a = 5 as in parameters["Waa"] and m = 2 as in x is needed'),
    ("rnn_cell_backward", "da_next", T,
     "da_next has shape (2, 5), but (n_a, m) with n_a = 5 and m = 2 as in a_next of cache is needed"),
    ("rnn_cell_backward", "cache", lambda cache: cache[:3],
     f"cache is a tuple of 3, but the 4 parts ({RNN_PARTS}) are needed"),
    ("rnn_cell_backward", "cache", lambda cache: (*cache[:3], {}),
     "parameters of cache lacks Waa, Wax; it has nothing"),
    ("rnn_cell_backward", "cache", lambda cache: (cache[0], cache[2], cache[1], cache[3]),
     "a_prev of cache has shape (3, 2), but (n_a, m) with n_a = 5 and m = 2 as in a_next of cache is needed"),
    ("rnn_backward", "da", lambda da: np.dstack([da, da]),
     f"da has shape (5, 2, 12), but (n_a, m, at most T_x) with n_a = 5 and m = 2 as in {STEP} "
     "and T_x = 6 as in steps of caches is needed"),
    ("rnn_backward", "da", lambda da: da[:, :, :0],
     f"da has shape (5, 2, 0), but (n_a, m, at most T_x) with n_a = 5 and m = 2 as in {STEP} "
     "and T_x = 6 as in steps of caches and no size zero is needed"),
    ("rnn_backward", "da", lambda da: da[:, :, 0],
     f"da has shape (5, 2), but (n_a, m, at most T_x) with n_a = 5 and m = 2 as in {STEP} "
     "and T_x = 6 as in steps of caches is needed"),
    ("rnn_backward", "caches", lambda caches: caches[0],
     "caches is a list of 6, but the 2 parts (steps, x) are needed"),
    ("rnn_backward", "caches", lambda caches: ([], caches[1]),
     "steps of caches has shape (0,), but (T_x) with no size zero is needed"),
    ("rnn_backward", "caches", lambda caches: (caches[0], caches[1][:, :, :5]),
     f"x of caches has shape (3, 2, 5), but (n_x, m, T_x) with n_x = 3 as in xt of item 0 of steps of caches "
     f"and m = 2 as in {STEP} and T_x = 6 as in steps of caches is needed"),
    ("lstm_cell_forward", "parameters", without("bf", "Wo"),
     "parameters lacks bf, Wo; it has Wf, Wi, bi, Wc, bc, bo, Wy, by"),
    ("lstm_cell_forward", "parameters", put(Wf=lambda W: W[:, :5]),
     'parameters["Wf"] has shape (5, 5), but (n_a, n_a+n_x) with n_a = 5 as in parameters["bf"] is needed'),
    ("lstm_cell_forward", "parameters", put(Wo=lambda W: W[:, :6]),
     'parameters["Wo"] has shape (5, 6), but (n_a, n_a+n_x) with n_a = 5 as in parameters["bf"] '
     'and n_x = 3 as in parameters["Wf"] is needed'),
    ("lstm_cell_forward", "parameters", put(bi=T),
     'parameters["bi"] has shape (1, 5), but (n_a, 1) with n_a = 5 as in parameters["bf"] is needed'),
    ("lstm_cell_forward", "parameters", put(Wy=T),
     'parameters["Wy"] has shape (5, 4), but (n_y, n_a) with n_a = 5 as in parameters["bf"] is needed'),
    ("lstm_cell_forward", "c_prev", lambda c: c[:, :1],
     'c_prev has shape (5, 1), but (n_a, m) with n_a = 5 as in parameters["bf"] '
     "and m = 2 as in xt is needed"),
    ("lstm_forward", "x", lambda x: x[:2],
     'x has shape (2, 2, 6), but (n_x, m, T_x) with n_x = 3 as in parameters["Wf"] is needed'),
    ("lstm_forward", "c0", lambda _: np.ones((5, 3)),
     'c0 has shape (5, 3), but (n_a, m) with n_a = 5 as in parameters["bf"] and m = 2 as in x is needed'),
    ("lstm_cell_backward", "dc_next", T,
     "dc_next has shape (2, 5), but (n_a, m) with n_a = 5 and m = 2 as in a_next of cache is needed"),
    ("lstm_cell_backward", "cache", lambda cache: cache[1:],
     f"cache is a tuple of 9, but the 10 parts ({LSTM_PARTS}) are needed"),
    ("lstm_backward", "da", lambda da: da[:, :1],
     f"da has shape (5, 1, 6), but (n_a, m, at most T_x) with n_a = 5 and m = 2 as in {STEP} "
     "and T_x = 6 as in steps of caches is needed"),
    ("lstm_backward", "caches", lambda _: RNN.forward(*RNN.sequence(0))[-1],
     f"item 0 of steps of caches is a tuple of 4, but the 10 parts ({LSTM_PARTS}) are needed"),
    ("gru_cell_forward", "parameters", without("bu", "Wr"),
     "parameters lacks bu, Wr; it has Wu, br, Wc, bc, Wy, by"),
    ("gru_cell_forward", "parameters", without("by"),
     "parameters lacks by; it has Wu, bu, Wr, br, Wc, bc, Wy"),
    ("gru_cell_forward", "parameters", without("Wy"),
     "parameters lacks Wy; it has Wu, bu, Wr, br, Wc, bc, by"),
    ("gru_cell_forward", "parameters", put(Wc=lambda W: W[:, :6]),
     'parameters["Wc"] has shape (5, 6), but (n_a, n_a+n_x) with n_a = 5 as in parameters["bu"] '
     'and n_x = 3 as in parameters["Wu"] is needed'),
    ("gru_forward", "a0", T,
     'a0 has shape (2, 5), but (n_a, m) with n_a = 5 as in parameters["bu"] and m = 2 as in x is needed'),
    ("gru_forward", "parameters", put(by=np.ravel),
     'parameters["by"] has shape (4,), but (n_y, 1) with n_y = 4 as in parameters["Wy"] is needed'),
    ("gru_cell_backward", "cache", lambda cache: cache[1:],
     f"cache is a tuple of 6, but the 7 parts ({GRU_PARTS}) are needed"),
    ("gru_backward", "caches", lambda _: LSTM.forward(*LSTM.sequence(0))[-1],
     f"item 0 of steps of caches is a tuple of 10, but the 7 parts ({GRU_PARTS}) are needed"),
    ("scaled_dot_product_attention", "k", lambda k: k[1:],
     "k has shape (2, 2, 5), but (n_k, m, T_k) with n_k = 3 and m = 2 as in q is needed"),
    ("scaled_dot_product_attention", "v", lambda v: v[:, :, 1:],
     "v has shape (6, 2, 4), but (n_v, m, T_k) with m = 2 as in q and T_k = 5 as in k is needed"),
    ("scaled_dot_product_attention", "mask", lambda mask: mask.transpose(2, 1, 0),
     "mask has shape (4, 2, 5), but (T_k, m or 1, T_q or 1) with T_k = 5 as in k "
     "and m = 2 and T_q = 4 as in q is needed"),
    ("scaled_dot_product_attention", "mask", lambda mask: mask[:1],
     "mask has shape (1, 2, 4), but (T_k, m or 1, T_q or 1) with T_k = 5 as in k "
     "and m = 2 and T_q = 4 as in q is needed"),
    ("scaled_dot_product_attention", "mask", lambda mask: ~mask & False,
     "mask hides all keys from a query; leave it one"),
    ("scaled_dot_product_attention_backward", "dout", lambda dout: dout[1:],
     "dout has shape (5, 2, 4), but (n_v, m, T_q) with n_v = 6 as in v of cache "
     "and m = 2 and T_q = 4 as in q of cache is needed"),
    ("scaled_dot_product_attention_backward", "cache", lambda cache: cache[:3],
     "cache is a tuple of 3, but the 4 parts (q, k, v, weights) are needed"),
    ("multi_head_attention_forward", "parameters", without("Wk"), "parameters lacks Wk; it has Wq, Wv, Wo"),
    ("multi_head_attention_forward", "parameters", put(Wo=T),
     'parameters["Wo"] has shape (18, 8), but (n_a, n_v) with n_v = 18 as in parameters["Wv"] is needed'),
    ("multi_head_attention_forward", "x", lambda x: x[1:],
     'x has shape (6, 2, 5), but (n_x, m, T_x) with n_x = 7 as in parameters["Wq"] is needed'),
    ("multi_head_attention_forward", "mask", lambda mask: mask[1:],
     "mask has shape (4, 1, 5), but (T_x, m or 1, T_x or 1) with T_x = 5 and m = 2 as in x is needed"),
    ("multi_head_attention_backward", "dout", lambda dout: dout[:, :, 1:],
     'dout has shape (8, 2, 4), but (n_a, m, T_x) with n_a = 8 as in parameters of cache["Wo"] '
     "and m = 2 and T_x = 5 as in x of cache is needed"),
    ("layer_norm_forward", "beta", np.ravel,
     "beta has shape (5,), but (n_x, 1) with n_x = 5 as in x is needed"),
    ("layer_norm_backward", "dout", lambda dout: dout[:, :, 0],
     "dout has shape (5, 2), but (n_x, m, T_x) with n_x = 5 and m = 2 and T_x = 6 as in x_hat of cache "
     "is needed"),
    ("update_parameters_with_adam", "grads", without("db1"), "grads lacks db1; it has dW1"),
    ("update_parameters_with_adam", "s", put(db1=np.ravel), 's["db1"] has shape (2,), but b1 has (2, 1)'),
    ("update_parameters_with_adam", "t", lambda t: 0, "t is 0, but steps count from 1"),
    ("cross_entropy_forward", "y", lambda y: y[:, :, :3],
     "y has shape (4, 2, 3), but (n_y, m, T_x) with n_y = 4 and m = 2 and T_x = 6 as in y_pred is needed"),
    ("cross_entropy_forward", "y", lambda y: 0 * y, "y has no target, all its columns are zero"),
    ("cross_entropy_backward", "cache", lambda cache: cache[:1],
     "cache is a tuple of 1, but the 2 parts (y_pred, y) are needed"),
    ("output_backward", "parameters", lambda _: {}, "parameters lacks Wya or Wy; it has nothing"),
    ("output_backward", "parameters", put(Wya=T),
     'parameters["Wya"] has shape (5, 4), but (n_y, n_a) with n_y = 4 as in dz '
     "and n_a = 5 as in a is needed"),
    ("sample", "parameters", without("by"), "parameters lacks by; it has Wax, Waa, Wya, ba"),
    ("sample", "parameters", put(by=T),
     'parameters["by"] has shape (1, 4), but (n_y, 1) with n_y = 4 as in parameters["Wya"] is needed'),
    ("output_backward", "a", lambda a: a[:, :, 1:],
     "a has shape (5, 2, 5), but (n_a, m, T_x) with m = 2 and T_x = 6 as in dz is needed"),
]  # fmt: skip
REFUSED = [(TypeError, *case) for case in WRONG_KIND] + [(ValueError, *case) for case in WRONG_SIZE]


@pytest.mark.parametrize("error, function, name, change, sentence", REFUSED)
def test_what_does_not_fit_is_refused_in_one_sentence(error, function, name, change, sentence):
    given = arguments()[function]
    given[name] = change(given.get(name))
    with pytest.raises(error) as refused:
        getattr(seqgrad, function)(**given)
    assert str(refused.value) == f"{function}: {sentence}"


@pytest.mark.parametrize("function", arguments())
def test_what_fits_is_taken_by_position_as_by_name(function):
    given = arguments()[function]
    call = getattr(seqgrad, function)
    assert repr(call(**given)) == repr(call(*given.values()))


@pytest.mark.parametrize("function", arguments())
def test_each_argument_that_is_an_array_or_holds_arrays_is_looked_at(function):
    for name, value in arguments()[function].items():
        if isinstance(value, np.ndarray | dict | tuple):
            with pytest.raises(TypeError, match=f"^{function}: {name} is a set, but "):
                getattr(seqgrad, function)(**arguments()[function] | {name: {1}})


def test_every_function_that_declares_shapes_is_tried_here():
    declared = [name for name in seqgrad.__all__ if hasattr(getattr(seqgrad, name), "__wrapped__")]
    assert sorted(arguments()) == declared
    assert {function for _, function, *_ in REFUSED} == set(declared)


def test_a_missing_argument_is_pythons_own_error():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'parameters'"):
        seqgrad.rnn_forward(np.ones((3, 2, 1)), np.ones((5, 2)))


def test_an_optional_argument_may_be_given_as_its_default():
    x, a0, parameters = LSTM.sequence(0)
    np.testing.assert_array_equal(
        seqgrad.lstm_forward(x, a0, parameters, None)[0], seqgrad.lstm_forward(x, a0, parameters)[0]
    )


def test_a_size_takes_its_value_where_it_is_met_first():
    @takes(second="m n", first="n 1")
    def function(first, second):
        return "taken"

    assert function(np.ones((3, 1)), np.ones((2, 3))) == "taken"
    with pytest.raises(ValueError) as refused:
        function(np.ones((2, 1)), np.ones((2, 3)))
    sentence = "first has shape (2, 1), but (n, 1) with n = 3 as in second is needed"
    assert str(refused.value) == f"function: {sentence}"


def test_a_sum_of_sizes_finds_the_one_that_is_not_known():
    @takes(a="n 1", both="n+k 1", b="k 1")
    def function(a, both, b):
        return "taken"

    one, two, three = (np.ones((n, 1)) for n in (1, 2, 3))
    assert function(one, three, two) == "taken"
    with pytest.raises(ValueError) as refused:
        function(one, three, one)
    assert str(refused.value) == "function: b has shape (1, 1), but (k, 1) with k = 2 as in both is needed"
    with pytest.raises(ValueError) as refused:
        function(two, two, one)
    assert str(refused.value) == "function: both has shape (2, 1), but (n+k, 1) with n = 2 as in a is needed"


def test_the_function_stays_itself_under_its_declaration():
    @takes(x="n ...")
    def function(x):
        """Say what it does."""
        return x

    x = np.ones((2, 3), dtype=np.float32)
    assert function(x) is x
    assert (function.__name__, function.__doc__) == ("function", "Say what it does.")


def test_a_mistake_inside_the_function_keeps_its_own_words():
    @takes(x="n")
    def function(x):
        raise ValueError("from within")

    with pytest.raises(ValueError, match="^from within$"):
        function(np.ones(2))


def test_names_with_a_question_mark_may_be_left_out_but_only_together():
    @takes(parameters={"W": "n k", "Wy?": "c n", "by?": "c 1"})
    def function(parameters):
        return "taken"

    W, Wy, by = np.ones((3, 2)), np.ones((4, 3)), np.ones((4, 1))
    assert function({"W": W}) == function({"W": W, "Wy": Wy, "by": by}) == "taken"
    with pytest.raises(ValueError, match="^function: parameters lacks by; it has W, Wy$"):
        function({"W": W, "Wy": Wy})
    with pytest.raises(ValueError, match="^function: parameters lacks W; it has nothing$"):
        function({})
    with pytest.raises(TypeError, match="^function: parameters is None, but a dict with W is needed$"):
        function(None)


def test_an_axis_that_is_broadcast_may_be_one_and_says_nothing_about_its_size():
    @takes(first="n|1 m", second="n m")
    def function(first, second):
        return "taken"

    assert function(np.ones((1, 2)), np.ones((3, 2))) == function(np.ones((3, 2)), np.ones((3, 2))) == "taken"
    with pytest.raises(ValueError) as refused:
        function(np.ones((4, 2)), np.ones((3, 2)))
    sentence = "second has shape (3, 2), but (n, m) with n = 4 and m = 2 as in first is needed"
    assert str(refused.value) == f"function: {sentence}"
    with pytest.raises(ValueError, match=r"first has shape \(2,\), but \(n or 1, m\) is needed$"):
        function(np.ones(2), np.ones((3, 2)))


def test_booleans_are_booleans_and_not_numbers():
    @takes(mask="bool: n m")
    def function(mask):
        return "taken"

    assert function(np.ones((2, 3), dtype=bool)) == "taken"
    for wrong, words in (
        (np.ones((2, 3)), "mask holds float64, but booleans are needed"),
        (np.ones((2, 3), dtype=int), "mask holds int64, but booleans are needed"),
        (True, "mask is a bool, but a NumPy array of booleans is needed"),
    ):
        with pytest.raises(TypeError, match=f"^function: {words}$"):
            function(wrong)
