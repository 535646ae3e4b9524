"""Blank templates in the manner of the assignment: None where each step belongs, and lines that are given."""

TEMPLATES = {
    "softmax": (
        """
def softmax(x):
    ### START CODE HERE ###
    e_x = None
    ### END CODE HERE ###
    return None
""",
        """
def softmax(x):
    s = None
    return s
""",
    ),
    "sigmoid": (
        """
def sigmoid(x):
    ### START CODE HERE ###
    s = None
    ### END CODE HERE ###
    return s
""",
    ),
    "initialize_adam": (
        """
def initialize_adam(parameters):
    L = len(parameters) // 2
    v = {}
    s = {}
    ### START CODE HERE ###
    for l in range(L):
        v["d" + "W" + str(l + 1)] = None
        v["d" + "b" + str(l + 1)] = None
        s["d" + "W" + str(l + 1)] = None
        s["d" + "b" + str(l + 1)] = None
    ### END CODE HERE ###
    return v, s
""",
    ),
    "update_parameters_with_adam": (
        """
def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate=0.01,
                                beta1=0.9, beta2=0.999, epsilon=1e-8):
    L = len(parameters) // 2
    v_corrected = {}
    s_corrected = {}
    ### START CODE HERE ###
    for l in range(L):
        v["d" + "W" + str(l + 1)] = None
        v["d" + "b" + str(l + 1)] = None
        v_corrected["d" + "W" + str(l + 1)] = None
        v_corrected["d" + "b" + str(l + 1)] = None
        s["d" + "W" + str(l + 1)] = None
        s["d" + "b" + str(l + 1)] = None
        s_corrected["d" + "W" + str(l + 1)] = None
        s_corrected["d" + "b" + str(l + 1)] = None
        parameters["W" + str(l + 1)] = None
        parameters["b" + str(l + 1)] = None
    ### END CODE HERE ###
    return parameters, v, s
""",
    ),
    "rnn_cell_forward": (
        """
def rnn_cell_forward(xt, a_prev, parameters):
    Wax = parameters["Wax"]
    ba = parameters["ba"]
    ### START CODE HERE ###
    a_next = None
    yt_pred = None
    ### END CODE HERE ###
    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache
""",
    ),
    "rnn_forward": (
        """
def rnn_forward(x, a0, parameters):
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    ### START CODE HERE ###
    a = None
    y_pred = None
    a_next = None
    for t in range(None):
        a_next, yt_pred, cache = None
        a[:, :, t] = None
        y_pred[:, :, t] = None
        None
    ### END CODE HERE ###
    caches = (caches, x)
    return a, y_pred, caches
""",
        """
def rnn_forward(x, a0, parameters):
    caches = []
    n_x, m, T_x = x.shape
    ### START CODE HERE ###
    a = None
    y_pred = None
    a_next = None
    for t in range(T_x):
        caches.append(None)
    ### END CODE HERE ###
    return a, y_pred, (caches, x)
""",
    ),
    "rnn_cell_backward": (
        """
def rnn_cell_backward(da_next, cache):
    (a_next, a_prev, xt, parameters) = cache
    Waa = parameters["Waa"]
    ### START CODE HERE ###
    dtanh = None
    dxt = None
    dWax = None
    da_prev = None
    dWaa = None
    dba = None
    ### END CODE HERE ###
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
""",
        """
def rnn_cell_backward(da_next, cache):
    ### START CODE HERE ###
    (a_next, a_prev, xt, parameters) = None
    dtanh = None
    dxt = None
    ### END CODE HERE ###
    return {'dxt': dxt}
""",
    ),
    "rnn_backward": (
        """
def rnn_backward(da, caches):
    ### START CODE HERE ###
    (caches, x) = None
    (a1, a0, x1, parameters) = None
    n_a, m, T_x = None
    n_x, m = None
    dx = None
    dWax = None
    dWaa = None
    dba = None
    da0 = None
    da_prevt = None
    for t in reversed(range(None)):
        gradients = None
        dxt, da_prevt = gradients["dxt"], gradients["da_prev"]
        dx[:, :, t] = None
        dWax += None
        dWaa += None
    ### END CODE HERE ###
    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}
""",
    ),
    "lstm_cell_forward": (
        """
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_x, m = xt.shape
    n_y, n_a = parameters['Wy'].shape
    ### START CODE HERE ###
    concat = None
    concat[: n_a, :] = None
    concat[n_a :, :] = None
    ft = None
    it = None
    cct = None
    c_next = None
    ot = None
    a_next = None
    yt_pred = None
    ### END CODE HERE ###
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache
""",
        """
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_x, m = xt.shape
    ### START CODE HERE ###
    concat = None
    ft = None
    it = None
    cct = None
    c_next = None
    ot = None
    a_next = None
    yt_pred = None
    ### END CODE HERE ###
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache
""",
    ),
    "lstm_forward": (
        """
def lstm_forward(x, a0, parameters):
    caches = []
    ### START CODE HERE ###
    n_x, m, T_x = None
    n_y, n_a = None
    a = None
    c = None
    y = None
    a_next = None
    c_next = None
    for t in range(None):
        xt = None
        a_next, c_next, yt, cache = None
        c[:, :, t] = None
        None
    ### END CODE HERE ###
    caches = (caches, x)
    return a, y, c, caches
""",
    ),
    "lstm_cell_backward": (
        """
def lstm_cell_backward(da_next, dc_next, cache):
    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache
    ### START CODE HERE ###
    n_x, m = None
    n_a, m = None
    dot = None
    dcct = None
    dit = None
    dft = None
    dWf = None
    dbf = None
    da_prev = None
    dc_prev = None
    dxt = None
    ### END CODE HERE ###
    return {"dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev, "dWf": dWf, "dbf": dbf}
""",
    ),
    "lstm_backward": (
        """
def lstm_backward(da, caches):
    (caches, x) = caches
    (a1, c1, a0, c0, f1, i1, cc1, o1, x1, p) = caches[0]
    ### START CODE HERE ###
    n_a, m, T_x = None
    n_x, m = None
    dx = None
    da0 = None
    da_prevt = None
    dc_prevt = None
    dWf = None
    dbf = None
    for t in reversed(range(None)):
        gradients = None
        dx[:, :, t] = None
        dWf = None
    ### END CODE HERE ###
    return {"dx": dx, "da0": da0, "dWf": dWf, "dbf": dbf}
""",
    ),
    "clip": (
        """
def clip(gradients, maxValue):
    dWaa, db = gradients["dWaa"], gradients["db"]
    ### START CODE HERE ###
    for gradient in None:
        np.clip(None, None, None, out=None)
    ### END CODE HERE ###
    return {"dWaa": dWaa, "db": db}
""",
        """
def clip(gradients, maxValue):
    ### START CODE HERE ###
    for gradient in None:
        None
    ### END CODE HERE ###
    return gradients
""",
    ),
    "sample": (
        """
def sample(parameters, char_to_ix, seed):
    by = parameters["by"]
    vocab_size = by.shape[0]
    ### START CODE HERE ###
    x = None
    a_prev = None
    indices = []
    idx = -1
    counter = 0
    while idx != 0 and counter != 50:
        a = None
        y = None
        np.random.seed(counter + seed)
        idx = np.random.choice(None, p=None)
        indices.append(idx)
        x[idx] = None
        counter += 1
    ### END CODE HERE ###
    return indices
""",
    ),
}
