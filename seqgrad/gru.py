"""The GRU: a step, the sequence, a step back, backpropagation through time.

Forward:   x, a0, parameters  ->  a, y, caches.
Backward:  da, caches  ->  a dict of gradients.

Both gates act on ``[a_prev; xt]``, the previous hidden state on top of the input.  The
candidate acts on ``[rt * a_prev; xt]``: the relevance gate acts on the state *before*
the product with ``Wc``.  ``ut`` is the share of the candidate in the new state.  Other
texts and frameworks differ in these two points, and many call the relevance gate the
reset gate; chapter 11 compares them.
"""

import numpy as np

from seqgrad.activations import sigmoid, softmax
from seqgrad.shapes import takes

WEIGHTS = {"Wu": "n_a n_a+n_x", "Wr": "n_a n_a+n_x", "Wc": "n_a n_a+n_x"}
BIASES = {"bu": "n_a 1", "br": "n_a 1", "bc": "n_a 1"}
PARAMETERS = BIASES | WEIGHTS | {"Wy?": "n_y n_a", "by?": "n_y 1"}
STATES = ("a_next", "a_prev", "ut", "rt", "cct")
CACHE = (*((state, "n_a m") for state in STATES), ("xt", "n_x m"), ("parameters", WEIGHTS))


@takes(parameters=PARAMETERS, xt="n_x m", a_prev="n_a m")
def gru_cell_forward(xt, a_prev, parameters):
    """Take one step of the GRU.

    Parameters
    ----------
    xt : (n_x, m)
        Input at this step.
    a_prev : (n_a, m)
        Hidden state before the step.
    parameters : dict
        ``Wu``, ``Wr``, ``Wc`` (n_a, n_a + n_x) with their biases ``bu``, ``br``, ``bc``
        (n_a, 1) for the update gate, the relevance gate and the candidate; for the
        prediction ``Wy`` (n_y, n_a), ``by`` (n_y, 1), which may be left out together.

    Returns
    -------
    a_next : (n_a, m)
        Hidden state after the step.
    yt_pred : (n_y, m) or None
        Probability of each class; each column sums to 1.  None without ``Wy``, ``by``.
    cache : tuple
        ``(a_next, a_prev, ut, rt, cct, xt, parameters)``.

    Raises
    ------
    ValueError, TypeError
        If a parameter is missing, a shape does not fit, or an array holds integers; the
        message names it.

    Notes
    -----
    Chung, Gulcehre, Cho & Bengio, "Empirical Evaluation of Gated Recurrent Neural
    Networks on Sequence Modeling", arXiv:1412.3555 (2014), section 3.2; their z is our
    u, their h our a.
    """
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    bu, br, bc = parameters["bu"], parameters["br"], parameters["bc"]

    # What both gates look at: the previous hidden state on top of the input.
    concat = np.concatenate([a_prev, xt], axis=0)

    # The update gate and the relevance gate, each between 0 and 1, each with weights and
    # a bias of its own.
    ut = sigmoid(Wu @ concat + bu)
    rt = sigmoid(Wr @ concat + br)

    # What the candidate looks at: the previous hidden state times the relevance gate, on
    # top of the input.
    concat_r = np.concatenate([rt * a_prev, xt], axis=0)

    # The candidate for the hidden state, between -1 and 1.
    cct = np.tanh(Wc @ concat_r + bc)

    # The hidden state: the candidate where the update gate is open, the previous state
    # where it is closed, and a mixture of both in between.
    a_next = ut * cct + (1 - ut) * a_prev

    # The prediction: the softmax of the scores that the new hidden state gives to the
    # classes. Without an output layer there is none.
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"]) if "Wy" in parameters else None

    # What the backward pass will need, in this order: the new state, the previous state,
    # the update gate, the relevance gate, the candidate, the input and the parameters.
    cache = (a_next, a_prev, ut, rt, cct, xt, parameters)

    return a_next, yt_pred, cache


@takes(parameters=PARAMETERS, x="n_x m T_x", a0="n_a m")
def gru_forward(x, a0, parameters):
    """Run the GRU over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
        Inputs; time runs along the last axis.
    a0 : (n_a, m)
        Hidden state before the first step.
    parameters : dict
        As for `gru_cell_forward`.

    Returns
    -------
    a : (n_a, m, T_x)
        Hidden state after each step.
    y : (n_y, m, T_x) or None
        Prediction at each step; None without ``Wy``, ``by``.
    caches : tuple
        ``(list of the T_x cell caches, x)``.

    Raises
    ------
    ValueError, TypeError
        As `gru_cell_forward`; also if `x` has no steps.

    Notes
    -----
    Chung, Gulcehre, Cho & Bengio, "Empirical Evaluation of Gated Recurrent Neural
    Networks on Sequence Modeling", arXiv:1412.3555 (2014), section 3.2.
    """
    T_x = x.shape[2]
    hidden_states, predictions, steps = [], [], []

    # The hidden state before the first step.
    a_next = a0

    for t in range(T_x):
        # One step: the input at time t meets the state that the step before it left.
        a_next, yt_pred, cache = gru_cell_forward(x[:, :, t], a_next, parameters)

        # Keep what the step returned, each at the end of its list.
        hidden_states.append(a_next)
        predictions.append(yt_pred)
        steps.append(cache)

    # One array of all hidden states, time along the last axis.
    a = np.stack(hidden_states, axis=2)

    # One array of all predictions likewise. Without an output layer there are none.
    y = np.stack(predictions, axis=2) if "Wy" in parameters else None

    # What the backward pass will need: the list of the steps' caches, and x.
    caches = (steps, x)

    return a, y, caches


@takes(cache=CACHE, da_next="n_a m")
def gru_cell_backward(da_next, cache):
    """Pull a gradient back through one step of the GRU.

    Forward made the candidate ``tanh(Wc @ [rt * a_prev; xt] + bc)`` and the hidden state
    ``ut * cct + (1 - ut) * a_prev``.

    Parameters
    ----------
    da_next : (n_a, m)
        Gradient of the loss at the hidden state that the step produced.
    cache : tuple
        ``(a_next, a_prev, ut, rt, cct, xt, parameters)``, as `gru_cell_forward`
        returned it.

    Returns
    -------
    dict
        ``dxt`` (n_x, m), ``da_prev`` (n_a, m), ``dWu``, ``dWr``, ``dWc``
        (n_a, n_a + n_x), ``dbu``, ``dbr``, ``dbc`` (n_a, 1).  Weight gradients are
        summed over the batch, not averaged.

    Raises
    ------
    ValueError, TypeError
        If `da_next` does not have the shape of the state, or the cache is not such a
        tuple.

    Notes
    -----
    The previous state is reached in four ways: directly, through the candidate, and
    through each of the two gates.

    The forward pass is that of Chung, Gulcehre, Cho & Bengio, "Empirical Evaluation of
    Gated Recurrent Neural Networks on Sequence Modeling", arXiv:1412.3555 (2014),
    section 3.2.
    """
    a_next, a_prev, ut, rt, cct, xt, parameters = cache
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    n_a = a_next.shape[0]

    # From the hidden state to the candidate, and through its tanh to its pre-activation.
    dzc = da_next * ut * (1 - cct**2)

    # From the hidden state to the update gate, which weighs the candidate against the
    # previous state, and through its sigmoid.
    dzu = da_next * (cct - a_prev) * ut * (1 - ut)

    # The candidate looked at [rt * a_prev; xt]: what it sends back to the two parts.
    dconcat_r = Wc.T @ dzc
    da_relevant = dconcat_r[:n_a]
    dxt_candidate = dconcat_r[n_a:]

    # From the product rt * a_prev to the relevance gate, and through its sigmoid.
    dzr = da_relevant * a_prev * rt * (1 - rt)

    # Both gates looked at [a_prev; xt]: add up what they send back.
    dconcat = Wu.T @ dzu + Wr.T @ dzr

    # The previous state is reached directly, through the product with the relevance
    # gate, and through both gates; the input through the candidate and through both.
    da_prev = da_next * (1 - ut) + da_relevant * rt + dconcat[:n_a]
    dxt = dxt_candidate + dconcat[n_a:]

    # From the pre-activations to the weights, by what each of them looked at; each sums
    # over the batch.
    concat = np.concatenate([a_prev, xt], axis=0)
    concat_r = np.concatenate([rt * a_prev, xt], axis=0)
    dWu = dzu @ concat.T
    dWr = dzr @ concat.T
    dWc = dzc @ concat_r.T

    # From the pre-activations to the biases; these, too, sum over the batch.
    dbu = dzu.sum(axis=1, keepdims=True)
    dbr = dzr.sum(axis=1, keepdims=True)
    dbc = dzc.sum(axis=1, keepdims=True)

    return {
        "dxt": dxt, "da_prev": da_prev,
        "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc,
    }  # fmt: skip


@takes(caches=(("steps", ["T_x", CACHE]), ("x", "n_x m T_x")), da="n_a m ..T_x")
def gru_backward(da, caches):
    """Pull gradients back through the sequence: backpropagation through time.

    Parameters
    ----------
    da : (n_a, m, T)
        Gradient that reaches the hidden state of each step from its own output,
        *without* the path through later steps.  T may be smaller than T_x: the pass
        then runs over the first T steps.
    caches : tuple
        ``(list of cell caches, x)``, as `gru_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T), ``da0`` (n_a, m), ``dWu``, ``dWr``, ``dWc``
        (n_a, n_a + n_x), ``dbu``, ``dbr``, ``dbc`` (n_a, 1).  Weight gradients are
        summed over the batch and over time.

    Raises
    ------
    ValueError, TypeError
        If `da` has more steps than the caches, or another shape or batch.

    Notes
    -----
    Backpropagation through time: Goodfellow, Bengio & Courville, *Deep Learning*,
    section 10.2.2.
    """
    steps, x = caches
    T = da.shape[2]
    parameters = steps[0][6]

    # Room for the gradient at each input.
    dx = np.zeros_like(x[:, :, :T])

    # Nothing comes back from beyond the last step.
    da_prev = np.zeros_like(da[:, :, 0])

    # Sums over the steps that begin at zero: for each gate and for the candidate the
    # weights and the bias.
    dWu, dWr, dWc = (np.zeros_like(parameters["W" + gate]) for gate in "urc")
    dbu, dbr, dbc = (np.zeros_like(parameters["W" + gate][:, :1]) for gate in "urc")

    for t in reversed(range(T)):
        # The gradient at this hidden state: from its own output, and from the step
        # after it.
        da_next = da[:, :, t] + da_prev

        # One step back; what it sends to the previous state is carried on.
        step = gru_cell_backward(da_next, steps[t])
        da_prev = step["da_prev"]

        # The gradient at this step's input.
        dx[:, :, t] = step["dxt"]

        # All steps share their weights, so their contributions add up, gate by gate.
        dWu += step["dWu"]
        dbu += step["dbu"]
        dWr += step["dWr"]
        dbr += step["dbr"]
        dWc += step["dWc"]
        dbc += step["dbc"]

    # What comes out of the first step is the gradient at the initial hidden state.
    da0 = da_prev

    return {
        "dx": dx, "da0": da0,
        "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc,
    }  # fmt: skip
