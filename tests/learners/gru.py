"""The GRU as a learner writes it, mistakes that people make in it, and correct ways to write it otherwise.

The tables are those of `tests.learners`, `mistakes` and `variants`.
"""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

TEXTS = {
    "gru_cell_forward": """
def gru_cell_forward(xt, a_prev, parameters):
    Wu = parameters["Wu"]
    bu = parameters["bu"]
    Wr = parameters["Wr"]
    br = parameters["br"]
    Wc = parameters["Wc"]
    bc = parameters["bc"]
    concat = np.concatenate((a_prev, xt), axis=0)
    ut = sigmoid(np.dot(Wu, concat) + bu)
    rt = sigmoid(np.dot(Wr, concat) + br)
    gated = np.concatenate((rt * a_prev, xt), axis=0)
    cct = np.tanh(np.dot(Wc, gated) + bc)
    a_next = ut * cct + (1 - ut) * a_prev
    if "Wy" in parameters:
        yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    else:
        yt_pred = None
    cache = (a_next, a_prev, ut, rt, cct, xt, parameters)
    return a_next, yt_pred, cache
""",
    "gru_forward": """
def gru_forward(x, a0, parameters):
    caches = []
    n_x, m, T_x = x.shape
    n_a = parameters["Wu"].shape[0]
    a = np.zeros((n_a, m, T_x))
    y = None
    if "Wy" in parameters:
        y = np.zeros((parameters["Wy"].shape[0], m, T_x))
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = gru_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        if y is not None:
            y[:, :, t] = yt_pred
        caches.append(cache)
    return a, y, (caches, x)
""",
    "gru_cell_backward": """
def gru_cell_backward(da_next, cache):
    (a_next, a_prev, ut, rt, cct, xt, parameters) = cache
    n_a, m = a_next.shape
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    concat = np.concatenate((a_prev, xt), axis=0)
    gated = np.concatenate((rt * a_prev, xt), axis=0)
    dcct = da_next * ut * (1 - np.square(cct))
    dut = (da_next * cct - da_next * a_prev) * ut * (1 - ut)
    dgated = np.dot(Wc.T, dcct)
    drt = dgated[:n_a, :] * a_prev * rt * (1 - rt)
    dWu = np.dot(dut, concat.T)
    dWr = np.dot(drt, concat.T)
    dWc = np.dot(dcct, gated.T)
    dbu = np.sum(dut, axis=1, keepdims=True)
    dbr = np.sum(drt, axis=1, keepdims=True)
    dbc = np.sum(dcct, axis=1, keepdims=True)
    da_prev = da_next * (1 - ut) + dgated[:n_a, :] * rt + np.dot(Wu[:, :n_a].T, dut) + np.dot(Wr[:, :n_a].T, drt)
    dxt = dgated[n_a:, :] + np.dot(Wu[:, n_a:].T, dut) + np.dot(Wr[:, n_a:].T, drt)
    gradients = {"dxt": dxt, "da_prev": da_prev, "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr,
                 "dWc": dWc, "dbc": dbc}
    return gradients
""",
    "gru_backward": """
def gru_backward(da, caches):
    (caches, x) = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T))
    dWu = np.zeros((n_a, n_a + n_x))
    dWr = np.zeros((n_a, n_a + n_x))
    dWc = np.zeros((n_a, n_a + n_x))
    dbu = np.zeros((n_a, 1))
    dbr = np.zeros((n_a, 1))
    dbc = np.zeros((n_a, 1))
    da_prevt = np.zeros((n_a, m))
    for t in reversed(range(T)):
        gradients = gru_cell_backward(da[:, :, t] + da_prevt, caches[t])
        da_prevt = gradients["da_prev"]
        dx[:, :, t] = gradients["dxt"]
        dWu += gradients["dWu"]
        dbu += gradients["dbu"]
        dWr += gradients["dWr"]
        dbr += gradients["dbr"]
        dWc += gradients["dWc"]
        dbc += gradients["dbc"]
    return {"dx": dx, "da0": da_prevt, "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc}
""",
}

U_SLOPE, R_SLOPE = "* ut * (1 - ut)", "* rt * (1 - rt)"
SUMS = [f"d{kind}{gate} += " for gate in "urc" for kind in "Wb"]
GATED = "np.concatenate((rt * a_prev, xt), axis=0)"
MISTAKES = {
    # gru_cell_forward
    "gru_share_on_the_wrong_side": ("gru_cell_forward", "update gate|a_next|ut", ("ut * cct + (1 - ut) * a_prev", "(1 - ut) * cct + ut * a_prev")),
    "gru_gates_exchanged": ("gru_cell_forward", "update gate|relevance gate", ("rt * a_prev, xt", "ut * a_prev, xt"), ("ut * cct + (1 - ut)", "rt * cct + (1 - rt)")),
    "gru_reset_after_the_product": ("gru_cell_forward", "relevance gate|after the product", ("np.dot(Wc, gated)", "rt * np.dot(Wc[:, :a_prev.shape[0]], a_prev) + np.dot(Wc[:, a_prev.shape[0]:], xt)")),
    "gru_reset_after_the_whole_product": ("gru_cell_forward", "relevance gate|product", ("np.dot(Wc, gated)", "rt * np.dot(Wc, concat)")),
    "gru_no_reset": ("gru_cell_forward", "relevance gate|concat", (GATED, "concat")),
    "gru_reset_of_all": ("gru_cell_forward", "xt|concat_r", (GATED, "np.concatenate((rt * a_prev, rt[:xt.shape[0]] * xt), axis=0)")),
    "gru_state_from_the_reset_one": ("gru_cell_forward", "a_next|hidden state", ("(1 - ut) * a_prev", "(1 - ut) * rt * a_prev")),
    "gru_no_one_minus": ("gru_cell_forward", "a_next", ("(1 - ut) * a_prev", "a_prev")),
    "gru_x_on_top": ("gru_cell_forward", "xt; a_prev|concat", ("(a_prev, xt)", "(xt, a_prev)"), ("(rt * a_prev, xt)", "(xt, rt * a_prev)")),
    "gru_x_on_top_of_the_candidate": ("gru_cell_forward", "candidate|concat_r", ("(rt * a_prev, xt)", "(xt, rt * a_prev)")),
    "gru_candidate_by_sigmoid": ("gru_cell_forward", "candidate", ("np.tanh(", "sigmoid(")),
    "gru_one_bias_everywhere": ("gru_cell_forward", "bu", ("+ br)", "+ bu)"), ("+ bc)", "+ bu)")),
    "gru_gates_by_softmax": ("gru_cell_forward", "gates|softmax", ("= sigmoid(", "= softmax(")),
    "gru_prediction_from_the_candidate": ("gru_cell_forward", "yt_pred|prediction", ('["Wy"], a_next)', '["Wy"], cct)')),
    "gru_needs_an_output_layer": ("gru_cell_forward", "Wy", ('    if "Wy" in parameters:\n        yt_pred', "    if True:\n        yt_pred")),
    "gru_cache_order": ("gru_cell_forward", "cache|ut|rt", ("a_prev, ut, rt, cct", "a_prev, rt, ut, cct")),
    "gru_state_in_place": ("gru_cell_forward", "a_prev", ("    a_next = ut * cct + (1 - ut) * a_prev", "    a_prev *= 1 - ut\n    a_prev += ut * cct\n    a_next = a_prev")),
    # gru_forward
    "gru_a0_ignored": ("gru_forward", "a0", ("a_next = a0", "a_next = np.zeros_like(a0)")),
    "gru_view": ("gru_forward", "overwritten", ("a_next = a0", "a_next = a[:, :, 0]")),
    "gru_a0_every_step": ("gru_forward", "a0|carried", ("t], a_next,", "t], a0,")),
    "gru_wraps": ("gru_forward", "t - 1", ("t], a_next,", "t], a[:, :, t - 1],")),
    "gru_caches_without_x": ("gru_forward", "caches", ("(caches, x)", "caches")),
    "gru_zeros_for_no_prediction": ("gru_forward", "`y`", ("    y = None", "    y = np.zeros((1, m, T_x))"), ("if y is not None", 'if "Wy" in parameters')),
    # gru_cell_backward
    "gru_update_without_the_state": ("gru_cell_backward", "update gate", ("(da_next * cct - da_next * a_prev)", "da_next * cct")),
    "gru_update_sign": ("gru_cell_backward", "update gate", ("da_next * cct - da_next * a_prev", "da_next * a_prev - da_next * cct")),
    "gru_update_plus": ("gru_cell_backward", "update gate", ("da_next * cct - da_next * a_prev", "da_next * cct + da_next * a_prev")),
    "gru_candidate_by_one_minus_u": ("gru_cell_backward", "candidate", ("da_next * ut * (1 - np", "da_next * (1 - ut) * (1 - np")),
    "gru_direct_way_by_u": ("gru_cell_backward", "da_prev", ("da_next * (1 - ut) +", "da_next * ut +")),
    "gru_no_direct_way": ("gru_cell_backward", "da_prev", ("da_next * (1 - ut) + ", "")),
    "gru_no_way_through_the_product": ("gru_cell_backward", "da_prev", ("dgated[:n_a, :] * rt + ", "")),
    "gru_product_without_its_gate": ("gru_cell_backward", "da_prev", ("dgated[:n_a, :] * rt +", "dgated[:n_a, :] +")),
    "gru_way_through_the_gates_forgotten": ("gru_cell_backward", "da_prev|dxt", (" + np.dot(Wu[:, :n_a].T, dut) + np.dot(Wr[:, :n_a].T, drt)", ""), (" + np.dot(Wu[:, n_a:].T, dut) + np.dot(Wr[:, n_a:].T, drt)", "")),
    "gru_relevance_by_the_gate": ("gru_cell_backward", "relevance gate", ("dgated[:n_a, :] * a_prev *", "dgated[:n_a, :] * rt *")),
    "gru_relevance_from_da_next": ("gru_cell_backward", "relevance gate", ("drt = dgated[:n_a, :] *", "drt = da_next *")),
    "gru_relevance_by_the_candidate": ("gru_cell_backward", "relevance gate", ("dgated[:n_a, :] * a_prev *", "dgated[:n_a, :] * cct *")),
    "gru_dWc_by_the_gates_stack": ("gru_cell_backward", "candidate|dWc", ("np.dot(dcct, gated.T)", "np.dot(dcct, concat.T)")),
    "gru_dWr_by_the_candidates_stack": ("gru_cell_backward", "relevance gate|dWr", ("np.dot(drt, concat.T)", "np.dot(drt, gated.T)")),
    "gru_both_by_the_candidates_stack": ("gru_cell_backward", "dWu|dWr|update|relevance", ("np.dot(dut, concat.T)", "np.dot(dut, gated.T)"), ("np.dot(drt, concat.T)", "np.dot(drt, gated.T)")),
    "gru_double_sigmoid": ("gru_cell_backward", "sigmoid", (U_SLOPE, "* sigmoid(ut) * (1 - sigmoid(ut))"), (R_SLOPE, "* sigmoid(rt) * (1 - sigmoid(rt))")),
    "gru_update_sigmoid_again": ("gru_cell_backward", "update gate", (U_SLOPE, "* sigmoid(ut)")),
    "gru_no_slope_of_relevance": ("gru_cell_backward", "relevance gate", (f"a_prev {R_SLOPE}", "a_prev")),
    "gru_no_square": ("gru_cell_backward", "candidate", ("np.square(cct)", "cct")),
    "gru_split_at_n_x": ("gru_cell_backward", "n_x|shape|line", ("dgated[:n_a, :]", "dgated[xt.shape[0]:, :]"), ("dgated[n_a:, :]", "dgated[:xt.shape[0], :]")),
    "gru_mean_over_batch": ("gru_cell_backward", "averaged|examples", ("concat.T)", "concat.T) / m"), ("gated.T)", "gated.T) / m"), ("keepdims=True)", "keepdims=True) / m")),
    "gru_reset_after_on_the_way_back": ("gru_cell_backward", "after the product|relevance gate", ("    dgated = np.dot(Wc.T, dcct)\n    drt = dgated[:n_a, :] * a_prev", "    dgated = np.concatenate((np.dot(Wc[:, :n_a].T, rt * dcct), np.dot(Wc[:, n_a:].T, dcct)), axis=0)\n    drt = dcct * np.dot(Wc[:, :n_a], a_prev)"), ("dgated[:n_a, :] * rt +", "dgated[:n_a, :] +"), ("dWc = np.dot(dcct, gated.T)", "dWc = np.concatenate((np.dot(rt * dcct, a_prev.T), np.dot(dcct, xt.T)), axis=1)")),
    # gru_backward
    "gru_nothing_carried": ("gru_backward", "carried", ("da[:, :, t] + da_prevt", "da[:, :, t]")),
    "gru_accumulated": ("gru_backward", "da_prev|added up", ("da_prevt = gradients", "da_prevt = da_prevt + gradients")),
    "gru_overwritten": ("gru_backward", "overwritten", *((each, each.replace("+=", "=")) for each in SUMS)),
    "gru_relevance_into_update": ("gru_backward", "update gate|relevance gate|dWr|dWu", ('dWr += gradients["dWr"]', 'dWr += gradients["dWu"]')),
    "gru_forward_in_time": ("gru_backward", "forward in time", ("reversed(range(T))", "range(T)")),
    "gru_da0_zero": ("gru_backward", "da0", ('"da0": da_prevt', '"da0": np.zeros((n_a, m))')),
    "gru_counted_from_the_end": ("gru_backward", "caches|fewer steps", ("caches[t])", "caches[t - T])")),
}  # fmt: skip

VARIANTS = {
    "gru cell with stacked gates": ("gru_cell_forward", ("    ut = sigmoid(np.dot(Wu, concat) + bu)\n    rt = sigmoid(np.dot(Wr, concat) + br)\n", "    ut, rt = np.split(sigmoid(np.vstack((Wu, Wr)) @ concat + np.vstack((bu, br))), 2)\n")),
    "gru cell by einsum": ("gru_cell_forward", ("np.dot(Wu, concat)", 'np.einsum("ij,jm->im", Wu, concat)')),
    "gru cell without stacks": ("gru_cell_forward", ("np.dot(Wc, gated)", "(Wc[:, :len(a_prev)] @ (rt * a_prev) + Wc[:, len(a_prev):] @ xt)")),
    "gru cell as an interpolation": ("gru_cell_forward", ("ut * cct + (1 - ut) * a_prev", "a_prev + ut * (cct - a_prev)")),
    "gru cell with the other gate": ("gru_cell_forward", ("    a_next = ut * cct + (1 - ut) * a_prev", "    z = sigmoid(-(np.dot(Wu, concat) + bu))\n    a_next = z * a_prev + (1 - z) * cct")),
    "gru cell with get": ("gru_cell_forward", ('if "Wy" in parameters:', 'if parameters.get("Wy") is not None:')),
    "gru cell by an exception": ("gru_cell_forward", ('    if "Wy" in parameters:\n        yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])\n    else:\n', '    try:\n        yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])\n    except KeyError:\n')),
    "gru cell in float32": ("gru_cell_forward", ("    concat =", "    xt, a_prev = xt.astype(np.float32), a_prev.astype(np.float32)\n    concat =")),
    "gru cell with copies in the cache": ("gru_cell_forward", ("cache = (a_next, a_prev, ut", "cache = (a_next.copy(), a_prev.copy(), ut")),
    "gru forward with lists": ("gru_forward", ("    a = np.zeros((n_a, m, T_x))", "    states = []"), ("a[:, :, t] = a_next", "states.append(a_next)"), ("    return a, y,", "    return np.stack(states, axis=-1), y,")),
    "gru forward from the stored state": ("gru_forward", ("t], a_next,", "t], a[:, :, t - 1] if t else a0,")),
    "gru cell backward by hstack": ("gru_cell_backward", ("    dWu = np.dot(dut, concat.T)\n    dWr = np.dot(drt, concat.T)\n", "    dWu, dWr = np.split(np.vstack((dut, drt)) @ concat.T, 2)\n")),
    "gru cell backward, one product for both gates": ("gru_cell_backward", ("    da_prev = da_next * (1 - ut) + dgated[:n_a, :] * rt + np.dot(Wu[:, :n_a].T, dut) + np.dot(Wr[:, :n_a].T, drt)", "    both = np.hstack((Wu.T, Wr.T)) @ np.vstack((dut, drt))\n    da_prev = both[:n_a] + da_next - da_next * ut + rt * dgated[:n_a]")),
    "gru cell backward, gates recomputed": ("gru_cell_backward", ("    dcct =", '    ut = sigmoid(Wu @ concat + parameters["bu"])\n    rt = sigmoid(Wr @ concat + parameters["br"])\n    dcct =')),
    "gru cell backward by einsum": ("gru_cell_backward", ("np.dot(dcct, gated.T)", 'np.einsum("am,bm->ab", dcct, gated)')),
    "gru cell backward with intermediates": ("gru_cell_backward", ('"dxt": dxt,', '"dxt": dxt, "dzu": dut, "dzr": drt, "dzc": dcct,')),
    "gru cell backward, the update gate from the new state": ("gru_cell_backward", ("(da_next * cct - da_next * a_prev) * ut * (1 - ut)", "da_next * (cct - a_prev) * ut * (1 - ut)")),
    "gru backward with a dict of sums": ("gru_backward", ('dWu += gradients["dWu"]', 'dWu = np.add(dWu, gradients["dWu"])')),
    "gru backward, counted down": ("gru_backward", ("reversed(range(T))", "range(T - 1, -1, -1)")),
    "gru backward, carried by copies": ("gru_backward", ('da_prevt = gradients["da_prev"]', 'da_prevt = gradients["da_prev"].copy()')),
}  # fmt: skip
