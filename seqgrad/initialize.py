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


def _weights(rng, rows, columns):
    return rng.standard_normal((rows, columns)) / np.sqrt(columns)
