"""Training on names: batches, the loss with all its gradients, a step, the loss on names not seen.

    names  ->  x, y  ->  loss, gradients  ->  better parameters.

Every function takes the parameters of an RNN, an LSTM, a GRU or a transformer, and leaves them as they were.
The passes of an RNN or an LSTM over a sequence are those of `seqgrad.fused`; ``functions=seqgrad`` takes the
readable ones, with the same results.  For a GRU and a transformer there are only readable ones.
"""

import numpy as np

from seqgrad import fused
from seqgrad.gru import gru_backward, gru_forward
from seqgrad.optimize import clip_by_global_norm, update_parameters_with_adam
from seqgrad.output import cross_entropy_backward, cross_entropy_forward, output_backward
from seqgrad.text import names_to_arrays
from seqgrad.transformer import transformer_backward, transformer_forward


def split(names, share, rng):
    """Shuffle the names and hold out a share of them.

    Returns
    -------
    train, held_out : list of str
        Shuffled first: in an alphabetical list, neighbours share their beginnings.
    """
    order = rng.permutation(len(names))
    held_out = round(share * len(names))
    return [names[i] for i in order[held_out:]], [names[i] for i in order[:held_out]]


def batches(names, size, rng):
    """Yield the names in random order, `size` at a time; the last batch takes what is left."""
    order = rng.permutation(len(names))
    for start in range(0, len(names), size):
        yield [names[i] for i in order[start : start + size]]


def passes(parameters, functions=fused):
    """Return the forward and the backward pass of the network to which the parameters belong."""
    if "Wq" in parameters:
        return transformer_forward, transformer_backward
    if "Wu" in parameters:
        return gru_forward, gru_backward
    if "Wf" in parameters:
        return functions.lstm_forward, functions.lstm_backward
    return functions.rnn_forward, functions.rnn_backward


def predict(x, parameters, functions=fused):
    """Run the network over x (n_x, m, T_x), from a hidden state of zeros if it has one.

    Parameters
    ----------
    x : (n_x, m, T_x)
    parameters : dict
        Of an RNN, an LSTM, a GRU or a transformer.
    functions : module
        Whose passes over a sequence to take for an RNN or an LSTM: `seqgrad.fused`, or
        `seqgrad` for the readable ones.

    Returns
    -------
    y_pred : (n_y, m, T_x)
    a : (n_a, m, T_x)
        The hidden states; of a transformer what its output layer sees.
    caches : tuple
        What the network's backward pass needs.
    """
    forward, _ = passes(parameters, functions)
    if forward is transformer_forward:
        a, y_pred, caches = forward(x, parameters)
    else:
        n_a = parameters["Wya" if "Wya" in parameters else "Wy"].shape[1]
        a, y_pred, *_, caches = forward(x, np.zeros((n_a, x.shape[1]), x.dtype), parameters)
    return y_pred, a, caches


def loss_and_gradients(x, y, parameters, functions=fused):
    """Go forward to the loss and back to every parameter.

    Parameters
    ----------
    x, y : (n_x, m, T_x), (n_y, m, T_x)
        Inputs and one-hot targets.
    parameters, functions
        As for `predict`.

    Returns
    -------
    loss : float
        Nats per character, averaged over all columns that have a target.
    gradients : dict
        ``"d" + name`` for every parameter, of that loss.
    """
    y_pred, a, caches = predict(x, parameters, functions)
    loss, cache = cross_entropy_forward(y_pred, y)
    output = output_backward(cross_entropy_backward(cache), a, parameters)
    _, backward = passes(parameters, functions)
    gradients = output | backward(output["da"], caches)
    return loss, {"d" + name: gradients["d" + name] for name in parameters}


def step(x, y, parameters, v, s, t, learning_rate, max_norm=1.0, functions=fused):
    """Take one step of training: forward, loss, backward, clip, Adam.

    Parameters
    ----------
    x, y : (n_x, m, T_x), (n_y, m, T_x)
        One batch.
    parameters, v, s, t, learning_rate
        As for `update_parameters_with_adam`.
    max_norm : float
        The largest norm of all gradients together, as for `clip_by_global_norm`.
    functions : module
        As for `predict`.

    Returns
    -------
    loss, norm : float
        The loss, and the norm of all its gradients together, before the step.
    parameters, v, s : dict
        After it.
    """
    loss, gradients = loss_and_gradients(x, y, parameters, functions)
    gradients, norm = clip_by_global_norm(gradients, max_norm)
    return loss, norm, *update_parameters_with_adam(parameters, gradients, v, s, t, learning_rate)


def cross_entropy(names, parameters):
    """Return the mean surprise of a network in nats per character, newlines included."""
    x, y = names_to_arrays(names)
    loss, _ = cross_entropy_forward(predict(x, parameters)[0], y)
    return loss
