"""An independent witness for attention, layer normalization and the transformer: PyTorch's own layers."""

import contextlib

import numpy as np
import pytest

from seqgrad import attention, layer_norm, transformer
from tests.autograd import assert_agree, random_sizes, seeds, tensors
from tests.layers import LAYERS, N_HEADS
from tests.marks import needs
from tests.networks import draw

with contextlib.suppress(ImportError):
    import torch

pytestmark = needs("torch", "PyTorch")


def fields_layout(array):
    """Turn (n, m, T) into the field's (m, T, n)."""
    return array.permute(1, 2, 0)


def courses_layout(tensor):
    """Turn the field's (m, T, n) into (n, m, T)."""
    return tensor.permute(2, 0, 1)


@seeds
@pytest.mark.parametrize("mask", ["none", "causal", "some"])
def test_attention_agrees_forward_and_back(mask, seed):
    rng = np.random.default_rng([seed, 9])
    sizes = {name: int(rng.integers(1, 10)) for name in ("n_k", "n_v", "m", "T_q", "T_k")}
    sizes |= {"T_q": sizes["T_k"]} if mask == "causal" else {}
    arrays = LAYERS["attention under a mask"].arrays(seed, **sizes)
    some = arrays.pop("mask")
    allowed = {"none": None, "causal": attention.causal_mask(sizes["T_k"]), "some": some}[mask]
    out, cache = attention.scaled_dot_product_attention(**arrays, mask=allowed)
    dout = LAYERS["attention"].upstream(seed, arrays)
    gradients = attention.scaled_dot_product_attention_backward(dout, cache)

    theirs = tensors(arrays)
    their_mask = fields_layout(torch.tensor(some)) if mask == "some" else None
    their_out = courses_layout(
        torch.nn.functional.scaled_dot_product_attention(
            *map(fields_layout, theirs.values()), attn_mask=their_mask, is_causal=mask == "causal"
        )
    )
    assert_agree({"out": out}, {"out": their_out})
    torch.sum(torch.tensor(dout) * their_out).backward()
    assert_agree(
        dict(zip(theirs, gradients, strict=True)), {name: each.grad for name, each in theirs.items()}
    )


@seeds
@pytest.mark.parametrize("masked", [False, True], ids=["all", "causal"])
def test_several_heads_agree_forward_and_back(masked, seed):
    """PyTorch's own layer wants square weights, three of them stacked, and False where we say True."""
    rng = np.random.default_rng([seed, 9])
    n, T = N_HEADS * int(rng.integers(1, 4)), int(rng.integers(1, 10))
    sizes = {name: n for name in ("n_x", "n_k", "n_v", "n_a")} | {"m": int(rng.integers(1, 5)), "T_x": T}
    arrays = LAYERS["causal heads"].arrays(seed, **sizes)
    x, mask = arrays.pop("x"), attention.causal_mask(T) if masked else None
    out, cache = attention.multi_head_attention_forward(x, arrays, N_HEADS, mask)
    dout = np.random.default_rng([seed, 2]).standard_normal(out.shape)
    gradients = attention.multi_head_attention_backward(dout, cache)

    layer = torch.nn.MultiheadAttention(n, N_HEADS, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.in_proj_weight.copy_(
            torch.tensor(np.concatenate([arrays[name] for name in ("Wq", "Wk", "Wv")]))
        )
        layer.out_proj.weight.copy_(torch.tensor(arrays["Wo"]))
    their_x = tensors(x)
    rows = fields_layout(their_x)
    hidden = torch.ones(T, T, dtype=torch.bool).triu(1) if masked else None
    their_out, weights = layer(rows, rows, rows, attn_mask=hidden, average_attn_weights=False)
    torch.sum(torch.tensor(dout) * courses_layout(their_out)).backward()
    ours = {f"weights of head {h}": head[3] for h, head in enumerate(cache[1])}
    assert_agree(
        {"out": out} | ours,
        {"out": courses_layout(their_out)}
        | {name: courses_layout(each) for name, each in zip(ours, weights.unbind(1), strict=True)},
    )
    dWq, dWk, dWv = layer.in_proj_weight.grad.chunk(3)
    theirs = {"dx": their_x.grad, "dWq": dWq, "dWk": dWk, "dWv": dWv, "dWo": layer.out_proj.weight.grad}
    assert_agree(gradients, theirs)


@seeds
@pytest.mark.parametrize("epsilon", [1e-5, 0.1])
def test_layer_norm_agrees_forward_and_back(epsilon, seed):
    sizes = {name: size + 1 for name, size in random_sizes(seed).items()}  # of one feature nothing is left
    arrays = LAYERS["layer norm"].arrays(seed, **sizes)
    out, cache = layer_norm.layer_norm_forward(**arrays, epsilon=epsilon)
    dout = LAYERS["layer norm"].upstream(seed, arrays)
    gradients = layer_norm.layer_norm_backward(dout, cache)

    layer = torch.nn.LayerNorm(len(out), eps=epsilon, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(arrays["gamma"][:, 0]))
        layer.bias.copy_(torch.tensor(arrays["beta"][:, 0]))
    their_x = tensors(arrays["x"])
    their_out = courses_layout(layer(fields_layout(their_x)))
    assert_agree({"out": out}, {"out": their_out})
    torch.sum(torch.tensor(dout) * their_out).backward()
    theirs = [their_x.grad, layer.weight.grad[:, np.newaxis], layer.bias.grad[:, np.newaxis]]
    assert_agree(dict(zip(arrays, gradients, strict=True)), dict(zip(arrays, theirs, strict=True)))


@pytest.mark.parametrize("seed", range(3))
def test_the_transformer_is_a_block_of_pytorchs_between_embedding_and_norm(seed):
    n_a, n_h, m, T_x = 8, 7, 3, 6
    sizes = {"n_x": 4, "n_a": n_a, "n_h": n_h, "n_y": 5, "m": m, "T_x": T_x}
    parameters = draw(seed, transformer.PARAMETERS, **sizes)
    x, da = (
        draw([seed, i], {"x": shape}, **sizes)["x"] for i, shape in enumerate(("n_x m T_x", "n_a m T_x"))
    )
    a, _, caches = transformer.transformer_forward(x, parameters)
    gradients = transformer.transformer_backward(da, caches)

    block = torch.nn.TransformerEncoderLayer(
        n_a, nhead=4, dim_feedforward=n_h, dropout=0, norm_first=True, batch_first=True, dtype=torch.float64
    )
    norm = torch.nn.LayerNorm(n_a, dtype=torch.float64)
    stacked = np.concatenate([parameters[name] for name in ("Wq", "Wk", "Wv")])
    column = {name: value[:, 0] for name, value in parameters.items()}
    pairs = [
        (block.self_attn.in_proj_weight, stacked),
        (block.self_attn.in_proj_bias, np.zeros(3 * n_a)),
        (block.self_attn.out_proj.weight, parameters["Wo"]),
        (block.self_attn.out_proj.bias, np.zeros(n_a)),
        (block.linear1.weight, parameters["W1"]),
        (block.linear1.bias, column["b1"]),
        (block.linear2.weight, parameters["W2"]),
        (block.linear2.bias, column["b2"]),
        *((layer.weight, column[f"gamma{i}"]) for i, layer in enumerate((block.norm1, block.norm2, norm), 1)),
        *((layer.bias, column[f"beta{i}"]) for i, layer in enumerate((block.norm1, block.norm2, norm), 1)),
    ]
    with torch.no_grad():
        for theirs, ours in pairs:
            theirs.copy_(torch.tensor(ours))
    their_x, We, be = tensors(x), tensors(parameters["We"]), tensors(parameters["be"])
    marks = torch.tensor(transformer.positions(n_a, T_x))
    embedded = torch.einsum("nx,xmt->nmt", We, their_x) + be[:, :, np.newaxis] + marks
    causal = torch.nn.Transformer.generate_square_subsequent_mask(T_x, dtype=torch.float64)
    their_a = courses_layout(norm(block(fields_layout(embedded), src_mask=causal)))
    assert_agree({"a": a}, {"a": their_a})
    torch.sum(torch.tensor(da) * their_a).backward()
    dWq, dWk, dWv = block.self_attn.in_proj_weight.grad.chunk(3)
    theirs = {"dx": their_x.grad, "dWe": We.grad, "dbe": be.grad, "dWq": dWq, "dWk": dWk, "dWv": dWv}
    theirs |= {"dWo": block.self_attn.out_proj.weight.grad}
    for i, linear in ((1, block.linear1), (2, block.linear2)):
        theirs |= {f"dW{i}": linear.weight.grad, f"db{i}": linear.bias.grad[:, np.newaxis]}
    for i, layer in enumerate((block.norm1, block.norm2, norm), 1):
        theirs |= {
            f"dgamma{i}": layer.weight.grad[:, np.newaxis],
            f"dbeta{i}": layer.bias.grad[:, np.newaxis],
        }
    assert gradients.keys() == theirs.keys()
    assert_agree(gradients, theirs)
