"""Names become columns and come back; sampling follows the predictions; a bigram model counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.activations import softmax
from seqgrad.gru import gru_cell_forward
from seqgrad.initialize import gru_parameters, lstm_parameters, rnn_parameters
from seqgrad.lstm import lstm_cell_forward
from seqgrad.rnn import rnn_cell_forward
from seqgrad.text import (
    ALPHABET,
    bigram_cross_entropy,
    bigram_model,
    cell_step,
    decode,
    encode,
    load_names,
    names_to_arrays,
    one_hot,
    sample,
)
from seqgrad.train import predict
from tests.marks import exhaustive

words = st.text("abcdefghijklmnopqrstuvwxyz", max_size=12)
NETWORKS = {"rnn": rnn_parameters, "lstm": lstm_parameters, "gru": gru_parameters}


@pytest.fixture(params=NETWORKS)
def parameters(request):
    return NETWORKS[request.param](np.random.default_rng(0), n_x=27, n_a=5, n_y=27)


def test_the_names_are_5163_in_alphabetical_order_each_once():
    names = load_names()
    assert len(names) == 5163
    assert names == sorted(set(names))
    assert set("".join(names)) == set(ALPHABET) - {"\n"}


@given(words)
def test_decoding_undoes_encoding(word):
    assert decode(encode(word)) == decode(encode(word + "\n")) == word
    assert encode(word).dtype.kind == "i"


def test_the_newline_is_0_and_the_letters_follow():
    assert encode("\naz").tolist() == [0, 1, 26]


def test_encode_names_the_character_that_it_refuses():
    with pytest.raises(ValueError) as refusal:
        encode("josé")
    assert str(refusal.value) == "encode: 'é' in 'josé' is neither a letter from a to z nor a newline"


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 3, 2)])
def test_one_hot_puts_a_single_one_in_the_row_of_the_code(shape):
    codes = np.random.default_rng(0).integers(7, size=shape)
    columns = one_hot(codes, 7)
    assert columns.shape == (7, *shape)
    assert columns.dtype == float
    assert (columns.argmax(axis=0) == codes).all()
    assert (columns.sum(axis=0) == 1).all()
    assert set(np.unique(columns)) == {0, 1}


def test_one_hot_of_minus_one_is_a_column_of_zeros():
    np.testing.assert_array_equal(one_hot([-1, 1], 2), [[0, 0], [0, 1]])


@pytest.mark.parametrize(
    ("codes", "error", "message"),
    [
        ([0, 3], ValueError, "codes holds 3, but -1 to 2 are needed for 3 rows"),
        ([-2, 1], ValueError, "codes holds -2, but -1 to 2 are needed for 3 rows"),
        ([0.0, 1.0], TypeError, "codes holds float64, but integers are needed"),
    ],
)
def test_one_hot_refuses_in_one_sentence(codes, error, message):
    with pytest.raises(error) as refusal:
        one_hot(codes, 3)
    assert str(refusal.value) == f"one_hot: {message}"


@given(st.lists(words, min_size=1, max_size=6))
def test_targets_spell_the_names_and_inputs_are_the_targets_one_step_later(names):
    x, y = names_to_arrays(names)
    assert x.shape == y.shape == (27, len(names), max(map(len, names)) + 1)
    for j, name in enumerate(names):
        end = len(name) + 1
        assert decode(y[:, j, :end].argmax(axis=0)) == name
        assert (y[:, j, :end].sum(axis=0) == 1).all()
        np.testing.assert_array_equal(x[:, j, 1:end], y[:, j, : end - 1])
        assert not x[:, j, 0].any()
        assert not x[:, j, end:].any()
        assert not y[:, j, end:].any()


def test_cell_step_is_the_step_of_the_network_that_the_parameters_belong_to():
    rng = np.random.default_rng(1)
    xt, a, c = rng.standard_normal((27, 2)), rng.standard_normal((5, 2)), rng.standard_normal((5, 2))
    of_rnn, of_lstm, of_gru = (draw(rng, n_x=27, n_a=5, n_y=27) for draw in NETWORKS.values())
    for parameters, cell_forward in ((of_rnn, rnn_cell_forward), (of_gru, gru_cell_forward)):
        a_next, c_next, yt_pred = cell_step(xt, a, c, parameters)
        expected = cell_forward(xt, a, parameters)
        np.testing.assert_array_equal(a_next, expected[0])
        np.testing.assert_array_equal(c_next, c)
        np.testing.assert_array_equal(yt_pred, expected[1])
    for result, expected in zip(
        cell_step(xt, a, c, of_lstm), lstm_cell_forward(xt, a, c, of_lstm), strict=False
    ):
        np.testing.assert_array_equal(result, expected)


def test_sample_ends_at_the_first_newline_or_at_max_length(parameters):
    rng = np.random.default_rng(2)
    drawn = [sample(parameters, newline=0, rng=rng, max_length=9) for _ in range(200)]
    assert {0 in codes for codes in drawn} == {True, False}
    for codes in drawn:
        assert {type(code) for code in codes} == {int}
        assert 0 not in codes[:-1]
        assert codes[-1] == 0 or len(codes) == 9


def test_sample_ends_at_the_newline_it_was_given(parameters):
    codes = sample(parameters, newline=13, rng=np.random.default_rng(3), max_length=10_000)
    assert codes.index(13) == len(codes) - 1


def test_sample_never_draws_more_than_fifty_unless_asked_to(parameters):
    silent = parameters | {"by": np.where(np.arange(27) == 0, -50.0, 0.0)[:, np.newaxis]}
    assert len(sample(silent, newline=0, rng=np.random.default_rng(0))) == 50


def test_the_same_seed_writes_the_same_name(parameters):
    first, again = (sample(parameters, 0, np.random.default_rng(5)) for _ in range(2))
    assert first == again


@exhaustive
def test_the_first_character_is_drawn_with_the_networks_probabilities(parameters):
    draws = 5400
    parameters = parameters | {"by": np.linspace(-1, 1, 27)[:, np.newaxis]}
    rng = np.random.default_rng(6)
    counts = np.bincount([sample(parameters, 0, rng, max_length=1)[0] for _ in range(draws)], minlength=27)
    zeros = np.zeros((5, 1))
    expected = draws * cell_step(np.zeros((27, 1)), zeros, zeros, parameters)[2][:, 0]
    # Chi-square with 26 degrees of freedom exceeds 55 once in a thousand; the seed is fixed.
    assert np.sum((counts - expected) ** 2 / expected) < 55


def test_each_further_character_is_drawn_after_what_was_drawn_before(parameters):
    """With draws that are known, the predictions after what was drawn give the same characters again."""
    numbers = np.random.default_rng(7).random(30)
    codes = sample(parameters, newline=0, rng=Fixed(numbers), max_length=30)
    x = one_hot(np.array([-1, *codes[:-1]])[np.newaxis], 27)
    y_pred = predict(x, parameters)[0][:, 0]
    again = [Fixed([number]).choice(27, p) for p, number in zip(y_pred.T, numbers, strict=False)]
    assert codes == again


class Fixed:
    """Draws that are known beforehand, behind the one method of a generator that is needed."""

    def __init__(self, numbers):
        self.numbers = iter(numbers)

    def choice(self, n, p):
        """Return the class in whose share of the unit interval the next number lies."""
        return np.searchsorted(np.cumsum(p), next(self.numbers), side="right")


def test_the_bigram_model_counts_from_one():
    model = bigram_model(["ab", "b"])
    assert model.shape == (27, 27)
    np.testing.assert_allclose(model.sum(axis=0), 1, rtol=1e-14)
    after_newline, after_a, after_b = model[:, :3].T
    # The newline was followed by a and b, a by b, b twice by the newline; and everything once, to begin with.
    np.testing.assert_allclose(after_newline[:4], np.array([1, 2, 2, 1]) / 29)
    np.testing.assert_allclose(after_a[:4], np.array([1, 1, 2, 1]) / 28)
    np.testing.assert_allclose(after_b[:4], np.array([3, 1, 1, 1]) / 29)
    np.testing.assert_allclose(model[:, 3], 1 / 27)


def test_the_bigram_models_cross_entropy_is_the_mean_surprise_of_all_characters():
    rng = np.random.default_rng(8)
    model = softmax(rng.standard_normal((27, 27)))
    a, b, end = 1, 2, 0
    surprise = -np.log([model[a, end], model[b, a], model[end, b], model[b, end], model[end, b]])
    assert bigram_cross_entropy(model, ["ab", "b"]) == pytest.approx(surprise.mean(), rel=1e-14)


def test_a_bigram_model_is_less_surprised_by_names_than_by_names_read_backwards():
    names = load_names()[::7]
    model = bigram_model(names)
    backwards = [name[::-1] for name in names]
    assert bigram_cross_entropy(model, names) < bigram_cross_entropy(model, backwards) < np.log(27)
