"""Slips that people make, each as an edit of a learner's text, with the words of its cause.

    id: (function, what the first finding must hold, what no sentence may hold, (text before, text after), ...)

`mistakes` asks for the place; here the cause has to be the one that was written, in the learner's words.
"""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

from tests.learners import TEXTS, notebook

OURS = "hidden_states|cell_states|`steps`|dz[fico]\\b|`False`|`True`"  # names that only the reference has
E_X, TOTAL = "np.exp(x - np.max(x, axis=0))", "e_x.sum(axis=0)"
OPEN, TANH_C = "(1 - np.square(np.tanh(c_next)))", "np.square(np.tanh(c_next))"
V, S = 'v_corrected["d" + k]', 's_corrected["d" + k]'
V_RIGHT, S_RIGHT = " / (1 - np.power(beta1, t))", " / (1 - np.power(beta2, t))"
CARRIED = "da[:, :, t] + da_prevt"
SUMS = [(f"d{kind}{gate} = d{kind}{gate} + ", f"d{kind}{gate} = ") for gate in "fico" for kind in "Wb"]
RNN_SUMS = [("dWax +=", "dWax ="), ("dWaa +=", "dWaa ="), ("dba +=", "dba =")]
SPLIT = [("[:, :n_a]", "[:, :n_x]"), ("[:, n_a:]", "[:, n_x:]")]

SLIPS = {
    # part 3: the cause that was stated, and was not true
    "rnn_dba_1d": ("rnn_cell_backward", "dba.*keepdims=True", OURS, ("np.sum(dtanh, axis=1, keepdims=True)", "np.sum(dtanh, axis=1)")),
    "lstm_dbf_1d": ("lstm_cell_backward", "dbf.*keepdims=True", OURS, ("np.sum(dft, axis=1, keepdims=True)", "np.sum(dft, axis=1)")),
    "lstm_all_biases_1d": ("lstm_cell_backward", "dbf.*keepdims=True", OURS, ("axis=1, keepdims=True", "axis=1")),
    "gru_like_axis0": ("rnn_cell_backward", "dba.*keepdims=True", OURS, ("np.sum(dtanh, axis=1, keepdims=True)", "dtanh.sum(1)")),
    "rnn_da_never": ("rnn_backward", "`da`|da\\[:, :, t\\]", "too many|too often", (CARRIED, "da_prevt")),
    "lstm_da_never": ("lstm_backward", "`da`|da\\[:, :, t\\]", "too many|too often", (CARRIED, "da_prevt")),
    "lstm_a0_zeros": ("lstm_forward", "a0 is ignored|`a0` is ignored", "stays zero", ("a_next = a0", "a_next = np.zeros((n_a, m))")),
    "rnn_a0_zeros": ("rnn_forward", "a0 is ignored|`a0` is ignored", "stays zero", ("a_next = a0", "a_next = np.zeros_like(a0)")),
    "lstm_c_is_a": ("lstm_forward", "same array", OURS, ("    c = np.zeros((n_a, m, T_x))\n", "    c = a\n")),
    "lstm_a_is_c": ("lstm_forward", "same array", OURS, ("    a = np.zeros((n_a, m, T_x))\n    c = np.zeros((n_a, m, T_x))\n", "    a = c = np.zeros((n_a, m, T_x))\n")),
    "rnn_stored_before": ("rnn_forward", "before the step", "reaches nothing", ("        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n        a[:, :, t] = a_next\n", "        a[:, :, t] = a_next\n        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)\n")),
    "lstm_stored_before": ("lstm_forward", "before the step", "reaches nothing", ("        a_next, c_next, yt, cache = lstm_cell_forward(xt, a_next, c_next, parameters)\n        a[:, :, t] = a_next\n        c[:, :, t] = c_next\n", "        a[:, :, t] = a_next\n        c[:, :, t] = c_next\n        a_next, c_next, yt, cache = lstm_cell_forward(xt, a_next, c_next, parameters)\n")),
    "lstm_c0_every_step": ("lstm_forward", "carried|every step starts", "is None", ("c_next = np.zeros((n_a, m))", "c_next = np.zeros((n_a, m))\n    c0 = np.zeros((n_a, m))"), ("(xt, a_next, c_next, ", "(xt, a_next, c0, ")),
    "lstm_c0_argument": ("lstm_forward", "`c0` is None, since this call leaves it out", "not been computed", ("parameters):", "parameters, c0=None):"), ("(xt, a_next, c_next, ", "(xt, a_next, c0, ")),
    "adam_no_root": ("update_parameters_with_adam", "np.sqrt", "np.abs", (f"np.sqrt({S})", S)),
    "adam_plus": ("update_parameters_with_adam", "[Pp]arameter.*added|`\\+` where it should have `-`", "average of the gradients has|opposite sign", ("parameters[k] - learning_rate", "parameters[k] + learning_rate")),
    "lstm_split_n_x": ("lstm_cell_backward", "size of `xt`", "opposite sign|-n_a", *SPLIT),
    "lstm_dzo_tanh": ("lstm_cell_backward", "np.tanh\\(c_next\\)|c_next.*np.tanh", "is not passed", ("da_next * np.tanh(c_next) * ot", "da_next * c_next * ot")),
    "lstm_dbf_is_dft": ("lstm_cell_backward", "`dbf`.*(summed|sum over)", OURS, ("dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = dft")),
    "rnn_dba_is_dtanh": ("rnn_cell_backward", "`dba`.*(summed|sum over)", OURS + "|`dz`", ("dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = dtanh")),
    "rnn_caches_is_cache": ("rnn_forward", "last step", OURS, ("caches.append(cache)", "caches = cache")),
    "lstm_caches_is_cache": ("lstm_forward", "last step", OURS, ("caches.append(cache)", "caches = cache")),
    # part 4: softmax
    "softmax_all": ("softmax", "whole array|All", "unknown", (E_X, "np.exp(x - np.max(x))"), (TOTAL, "np.sum(e_x)")),
    "softmax_axis1": ("softmax", "row|axis 1", "", ("e_x = " + E_X, "e_x = np.exp(x)"), (TOTAL, "e_x.sum(axis=1, keepdims=True)")),
    "softmax_axis1_shift": ("softmax", "row|axis 1", "", ("e_x = " + E_X, "e_x = np.exp(x - np.max(x, axis=1, keepdims=True))"), (TOTAL, "e_x.sum(axis=1, keepdims=True)")),
    "softmax_axis1_global": ("softmax", "row|axis 1", "", ("e_x = " + E_X, "e_x = np.exp(x - np.max(x))"), (TOTAL, "e_x.sum(axis=1, keepdims=True)")),
    "softmax_is_sigmoid": ("softmax", "sigmoid", "", ("return e_x / e_x.sum(axis=0)", "return 1 / (1 + np.exp(-x))")),
    "softmax_not_divided": ("softmax", "divi|sum", "", ("return e_x / e_x.sum(axis=0)", "return e_x")),
    "softmax_mean": ("softmax", "mean", "", (TOTAL, "e_x.mean(axis=0)")),
    "softmax_no_exp": ("softmax", "exp", "", ("np.exp(x - np.max(x, axis=0))", "x - np.max(x, axis=0)")),
    # the tanh's derivative
    "rnn_tanh_again": ("rnn_cell_backward", "np.tanh\\(a_next\\)|tanh.*again", "", ("1 - a_next**2", "1 - np.tanh(a_next)**2")),
    "rnn_square_outside": ("rnn_cell_backward", "\\(1 - a_next\\)\\s?\\*\\*\\s?2", "", ("(1 - a_next**2)", "(1 - a_next)**2")),
    "rnn_parentheses": ("rnn_cell_backward", "parenthes", "", ("(1 - a_next**2) * da_next", "1 - a_next**2 * da_next")),
    "rnn_sigmoid_slope": ("rnn_cell_backward", "a_next \\* \\(1 - a_next\\)", "", ("(1 - a_next**2)", "a_next * (1 - a_next)")),
    "rnn_no_square": ("rnn_cell_backward", "`a_next` where", "", ("(1 - a_next**2)", "(1 - a_next)")),
    "rnn_plus_square": ("rnn_cell_backward", "\\+", "", ("(1 - a_next**2)", "(1 + a_next**2)")),
    "rnn_only_square": ("rnn_cell_backward", "a_next", "", ("(1 - a_next**2)", "a_next**2")),
    "rnn_dt_cubed": ("rnn_cell_backward", "a_next", "", ("a_next**2", "a_next**3")),
    "lstm_cct_tanh_again": ("lstm_cell_backward", "np.tanh\\(cct\\)", "", ("(1 - np.square(cct))", "(1 - np.tanh(cct)**2)")),
    "lstm_cct_sigmoid_slope": ("lstm_cell_backward", "cct \\* \\(1 - cct\\)", "", ("(1 - np.square(cct))", "cct * (1 - cct)")),
    "lstm_cct_tanh_slope": ("lstm_cell_backward", "cct \\* \\(1 - np.tanh\\(cct\\)\\)", "", ("(1 - np.square(cct))", "cct * (1 - np.tanh(cct))")),
    "lstm_cct_square_outside": ("lstm_cell_backward", "\\(1 - cct\\)", "", ("(1 - np.square(cct))", "(1 - cct)**2")),
    "lstm_cct_no_square": ("lstm_cell_backward", "cct", "", ("(1 - np.square(cct))", "(1 - cct)")),
    "lstm_a_next_for_c": ("lstm_cell_backward", "a_next\\*\\*2|a_next.*np.tanh\\(c_next\\)", "", (TANH_C, "a_next**2")),
    "lstm_no_tanh_c": ("lstm_cell_backward", "c_next.*np.tanh|np.tanh\\(c_next\\)", "", (TANH_C, "c_next**2")),
    "lstm_tanh_no_square": ("lstm_cell_backward", "np.tanh\\(c_next\\)", "", (TANH_C, "np.tanh(c_next)")),
    "lstm_tanh_square_outside": ("lstm_cell_backward", "\\(1 - np.tanh\\(c_next\\)\\)", "", (OPEN, "(1 - np.tanh(c_next))**2")),
    "lstm_cct_for_c": ("lstm_cell_backward", "cct", "", (TANH_C, "np.square(np.tanh(cct))")),
    "lstm_sum_of_paths": ("lstm_cell_backward", "da_next|ot", "", (f"ot * {OPEN} * cct * da_next", "0"), (f"ot * {OPEN} * it * da_next", "0"), (f"ot * {OPEN} * c_prev * da_next", "0"), (f"ot * {OPEN} * ft * da_next", "0")),
    "lstm_dc_prev_twice": ("lstm_cell_backward", "dc_prev", "", ("dc_prev = dc_next * ft +", "dc_prev = dc_next +")),
    "lstm_gate_slopes_once": ("lstm_cell_backward", "ot", "", ("* ot * (1 - ot)", "* (1 - ot)")),
    "lstm_gates_no_slope": ("lstm_cell_backward", "1 - ft|ft \\* \\(1 - ft\\)", "", (" * ft * (1 - ft)", ""), (" * it * (1 - it)", "")),
    "lstm_ft_plus": ("lstm_cell_backward", "ft", "", ("ft * (1 - ft)", "ft * (1 + ft)")),
    # activations
    "rnn_tan": ("rnn_cell_forward", "np.tan\\b", "", ("np.tanh(", "np.tan(")),
    "rnn_relu": ("rnn_cell_forward", "relu|maximum\\(0", "", ("np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)", "np.maximum(0, np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)")),
    "rnn_sigmoid": ("rnn_cell_forward", "sigmoid", "", ("np.tanh(", "sigmoid(")),
    "rnn_y_sigmoid": ("rnn_cell_forward", "sigmoid", "", ("softmax(", "sigmoid(")),
    "rnn_y_tanh": ("rnn_cell_forward", "tanh", "", ("softmax(", "np.tanh(")),
    "lstm_tan": ("lstm_cell_forward", "np.tan\\b", "", ("cct = np.tanh(", "cct = np.tan(")),
    "lstm_tan_both": ("lstm_cell_forward", "np.tan\\b", "", ("np.tanh(", "np.tan(")),
    "lstm_relu": ("lstm_cell_forward", "relu|maximum\\(0", "", ("cct = np.tanh(np.dot(Wc, concat) + bc)", "cct = np.maximum(0, np.dot(Wc, concat) + bc)")),
    "lstm_cct_sigmoid": ("lstm_cell_forward", "sigmoid", "", ("cct = np.tanh(", "cct = sigmoid(")),
    "lstm_gate_tanh": ("lstm_cell_forward", "forget.*tanh", "", ("ft = sigmoid(", "ft = np.tanh(")),
    "lstm_a_sigmoid": ("lstm_cell_forward", "sigmoid", "", ("ot * np.tanh(c_next)", "ot * sigmoid(c_next)")),
    "lstm_one_minus_ft": ("lstm_cell_forward", "1 - ft", "", ("+ it * cct", "+ (1 - ft) * cct")),
    "lstm_y_from_c": ("lstm_cell_forward", "c_next", "", ("np.dot(Wy, a_next)", "np.dot(Wy, c_next)")),
    "lstm_bf_for_bo": ("lstm_cell_forward", "bf", "", ("+ bo)", "+ bf)")),
    "lstm_bf_for_bo_no_tanh": ("lstm_cell_forward", "bf", "", ("+ bo)", "+ bf)"), ("ot * np.tanh(c_next)", "ot * c_next")),
    "lstm_bf_for_bo_sigmoid": ("lstm_cell_forward", "bf", "", ("+ bo)", "+ bf)"), ("cct = np.tanh(", "cct = sigmoid(")),
    "lstm_bf_for_bo_1_ft": ("lstm_cell_forward", "bf|1 - ft", "", ("+ bo)", "+ bf)"), ("+ it * cct", "+ (1 - ft) * cct")),
    "lstm_concat_order": ("lstm_cell_forward", "concat|a_prev", "", ("concat[:n_a, :] = a_prev\n    concat[n_a:, :] = xt", "concat[:n_x, :] = xt\n    concat[n_x:, :] = a_prev")),
    "rnn_y_from_a_prev": ("rnn_cell_forward", "a_prev", "", ("np.dot(Wya, a_next)", "np.dot(Wya, a_prev)")),
    # Adam
    "adam_eps_root": ("update_parameters_with_adam", "epsilon.*root", "", (f"np.sqrt({S}) + epsilon", f"np.sqrt({S} + epsilon)")),
    "adam_eps_root_s": ("update_parameters_with_adam", "s_corrected|correct", "", (S_RIGHT, ""), (f"np.sqrt({S}) + epsilon", f"np.sqrt({S} + epsilon)")),
    "adam_eps_root_v": ("update_parameters_with_adam", "v_corrected|correct", "", (V_RIGHT, ""), (f"np.sqrt({S}) + epsilon", f"np.sqrt({S} + epsilon)")),
    "adam_eps_root_both": ("update_parameters_with_adam", "correct", "", (V_RIGHT, ""), (S_RIGHT, ""), (f"np.sqrt({S}) + epsilon", f"np.sqrt({S} + epsilon)")),
    "adam_s_uncorrected": ("update_parameters_with_adam", "beta2\\*\\*t|corrected", "", (S_RIGHT, "")),
    "adam_v_uncorrected": ("update_parameters_with_adam", "beta1\\*\\*t|corrected", "", (V_RIGHT, "")),
    "adam_power_2": ("update_parameters_with_adam", "beta2\\*\\*2", "", ("np.power(beta2, t)", "beta2**2")),
    "adam_power_2_v": ("update_parameters_with_adam", "beta1\\*\\*2", "", ("np.power(beta1, t)", "beta1**2")),
    "adam_power_2_both": ("update_parameters_with_adam", "\\*\\*2", "", ("np.power(beta1, t)", "beta1**2"), ("np.power(beta2, t)", "beta2**2")),
    "adam_power_l": ("update_parameters_with_adam", "number of the layer|\\*\\*l", "", ("np.power(beta1, t)", "beta1**l"), ("np.power(beta2, t)", "beta2**l")),
    "adam_power_l1": ("update_parameters_with_adam", "number of the layer|\\*\\*l", "", ("np.power(beta1, t)", "beta1**(l + 1)"), ("np.power(beta2, t)", "beta2**(l + 1)")),
    "adam_loose_eps": ("update_parameters_with_adam", "parenthes", "", (f"learning_rate * {V} / (\n                np.sqrt({S}) + epsilon)", f"learning_rate * ({V} / np.sqrt({S}) + epsilon)")),
    "adam_no_eps": ("update_parameters_with_adam", "epsilon", "", (" + epsilon)", ")")),
    "adam_rate_hard": ("update_parameters_with_adam", "0\\.01", "", ("- learning_rate *", "- 0.01 *")),
    "adam_beta1_hard": ("update_parameters_with_adam", "0\\.9", "", ('beta1 * v["d" + k] + (1 - beta1)', '0.9 * v["d" + k] + (1 - 0.9)')),
    "adam_eps_hard": ("update_parameters_with_adam", "1e-0?8", "", ("+ epsilon", "+ 1e-8")),
    "adam_no_rate": ("update_parameters_with_adam", "learning_rate", "", ("learning_rate * ", "")),
    "adam_no_square": ("update_parameters_with_adam", "squar|\\*\\*2", "", ('np.power(grads["d" + k], 2)', 'grads["d" + k]')),
    "adam_beta2_first": ("update_parameters_with_adam", "beta2", "", ("np.power(beta1, t)", "np.power(beta2, t)")),
    "adam_one_plus": ("update_parameters_with_adam", "\\+", "", ("(1 - np.power(beta1, t))", "(1 + np.power(beta1, t))")),
    # sequences
    "lstm_c_slice_1": ("lstm_forward", "c\\[:, :, 1\\]", "", ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 1]")),
    "rnn_a_slice_1": ("rnn_forward", "a\\[:, :, 1\\]", "", ("a_next = a0", "a_next = a[:, :, 1]")),
    "rnn_caches_plus": ("rnn_forward", "append|\\+=", "", ("caches.append(cache)", "caches += cache")),
    "lstm_caches_plus": ("lstm_forward", "append|\\+=", "", ("caches.append(cache)", "caches += cache")),
    "rnn_caches_first": ("rnn_forward", "a_next|cache", "", ("caches.append(cache)", "caches.append(a_next)")),
    "rnn_last_da": ("rnn_backward", "da\\[:, :, -1\\]", "too many", (CARRIED, "da[:, :, -1] + da_prevt")),
    "lstm_last_da": ("lstm_backward", "da\\[:, :, -1\\]", "too many", (CARRIED, "da[:, :, T_x - 1] + da_prevt")),
    "rnn_only_last_da": ("rnn_backward", "last", "too many", ("da_prevt = np.zeros((n_a, m))", "da_prevt = da[:, :, -1]"), (CARRIED, "da_prevt")),
    "lstm_only_last_da": ("lstm_backward", "last", "too many", ("da_prevt = np.zeros((n_a, m))", "da_prevt = da[:, :, -1]"), (CARRIED, "da_prevt")),
    "rnn_da_prevt_plus": ("rnn_backward", "da_prev.*(add|replace)", "", ("        dxt, da_prevt, dWaxt", "        dxt, da_step, dWaxt"), ("        dx[:, :, t] = dxt", "        da_prevt += da_step\n        dx[:, :, t] = dxt")),
    "lstm_da_prevt_plus": ("lstm_backward", "da_prev.*(add|replace)", "", ('da_prevt = gradients["da_prev"]', 'da_prevt += gradients["da_prev"]')),
    "lstm_dc_prevt_plus": ("lstm_backward", "dc_prev.*(add|replace)", "", ('dc_prevt = gradients["dc_prev"]', 'dc_prevt += gradients["dc_prev"]')),
    "rnn_da0_is_da": ("rnn_backward", "da0.*da\\[:, :, 0\\]", "", ("da0 = da_prevt", "da0 = da[:, :, 0]")),
    "lstm_da0_is_da": ("lstm_backward", "da0.*da\\[:, :, 0\\]", "", ("da0 = da_prevt", "da0 = da[:, :, 0]")),
    "rnn_nothing_carried_overwritten": ("rnn_backward", "carried|overwritten", "", (CARRIED, "da[:, :, t]"), *RNN_SUMS),
    "lstm_nothing_carried_overwritten": ("lstm_backward", "carried|overwritten", "", (f"{CARRIED}, dc_prevt", "da[:, :, t], np.zeros((n_a, m))"), *SUMS),
    "lstm_no_da_overwritten": ("lstm_backward", "carried|overwritten", "", (CARRIED, "da[:, :, t]"), *SUMS),
    "rnn_carried_overwritten_one": ("rnn_backward", "carried|overwritten", "", (CARRIED, "da[:, :, t]"), RNN_SUMS[0]),
    "lstm_aliases": ("lstm_backward", "same array", "", ("    dWf = np.zeros((n_a, n_a + n_x))\n    dWi = np.zeros((n_a, n_a + n_x))\n    dWc = np.zeros((n_a, n_a + n_x))\n    dWo = np.zeros((n_a, n_a + n_x))\n", "    dWf = dWi = dWc = dWo = np.zeros((n_a, n_a + n_x))\n"), *((f"dW{g} = dW{g} + ", f"dW{g} += ") for g in "fico")),
    "lstm_bias_aliases": ("lstm_backward", "same array", "", ("    dbf = np.zeros((n_a, 1))\n    dbi = np.zeros((n_a, 1))\n    dbc = np.zeros((n_a, 1))\n    dbo = np.zeros((n_a, 1))\n", "    dbf = dbi = dbc = dbo = np.zeros((n_a, 1))\n"), *((f"db{g} = db{g} + ", f"db{g} += ") for g in "fico")),
    "rnn_hard_sizes": ("rnn_cell_backward", "size|5|10", "", ("dba = np.sum(dtanh, axis=1, keepdims=True)", "dba = np.sum(dtanh, axis=1).reshape(5, 1)")),
    "lstm_hard_m": ("lstm_forward", "size|10", "", ("c_next = np.zeros((n_a, m))", "c_next = np.zeros((5, 10))")),
    "rnn_cache_0": ("rnn_backward", "caches\\[0\\]|first step", "", ("caches[t])", "caches[0])")),
    "rnn_not_reversed": ("rnn_backward", "forward in time", "", ("reversed(range(T_x))", "range(T_x)")),
    "rnn_averaged": ("rnn_cell_backward", "averaged|m\\b", "", ("np.sum(dtanh, axis=1, keepdims=True)", "np.mean(dtanh, axis=1, keepdims=True)")),
    "rnn_dba_axis0": ("rnn_cell_backward", "axis", "", ("np.sum(dtanh, axis=1, keepdims=True)", "np.sum(dtanh, axis=0, keepdims=True)")),
    "rnn_dba_all": ("rnn_cell_backward", "whole array|axis", "", ("np.sum(dtanh, axis=1, keepdims=True)", "np.sum(dtanh, keepdims=True)")),
    "lstm_dWf_no_concat": ("lstm_cell_backward", "concat|order|exchanged|a_prev", "", ("np.concatenate((a_prev, xt), axis=0)", "np.concatenate((xt, a_prev), axis=0)")),
    "lstm_dxt_no_o": ("lstm_cell_backward", "Wo|dxt", "", ("dxt = (np.dot(parameters[\"Wf\"][:, n_a:].T, dft) + np.dot(parameters[\"Wi\"][:, n_a:].T, dit)\n           + np.dot(parameters[\"Wc\"][:, n_a:].T, dcct) + np.dot(parameters[\"Wo\"][:, n_a:].T, dot))", "dxt = (np.dot(parameters[\"Wf\"][:, n_a:].T, dft) + np.dot(parameters[\"Wi\"][:, n_a:].T, dit)\n           + np.dot(parameters[\"Wc\"][:, n_a:].T, dcct))")),
    "rnn_x_last": ("rnn_forward", "x\\[:, :, ", "", ("x[:, :, t], a_next", "x[:, :, 0], a_next")),
    "rnn_a0_again": ("rnn_forward", "carried|a0", "", ("x[:, :, t], a_next,", "x[:, :, t], a0,")),
}  # fmt: skip


def load(identity):
    """Return the function with the slip, in a notebook whose other functions are right."""
    function, _, _, *changes = SLIPS[identity]
    changed = TEXTS[function]
    for before, after in changes:
        assert before in changed, f"{identity}: {before!r} is not in the learner's text"
        changed = changed.replace(before, after)
    return notebook(**{function: changed})[function]
