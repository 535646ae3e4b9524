"""The calls on which each exercise is tried: ordinary ones with all sizes different, then the corners.

n_x = 3 inputs, n_a = 5 hidden units, n_y = 4 classes, m = 7 examples, T_x = 6 steps: a
swapped axis cannot pass.  No weight and no bias is zero.
"""

import functools
from dataclasses import replace

import numpy as np

from seqgrad.check.exercises.reference import FUNCTIONS, answer
from seqgrad.check.running.data import Call, Seed

N_X, N_A, N_Y, M, T_X = 3, 5, 4, 7, 6

# Inputs that saturate every gate: so large that none comes to lie near zero by chance,
# where a learner who computes in float32 would be off by more than rounding.
HUGE = 1e8


@functools.lru_cache(100)
def calls(exercise, salt=None):
    """Return the calls of an exercise, the most ordinary first, that one marked to be run twice.

    With a salt, a whole number, they are of the same kinds with other numbers.
    """
    first, *rest = globals()[exercise](functools.partial(salted, salt))
    return (replace(first, twice=True), *rest)


@functools.lru_cache(100)
def answers(exercise, salt=None):
    """Return what the reference gives for the calls of an exercise."""
    return answer(exercise, calls(exercise, salt))


def salted(salt, seed):
    """Return the seed that stands for another one under a salt."""
    return seed if salt is None else int(np.random.SeedSequence([salt, seed]).generate_state(1)[0])


def rnn_parameters(rng):
    """Draw the parameters of an RNN, biases included."""
    shapes = {"Wax": (N_A, N_X), "Waa": (N_A, N_A), "Wya": (N_Y, N_A), "ba": (N_A, 1), "by": (N_Y, 1)}
    return {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}


def lstm_parameters(rng):
    """Draw the parameters of an LSTM, biases included."""
    shapes = {letter + gate: (N_A, N_A + N_X if letter == "W" else 1) for gate in "fico" for letter in "Wb"}
    shapes |= {"Wy": (N_Y, N_A), "by": (N_Y, 1)}
    return {name: 0.5 * rng.standard_normal(shape) for name, shape in shapes.items()}


def rnn_step(seed, m=M):
    """Draw the arguments of `rnn_cell_forward`: xt, a_prev, parameters."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((N_X, m)), np.tanh(rng.standard_normal((N_A, m))), rnn_parameters(rng)


def rnn_sequence(seed, m=M, T_x=T_X):
    """Draw the arguments of `rnn_forward`: x, a0, parameters."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((N_X, m, T_x)), np.tanh(rng.standard_normal((N_A, m))), rnn_parameters(rng)


def lstm_step(seed, m=M):
    """Draw the arguments of `lstm_cell_forward`: xt, a_prev, c_prev, parameters."""
    rng = np.random.default_rng(seed)
    xt, a_prev, c_prev = (rng.standard_normal((rows, m)) for rows in (N_X, N_A, N_A))
    return xt, np.tanh(a_prev), c_prev, lstm_parameters(rng)


def lstm_sequence(seed, m=M, T_x=T_X):
    """Draw the arguments of `lstm_forward`: x, a0, parameters."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((N_X, m, T_x)), np.tanh(rng.standard_normal((N_A, m))), lstm_parameters(rng)


def softmax(seeded):
    """Return calls: ordinary scores; many axes; columns far apart, each of which needs its own shift."""
    rng = np.random.default_rng(seeded(0))
    x = np.round(16 * rng.standard_normal((N_Y, M))) / 16  # exact in float32 too, however large the shift
    far = 2 * x + 2000.0 * np.array([1, -1, 0.5, 0, -0.25, 0.75, -0.5])
    return [
        Call((x,)),
        Call((4 * x + 3,), "With larger scores, "),
        Call((x + 1000,), "With scores near 1000, "),
        Call((far,), "With columns of scores that lie 2000 apart, "),
        Call((1024 * x,), "With scores 2000 apart in a column, "),
        Call((rng.standard_normal((N_Y, 1)),), "With one example, "),
    ]


def sigmoid(seeded):
    """Return calls: ordinary numbers, of either sign; far out; a sequence."""
    rng = np.random.default_rng(seeded(0))
    x = 2 * rng.standard_normal((N_A, M))
    return [
        Call((x,)),
        Call((rng.standard_normal((N_A, M, 2)),), "With three axes, "),
        Call((np.array([[-1000.0, -750.0, -40.0, 0.0, 40.0, 750.0, 1000.0]]),), "Far from zero, "),
    ]


def one_step(draw, seeded):
    """Return the calls of a step forward: ordinary; one example; saturated states; saturated scores."""
    xt, *states, parameters = draw(seeded(1))
    steep = parameters | {"by": parameters["by"] + 1000 * np.array([[1.0], [0], [-1], [1]])}
    return [
        Call((xt, *states, parameters)),
        Call(draw(seeded(2), m=1), "With one example, "),
        Call((HUGE * xt, *states, parameters), "With inputs near 1e8, "),
        Call((xt, *states, steep), "With scores 1000 apart, "),
    ]


def all_steps(draw, seeded):
    """Return the calls of a sequence forward: ordinary; one step; one example; inputs that saturate."""
    x, a0, parameters = draw(seeded(1))
    return [
        Call((x, a0, parameters)),
        Call(draw(seeded(2), T_x=1), "With one time step, "),
        Call(draw(seeded(3), m=1, T_x=2), "With one example, "),
        Call((HUGE * x, a0, parameters), "With inputs near 1e8, "),
    ]


def rnn_cell_forward(seeded):
    """Return calls: steps of the RNN."""
    return one_step(rnn_step, seeded)


def rnn_forward(seeded):
    """Return calls: sequences of several lengths."""
    return all_steps(rnn_sequence, seeded)


def lstm_cell_forward(seeded):
    """Return calls: steps of the LSTM."""
    return one_step(lstm_step, seeded)


def lstm_forward(seeded):
    """Return calls: sequences of several lengths."""
    return all_steps(lstm_sequence, seeded)


def upstream(like, seed):
    """Draw a gradient shaped like an array."""
    return np.random.default_rng(seed).standard_normal(like.shape)


def one_step_back(name, draw, seeded):
    """Return the calls of a step back: ordinary; one example; saturated."""
    calls = []
    for seed, label, scale, m in (
        (1, "", 1, M),
        (2, "With one example, ", 1, 1),
        (3, "With inputs near 1000, ", 1000, M),
    ):
        xt, *before = draw(seeded(seed), m)
        *after, _, cache = FUNCTIONS[name](scale * xt, *before)
        gradients = [upstream(state, seeded(seed + 10 * i)) for i, state in enumerate(after, 1)]
        calls.append(Call((*gradients, cache), label))
    return calls


def rnn_cell_backward(seeded):
    """Return calls: steps of the RNN."""
    return one_step_back("rnn_cell_forward", rnn_step, seeded)


def lstm_cell_backward(seeded):
    """Return calls: steps of the LSTM."""
    return one_step_back("lstm_cell_forward", lstm_step, seeded)


def backward_over_time(name, draw, seeded, **start):
    """Return the calls of a backward pass over time: a sequence, one step, a da that is shorter than x."""
    calls = []
    for seed, label, T_x, T, m in (
        (1, "", T_X, T_X, M),
        (2, "With one time step, ", 1, 1, M),
        (3, "With da over fewer steps than x, ", T_X, T_X - 2, M),
        (4, "With one example, ", 2, 2, 1),
    ):
        x, a0, parameters = draw(seeded(seed), m, T_x)
        a, *_, caches = FUNCTIONS[name](x, a0, parameters, **{key: upstream(a0, seeded(30)) for key in start})
        calls.append(Call((upstream(a[:, :, :T], seeded(seed + 10)), caches), label))
    return calls


def rnn_backward(seeded):
    """Return calls: sequences of several lengths."""
    return backward_over_time("rnn_forward", rnn_sequence, seeded)


def lstm_backward(seeded):
    """Return calls: sequences of several lengths, from a cell state that is not zero."""
    return backward_over_time("lstm_forward", lstm_sequence, seeded, c0=True)


def layers(seed, scale=1.0):
    """Draw the parameters of three layers, W1, b1, ..., or gradients like them."""
    rng = np.random.default_rng(seed)
    widths = (3, 2, 5, 4)
    shapes = {}
    for layer in (1, 2, 3):
        shapes |= {f"W{layer}": (widths[layer], widths[layer - 1]), f"b{layer}": (widths[layer], 1)}
    return {name: scale * rng.standard_normal(shape) for name, shape in shapes.items()}


def initialize_adam(seeded):
    """Return calls: three layers, then one."""
    parameters = layers(seeded(0))
    one = {name: parameters[name] for name in ("W1", "b1")}
    return [Call((parameters,)), Call((one,), "With one layer, ")]


def update_parameters_with_adam(seeded):
    """Return calls: warm moments at t = 5; the first step; other settings; tiny gradients; none."""
    parameters = layers(seeded(1))

    def state(seed, scale=1.0):
        named = {"d" + name: values for name, values in layers(seeded(seed), scale).items()}
        return named, {name: values**2 for name, values in named.items()}

    grads, _ = state(2)
    v, s = state(3, 0.5)
    cold = {name: np.zeros_like(values) for name, values in v.items()}
    tiny, _ = state(4, 1e-6)
    none = {name: np.zeros_like(values) for name, values in v.items()}
    return [
        Call((parameters, grads, v, s, 5)),
        Call((parameters, grads, cold, cold, 1), "At the first step, "),
        Call((parameters, grads, v, s, 3, 0.5, 0.6, 0.7, 0.3), "With other settings than the usual, "),
        Call((parameters, tiny, cold, cold, 1), "With gradients near 1e-6, "),
        Call((parameters, tiny, cold, cold, 1, 0.5, 0.9, 0.999, 1e-6), "With gradients near epsilon, "),
        Call((parameters, none, cold, cold, 1), "With gradients of zero, "),
    ]


def predictions(seed, T_x=T_X):
    """Draw predictions and one-hot targets, some of whose columns are empty."""
    rng = np.random.default_rng(seed)
    y_pred = FUNCTIONS["softmax"](rng.standard_normal((N_Y, M, T_x)))
    y = (np.arange(N_Y)[:, None, None] == rng.integers(-1, N_Y, (M, T_x))).astype(float)
    y[:, 0, 0] = np.eye(N_Y)[1]
    return y_pred, y


def cross_entropy_forward(seeded):
    """Return calls: targets with empty columns; without; one step; a target of probability zero."""
    y_pred, y = predictions(seeded(0))
    full = np.eye(N_Y)[np.random.default_rng(seeded(5)).integers(0, N_Y, (M, T_X))].transpose(2, 0, 1).copy()
    sure = np.zeros_like(y_pred)
    sure[0] = 1.0
    return [
        Call((y_pred, full)),
        Call((y_pred, y), "With columns that have no target, "),
        Call(predictions(seeded(1), T_x=1), "With one time step, "),
        Call((full, full), "With certain predictions, all right, "),
        Call((sure, full), "With targets of probability 0, ", finite=True),
    ]


def cross_entropy_backward(seeded):
    """Return calls: targets with empty columns; without; one step."""
    return [Call((call.arguments,), call.label) for call in cross_entropy_forward(seeded)[:3]]


def output_backward(seeded):
    """Return calls: the output layer of either network; one step."""
    rng = np.random.default_rng(seeded(0))
    calls = []
    for label, name, T_x in (
        ("", "Wya", T_X),
        ("With an LSTM's Wy, ", "Wy", T_X),
        ("With one time step, ", "Wya", 1),
    ):
        dz, a = rng.standard_normal((N_Y, M, T_x)), rng.standard_normal((N_A, M, T_x))
        parameters = rnn_parameters(rng) if name == "Wya" else lstm_parameters(rng)
        calls.append(Call((dz, a, parameters), label))
    return calls


def clip(seeded):
    """Return calls: gradients that are cut; another limit; gradients short enough."""
    gradients = {
        "d" + name: values for name, values in rnn_parameters(np.random.default_rng(seeded(0))).items()
    }
    return [
        Call((gradients, 0.3)),
        Call((gradients, 0.05), "With a smaller limit, "),
        Call((gradients, 100.0), "With gradients below the limit, "),
    ]


def clip_by_global_norm(seeded):
    """Return calls: gradients that are too long; short enough; zero."""
    gradients = {
        "d" + name: values for name, values in rnn_parameters(np.random.default_rng(seeded(0))).items()
    }
    zeros = {name: np.zeros_like(values) for name, values in gradients.items()}
    return [
        Call((gradients, 0.5)),
        Call((gradients, 3.0), "With another limit, "),
        Call((gradients, 100.0), "With gradients below the limit, "),
        Call((zeros, 0.5), "With gradients of zero, "),
    ]


def sample(seeded):
    """Return calls: nearly certain predictions, which leave no choice; open draws, judged as a crowd."""
    calls = []
    for seed, draw, label in ((0, rnn_parameters, ""), (1, lstm_parameters, "With an LSTM, ")):
        parameters = character_model(seeded(seed), draw)
        steep = {
            name: 400 * values if name in ("Wya", "Wy", "by") else values
            for name, values in parameters.items()
        }
        for newline, length in ((0, 6), (2, 12)):
            calls.append(Call((steep, newline, Seed(seeded(seed)), length), label))
        soft = {
            name: 0.5 * values if name in ("Wya", "Wy", "by") else values
            for name, values in parameters.items()
        }
        calls.append(
            Call((soft, N_Y, Seed(seeded(seed + 7)), 250 if seed == 0 else 60), label, twice=seed == 0)
        )
    return calls


def character_model(seed, draw):
    """Draw parameters whose inputs are as many as their classes, N_Y."""
    rng = np.random.default_rng(seed)
    parameters = {name: 2 * values for name, values in draw(rng).items()}
    for name, values in parameters.items():
        if values.shape[1] in (N_X, N_A + N_X):
            parameters[name] = np.hstack([values, 2 * rng.standard_normal((N_A, N_Y - N_X))])
    return parameters


def impulse_base(exercise, T_x):
    """Return the arguments of a function over a sequence from which impulses are made."""
    draw = rnn_sequence if exercise.startswith("rnn") else lstm_sequence
    x, a0, parameters = draw(6, 2, T_x)
    if exercise.endswith("forward"):
        return x, a0, parameters
    a, *_, caches = FUNCTIONS[exercise.replace("backward", "forward")](x, a0, parameters)
    return upstream(a, 16), caches
