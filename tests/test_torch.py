"""An independent witness: PyTorch computes the same numbers, and its autograd the same gradients."""

import ast
import contextlib
import functools
from pathlib import Path

import numpy as np
import pytest

from seqgrad import activations, train
from seqgrad.initialize import lstm_parameters
from seqgrad.optimize import initialize_adam
from seqgrad.text import load_names, names_to_arrays
from tests.autograd import assert_agree, random_sizes, seeds, tensors
from tests.marks import exhaustive, needs
from tests.networks import GRU, LSTM, NETWORKS, draw

with contextlib.suppress(ImportError):
    import torch

pytestmark = needs("torch", "PyTorch")


def rnn_step(x, a, parameters):
    z = parameters["Wax"] @ x + parameters["Waa"] @ a + parameters["ba"]
    return (torch.tanh(z),)


def lstm_step(x, a, c, parameters):
    """Take the four pre-activations from torch's own cell, which knows them by other names and in rows."""
    order = "ifco"  # torch stacks input, forget, cell, output
    n_a = a.shape[0]
    weights = torch.cat([parameters["W" + gate] for gate in order])
    bias = torch.cat([parameters["b" + gate] for gate in order])[:, 0]
    none = torch.zeros_like(bias)
    a, c = torch.lstm_cell(x.T, (a.T, c.T), weights[:, n_a:], weights[:, :n_a], bias, none)
    return a.T, c.T


def gru_step(x, a, parameters):
    """Write the course's GRU in torch, whose own one multiplies before it resets; see `torch_gru` below."""
    seen = torch.cat([a, x])
    u, r = (torch.sigmoid(parameters["W" + gate] @ seen + parameters["b" + gate]) for gate in "ur")
    candidate = torch.tanh(parameters["Wc"] @ torch.cat([r * a, x]) + parameters["bc"])
    return (torch.lerp(a, candidate, u),)


STEP = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}
networks = pytest.mark.parametrize("name", NETWORKS)


def predict(a, parameters):
    """Return the prediction that belongs to a hidden state."""
    weights = parameters["Wya"] if "Wya" in parameters else parameters["Wy"]
    return torch.softmax(weights @ a + parameters["by"], dim=0)


@pytest.mark.parametrize("name", ["softmax", "sigmoid"])
@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_activations_agree(name, scale):
    x = scale * draw(0, {"x": "n_y m T_x"})["x"]
    theirs = {"softmax": functools.partial(torch.softmax, dim=0), "sigmoid": torch.sigmoid}[name]
    assert_agree({"y": getattr(activations, name)(x)}, {"y": theirs(torch.tensor(x))})


@networks
@seeds
def test_one_step_agrees_forward_and_back(name, seed):
    network = NETWORKS[name]
    sizes = random_sizes(seed)
    *inputs, parameters = network.step(seed, **sizes)
    upstream = [draw([seed, 2, i], {"u": "n_a m"}, **sizes)["u"] for i in range(len(network.states))]
    *states, yt_pred, cache = network.cell_forward(*inputs, parameters)
    gradients = network.cell_backward(*upstream, cache)

    their_inputs, their_parameters = [tensors(array) for array in inputs], tensors(parameters)
    their_states = STEP[name](*their_inputs, their_parameters)
    assert_agree(
        dict(zip(network.states, states, strict=True)) | {"yt_pred": yt_pred},
        dict(zip(network.states, their_states, strict=True))
        | {"yt_pred": predict(their_states[0], their_parameters)},
    )
    loss = sum(torch.sum(torch.tensor(u) * state) for u, state in zip(upstream, their_states, strict=True))
    loss.backward()
    names = ["dxt"] + [f"d{state}_prev" for state in network.states]
    theirs = {name: tensor.grad for name, tensor in zip(names, their_inputs, strict=True)}
    theirs |= {"d" + name: their_parameters[name].grad for name in network.weights}
    assert gradients.keys() == theirs.keys()
    assert_agree(gradients, theirs)


@networks
@seeds
@pytest.mark.parametrize("whole", [True, False], ids=["da over all steps", "da over some"])
def test_a_sequence_agrees_forward_and_back(name, seed, whole):
    network = NETWORKS[name]
    sizes = random_sizes(seed)
    T_x = sizes["T_x"]
    T = T_x if whole else (T_x + 1) // 2
    x, a0, parameters = network.sequence(seed, **sizes)
    c0 = [] if network is not LSTM or whole else [draw([seed, 3], {"c0": "n_a m"}, **sizes)["c0"]]
    da = network.upstream(seed, **sizes)[:, :, :T]
    *results, caches = network.forward(x, a0, parameters, *c0)
    gradients = network.backward(da, caches)

    their_x, their_a0, their_parameters = tensors(x), tensors(a0), tensors(parameters)
    cells = [torch.tensor(c) for c in c0] or [torch.zeros_like(their_a0)] * (len(network.states) - 1)
    states, steps, predictions = (their_a0, *cells), [], []
    for t in range(T_x):
        states = STEP[name](their_x[:, :, t], *states, their_parameters)
        steps.append(states)
        predictions.append(predict(states[0], their_parameters))
    their_a, *their_c = (torch.stack(each, dim=2) for each in zip(*steps, strict=True))
    theirs = [their_a, torch.stack(predictions, dim=2), *their_c]
    names = ["a", "y_pred", "c"][: len(results)]
    assert_agree(dict(zip(names, results, strict=True)), dict(zip(names, theirs, strict=True)))

    torch.sum(torch.tensor(da) * their_a[:, :, :T]).backward()
    theirs = {"dx": their_x.grad[:, :, :T], "da0": their_a0.grad}
    theirs |= {"d" + name: their_parameters[name].grad for name in network.weights}
    assert gradients.keys() == theirs.keys()
    assert_agree(gradients, theirs)


def functions_of_chapter(name, *functions):
    """Return functions that a chapter defines."""
    text = (Path(__file__).parents[1] / f"notebooks/source/{name}.py").read_text(encoding="utf-8")
    made = {"np": np, "torch": torch, "sigmoid": activations.sigmoid}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            exec(ast.unparse(node), made)
    return [made[function] for function in functions]


def torch_gru(parameters):
    """Return PyTorch's GRU with our parameters, as chapter 11 converts them.

    PyTorch resets after the product, ``r * (W a)``, where the course resets before it,
    ``W (r * a)``.  So both are the same only where the two can be exchanged.
    """
    (to_torch,) = functions_of_chapter("11_gru", "to_torch")
    return load_gru(to_torch(parameters))


def load_gru(arrays):
    """Return PyTorch's GRU with these arrays, in the order of its parameters."""
    net = torch.nn.GRU(arrays[0].shape[1], arrays[1].shape[1], dtype=torch.float64)
    with torch.no_grad():
        for theirs, ours in zip(net.parameters(), arrays, strict=True):
            theirs.copy_(torch.tensor(ours))
    return net


def torch_gru_gradients(net):
    """Return the gradients of PyTorch's GRU at our parameters."""
    W_x, W_a, b, _ = (parameter.grad for parameter in net.parameters())
    gradients = {}
    for gate, sign, dW, db in zip(
        "ruc", (1, -1, 1), torch.hstack([W_a, W_x]).chunk(3), b.chunk(3), strict=True
    ):
        gradients |= {"dW" + gate: sign * dW, "db" + gate: sign * db[:, np.newaxis]}
    return gradients


def diagonal(parameters):
    """Let each unit's candidate see no other unit: then every unit can have a reset gate of its own."""
    Wc, n_a = parameters["Wc"].copy(), len(parameters["Wc"])
    Wc[:, :n_a] *= np.eye(n_a)
    return parameters | {"Wc": Wc}


def shared(parameters):
    """Let all units have the same reset gate: then every candidate can see all units."""
    same = {name: np.repeat(parameters[name][:1], len(parameters[name]), axis=0) for name in ("Wr", "br")}
    return parameters | same


@seeds
@pytest.mark.parametrize("kind", [diagonal, shared])
def test_the_gru_is_that_of_pytorch_where_reset_and_product_can_be_exchanged(kind, seed):
    sizes = random_sizes(seed)
    x, a0, parameters = GRU.sequence(seed, **sizes)
    parameters, da = kind(parameters), GRU.upstream(seed, **sizes)
    a, _, caches = GRU.forward(x, a0, parameters)
    gradients = GRU.backward(da, caches)

    net, their_x, their_a0 = torch_gru(parameters), tensors(x), tensors(a0)
    their_a, _ = net(their_x.permute(2, 1, 0), their_a0.T[np.newaxis].contiguous())
    their_a = their_a.permute(2, 1, 0)
    assert_agree({"a": a}, {"a": their_a})
    torch.sum(torch.tensor(da) * their_a).backward()
    theirs = {"dx": their_x.grad, "da0": their_a0.grad} | torch_gru_gradients(net)
    assert gradients.keys() == theirs.keys()
    ours = {name: torch.tensor(gradient) for name, gradient in gradients.items()}
    ours, theirs = (comparable(kind, each) for each in (ours, theirs))
    assert_agree({name: gradient.numpy() for name, gradient in ours.items()}, theirs)


@seeds
def test_the_step_of_chapter_11_that_resets_after_the_product_is_that_of_pytorch_for_any_weights(seed):
    (step,) = functions_of_chapter("11_gru", "reset_after_the_product")
    sizes = random_sizes(seed)
    x, a0, _ = GRU.sequence(seed, **sizes)
    n_x, n_a = sizes["n_x"], sizes["n_a"]
    shapes = ((3 * n_a, n_x), (3 * n_a, n_a), 3 * n_a, 3 * n_a)
    arrays = [np.random.default_rng([seed, i]).standard_normal(shape) for i, shape in enumerate(shapes)]
    their_a, _ = load_gru(arrays)(torch.tensor(x).permute(2, 1, 0), torch.tensor(a0.T[np.newaxis].copy()))
    a = a0
    for t in range(sizes["T_x"]):
        a = step(x[:, :, t], a, arrays)
        assert_agree({"a": a}, {"a": their_a[t].T})


def comparable(kind, gradients):
    """Return what of the gradients is the same in both orders of reset and product.

    Off the diagonal that `diagonal` keeps they differ, and of rows that `shared` makes
    alike the sums are the same.
    """
    if kind is shared:
        return gradients | {name: gradients[name].sum(dim=0) for name in ("dWr", "dbr")}
    dWc, n_a = gradients["dWc"], len(gradients["dWc"])
    return gradients | {"dWc": torch.hstack([torch.diag(dWc)[:, np.newaxis], dWc[:, n_a:]])}


@exhaustive
def test_the_training_in_chapter_10_goes_along_the_same_curve():
    """Its twelve steps, and as many more; PyTorch clips with 1e-6 more in the denominator."""
    functions = functions_of_chapter("10_from_readable_to_fast", "train_in_torch", "build_torch_network")
    train_in_torch = functions[0]
    names, parameters = load_names(), lstm_parameters(np.random.default_rng(6), n_x=27, n_a=64, n_y=27)
    batches = [names_to_arrays(names[t::81]) for t in range(24)]
    theirs = train_in_torch(batches, parameters)
    (v, s), ours = initialize_adam(parameters), []
    for t, (x, y) in enumerate(batches, 1):
        loss, _, parameters, v, s = train.step(x, y, parameters, v, s, t, learning_rate=0.02)
        ours.append(loss)
    assert ours[-1] < ours[0] - 0.5
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-6)
