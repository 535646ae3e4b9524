"""Parameters before training have the shapes, the spread and the biases that their docstrings state."""

import numpy as np
import pytest

from seqgrad import gru, lstm, rnn
from seqgrad.initialize import gru_parameters, lstm_parameters, rnn_parameters

SIZES = {"n_x": 3, "n_a": 5, "n_y": 4}
KINDS = {
    "rnn": (rnn_parameters, rnn.PARAMETERS),
    "lstm": (lstm_parameters, lstm.PARAMETERS),
    "gru": (gru_parameters, {name.rstrip("?"): shape for name, shape in gru.PARAMETERS.items()}),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def test_every_parameter_is_there_in_its_shape(kind):
    parameters_of, shapes = kind
    parameters = parameters_of(np.random.default_rng(0), **SIZES)
    assert set(parameters) == set(shapes)
    lengths = SIZES | {"n_a+n_x": SIZES["n_a"] + SIZES["n_x"], "1": 1}
    for name, dims in shapes.items():
        assert parameters[name].shape == tuple(lengths[dim] for dim in dims.split())


def test_the_same_seed_gives_the_same_parameters_and_another_seed_gives_others(kind):
    first, again, other = (kind[0](np.random.default_rng(seed), **SIZES) for seed in (1, 1, 2))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
        if name.startswith("W"):
            assert (first[name] != other[name]).all()


def test_no_two_weights_share_their_draws(kind):
    parameters = kind[0](np.random.default_rng(0), **SIZES)
    entries = np.concatenate([weight.ravel() for name, weight in parameters.items() if name.startswith("W")])
    assert len(set(entries)) == len(entries)


def test_weights_keep_the_size_of_what_they_act_on(kind):
    """The product of a row with noise of size 1 has size 1, whatever the number of columns."""
    parameters = kind[0](np.random.default_rng(0), n_x=100, n_a=300, n_y=200)
    for name, weight in parameters.items():
        if name.startswith("W"):
            # At least 30,000 entries: the standard deviation is known to 0.4 %, and 2 % is five times that.
            assert np.std(weight) * np.sqrt(weight.shape[1]) == pytest.approx(1, rel=0.02)


def test_biases_are_zero_but_for_the_forget_gates(kind):
    parameters = kind[0](np.random.default_rng(0), **SIZES)
    for name, bias in parameters.items():
        if name.startswith("b"):
            assert (bias == (1 if name == "bf" else 0)).all()


@pytest.mark.parametrize("forget_bias", [0.5, -2, 3])
def test_the_forget_bias_is_what_was_asked_for_and_always_a_float(forget_bias):
    parameters = lstm_parameters(np.random.default_rng(0), **SIZES, forget_bias=forget_bias)
    assert (parameters["bf"] == forget_bias).all()
    assert {array.dtype for array in parameters.values()} == {np.dtype(float)}
