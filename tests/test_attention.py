"""What is special to attention: whom a query looks at, what a mask hides, and what belongs to which head.

The laws that it shares with layer normalization are in test_layers.py.
"""

import math

import numpy as np
import pytest

from seqgrad.attention import (
    causal_mask,
    multi_head_attention_backward,
    multi_head_attention_forward,
    scaled_dot_product_attention,
    scaled_dot_product_attention_backward,
)
from tests.layers import ALL_HEADS, LAYERS, N_HEADS, ONE_HEAD

N_K, N_V, M, T_Q, T_K = (ONE_HEAD[name] for name in ("n_k", "n_v", "m", "T_q", "T_k"))
T_X = ALL_HEADS["T_x"]
# A weighted mean of a few numbers of size 1, added in another order.
ROUNDING = 1e-13


def one_head(seed, **sizes):
    """Draw queries, keys and values."""
    return tuple(LAYERS["attention"].arrays(seed, **sizes).values())


def all_heads(seed, **sizes):
    """Draw an input and the weights of three heads."""
    arrays = LAYERS["causal heads"].arrays(seed, **sizes)
    return arrays.pop("x"), arrays


def upstream(out, seed=0):
    return np.random.default_rng([seed, 2]).standard_normal(out.shape)


def dot(left, right):
    return math.fsum(left * right)


# One head


@pytest.mark.parametrize("seed", range(3))
def test_each_output_is_the_mean_of_the_values_under_the_softmax_of_the_scores(seed):
    """In plain Python: one query of one example at a time, with about half of the keys hidden."""
    q, k, v, mask = LAYERS["attention under a mask"].arrays(seed).values()
    out, (kept_q, kept_k, kept_v, weights) = scaled_dot_product_attention(q, k, v, mask)
    assert kept_q is q and kept_k is k and kept_v is v
    for i, t in np.ndindex(M, T_Q):
        seen = [j for j in range(T_K) if mask[j, i, t]]
        scores = [dot(k[:, i, j], q[:, i, t]) / math.sqrt(N_K) for j in seen]
        total = math.fsum(map(math.exp, scores))
        expected = np.zeros(T_K)
        expected[seen] = [math.exp(score) / total for score in scores]
        np.testing.assert_allclose(weights[:, i, t], expected, rtol=ROUNDING)
        mean = [dot(expected, v[row, i]) for row in range(N_V)]
        np.testing.assert_allclose(out[:, i, t], mean, rtol=0, atol=ROUNDING)


def test_a_step_back_in_numbers_that_can_be_checked_in_the_head():
    """Two keys of one number, both with weight 1/2, and one query; the root of 1 is 1.

    The weights need not come from a forward pass.
    """
    q, k, v = (np.array(row).reshape(1, 1, -1) for row in ([3.0], [5.0, 7.0], [11.0, 13.0]))
    weights = np.full((2, 1, 1), 0.5)
    dq, dk, dv = scaled_dot_product_attention_backward(np.full((1, 1, 1), 2.0), (q, k, v, weights))
    # dweights = 2 * [11, 13], their mean 24, dscores = 0.5 * [-2, 2].
    assert dv.ravel().tolist() == [1.0, 1.0]
    assert dq.ravel().tolist() == [-5.0 + 7.0]
    assert dk.ravel().tolist() == [-3.0, 3.0]


def test_weights_are_probabilities_over_the_keys():
    _, (*_, weights) = scaled_dot_product_attention(*one_head(0))
    assert weights.shape == (T_K, M, T_Q)
    assert np.all(weights > 0)
    np.testing.assert_allclose(weights.sum(axis=0), 1, rtol=1e-15)


def test_equal_scores_give_the_mean_of_the_values_that_are_seen():
    q, k, v, mask = LAYERS["attention under a mask"].arrays(0).values()
    out, cache = scaled_dot_product_attention(0 * q, k, v, mask)
    for i, t in np.ndindex(M, T_Q):
        np.testing.assert_allclose(out[:, i, t], v[:, i, mask[:, i, t]].mean(axis=1), rtol=0, atol=ROUNDING)
    # A query of zeros scores all keys alike, whatever they are, and still asks for another.
    dq, dk, _ = scaled_dot_product_attention_backward(upstream(out), cache)
    assert dq.all() and not dk.any()


def test_a_query_that_fits_one_key_far_better_than_all_others_gets_its_value():
    q, k, v = one_head(0)
    best = np.einsum("nmk,nmq->kmq", k, q).argmax(axis=0)
    out, cache = scaled_dot_product_attention(1e6 * q, k, v)
    np.testing.assert_array_equal(out, np.take_along_axis(v, best[np.newaxis], axis=2))
    # A saturated softmax passes nothing on; only the chosen values get a gradient.
    dout = upstream(out)
    dq, dk, dv = scaled_dot_product_attention_backward(dout, cache)
    assert not dq.any() and not dk.any()
    for i, j in np.ndindex(M, T_K):
        np.testing.assert_allclose(dv[:, i, j], dout[:, i, best[i] == j].sum(axis=1), rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("key", range(T_K))
def test_where_all_keys_but_one_are_hidden_its_value_is_the_output(key):
    q, k, v = one_head(1)
    mask = np.zeros((T_K, 1, 1), dtype=bool)
    mask[key] = True
    out, cache = scaled_dot_product_attention(q, k, v, mask)
    np.testing.assert_array_equal(out, np.repeat(v[:, :, [key]], T_Q, axis=2))
    dout = upstream(out)
    dq, dk, dv = scaled_dot_product_attention_backward(dout, cache)
    assert not dq.any() and not dk.any()
    np.testing.assert_allclose(dv[:, :, key], dout.sum(axis=2), rtol=0, atol=ROUNDING)
    assert not np.delete(dv, key, axis=2).any()


def test_a_single_key_is_all_that_there_is_to_see():
    q, k, v = one_head(0, T_k=1)
    out, cache = scaled_dot_product_attention(q, k, v)
    np.testing.assert_array_equal(out, np.repeat(v, T_Q, axis=2))
    dq, dk, _ = scaled_dot_product_attention_backward(upstream(out), cache)
    assert not dq.any() and not dk.any()


def test_what_is_hidden_neither_reaches_a_query_nor_gets_a_gradient():
    q, k, v, mask = LAYERS["attention under a mask"].arrays(0).values()
    out, cache = scaled_dot_product_attention(q, k, v, mask)
    for i, j in np.ndindex(M, T_K):
        moved_k, moved_v = k.copy(), v.copy()
        moved_k[:, i, j] += 100.0
        moved_v[:, i, j] -= 100.0
        after, _ = scaled_dot_product_attention(q, moved_k, moved_v, mask)
        reached = (after != out).any(axis=0)
        np.testing.assert_array_equal(reached[i], mask[j, i])
        assert not np.delete(reached, i, axis=0).any()
    hidden = ~mask
    for i, t in np.ndindex(M, T_Q):
        dout = np.zeros_like(out)
        dout[:, i, t] = 1.0
        _, dk, dv = scaled_dot_product_attention_backward(dout, cache)
        assert not dk[:, i, hidden[:, i, t]].any() and not dv[:, i, hidden[:, i, t]].any()


@pytest.mark.parametrize("shape", [(T_K, M, 1), (T_K, 1, T_Q), (T_K, 1, 1)])
def test_a_mask_may_be_the_same_for_all_examples_or_all_queries(shape):
    q, k, v = one_head(0)
    mask = np.random.default_rng(1).random(shape) < 0.5
    mask[0] = True
    full = np.broadcast_to(mask, (T_K, M, T_Q)).copy()
    expected = scaled_dot_product_attention(q, k, v, full)[0]
    np.testing.assert_array_equal(scaled_dot_product_attention(q, k, v, mask)[0], expected)


def test_a_mask_that_hides_nothing_changes_nothing():
    q, k, v = one_head(0)
    out, _ = scaled_dot_product_attention(q, k, v, np.ones((T_K, 1, 1), dtype=bool))
    np.testing.assert_array_equal(out, scaled_dot_product_attention(q, k, v)[0])


def test_scores_are_divided_by_the_root_of_the_number_of_rows():
    """Every row twice makes every product twice as large, and its root grows by the root of two."""
    q, k, v = one_head(0)
    twice, _ = scaled_dot_product_attention(np.vstack([q, q]), np.vstack([k, k]), v)
    once, _ = scaled_dot_product_attention(math.sqrt(2) * q, k, v)
    np.testing.assert_allclose(twice, once, rtol=0, atol=ROUNDING)


def test_scores_of_random_vectors_have_size_one_whatever_the_number_of_rows():
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, 400, 1, 100))
    _, (*_, weights) = scaled_dot_product_attention(q, k, k)
    spread = np.log(weights).std(axis=0).mean()
    # The standard deviation of 100 numbers is known to 7 %, the mean of a hundred of them to less than 2 %.
    assert spread == pytest.approx(1, rel=0.05)


def test_the_order_of_the_keys_does_not_matter():
    q, k, v, mask = LAYERS["attention under a mask"].arrays(0).values()
    order = np.array([3, 1, 4, 0, 2])
    out, cache = scaled_dot_product_attention(q, k, v, mask)
    same, other = scaled_dot_product_attention(q, k[:, :, order], v[:, :, order], mask[order])
    np.testing.assert_allclose(same, out, rtol=0, atol=ROUNDING)
    dout = upstream(out)
    dq, dk, dv = scaled_dot_product_attention_backward(dout, cache)
    found = scaled_dot_product_attention_backward(dout, other)
    for mine, expected in zip(found, (dq, dk[:, :, order], dv[:, :, order]), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=0, atol=ROUNDING)


def test_each_query_is_answered_as_if_it_were_alone():
    q, k, v, mask = LAYERS["attention under a mask"].arrays(0).values()
    out, cache = scaled_dot_product_attention(q, k, v, mask)
    dout = upstream(out)
    together, alone = scaled_dot_product_attention_backward(dout, cache), []
    for t in range(T_Q):
        one = slice(t, t + 1)
        own, own_cache = scaled_dot_product_attention(q[:, :, one], k, v, mask[:, :, one])
        np.testing.assert_allclose(own, out[:, :, one], rtol=0, atol=ROUNDING)
        alone.append(scaled_dot_product_attention_backward(dout[:, :, one], own_cache))
    dqs, dks, dvs = zip(*alone, strict=True)
    for mine, expected in zip(together, (np.dstack(dqs), sum(dks), sum(dvs)), strict=True):
        np.testing.assert_allclose(mine, expected, rtol=0, atol=10 * ROUNDING)


def test_the_same_vector_added_to_all_keys_changes_nothing_so_their_gradients_sum_to_zero():
    q, k, v = one_head(0)
    out, cache = scaled_dot_product_attention(q, k, v)
    moved, _ = scaled_dot_product_attention(q, k + k[:, :, :1], v)
    np.testing.assert_allclose(moved, out, rtol=0, atol=ROUNDING)
    _, dk, _ = scaled_dot_product_attention_backward(upstream(out), cache)
    np.testing.assert_allclose(dk.sum(axis=2), 0, rtol=0, atol=ROUNDING)


def test_the_same_gradient_at_all_weights_of_a_query_changes_nothing():
    """With all values alike, every mean of them is the same: queries and keys do not matter."""
    q, k, v = one_head(0)
    alike = np.repeat(v[:, :, :1], T_K, axis=2)
    out, cache = scaled_dot_product_attention(q, k, alike)
    np.testing.assert_allclose(out, np.repeat(alike[:, :, :1], T_Q, axis=2), rtol=0, atol=ROUNDING)
    dq, dk, _ = scaled_dot_product_attention_backward(upstream(out), cache)
    np.testing.assert_allclose([np.abs(dq).max(), np.abs(dk).max()], 0, rtol=0, atol=ROUNDING)


# The causal mask


@pytest.mark.parametrize("T_x", [1, 2, 6])
def test_the_causal_mask_lets_a_step_see_itself_and_what_was_before(T_x):
    mask = causal_mask(T_x)
    assert mask.shape == (T_x, 1, T_x)
    assert mask.dtype == bool
    for key, query in np.ndindex(T_x, T_x):
        assert mask[key, 0, query] == (key <= query)


@pytest.mark.parametrize("t", range(T_X))
def test_under_the_causal_mask_the_future_does_not_reach_the_past(t):
    """By an impulse at one step, forward and back."""
    x, parameters = all_heads(0)
    moved = x.copy()
    moved[:, :, t] += 0.1
    mask = causal_mask(T_X)
    out, cache = multi_head_attention_forward(x, parameters, N_HEADS, mask)
    after, _ = multi_head_attention_forward(moved, parameters, N_HEADS, mask)
    np.testing.assert_array_equal(after[:, :, :t], out[:, :, :t])
    assert np.all(np.any(after[:, :, t:] != out[:, :, t:], axis=(0, 1)))

    dout = np.zeros_like(out)
    dout[:, :, t] = 1.0
    dx = multi_head_attention_backward(dout, cache)["dx"]
    assert np.all(np.any(dx[:, :, : t + 1] != 0, axis=(0, 1)))
    assert not dx[:, :, t + 1 :].any()


@pytest.mark.parametrize("T", range(1, T_X))
def test_under_the_causal_mask_a_beginning_is_what_it_would_be_alone(T):
    x, parameters = all_heads(0)
    out, _ = multi_head_attention_forward(x, parameters, N_HEADS, causal_mask(T_X))
    begun, _ = multi_head_attention_forward(x[:, :, :T], parameters, N_HEADS, causal_mask(T))
    np.testing.assert_allclose(begun, out[:, :, :T], rtol=0, atol=1e-12)  # entries of size 100


# Several heads


def in_the_fields_layout(x, parameters, n_heads, mask):
    """Compute all heads at once, as [example, head, step, i], and return the output as [example, step, i]."""
    rows = x.transpose(1, 2, 0)
    q, k, v = (
        (rows @ parameters[name].T).reshape(*rows.shape[:2], n_heads, -1).transpose(0, 2, 1, 3)
        for name in ("Wq", "Wk", "Wv")
    )
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask.transpose(1, 2, 0)[:, np.newaxis], scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return (weights @ v).transpose(0, 2, 1, 3).reshape(*rows.shape[:2], -1) @ parameters["Wo"].T, q, weights


@pytest.mark.parametrize("masked", [False, True], ids=["no mask", "mask"])
def test_the_course_and_the_field_lay_out_the_same_numbers(masked):
    """[head * n + i, example, step] here is [example, head, step, i] there."""
    arrays = LAYERS["heads under a mask"].arrays(0)
    x, mask = arrays.pop("x"), arrays.pop("mask") if masked else None
    arrays.pop("mask", None)
    out, (_, head_caches, concat, _) = multi_head_attention_forward(x, arrays, N_HEADS, mask)
    expected, q, weights = in_the_fields_layout(x, arrays, N_HEADS, mask)
    np.testing.assert_allclose(out.transpose(1, 2, 0), expected, rtol=0, atol=1e-12)  # entries of size 100
    assert concat.shape == (ALL_HEADS["n_v"], M, T_X)
    for h, (q_head, _, _, head_weights) in enumerate(head_caches):
        np.testing.assert_allclose(q_head.transpose(1, 2, 0), q[:, h], rtol=0, atol=ROUNDING)
        np.testing.assert_allclose(head_weights.transpose(1, 2, 0), weights[:, h], rtol=0, atol=1e-12)
    rows = ALL_HEADS["n_k"] // N_HEADS
    all_rows = np.tensordot(arrays["Wq"], x, axes=1)
    for i, h, t, row in np.ndindex(q.shape):
        assert q[i, h, t, row] == pytest.approx(all_rows[h * rows + row, i, t], rel=1e-12, abs=ROUNDING)


def test_one_head_is_attention_between_four_products():
    x, parameters = all_heads(0)
    out, _ = multi_head_attention_forward(x, parameters, 1)
    q, k, v = (np.tensordot(parameters[name], x, axes=1) for name in ("Wq", "Wk", "Wv"))
    seen, _ = scaled_dot_product_attention(q, k, v)
    np.testing.assert_allclose(out, np.tensordot(parameters["Wo"], seen, axes=1), rtol=0, atol=1e-12)


def test_heads_do_not_see_each_other():
    """What changes in one head's rows of the weights reaches the output through its columns of Wo alone."""
    x, parameters = all_heads(0)
    out, cache = multi_head_attention_forward(x, parameters, N_HEADS)
    n_k, n_v = (ALL_HEADS[name] // N_HEADS for name in ("n_k", "n_v"))
    for h in range(N_HEADS):
        own = {"Wq": slice(h * n_k, (h + 1) * n_k), "Wv": slice(h * n_v, (h + 1) * n_v)}
        own["Wk"] = own["Wq"]
        moved = {name: value.copy() for name, value in parameters.items()}
        for name, rows in own.items():
            moved[name][rows] *= -1.5
        concat = multi_head_attention_forward(x, moved, N_HEADS)[1][2]
        changed = (concat != cache[2]).any(axis=(1, 2))
        np.testing.assert_array_equal(np.flatnonzero(changed), np.arange(concat.shape[0])[own["Wv"]])

        only = {name: value.copy() for name, value in parameters.items()}
        only["Wo"][:, : own["Wv"].start] = 0
        only["Wo"][:, own["Wv"].stop :] = 0
        alone, alone_cache = multi_head_attention_forward(x, only, N_HEADS)
        gradients = multi_head_attention_backward(np.ones_like(out), alone_cache)
        for name, rows in own.items():
            reached = np.flatnonzero(gradients["d" + name].any(axis=1))
            np.testing.assert_array_equal(reached, np.arange(len(parameters[name]))[rows])
        assert not np.allclose(alone, out)


def test_the_order_of_the_heads_does_not_matter():
    x, parameters = all_heads(0)
    order = [2, 0, 1]
    moved = {
        name: np.vstack([np.split(parameters[name], N_HEADS)[h] for h in order])
        for name in ("Wq", "Wk", "Wv")
    }
    moved["Wo"] = np.hstack([np.split(parameters["Wo"], N_HEADS, axis=1)[h] for h in order])
    out, cache = multi_head_attention_forward(x, parameters, N_HEADS)
    same, other = multi_head_attention_forward(x, moved, N_HEADS)
    np.testing.assert_allclose(same, out, rtol=0, atol=1e-12)
    dx, same_dx = (multi_head_attention_backward(upstream(out), kept)["dx"] for kept in (cache, other))
    np.testing.assert_allclose(same_dx, dx, rtol=0, atol=1e-11)  # entries of size 1000


def test_a_single_step_sees_itself_whatever_it_asks():
    x, parameters = all_heads(0, T_x=1)
    out, cache = multi_head_attention_forward(x, parameters, N_HEADS, causal_mask(1))
    expected = np.tensordot(parameters["Wo"] @ parameters["Wv"], x, axes=1)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-12)
    gradients = multi_head_attention_backward(upstream(out), cache)
    assert not gradients["dWq"].any() and not gradients["dWk"].any()


def test_without_a_mask_the_steps_of_a_sequence_have_no_order():
    x, parameters = all_heads(0)
    order = np.array([3, 0, 4, 1, 2])
    out, cache = multi_head_attention_forward(x, parameters, N_HEADS)
    moved, other = multi_head_attention_forward(x[:, :, order], parameters, N_HEADS)
    np.testing.assert_allclose(moved, out[:, :, order], rtol=0, atol=1e-12)
    dout = upstream(out)
    gradients = multi_head_attention_backward(dout, cache)
    found = multi_head_attention_backward(dout[:, :, order], other)
    np.testing.assert_allclose(found["dx"], gradients["dx"][:, :, order], rtol=0, atol=1e-11)


def test_the_heads_keep_what_one_head_keeps():
    x, parameters = all_heads(0)
    mask = causal_mask(T_X)
    _, cache = multi_head_attention_forward(x, parameters, N_HEADS, mask)
    kept_x, head_caches, concat, kept_parameters = cache
    assert kept_x is x and kept_parameters is parameters
    assert isinstance(head_caches, list) and len(head_caches) == N_HEADS
    for (q, k, v, weights), block in zip(head_caches, np.split(concat, N_HEADS), strict=True):
        head, (*_, same) = scaled_dot_product_attention(q, k, v, mask)
        np.testing.assert_array_equal(head, block)
        np.testing.assert_array_equal(same, weights)


@pytest.mark.parametrize("n_heads", [0, -1, 4, 5])
def test_heads_that_cannot_share_the_rows_are_refused(n_heads):
    with pytest.raises(ValueError) as refused:
        multi_head_attention_forward(*all_heads(0), n_heads)
    sentence = f"n_heads is {n_heads}, but it must divide n_k = 12 and n_v = 18"
    assert str(refused.value) == f"multi_head_attention_forward: {sentence}"


def test_a_mask_that_leaves_a_query_nothing_is_refused():
    q, k, v, mask = LAYERS["attention under a mask"].arrays(0).values()
    mask[:, 1, 2] = False
    with pytest.raises(ValueError) as refused:
        scaled_dot_product_attention(q, k, v, mask)
    sentence = "mask hides all keys from a query; leave it one"
    assert str(refused.value) == f"scaled_dot_product_attention: {sentence}"
