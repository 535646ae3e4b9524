"""Training: the gradients are those of the loss, batches hold every name once, a step goes downhill."""

import inspect

import numpy as np
import pytest

import seqgrad
from seqgrad import fused
from seqgrad.gradcheck import complex_step, relative_errors
from seqgrad.initialize import gru_parameters, lstm_parameters, rnn_parameters, transformer_parameters
from seqgrad.optimize import clip_by_global_norm, initialize_adam, update_parameters_with_adam
from seqgrad.output import cross_entropy_forward
from seqgrad.text import bigram_cross_entropy, bigram_model, load_names, names_to_arrays
from seqgrad.train import batches, cross_entropy, loss_and_gradients, predict, split, step
from tests.marks import exhaustive

NAMES = ["ada", "jo", "emmeline", "max", "i"]
NETWORKS = {"rnn": rnn_parameters, "lstm": lstm_parameters, "gru": gru_parameters}
NETWORKS |= {"transformer": transformer_parameters}


@pytest.fixture(params=NETWORKS)
def draw(request):
    return lambda seed, n_a: NETWORKS[request.param](np.random.default_rng(seed), n_x=27, n_a=n_a, n_y=27)


@pytest.mark.parametrize(("share", "expected"), [(0.1, 516), (0.5, 2582), (0.0, 0)])
def test_split_holds_out_a_share_and_loses_no_name(share, expected):
    names = load_names()
    train, held_out = split(names, share, np.random.default_rng(0))
    assert len(held_out) == expected
    assert sorted(train + held_out) == names


def test_split_shuffles_before_it_parts():
    """Every initial letter of at least fifty names is found on both sides of a tenth."""
    names = load_names()
    train, held_out = split(names, 0.1, np.random.default_rng(0))
    frequent = {letter for letter in "abcdefghijklmnopqrstuvwxyz" if sum(n[0] == letter for n in names) >= 50}
    assert len(frequent) > 15
    for part in (train, held_out):
        assert frequent <= {name[0] for name in part}
        assert part != sorted(part)


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_batches_hold_every_name_once_in_random_order(size):
    first, again, other = (list(batches(NAMES, size, np.random.default_rng(seed))) for seed in (1, 1, 3))
    assert sorted(name for batch in first for name in batch) == sorted(NAMES)
    assert {len(batch) for batch in first[:-1]} <= {size}
    assert first == again != other


def test_the_gradients_are_the_derivatives_of_the_loss(draw):
    x, y = names_to_arrays(["jo", "ada"])
    parameters = draw(0, n_a=4)
    loss, gradients = loss_and_gradients(x, y, parameters)

    def loss_at(moved):
        return cross_entropy_forward(predict(x, moved)[0], y)[0]

    assert loss == loss_at(parameters)
    exact = complex_step(loss_at, parameters)
    assert set(gradients) == set(exact)
    # A few hundred roundings on the way through loss, output layer and four steps.
    assert max(relative_errors(exact, gradients).values()) < 1e-12


def test_a_step_is_clipping_and_adam_with_these_gradients(draw):
    x, y = names_to_arrays(NAMES)
    parameters = draw(1, n_a=4)
    v, s = initialize_adam(parameters)
    loss, gradients = loss_and_gradients(x, y, parameters)
    clipped, norm = clip_by_global_norm(gradients, 0.01)
    assert norm > 0.01
    expected = update_parameters_with_adam(parameters, clipped, v, s, 1, 0.1)
    result = step(x, y, parameters, v, s, 1, 0.1, max_norm=0.01)
    assert result[:2] == (loss, norm)
    for held, wanted in zip(result[2:], expected, strict=True):
        assert held.keys() == wanted.keys()
        assert all((held[name] == wanted[name]).all() for name in wanted)


def test_a_step_leaves_its_parameters_as_they_were_and_goes_downhill(draw):
    x, y = names_to_arrays(NAMES)
    parameters = draw(2, n_a=4)
    before = {name: value.copy() for name, value in parameters.items()}
    loss, _, better, _, _ = step(x, y, parameters, *initialize_adam(parameters), t=1, learning_rate=1e-3)
    assert all((parameters[name] == before[name]).all() for name in before)
    assert loss_and_gradients(x, y, better)[0] < loss


def test_the_readable_and_the_fast_passes_give_the_same_gradients(draw):
    x, y = names_to_arrays(NAMES)
    parameters = draw(5, n_a=8)
    fast_loss, fast = loss_and_gradients(x, y, parameters)
    loss, gradients = loss_and_gradients(x, y, parameters, functions=seqgrad)
    assert fast_loss == pytest.approx(loss, rel=1e-13)
    assert list(fast) == list(gradients)
    assert max(relative_errors(gradients, fast).values()) < 1e-12


@pytest.mark.parametrize("function", [predict, loss_and_gradients, step])
def test_unless_told_otherwise_training_is_fast(function):
    assert inspect.signature(function).parameters["functions"].default is fused


def test_the_readable_and_the_fast_passes_train_along_the_same_curve(draw):
    """Ten steps of Adam, which makes much of little where a gradient is small."""
    names = load_names()
    curves = {}
    for functions in (seqgrad, fused):
        parameters = draw(6, n_a=16)
        v, s = initialize_adam(parameters)
        curves[functions] = []
        for t in range(1, 11):
            x, y = names_to_arrays(names[t::161])
            loss, _, parameters, v, s = step(x, y, parameters, v, s, t, 0.02, functions=functions)
            curves[functions].append(loss)
    assert curves[fused][-1] < curves[fused][0] - 0.2
    np.testing.assert_allclose(curves[fused], curves[seqgrad], rtol=0, atol=1e-6)


def test_the_loss_on_a_list_does_not_depend_on_how_it_is_padded(draw):
    """The mean over all characters is the mean of each name's, weighted by its length."""
    parameters = draw(3, n_a=4)
    each = [cross_entropy([name], parameters) for name in NAMES]
    lengths = [len(name) + 1 for name in NAMES]
    assert cross_entropy(NAMES, parameters) == pytest.approx(np.average(each, weights=lengths), rel=1e-13)


@exhaustive
def test_all_networks_beat_the_bigram_model_on_names_they_have_not_seen(draw):
    """A short run of chapter 8: one epoch, a third of the units; the margin is 0.05 nats."""
    train, held_out = split(load_names(), 0.1, np.random.default_rng(0))
    parameters, rng, t = draw(4, n_a=20), np.random.default_rng(5), 0
    v, s = initialize_adam(parameters)
    for batch in batches(train, 32, rng):
        t += 1
        _, _, parameters, v, s = step(*names_to_arrays(batch), parameters, v, s, t, learning_rate=0.03)
    baseline = bigram_cross_entropy(bigram_model(train), held_out)
    assert cross_entropy(held_out, parameters) < baseline - 0.05
