"""Mistakes that people make, each as an edit of a learner's text.

    id: (function, where it must be placed, (text before, text after), ...)

The place is a word that the verdict's finding must hold: the gate, the array, the step,
the kind, or the line of an exception.
"""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

import re

from tests.learners import FAMILIES, TEXTS, notebook

SQUASH = "(1 - np.square(np.tanh(c_next)))"
F_PATHS = f"(dc_next * c_prev + ot * {SQUASH} * c_prev * da_next)"
I_PATHS = f"(dc_next * cct + ot * {SQUASH} * cct * da_next)"
C_PATHS = f"(dc_next * it + ot * {SQUASH} * it * da_next)"
SUMS = [f"d{kind}{gate} = d{kind}{gate} + " for gate in "fico" for kind in "Wb"]
CARRY = "da[:, :, t] + da_prevt, dc_prevt"
BIAS_SUMS = [(f"db{gate} = db{gate} +", f"db{gate} = dbf +") for gate in "ico"]

MISTAKES = {
    # initialize_adam
    "zero_based_keys": ("initialize_adam", "dW1|db1|W0", ("str(l + 1)", "str(l)")),
    "bias_1d": ("initialize_adam", "db1", ('parameters["b" + str(l + 1)].shape)', 'len(parameters["b" + str(l + 1)]))')),
    "L_not_halved": ("initialize_adam", "W4", ("len(parameters) // 2", "len(parameters)")),
    "integer_moments": ("initialize_adam", "int", (".shape)", ".shape, dtype=int)")),
    "v_and_s_are_one": ("initialize_adam", "same array", ("return v, s", "return v, v")),
    # update_parameters_with_adam
    "correction_without_power": ("update_parameters_with_adam", "corrected", ("np.power(beta1, t)", "beta1"), ("np.power(beta2, t)", "beta2")),
    "inplace_parameters": ("update_parameters_with_adam", "parameters", ("parameters[k] = parameters[k] - learning_rate", "parameters[k] -= learning_rate")),
    "no_bias_correction": ("update_parameters_with_adam", "corrected", (" / (1 - np.power(beta1, t))", ""), (" / (1 - np.power(beta2, t))", "")),
    "correction_written_back": ("update_parameters_with_adam", "v", ('v_corrected["d" + k] = v["d" + k] /', 'v_corrected["d" + k] = v["d" + k] = v["d" + k] /'), ('s_corrected["d" + k] = s["d" + k] /', 's_corrected["d" + k] = s["d" + k] = s["d" + k] /')),
    "writes_dW_into_parameters": ("update_parameters_with_adam", "dW1", ("parameters[k] = parameters[k]", 'parameters["d" + k] = parameters["d" + k]')),
    "betas_swapped": ("update_parameters_with_adam", "beta", ('beta1 * v["d" + k] + (1 - beta1)', 'beta2 * v["d" + k] + (1 - beta2)'), ('beta2 * s["d" + k] + (1 - beta2)', 'beta1 * s["d" + k] + (1 - beta1)')),
    "v_s_swapped_in_step": ("update_parameters_with_adam", "parameters", ('learning_rate * v_corrected["d" + k]', 'learning_rate * s_corrected["d" + k]'), ('np.sqrt(s_corrected["d" + k])', 'np.sqrt(v_corrected["d" + k])')),
    "uncorrected_in_step": ("update_parameters_with_adam", "corrected", ('learning_rate * v_corrected["d" + k]', 'learning_rate * v["d" + k]'), ('np.sqrt(s_corrected["d" + k])', 'np.sqrt(s["d" + k])')),
    "missing_1_minus_beta": ("update_parameters_with_adam", "v", ("(1 - beta1) * ", ""), ("(1 - beta2) * ", "")),
    "no_sqrt": ("update_parameters_with_adam", "sqrt", ('np.sqrt(s_corrected["d" + k])', '(s_corrected["d" + k])')),
    "beta_times_t": ("update_parameters_with_adam", "corrected", ("np.power(beta1, t)", "beta1 * t"), ("np.power(beta2, t)", "beta2 * t")),
    "numerator_is_gradient": ("update_parameters_with_adam", "step|parameters", ('learning_rate * v_corrected["d" + k]', 'learning_rate * grads["d" + k]')),
    "epsilon_under_the_root": ("update_parameters_with_adam", "epsilon", ('np.sqrt(s_corrected["d" + k]) + epsilon', 'np.sqrt(s_corrected["d" + k] + epsilon)')),
    # lstm_backward
    "no_recurrence": ("lstm_backward", "carried", (CARRY, "da[:, :, t], 0 * dc_prevt")),
    "states_never_updated": ("lstm_backward", "carried", ('        da_prevt = gradients["da_prev"]\n        dc_prevt = gradients["dc_prev"]\n', "")),
    "overwrite": ("lstm_backward", "overwritten", *((one, one.split(" = ")[0] + " = ") for one in SUMS)),
    "carried_accumulate": ("lstm_backward", "da_prev|added up", ('da_prevt = gradients', "da_prevt = da_prevt + gradients"), ("dc_prevt = gradients", "dc_prevt = dc_prevt + gradients")),
    "no_da_prevt": ("lstm_backward", "da_prev|carried", ("da[:, :, t] + da_prevt", "da[:, :, t]")),
    "wrong_name": ("lstm_backward", "da_prev_t", ("da[:, :, t] + da_prevt", "da[:, :, t] + da_prev_t")),
    "bias_sums_start_from_dbf": ("lstm_backward", "bias|dbf", *BIAS_SUMS),
    "v3_expected_output": ("lstm_backward", "carried", (CARRY, "da[:, :, t], 0 * dc_prevt"), *BIAS_SUMS),
    "no_dc_prevt": ("lstm_backward", "dc_prev", (CARRY, "da[:, :, t] + da_prevt, 0 * dc_prevt")),
    "T_from_caches": ("lstm_backward", "caches|fewer steps", ("caches[t])", "caches[t - T_x])")),
    "forward_loop": ("lstm_backward", "forward in time", ("reversed(range(T_x))", "range(T_x)")),
    "cache0_every_step": ("lstm_backward", "steps\\[0\\]|caches|time step", ("caches[t])", "caches[0])")),
    "da0_zero": ("lstm_backward", "da0", ("da0 = da_prevt", "pass")),
    "args_swapped": ("lstm_backward", "exchanged|da_next|dc_prev", (CARRY, "dc_prevt, da[:, :, t] + da_prevt")),
    "dc_from_da_prev": ("lstm_backward", "dc_prev", ('dc_prevt = gradients["dc_prev"]', 'dc_prevt = gradients["da_prev"]')),
    # lstm_cell_backward
    "dft_activation_again": ("lstm_cell_backward", "forget gate", (f"{F_PATHS} * ft * (1 - ft)", f"{F_PATHS} * sigmoid(ft)")),
    "tanh_c_prev": ("lstm_cell_backward", "c_prev", ("np.tanh(c_next)", "np.tanh(c_prev)")),
    "v3_equations": ("lstm_cell_backward", "parentheses", (f"{C_PATHS} * (1 - np.square(cct))", f"dc_next * it + ot * {SQUASH} * it * da_next * cct * (1 - np.square(np.tanh(cct)))"), (I_PATHS, I_PATHS[1:-1]), (F_PATHS, F_PATHS[1:-1])),
    "double_sigmoid": ("lstm_cell_backward", "sigmoid", ("* ft * (1 - ft)", "* sigmoid(ft) * (1 - sigmoid(ft))"), ("* it * (1 - it)", "* sigmoid(it) * (1 - sigmoid(it))"), ("* ot * (1 - ot)", "* sigmoid(ot) * (1 - sigmoid(ot))")),
    "db_axis0": ("lstm_cell_backward", "dbf", ("axis=1", "axis=0")),
    "concat_x_first": ("lstm_cell_backward", "concat|a_prev; xt", ("(a_prev, xt)", "(xt, a_prev)")),
    "global_weights": ("lstm_cell_backward", "Wf", *((f'parameters["W{gate}"]', f"W{gate}") for gate in "fico")),
    "mean_over_batch": ("lstm_cell_backward", "averaged|number of examples", (", concat.T)", ", concat.T) / m"), ("keepdims=True)", "keepdims=True) / m")),
    "no_square_in_dcct": ("lstm_cell_backward", "candidate", (f"{SQUASH} * it * da_next) *", "(1 - np.tanh(c_next)) * it * da_next) *")),
    "dc_sum_da": ("lstm_cell_backward", "cell state", (f"ot * {SQUASH} * it * da_next", "it * da_next"), (f"ot * {SQUASH} * cct * da_next", "cct * da_next"), (f"ot * {SQUASH} * c_prev * da_next", "c_prev * da_next"), (f"ot * {SQUASH} * ft * da_next", "ft * da_next")),
    "cell_concat_axis1": ("lstm_cell_backward", "joined", ("(a_prev, xt), axis=0", "(a_prev, xt), axis=1")),
    "list_transpose": ("lstm_cell_backward", "line|ValueError", ("concat = np.concatenate((a_prev, xt), axis=0)", "concat = np.transpose([[a_prev], [xt]])")),
    "a_next_in_concat": ("lstm_cell_backward", "a_next", ("(a_prev, xt)", "(a_next, xt)")),
    "dot_uses_dc": ("lstm_cell_backward", "output gate", ("dot = da_next *", "dot = dc_next *")),
    "reassigned_None": ("lstm_cell_backward", "None", ("    concat = np.concat", "    dit = None\n    dft = None\n    concat = np.concat")),
    "dxt_weights_not_transposed": ("lstm_cell_backward", "Wf", ('parameters["Wf"][:, n_a:].T', 'parameters["Wf"][:, n_a:]')),
    "parens_dit": ("lstm_cell_backward", "input gate", (I_PATHS, I_PATHS[1:-1])),
    "parens_dft": ("lstm_cell_backward", "forget gate", (F_PATHS, F_PATHS[1:-1])),
    "parens_dit_dft": ("lstm_cell_backward", "forget and input gate", (I_PATHS, I_PATHS[1:-1]), (F_PATHS, F_PATHS[1:-1])),
    "dcct_no_square": ("lstm_cell_backward", "candidate", ("(1 - np.square(cct))", "(1 - cct)")),
    "dot_no_derivative": ("lstm_cell_backward", "output gate", (" * ot * (1 - ot)", "")),
    "dit_no_1_minus": ("lstm_cell_backward", "input gate", (" * it * (1 - it)", " * it")),
    "dit_uses_c_next": ("lstm_cell_backward", "input gate", (I_PATHS, I_PATHS.replace("cct", "c_next"))),
    "dft_uses_c_next": ("lstm_cell_backward", "forget gate", (F_PATHS, F_PATHS.replace("c_prev", "c_next"))),
    "only_dc_next": ("lstm_cell_backward", "cell state", (f" + ot * {SQUASH} * it * da_next", ""), (f" + ot * {SQUASH} * cct * da_next", ""), (f" + ot * {SQUASH} * c_prev * da_next", ""), (f" + ot * {SQUASH} * ft * da_next", "")),
    "split_at_n_x": ("lstm_cell_backward", "da_prev|dxt|n_x", ("][:, :n_a].T", "][:, n_x:].T"), ("][:, n_a:].T", "][:, :n_x].T")),
    "inplace_cache": ("lstm_cell_backward", "cache|ft", ("    dot = ", "    ft *= 1 - ft\n    dot = ")),
    "it_cct_exchanged": ("lstm_cell_backward", "input gate|candidate", (C_PATHS, I_PATHS), (f"dit = {I_PATHS}", f"dit = {C_PATHS}")),
    "dft_missing_derivative": ("lstm_cell_backward", "forget gate", (f"{F_PATHS} * ft * (1 - ft)", F_PATHS)),
    # lstm_cell_forward
    "gates_swapped": ("lstm_cell_forward", "forget gate", ("ft * c_prev + it * cct", "it * c_prev + ft * cct")),
    "bias_bo_everywhere": ("lstm_cell_forward", "bo", ("+ bf)", "+ bo)"), ("+ bi)", "+ bo)")),
    "softmax_gates": ("lstm_cell_forward", "gates", ("= sigmoid(", "= softmax(")),
    "y_sigmoid_from_c": ("lstm_cell_forward", "yt_pred|prediction", ("softmax(np.dot(Wy, a_next) + by)", "sigmoid(np.dot(Wy, c_next) + by)")),
    "a_dot_transposed": ("lstm_cell_forward", "a_next|line", ("ot * np.tanh(c_next)", "np.dot(ot, np.tanh(c_next).T)")),
    "cache_order": ("lstm_cell_forward", "cache", ("it, cct, ot, xt", "it, ot, cct, xt")),
    "forward_concat_axis1": ("lstm_cell_forward", "joined", ("concat = np.zeros((n_a + n_x, m))\n    concat[:n_a, :] = a_prev\n    concat[n_a:, :] = xt", "concat = np.concatenate((a_prev, xt), axis=1)")),
    "it_uses_Wf": ("lstm_cell_forward", "input gate", ("np.dot(Wi, concat)", "np.dot(Wf, concat)")),
    "a_no_tanh": ("lstm_cell_forward", "tanh", ("ot * np.tanh(c_next)", "ot * c_next")),
    "a_tanh_cct": ("lstm_cell_forward", "cct", ("ot * np.tanh(c_next)", "ot * np.tanh(cct)")),
    "no_bf": ("lstm_cell_forward", "bf", (" + bf)", ")")),
    "coupled_gate": ("lstm_cell_forward", "1 - ft", ("it = sigmoid(np.dot(Wi, concat) + bi)", "it = 1 - ft")),
    "no_c_prev": ("lstm_cell_forward", "c_prev", ("ft * c_prev + it * cct", "it * cct")),
    "c_prev_inplace": ("lstm_cell_forward", "c_prev", ("c_next = ft * c_prev + it * cct", "c_prev *= ft\n    c_prev += it * cct\n    c_next = c_prev")),
    # lstm_forward
    "c_view": ("lstm_forward", "overwritten", ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")),
    "return_order": ("lstm_forward", "exchanged|shape", ("return a, y, c", "return a, c, y")),
    "c_init_a0": ("lstm_forward", "a0", ("c_next = np.zeros((n_a, m))", "c_next = a0")),
    "both_views": ("lstm_forward", "views", ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]"), ("a_next = a0", "a_next = a[:, :, 0]")),
    "a_prev_wraps": ("lstm_forward", "t - 1", ("(xt, a_next,", "(xt, a[:, :, t - 1],")),
    "lstm_caches_without_x": ("lstm_forward", "caches", ("caches = (caches, x)", "pass")),
    "c_not_saved": ("lstm_forward", "`c`", ("c[:, :, t] = c_next", "pass")),
    "lstm_int_buffer": ("lstm_forward", "int", ("m, T_x))", "m, T_x), dtype=int)")),
    # rnn_backward
    "rnn_no_da_prevt": ("rnn_backward", "da_prev|carried", ("da[:, :, t] + da_prevt", "da[:, :, t]")),
    "dims_from_caches1": ("rnn_backward", "IndexError|out of range", ("= caches[0]", "= caches[1]")),
    "wrong_da_axis": ("rnn_backward", "da", ("da[:, :, t]", "da[t]")),
    "self_add": ("rnn_backward", "dWax", ("dWax += dWaxt", "dWax += dWax")),
    "dba_1d": ("rnn_backward", "dba|broadcast", ("dba = np.zeros((n_a, 1))", "dba = np.zeros((n_a,))"), ("dba += dbat", "dba = dba + dbat")),
    "accumulate_after_loop": ("rnn_backward", "overwritten|dWax", ("        dWax += dWaxt\n        dWaa += dWaat\n        dba += dbat\n", "    dWax += dWaxt\n    dWaa += dWaat\n    dba += dbat\n")),
    "rnn_cache0_every_step": ("rnn_backward", "steps\\[0\\]|caches", ("caches[t])", "caches[0])")),
    "skips_t0": ("rnn_backward", "first time step", ("range(T_x)", "range(1, T_x)")),
    "dx_reversed": ("rnn_backward", "dx|reverse", ("dx[:, :, t] =", "dx[:, :, T_x - 1 - t] =")),
    # rnn_cell_backward
    "cell_multiply": ("rnn_cell_backward", "line", ("np.dot(dtanh, xt.T)", "np.multiply(dtanh, xt.T)")),
    "inplace_da_next": ("rnn_cell_backward", "da_next", ("dtanh = (1 - a_next**2) * da_next", "da_next *= 1 - a_next**2\n    dtanh = da_next")),
    "uses_a_prev": ("rnn_cell_backward", "a_prev", ("1 - a_next**2", "1 - a_prev**2")),
    "inverse": ("rnn_cell_backward", "1 / ", ("(1 - a_next**2) * da_next", "1 / (1 - a_next**2) * da_next")),
    "plus": ("rnn_cell_backward", "\\+", ("1 - a_next**2", "1 + a_next**2")),
    "da_prev_no_transpose": ("rnn_cell_backward", "Waa", ("np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")),
    "dWax_transposed": ("rnn_cell_backward", "dWax", ("np.dot(dtanh, xt.T)", "np.dot(xt, dtanh.T)")),
    "no_da_next": ("rnn_cell_backward", "da_next", ("(1 - a_next**2) * da_next", "(1 - a_next**2)")),
    "dWaa_from_da_next": ("rnn_cell_backward", "dWaa", ("np.dot(dtanh, a_prev.T)", "np.dot(da_next, a_prev.T)")),
    "da_prev_from_da_next": ("rnn_cell_backward", "da_prev", ("np.dot(Waa.T, dtanh)", "np.dot(Waa.T, da_next)")),
    "recompute_no_bias": ("rnn_cell_backward", "tanh|dxt|ba", ("1 - a_next**2", "1 - np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev))**2")),
    "dx_uses_Waa": ("rnn_cell_backward", "dxt", ("np.dot(Wax.T, dtanh)", "np.dot(Waa.T, dtanh)")),
    # rnn_cell_forward
    "elementwise_product": ("rnn_cell_forward", "line", ("np.dot(Waa, a_prev)", "Waa * a_prev")),
    "sigmoid_hidden": ("rnn_cell_forward", "sigmoid", ("np.tanh(", "sigmoid(")),
    "sigmoid_output": ("rnn_cell_forward", "sigmoid", ("softmax(", "sigmoid(")),
    "no_ba": ("rnn_cell_forward", "ba", (" + ba)", ")")),
    "no_by": ("rnn_cell_forward", "by", (" + by)", ")")),
    "weights_swapped": ("rnn_cell_forward", "Waa|Wax", ("np.dot(Waa, a_prev) + np.dot(Wax, xt)", "np.dot(Wax, a_prev) + np.dot(Waa, xt)")),
    "cache_swapped": ("rnn_cell_forward", "cache", ("(a_next, a_prev, xt", "(a_prev, a_next, xt")),
    "logits": ("rnn_cell_forward", "softmax", ("softmax(np.dot(Wya, a_next) + by)", "np.dot(Wya, a_next) + by")),
    "no_tanh": ("rnn_cell_forward", "tanh", ("np.tanh(", "(")),
    # rnn_forward
    "a0_ignored": ("rnn_forward", "a0", ("a_next = a0", "a_next = np.zeros((n_a, m))")),
    "a_view_init": ("rnn_forward", "overwritten", ("a_next = a0", "a_next = a[:, :, 0]")),
    "a0_every_step": ("rnn_forward", "a0|carried", ("t], a_next,", "t], a0,")),
    "rnn_caches_without_x": ("rnn_forward", "caches", ("caches = (caches, x)", "pass")),
    "wrong_time_axis": ("rnn_forward", "line|xt", ("x[:, :, t]", "x[:, t, :]")),
    "rnn_int_buffer": ("rnn_forward", "int", ("m, T_x))", "m, T_x), dtype=int)")),
    "starts_at_1": ("rnn_forward", "first time step|caches", ("range(T_x)", "range(1, T_x)")),
    "inplace_state": ("rnn_forward", "a0|a_prev", ("a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)", "a_new, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n        a_next[...] = a_new")),
    # sigmoid, softmax
    "missing_minus": ("sigmoid", "-x", ("np.exp(-x)", "np.exp(x)")),
    "exp_ratio": ("sigmoid", "inf", ("1 / (1 + np.exp(-x))", "np.exp(x) / (1 + np.exp(x))")),
    "returns_derivative": ("sigmoid", "derivative", ("return 1 / (1 + np.exp(-x))", "s = 1 / (1 + np.exp(-x))\n    return s * (1 - s)")),
    "tanh_unscaled": ("sigmoid", "x / 2", ("1 / (1 + np.exp(-x))", "(1 + np.tanh(x)) / 2")),
    "no_shift": ("softmax", "overflow", (" - np.max(x, axis=0)", "")),
    "global_shift": ("softmax", "own maximum", ("np.max(x, axis=0)", "np.max(x)")),
    "axis1": ("softmax", "row", ("e_x.sum(axis=0)", "e_x.sum(axis=1, keepdims=True)")),
    "no_axis": ("softmax", "All entries", ("e_x.sum(axis=0)", "e_x.sum()")),
    "axis1_nokeepdims": ("softmax", "line", ("e_x.sum(axis=0)", "e_x.sum(axis=1)")),
    "inplace_input": ("softmax", "`x`", ("    e_x = np.exp(x - np.max(x, axis=0))", "    x -= np.max(x, axis=0)\n    e_x = np.exp(x)")),
    "sum_of_logits": ("softmax", "scores", ("e_x.sum(axis=0)", "x.sum(axis=0)")),
}  # fmt: skip
for family in FAMILIES:
    MISTAKES |= family.MISTAKES


def text(identity):
    """Return the text of a mistake."""
    function, _, *changes = MISTAKES[identity]
    changed = TEXTS[function]
    for before, after in changes:
        assert before in changed, f"{identity}: {before!r} is not in the learner's text"
        changed = changed.replace(before, after)
    return changed


def is_placed(identity, verdict):
    """Say whether a verdict names the function of a mistake, and what of it is wrong."""
    function, place, *_ = MISTAKES[identity]
    told = " ".join(f"{finding.subject} {finding.kind} {finding.sentence}" for finding in verdict.findings)
    return verdict.culprit == function and bool(re.search(place, told))


def load(identity):
    """Return the wrong function, in a notebook whose other functions are right."""
    function = MISTAKES[identity][0]
    return notebook(**{function: text(identity)})[function]
