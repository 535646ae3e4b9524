"""The passes of `rnn` and `lstm` at about the speed of a framework: same arguments, results, refusals.

Forward:   x, a0, parameters  ->  a, y (or y_pred), c (of an LSTM), caches.
Backward:  da, caches  ->  a dict of gradients.

The arithmetic is that of the readable functions, arranged by seven ideas, each marked where it is used:

1. *Time first.*  Inside, a sequence is (T_x, n, m), so that all numbers of a step lie together.
2. *One product a step.*  The gates' weights are stacked, and so is what they look at: ``[a_prev; xt; 1]``.
3. *One tanh for all gates*, for ``sigmoid(z) = (1 + tanh(z / 2)) / 2``.
4. *Only what waits for its neighbour stays in the loop over time.*  The rest is done for many steps at once.
5. *Products in slabs.*  BLAS packs the factors of a large product at every step; slabs of its rows are small
   enough to be multiplied where they lie.
6. *Memory is kept.*  The C library lets large arrays go, and has them made anew, page by page, at the next
   call.  Once 31 MB have been given back to it in one piece it keeps what is smaller, in all the process.
7. *Arrays begin where a cache line begins*, so that no load of a vector unit straddles two lines.

An LSTM's caches keep ``6 + (n_x + 1) / n_a`` numbers a step for each entry of the state, an RNN's 5 fewer,
and read as the list of the assignment's tuples.  Idea 3 rounds a gate to 1e-16 of its range, not of itself.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from seqgrad import lstm, rnn
from seqgrad.activations import softmax
from seqgrad.shapes import takes

STEPS, SEQUENCE = (2, 0, 1), (1, 2, 0)  # transpose (n, m, T) to (T, n, m), and back (idea 1)
COLUMNS = 512  # of a product over many steps: enough to make it fast, few enough to stay in the cache
UNPACKED = 10**6  # multiplications in a product that OpenBLAS makes without packing
np.empty(31 << 20, np.uint8)  # given back at once; no page of it is ever touched (idea 6)


def aligned(shape, dtype):
    """Make an empty array whose first number begins a cache line, of 64 bytes (idea 7)."""
    room = np.empty(np.dtype((dtype, shape)).itemsize + 64, np.uint8)
    return np.ndarray(shape, dtype, room, -room.ctypes.data % 64)


class Steps(Sequence):
    """The caches of all steps: an array (T_x, n, m) for each part, read as the list of the steps' tuples."""

    def __init__(self, arrays, parameters):
        self.arrays, self.parameters = arrays, parameters

    def __len__(self):
        """Count the steps."""
        return len(self.arrays[0])

    def __getitem__(self, t):
        """Return the tuple of a step, or the list of tuples of a slice of steps."""
        if isinstance(t, slice):
            return [self[step] for step in range(len(self))[t]]
        return (*(array[t] for array in self.arrays), self.parameters)


def unzip(steps, T):
    """Return the arrays (T, n, m) that make up the caches of the first T steps, and the parameters."""
    if isinstance(steps, Steps):
        return [array[:T] for array in steps.arrays], steps.parameters
    *parts, parameters = zip(*(steps[t] for t in range(T)), strict=True)
    return [np.stack(part) for part in parts], parameters[0]


def slabs(W, m):
    """View W (n, k) as slabs (n / rows, rows, k); one, unless more spare packing for m columns (idea 5)."""
    n, k = W.shape
    small = (rows for rows in (64, 32, 16, 8) if n % rows == 0 and rows * k * m <= UNPACKED < n * k * m)
    return W.reshape(-1, next(small, n), k)


def stack_inputs(x, a0, dtype):
    """Return ``[a_prev; xt; 1]`` of all steps, with a0 in place, and its parts a_prev, xt, a (ideas 1, 2)."""
    (n_a, m), (n_x, _, T_x) = a0.shape, x.shape
    inputs = aligned((T_x + 1, n_a + n_x + 1, m), dtype)
    inputs[0, :n_a], inputs[:-1, n_a:-1], inputs[:, -1] = a0, x.transpose(STEPS), 1
    return inputs[:-1], inputs[:-1, :n_a], inputs[:-1, n_a:-1], inputs[1:, :n_a]


def pull_back(da, da_prev, W, a_prev, xt, pull_block):
    """Pull gradients back through time; return those of the weights W, biases behind them, and of the inputs.

    `da_prev` (n_a, m) holds what comes from beyond the last step, in the end what reaches the first state.
    ``pull_block(block, da, send)`` returns the gradients at a slice of steps' pre-activations.  For each of
    these, last step first, it calls ``send``, which puts into `da_prev` what the step passes on.
    """
    (T, n_a, m), n_x = a_prev.shape, xt.shape[1]
    dx, dW = np.empty(xt.shape, da_prev.dtype), np.zeros((len(W), n_a + n_x + 1), W.dtype)
    W = W.astype(da_prev.dtype, copy=False)
    da = np.ascontiguousarray(da.transpose(STEPS), W.dtype)
    WaT, WxT = (slabs(np.ascontiguousarray(part.T), m) for part in (W[:, :n_a], W[:, n_a:]))
    send = partial(np.matmul, WaT, out=da_prev.reshape(*WaT.shape[:-1], m))
    length = max(COLUMNS // m, 1)
    for block in (slice(max(stop - length, 0), stop) for stop in range(T, 0, -length)):
        dz = pull_block(block, da[block], send)
        np.matmul(WxT, dz[:, np.newaxis], out=dx[block].reshape(len(dz), *WxT.shape[:-1], m))
        # For the weights, the block's steps stand side by side in one product (idea 4).
        seen = np.empty((n_a + n_x + 1, len(dz), m), W.dtype)
        seen[:n_a], seen[n_a:-1], seen[-1] = a_prev[block].swapaxes(0, 1), xt[block].swapaxes(0, 1), 1
        dW += np.dot(dz.swapaxes(0, 1).reshape(len(W), -1), seen.reshape(len(seen), -1).T)
    return dW, dx


@takes(parameters=rnn.PARAMETERS, x="n_x m T_x", a0="n_a m")
def rnn_forward(x, a0, parameters):
    """Run the RNN over a sequence; as `seqgrad.rnn.rnn_forward`."""
    W = np.concatenate([parameters["Waa"], parameters["Wax"], parameters["ba"]], axis=1)
    inputs, a_prev, xt, a = stack_inputs(x, a0, np.result_type(W, x, a0))
    W = slabs(W, a0.shape[1])
    for seen, a_next in zip(inputs, a.reshape(len(a), *W.shape[:-1], -1), strict=True):
        np.matmul(W, seen, out=a_next)
        np.tanh(a_next, out=a_next)
    y_pred = softmax((np.matmul(parameters["Wya"], a) + parameters["by"]).transpose(SEQUENCE))  # idea 4
    return a.copy().transpose(SEQUENCE), y_pred, (Steps((a, a_prev, xt), parameters), x)


@takes(caches=(("steps", ["T_x", rnn.CACHE]), ("x", "n_x m T_x")), da="n_a m ..T_x")
def rnn_backward(da, caches):
    """Pull gradients back through the sequence; as `seqgrad.rnn.rnn_backward`."""
    (a, a_prev, xt), parameters = unzip(caches[0], da.shape[2])
    da_prev, n_a = np.zeros_like(a[0]), a.shape[1]

    def pull_block(block, da, send):
        dz = 1 - a[block] ** 2
        for da_t, dz_t in zip(da[::-1], dz[::-1], strict=True):
            np.add(da_prev, da_t, out=da_prev)
            np.multiply(dz_t, da_prev, out=dz_t)
            send(dz_t)
        return dz

    W = np.concatenate([parameters["Waa"], parameters["Wax"]], axis=1)
    dW, dx = pull_back(da, da_prev, W, a_prev, xt, pull_block)
    weights = {"dWax": dW[:, n_a:-1], "dWaa": dW[:, :n_a], "dba": dW[:, -1:]}
    return {"dx": dx.transpose(SEQUENCE), "da0": da_prev} | weights


def run_lstm(x, a0, c0, parameters):
    """Run the LSTM over a sequence; return its caches."""
    (n_a, m), c0 = a0.shape, np.zeros_like(a0) if c0 is None else c0
    W = np.concatenate([np.hstack([parameters["W" + gate], parameters["b" + gate]]) for gate in "oifc"])
    W[: 3 * n_a] /= 2  # the sigmoids' z comes out halved (idea 3)
    inputs, a_prev, xt, a = stack_inputs(x, a0, np.result_type(W, x, a0, c0))

    # A step's rows are o, i, f, cct, c_prev: one product, [i; f] * [cct; c_prev], makes both parts of c_next.
    rows = aligned((len(a) + 1, 5 * n_a, m), a.dtype)
    rows[0, 4 * n_a :] = c0
    o, i, f, cct, c_prev = (rows[:-1, k * n_a : (k + 1) * n_a] for k in range(5))
    c, gates, sigmoids = rows[1:, 4 * n_a :], rows[:-1, : 4 * n_a], rows[:-1, : 3 * n_a]
    left, right = rows[:-1, n_a : 3 * n_a], rows[:-1, 3 * n_a :]
    W = slabs(W, m)
    z = gates.reshape(len(a), *W.shape[:-1], m)
    one, half, parts = np.array(1, a.dtype), np.array(0.5, a.dtype), aligned((2, n_a, m), a.dtype)
    both, (let_in, kept) = parts.reshape(2 * n_a, m), parts
    steps = zip(inputs, z, gates, sigmoids, left, right, c, o, a, strict=True)
    for seen, zt, gates_t, sigmoids_t, left_t, right_t, c_next, ot, a_next in steps:
        np.matmul(W, seen, out=zt)
        np.tanh(gates_t, out=gates_t)
        np.add(sigmoids_t, one, out=sigmoids_t)
        np.multiply(sigmoids_t, half, out=sigmoids_t)
        np.multiply(left_t, right_t, out=both)
        np.add(let_in, kept, out=c_next)
        np.tanh(c_next, out=kept)
        np.multiply(ot, kept, out=a_next)
    return Steps((a, c, a_prev, c_prev, f, i, cct, o, xt), parameters)


def pull_lstm(da, da_prev, dc_prev, arrays, parameters):
    """Pull gradients back through an LSTM, with `dc_prev` at the cell state; see `pull_back`."""
    (n_a, m), T = da_prev.shape, da.shape[2]
    room = aligned((min(T, max(COLUMNS // m, 1)), 6, n_a, m), da_prev.dtype)

    def pull_block(block, da, send):
        a, c, _, c_prev, f, i, cct, o, _ = (array[block] for array in arrays)
        slopes, let_in = room[: len(da)], i * cct
        # Slopes (idea 4): o (1 - tanh² c), a (1 - o), i cct (1 - i), c_prev f (1 - f), i (1 - cct²) and f.
        c_by_a, zo_by_a, zi_by_c, zf_by_c, zc_by_c, c_prev_by_c = slopes.swapaxes(0, 1)
        np.subtract(o, np.multiply(a, np.tanh(c, out=c_by_a), out=c_by_a), out=c_by_a)
        np.multiply(a, np.subtract(1, o, out=zo_by_a), out=zo_by_a)
        np.multiply(let_in, np.subtract(1, i, out=zi_by_c), out=zi_by_c)
        np.multiply(c_prev, np.subtract(f, np.square(f, out=zf_by_c), out=zf_by_c), out=zf_by_c)
        np.subtract(i, np.multiply(let_in, cct, out=zc_by_c), out=zc_by_c)
        c_prev_by_c[:] = f
        # Times what arrives at a_next and c_next they become gradients, in place, the last step first.
        dz = slopes.reshape(-1, 6 * n_a, m)[:, n_a : 5 * n_a]
        back, dc_later = slopes[::-1], dc_prev
        steps = zip(da[::-1], back[:, :2], back[:, 0], back[:, 2:], back[:, 5], dz[::-1], strict=True)
        for da_t, by_a, dc, by_c, dc_earlier, dz_t in steps:
            np.add(da_prev, da_t, out=da_prev)
            np.multiply(by_a, da_prev, out=by_a)
            np.add(dc, dc_later, out=dc)
            np.multiply(by_c, dc, out=by_c)
            send(dz_t)
            dc_later = dc_earlier
        dc_prev[:] = dc_later
        return dz

    W = np.concatenate([parameters["W" + gate] for gate in "oifc"])
    return pull_back(da, da_prev, W, arrays[2], arrays[8], pull_block)


def lstm_gradients(dW, dx, da0):
    """Return the dict of gradients, those of the stacked weights parted by gate."""
    gradients = {"dx": dx.transpose(SEQUENCE), "da0": da0}
    dWo, dWi, dWf, dWc = dW.reshape(4, len(da0), -1)
    for gate, dWb in (("f", dWf), ("i", dWi), ("c", dWc), ("o", dWo)):
        gradients |= {"dW" + gate: dWb[:, :-1], "db" + gate: dWb[:, -1:]}
    return gradients


@takes(parameters=lstm.PARAMETERS, x="n_x m T_x", a0="n_a m", c0="n_a m")
def lstm_forward(x, a0, parameters, c0=None):
    """Run the LSTM over a sequence; as `seqgrad.lstm.lstm_forward`."""
    steps = run_lstm(x, a0, c0, parameters)
    a, c = steps.arrays[:2]
    y = softmax((np.matmul(parameters["Wy"], a) + parameters["by"]).transpose(SEQUENCE))  # idea 4
    return a.copy().transpose(SEQUENCE), y, c.copy().transpose(SEQUENCE), (steps, x)


@takes(caches=(("steps", ["T_x", lstm.CACHE]), ("x", "n_x m T_x")), da="n_a m ..T_x")
def lstm_backward(da, caches):
    """Pull gradients back through the sequence; as `seqgrad.lstm.lstm_backward`."""
    arrays, parameters = unzip(caches[0], da.shape[2])
    da0, dc0 = np.zeros((2, *arrays[0].shape[1:]), arrays[0].dtype)
    dW, dx = pull_lstm(da, da0, dc0, arrays, parameters)
    return lstm_gradients(dW, dx, da0)


@takes(parameters=lstm.PARAMETERS, x="n_x m T_x", a0="n_a m", c0="n_a m", da="n_a m ..T_x")
def lstm_backward_checkpointed(da, x, a0, parameters, c0=None, segment=None):
    """Pull gradients back through a sequence whose caches would not fit in memory.

    Keeps only the states at which segments begin, and runs each segment again when its turn comes.  `segment`
    is its number of steps; if left out, the root of all, and so grows the memory beside `da`, `x` and ``dx``.
    """
    T, segment = da.shape[2], max(1, segment or int(da.shape[2] ** 0.5))
    segments = [slice(start, min(start + segment, T)) for start in range(0, T, segment)]
    states = [(a0, c0)]
    for part in segments[:-1]:
        ends = run_lstm(x[:, :, part], *states[-1], parameters).arrays[:2]
        states.append(tuple(end[-1].copy() for end in ends))
    da0, dc0 = np.zeros((2, *a0.shape), np.result_type(x, a0, parameters["Wf"]))
    dx, dW = np.empty((T, *x.shape[:2]), da0.dtype), 0
    for part in reversed(segments):
        again = partial(run_lstm, x[:, :, part], *states.pop(), parameters)  # no name holds its caches
        dW_part, dx[part] = pull_lstm(da[:, :, part], da0, dc0, again().arrays, parameters)
        dW = dW + dW_part
    return lstm_gradients(dW, dx, da0)
