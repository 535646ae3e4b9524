"""The same passes by four means: readable, fused, PyTorch, JAX.  `bench_fused` runs this once for each size.

The process takes a request (JSON) as its argument and prints what it measured (JSON).  How many threads a
library may have is set from outside, before it is loaded; the process also keeps to as many cores.
"""

import gc
import json
import os
import sys
import time

import numpy as np

from seqgrad import fused, lstm, rnn
from seqgrad.initialize import lstm_parameters, rnn_parameters

GATES = {"rnn": 1, "lstm": 4}


def draw_network(network, n_x, n_a, m, T_x, dtype):
    """Draw x, a0, the parameters and da; there are as many classes as inputs, as in a model of characters."""
    rng = np.random.default_rng(0)
    draw = lstm_parameters if network == "lstm" else rnn_parameters
    parameters = {name: value.astype(dtype) for name, value in draw(rng, n_x, n_a, n_x).items()}
    x, a0, da = (
        rng.standard_normal(shape).astype(dtype) for shape in [(n_x, m, T_x), (n_a, m), (n_a, m, T_x)]
    )
    return x, a0, parameters, da


def stack_parameters(network, parameters, gates):
    """Return the weights on x, the weights on a, and the biases, stacked in a framework's order of gates."""
    if network == "rnn":
        return parameters["Wax"], parameters["Waa"], parameters["ba"]
    n_a = len(parameters["bf"])
    W, b = (np.concatenate([parameters[kind + gate] for gate in gates]) for kind in "Wb")
    return W[:, n_a:], W[:, :n_a], b


def make_numpy(module, network, x, a0, parameters, da):
    """Return forward, and forward and backward, of the readable or the fused module."""
    forward, backward = (getattr(module, f"{network}_{way}") for way in ("forward", "backward"))
    return lambda: forward(x, a0, parameters), lambda: backward(da, forward(x, a0, parameters)[-1])


def make_torch(network, x, a0, parameters, da):
    """Return both passes by torch.nn.LSTM or RNN, eager; gradients at weights, inputs and initial state."""
    import torch

    def tensor(array):
        return torch.tensor(np.ascontiguousarray(array))

    n_x, n_a = len(x), len(a0)
    net = (torch.nn.LSTM if network == "lstm" else torch.nn.RNN)(n_x, n_a).to(tensor(x).dtype)
    layer = torch.nn.Linear(n_a, n_x).to(tensor(x).dtype)
    Wx, Wa, b = stack_parameters(network, parameters, "ifco")
    W_y, b_y = (parameters[name] for name in (("Wy", "by") if network == "lstm" else ("Wya", "by")))
    with torch.no_grad():
        values = (Wx, Wa, b[:, 0], 0 * b[:, 0], W_y, b_y[:, 0])
        for place, value in zip([*net.parameters(), *layer.parameters()], values, strict=True):
            place.copy_(tensor(value))
    seen, start = tensor(x.transpose(2, 1, 0)).requires_grad_(), tensor(a0.T[np.newaxis]).requires_grad_()
    state = (start, torch.zeros_like(start)) if network == "lstm" else start
    upstream, places = tensor(da.transpose(2, 1, 0)), [*net.parameters(), seen, start]

    def forward():
        a, _ = net(seen, state)
        return a, torch.softmax(layer(a), -1)

    return forward, lambda: torch.autograd.grad(forward()[0], places, upstream)


def make_jax(network, x, a0, parameters, da):
    """Return both passes by a jitted `jax.lax.scan`, one product a step; gradients at the same places."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    Wx, Wa, b = stack_parameters(network, parameters, "fico")
    W_y, b_y = (parameters[name] for name in (("Wy", "by") if network == "lstm" else ("Wya", "by")))
    W = jnp.asarray(np.concatenate([Wa, Wx], axis=1).T)
    b, W_y, b_y, start = (jnp.asarray(array.T) for array in (b, W_y, b_y, a0))
    seen, upstream = (jnp.asarray(np.ascontiguousarray(array.transpose(2, 1, 0))) for array in (x, da))

    def step(W, b, states, xt):
        z = jnp.concatenate([states[0], xt], axis=1) @ W + b
        if network == "rnn":
            a = jnp.tanh(z)
            return (a,), (a,)
        f, i, g, o = jnp.split(z, 4, axis=1)
        c = jax.nn.sigmoid(f) * states[1] + jax.nn.sigmoid(i) * jnp.tanh(g)
        a = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (a, c), (a, c)

    def run(W, b, seen, start):
        first = (start,) if network == "rnn" else (start, jnp.zeros_like(start))
        _, states = jax.lax.scan(lambda states, xt: step(W, b, states, xt), first, seen)
        return states[0], (states, jax.nn.softmax(states[0] @ W_y + b_y, axis=-1))

    def both(W, b, seen, start):
        _, pull, results = jax.vjp(run, W, b, seen, start, has_aux=True)
        return pull(upstream), results

    forward, both = jax.jit(run), jax.jit(both)
    return (
        lambda: jax.block_until_ready(forward(W, b, seen, start)),
        lambda: jax.block_until_ready(both(W, b, seen, start)),
    )


PASSES = {
    "readable": lambda network, *given: make_numpy(lstm if network == "lstm" else rnn, network, *given),
    "fused": lambda network, *given: make_numpy(fused, network, *given),
    "torch": make_torch,
    "jax": make_jax,
}


def count_operations(network, n_x, n_a, m, T_x):
    """Return the floating-point operations in the products of forward, and of forward and backward."""
    gates, predictions = 2 * T_x * m * GATES[network] * n_a * (n_a + n_x), 2 * T_x * m * n_x * n_a
    return gates + predictions, 3 * gates + predictions


def measure_best_rate(network, n_x, n_a, m, T_x, dtype):
    """Return the most operations a second of any product: a step's, many steps', and a large square one."""
    rows = GATES[network] * n_a
    rates = []
    for n, k, columns in ((rows, n_a + n_x, m), (rows, n_a + n_x, min(m * T_x, 4096)), (1024, 1024, 1024)):
        A, B, out = (np.ones(shape, dtype) for shape in ((n, k), (k, columns), (n, columns)))
        repeats = min(1000, max(1, int(2e8 / (n * k * columns))))
        for _ in range(5):
            began = time.perf_counter()
            for _ in range(repeats):
                np.dot(A, B, out=out)
            rates.append(2 * n * k * columns * repeats / (time.perf_counter() - began))
    return max(rates)


def measure(functions, rounds, seconds=0.02):
    """Time functions in turn, `rounds` times over; return the seconds of a call in each round, by name."""
    repeats = {}
    for name, function in functions.items():
        function()
        began = time.perf_counter()
        function()
        repeats[name] = max(1, int(seconds / (time.perf_counter() - began)))
    times = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            gc.collect()
            began = time.perf_counter()
            for _ in range(repeats[name]):
                function()
            times[name].append((time.perf_counter() - began) / repeats[name])
    return times


def main(request):
    """Measure one network at one size; print the seconds of the calls, and the floor, by pass and dtype."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: request["threads"]])
    if "torch" in request["means"]:
        import torch

        torch.set_num_threads(request["threads"])
    found = {}
    for dtype in ("float32", "float64"):
        given = draw_network(request["network"], *request["size"], dtype)
        passes = {name: PASSES[name](request["network"], *given) for name in request["means"]}
        rate = measure_best_rate(request["network"], *request["size"], dtype)
        floors = [count / rate for count in count_operations(request["network"], *request["size"])]
        for k, way in enumerate(("forward", "forward + backward")):
            times = measure({name: functions[k] for name, functions in passes.items()}, request["rounds"])
            found[f"{way}, {dtype}"] = {"times": times, "floor": floors[k]}
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
