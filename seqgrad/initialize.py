"""Parameters before training: random weights of a fitting size, biases of zero, an open forget gate."""

import numpy as np


def rnn_parameters(rng, n_x, n_a, n_y):
    """Draw parameters for an RNN.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_x, n_a, n_y : int
        Sizes of the input, the hidden state and the output.

    Returns
    -------
    dict
        ``Wax`` (n_a, n_x), ``Waa`` (n_a, n_a), ``Wya`` (n_y, n_a) with entries of
        standard deviation one over the root of their columns, ``ba`` (n_a, 1), ``by``
        (n_y, 1) of zeros.
    """
    return {
        "Wax": _weights(rng, n_a, n_x),
        "Waa": _weights(rng, n_a, n_a),
        "Wya": _weights(rng, n_y, n_a),
        "ba": np.zeros((n_a, 1)),
        "by": np.zeros((n_y, 1)),
    }


def lstm_parameters(rng, n_x, n_a, n_y, forget_bias=1.0):
    """Draw parameters for an LSTM.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_x, n_a, n_y : int
        Sizes of the input, the states and the output.
    forget_bias : float
        What ``bf`` holds; 1 opens the forget gate to 0.73, so that the cell state
        begins by remembering.

    Returns
    -------
    dict
        ``Wf``, ``Wi``, ``Wc``, ``Wo`` (n_a, n_a + n_x) and ``Wy`` (n_y, n_a), with
        entries of standard deviation one over the root of their columns, and the biases
        ``bf``, ``bi``, ``bc``, ``bo`` (n_a, 1), ``by`` (n_y, 1).

    Notes
    -----
    The forget bias: Jozefowicz, Zaremba & Sutskever, "An Empirical Exploration of
    Recurrent Network Architectures", ICML 2015, section 2.2.
    """
    parameters = {}
    for gate in "fico":
        parameters["W" + gate] = _weights(rng, n_a, n_a + n_x)
        parameters["b" + gate] = np.full((n_a, 1), float(forget_bias if gate == "f" else 0))
    return parameters | {"Wy": _weights(rng, n_y, n_a), "by": np.zeros((n_y, 1))}


def gru_parameters(rng, n_x, n_a, n_y):
    """Draw parameters for a GRU.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_x, n_a, n_y : int
        Sizes of the input, the hidden state and the output.

    Returns
    -------
    dict
        ``Wu``, ``Wr``, ``Wc`` (n_a, n_a + n_x) and ``Wy`` (n_y, n_a), with entries of
        standard deviation one over the root of their columns, and the biases ``bu``,
        ``br``, ``bc`` (n_a, 1), ``by`` (n_y, 1) of zeros: both gates begin half open.
    """
    parameters = {}
    for gate in "urc":
        parameters["W" + gate] = _weights(rng, n_a, n_a + n_x)
        parameters["b" + gate] = np.zeros((n_a, 1))
    return parameters | {"Wy": _weights(rng, n_y, n_a), "by": np.zeros((n_y, 1))}


def transformer_parameters(rng, n_x, n_a, n_y, n_h=None):
    """Draw parameters for a transformer.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_x, n_a, n_y : int
        Sizes of the input, of what goes from layer to layer, and of the output.
    n_h : int, optional
        Size of the dense layer in between; twice n_a if it is not given.

    Returns
    -------
    dict
        ``Wq``, ``Wk``, ``Wv``, ``Wo`` (n_a, n_a), ``W1`` (n_h, n_a), ``W2`` (n_a, n_h)
        and ``Wy`` (n_y, n_a), with entries of standard deviation one over the root of
        their columns; ``We`` (n_a, n_x) with entries of standard deviation 1, for it
        acts on a single 1; the biases ``be``, ``b1``, ``b2``, ``by`` of zeros; scales
        ``gamma1`` to ``gamma3`` (n_a, 1) of ones, and shifts ``beta1`` to ``beta3`` of
        zeros.
    """
    n_h = n_h or 2 * n_a
    parameters = {"We": rng.standard_normal((n_a, n_x)), "be": np.zeros((n_a, 1))}
    parameters |= {name: _weights(rng, n_a, n_a) for name in ("Wq", "Wk", "Wv", "Wo")}
    parameters |= {"W1": _weights(rng, n_h, n_a), "b1": np.zeros((n_h, 1))}
    parameters |= {"W2": _weights(rng, n_a, n_h), "b2": np.zeros((n_a, 1))}
    for i in (1, 2, 3):
        parameters |= {f"gamma{i}": np.ones((n_a, 1)), f"beta{i}": np.zeros((n_a, 1))}
    return parameters | {"Wy": _weights(rng, n_y, n_a), "by": np.zeros((n_y, 1))}


def _weights(rng, rows, columns):
    return rng.standard_normal((rows, columns)) / np.sqrt(columns)
