"""Attention and layer normalization as a learner writes them, mistakes, and correct ways to write them otherwise.

The tables are those of `tests.learners`, `mistakes` and `variants`.
"""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

TEXTS = {
    "causal_mask": """
def causal_mask(T_x):
    mask = np.zeros((T_x, 1, T_x), dtype=bool)
    for key in range(T_x):
        mask[key, 0, key:] = True
    return mask
""",
    "scaled_dot_product_attention": """
def scaled_dot_product_attention(q, k, v, mask=None):
    n_k, m, T_q = q.shape
    scores = np.einsum("nmk,nmq->kmq", k, q)
    scores = scores / np.sqrt(n_k)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    out = np.einsum("nmk,kmq->nmq", v, weights)
    cache = (q, k, v, weights)
    return out, cache
""",
    "scaled_dot_product_attention_backward": """
def scaled_dot_product_attention_backward(dout, cache):
    (q, k, v, weights) = cache
    scale = np.sqrt(q.shape[0])
    dv = np.einsum("nmq,kmq->nmk", dout, weights)
    dweights = np.einsum("nmk,nmq->kmq", v, dout)
    dscores = weights * dweights - weights * np.sum(weights * dweights, axis=0, keepdims=True)
    dq = np.einsum("nmk,kmq->nmq", k, dscores) / scale
    dk = np.einsum("nmq,kmq->nmk", q, dscores) / scale
    return dq, dk, dv
""",
    "multi_head_attention_forward": """
def multi_head_attention_forward(x, parameters, n_heads, mask=None):
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    q = np.tensordot(Wq, x, axes=1)
    k = np.tensordot(Wk, x, axes=1)
    v = np.tensordot(Wv, x, axes=1)
    n = q.shape[0] // n_heads
    n_of_v = v.shape[0] // n_heads
    concat = np.zeros(v.shape)
    caches = []
    for h in range(n_heads):
        rows = slice(h * n, (h + 1) * n)
        rows_of_v = slice(h * n_of_v, (h + 1) * n_of_v)
        head, head_cache = scaled_dot_product_attention(q[rows], k[rows], v[rows_of_v], mask)
        concat[rows_of_v] = head
        caches.append(head_cache)
    out = np.tensordot(Wo, concat, axes=1)
    cache = (x, caches, concat, parameters)
    return out, cache
""",
    "multi_head_attention_backward": """
def multi_head_attention_backward(dout, cache):
    (x, caches, concat, parameters) = cache
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    n_heads = len(caches)
    dWo = np.tensordot(dout, concat, axes=([1, 2], [1, 2]))
    dconcat = np.tensordot(Wo.T, dout, axes=1)
    n_of_v = dconcat.shape[0] // n_heads
    dq, dk, dv = [], [], []
    for h in range(n_heads):
        dhead = dconcat[h * n_of_v:(h + 1) * n_of_v]
        dqh, dkh, dvh = scaled_dot_product_attention_backward(dhead, caches[h])
        dq.append(dqh)
        dk.append(dkh)
        dv.append(dvh)
    dq = np.concatenate(dq, axis=0)
    dk = np.concatenate(dk, axis=0)
    dv = np.concatenate(dv, axis=0)
    dWq = np.tensordot(dq, x, axes=([1, 2], [1, 2]))
    dWk = np.tensordot(dk, x, axes=([1, 2], [1, 2]))
    dWv = np.tensordot(dv, x, axes=([1, 2], [1, 2]))
    dx = np.tensordot(Wq.T, dq, axes=1) + np.tensordot(Wk.T, dk, axes=1) + np.tensordot(Wv.T, dv, axes=1)
    return {"dx": dx, "dWq": dWq, "dWk": dWk, "dWv": dWv, "dWo": dWo}
""",
    "layer_norm_forward": """
def layer_norm_forward(x, gamma, beta, epsilon=1e-5):
    mean = np.mean(x, axis=0, keepdims=True)
    variance = np.var(x, axis=0, keepdims=True)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    out = gamma[:, :, None] * x_hat + beta[:, :, None]
    cache = (x_hat, std, gamma)
    return out, cache
""",
    "layer_norm_backward": """
def layer_norm_backward(dout, cache):
    (x_hat, std, gamma) = cache
    n = x_hat.shape[0]
    dgamma = np.sum(dout * x_hat, axis=(1, 2)).reshape(-1, 1)
    dbeta = np.sum(dout, axis=(1, 2)).reshape(-1, 1)
    dx_hat = dout * gamma[:, :, None]
    sum_mean = np.sum(dx_hat, axis=0, keepdims=True)
    sum_std = np.sum(dx_hat * x_hat, axis=0, keepdims=True)
    dx = (n * dx_hat - sum_mean - x_hat * sum_std) / (n * std)
    return dx, dgamma, dbeta
""",
}

SCALE = "    scores = scores / np.sqrt(n_k)\n"
MASKED = "    if mask is not None:\n        scores = np.where(mask, scores, -np.inf)\n"
SOFTMAX_BACK = "weights * dweights - weights * np.sum(weights * dweights, axis=0, keepdims=True)"
MISTAKES = {
    # causal_mask
    "att_looks_ahead": ("causal_mask", "mask", ("mask[key, 0, key:]", "mask[key, 0, :key + 1]")),
    "att_not_itself": ("causal_mask", "mask", ("mask[key, 0, key:]", "mask[key, 0, key + 1:]")),
    "att_mask_of_numbers": ("causal_mask", "numbers|float64|bool", (", dtype=bool", "")),
    "att_mask_of_two_axes": ("causal_mask", "shape", ("(T_x, 1, T_x)", "(T_x, T_x)"), ("[key, 0, key:]", "[key, key:]")),
    "att_hides_what_may_be_seen": ("causal_mask", "mask", ("return mask", "return ~mask")),
    # scaled_dot_product_attention
    "att_no_scale": ("scaled_dot_product_attention", "scores|root", (SCALE, "")),
    "att_scale_without_root": ("scaled_dot_product_attention", "root|scores", ("np.sqrt(n_k)", "n_k")),
    "att_scale_by_the_values": ("scaled_dot_product_attention", "root|rows|scores", ("np.sqrt(n_k)", "np.sqrt(v.shape[0])")),
    "att_scale_by_the_steps": ("scaled_dot_product_attention", "root|steps|scores", ("np.sqrt(n_k)", "np.sqrt(k.shape[2])")),
    "att_scale_after_the_softmax": ("scaled_dot_product_attention", "after the softmax|weights", (SCALE, ""), ("softmax(scores)", "softmax(scores) / np.sqrt(n_k)")),
    "att_mask_after_the_softmax": ("scaled_dot_product_attention", "after the softmax", (MASKED, ""), ("softmax(scores)\n", "softmax(scores)\n    if mask is not None:\n        weights = weights * mask\n")),
    "att_mask_turned_over": ("scaled_dot_product_attention", "mask|exchanged", ("mask, scores, -np.inf", "mask, -np.inf, scores")),
    "att_mask_by_zero": ("scaled_dot_product_attention", "-inf|mask", ("scores, -np.inf)", "scores, 0.0)")),
    "att_mask_added": ("scaled_dot_product_attention", "mask", ("np.where(mask, scores, -np.inf)", "scores + mask")),
    "att_mask_multiplied": ("scaled_dot_product_attention", "mask", ("np.where(mask, scores, -np.inf)", "scores * mask")),
    "att_mask_ignored": ("scaled_dot_product_attention", "mask", (MASKED, "")),
    "att_softmax_over_the_queries": ("scaled_dot_product_attention", "queries|axis", ("softmax(scores)", "softmax(scores.transpose(2, 1, 0)).transpose(2, 1, 0)")),
    "att_softmax_over_the_batch": ("scaled_dot_product_attention", "examples|axis", ("softmax(scores)", "softmax(scores.transpose(1, 0, 2)).transpose(1, 0, 2)")),
    "att_softmax_over_everything": ("scaled_dot_product_attention", "All|own", ("softmax(scores)", "np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()")),
    "att_no_softmax": ("scaled_dot_product_attention", "softmax|weights", ("softmax(scores)", "scores")),
    "att_transposed_scores": ("scaled_dot_product_attention", "line|shape", ('np.einsum("nmk,nmq->kmq", k, q)', 'np.einsum("nmk,nmq->qmk", k, q)')),
    "att_keys_for_values": ("scaled_dot_product_attention", "`k`|out|shape", ('np.einsum("nmk,kmq->nmq", v,', 'np.einsum("nmk,kmq->nmq", k,')),
    "att_scores_in_the_cache": ("scaled_dot_product_attention", "cache", ("(q, k, v, weights)", "(q, k, v, scores)")),
    "att_writes_into_the_queries": ("scaled_dot_product_attention", "`q`", ("    scores = np.einsum", "    q /= np.sqrt(n_k)\n    scores = np.einsum"), (SCALE, "")),
    # scaled_dot_product_attention_backward
    "att_softmax_without_the_sum": ("scaled_dot_product_attention_backward", "scores|mean|sum", (SOFTMAX_BACK, "weights * dweights")),
    "att_softmax_as_a_sigmoid": ("scaled_dot_product_attention_backward", "sigmoid|scores", (SOFTMAX_BACK, "weights * (1 - weights) * dweights")),
    "att_softmax_as_in_the_loss": ("scaled_dot_product_attention_backward", "scores", (SOFTMAX_BACK, "weights - dweights")),
    "att_sum_over_the_queries": ("scaled_dot_product_attention_backward", "axis|queries|mean", ("axis=0", "axis=2")),
    "att_sum_without_weights": ("scaled_dot_product_attention_backward", "mean|weights", ("np.sum(weights * dweights,", "np.sum(dweights,")),
    "att_plain_mean": ("scaled_dot_product_attention_backward", "mean", ("np.sum(weights * dweights,", "np.mean(dweights,")),
    "att_no_softmax_back": ("scaled_dot_product_attention_backward", "scores", (SOFTMAX_BACK, "dweights")),
    "att_no_scale_back": ("scaled_dot_product_attention_backward", "root|dq", (" / scale", "")),
    "att_scale_without_root_back": ("scaled_dot_product_attention_backward", "root|dq", ("np.sqrt(q.shape[0])", "q.shape[0]")),
    "att_scale_of_the_keys_forgotten": ("scaled_dot_product_attention_backward", "dk", ('q, dscores) / scale', 'q, dscores)')),
    "att_dk_for_dv": ("scaled_dot_product_attention_backward", "exchanged|shape|dk", ("return dq, dk, dv", "return dq, dv, dk")),
    "att_dq_and_dk_exchanged": ("scaled_dot_product_attention_backward", "exchanged|shape|dq", ("return dq, dk, dv", "return dk, dq, dv")),
    "att_dv_by_the_gradient_of_the_weights": ("scaled_dot_product_attention_backward", "dv", ('    dv = np.einsum("nmq,kmq->nmk", dout, weights)\n', ""), ("    dq =", '    dv = np.einsum("nmq,kmq->nmk", dout, dweights)\n    dq =')),
    "att_dq_through_the_queries": ("scaled_dot_product_attention_backward", "dq|line", ('np.einsum("nmk,kmq->nmq", k, dscores)', 'np.einsum("nmk,kmq->nmq", v, dscores)')),
    "att_averaged": ("scaled_dot_product_attention_backward", "dv|examples|m", ("return dq, dk, dv", "m = q.shape[1]\n    return dq / m, dk / m, dv / m")),
    # multi_head_attention_forward
    "att_rows_dealt_out": ("multi_head_attention_forward", "head|rows|block", ("rows = slice(h * n, (h + 1) * n)", "rows = slice(h, None, n_heads)"), ("rows_of_v = slice(h * n_of_v, (h + 1) * n_of_v)", "rows_of_v = slice(h, None, n_heads)")),
    "att_heads_interleaved_at_the_end": ("multi_head_attention_forward", "heads|concat|rows", ("concat[rows_of_v] = head", "concat[h::n_heads] = head")),
    "att_first_head_for_all": ("multi_head_attention_forward", "head", ("rows = slice(h * n, (h + 1) * n)", "rows = slice(0, n)"), ("(q[rows], k[rows], v[rows_of_v], mask)", "(q[rows], k[rows], v[rows_of_v], mask)")),
    "att_no_mask_for_the_heads": ("multi_head_attention_forward", "mask|head", ("v[rows_of_v], mask)", "v[rows_of_v])")),
    "att_no_output_weights": ("multi_head_attention_forward", "out|shape", ("np.tensordot(Wo, concat, axes=1)", "concat")),
    "att_keys_from_the_queries_weights": ("multi_head_attention_forward", "Wk|Wq|`k`|k_heads", ("np.tensordot(Wk, x", "np.tensordot(Wq, x")),
    "att_queries_and_keys_exchanged": ("multi_head_attention_forward", "exchanged|`q`|`k`|q_heads|head", ("(q[rows], k[rows],", "(k[rows], q[rows],")),
    "att_heads_averaged": ("multi_head_attention_forward", "heads|concat", ("concat[rows_of_v] = head", "concat[rows_of_v] = head / n_heads")),
    "att_x_not_kept": ("multi_head_attention_forward", "cache", ("cache = (x, caches,", "cache = (q, caches,")),
    # multi_head_attention_backward
    "att_no_way_through_the_values": ("multi_head_attention_backward", "dx", (" + np.tensordot(Wv.T, dv, axes=1)", "")),
    "att_only_the_queries_way": ("multi_head_attention_backward", "dx", (" + np.tensordot(Wk.T, dk, axes=1) + np.tensordot(Wv.T, dv, axes=1)", "")),
    "att_mean_of_three_ways": ("multi_head_attention_backward", "dx", ("dx = np.tensordot(Wq.T, dq, axes=1) + np.tensordot(Wk.T, dk, axes=1) + np.tensordot(Wv.T, dv, axes=1)", "dx = (np.tensordot(Wq.T, dq, axes=1) + np.tensordot(Wk.T, dk, axes=1) + np.tensordot(Wv.T, dv, axes=1)) / 3")),
    "att_rows_dealt_out_back": ("multi_head_attention_backward", "head|rows|block", ("dconcat[h * n_of_v:(h + 1) * n_of_v]", "dconcat[h::n_heads]")),
    "att_dWk_from_dq": ("multi_head_attention_backward", "dWk", ("dWk = np.tensordot(dk, x", "dWk = np.tensordot(dq, x")),
    "att_dWk_for_dWv": ("multi_head_attention_backward", "dWk|dWv|shape", ('"dWk": dWk, "dWv": dWv', '"dWk": dWv, "dWv": dWk')),
    "att_dWo_from_x": ("multi_head_attention_backward", "dWo", ("np.tensordot(dout, concat, axes=([1, 2], [1, 2]))", "np.tensordot(dout, x, axes=([1, 2], [1, 2]))")),
    "att_weights_averaged": ("multi_head_attention_backward", "averaged|examples|dW", ("axes=([1, 2], [1, 2]))", "axes=([1, 2], [1, 2])) / x.shape[1]")),
    "att_heads_added_up": ("multi_head_attention_backward", "shape|line|dq", ("dq = np.concatenate(dq, axis=0)", "dq = sum(dq)")),
    # layer_norm_forward
    "norm_over_the_batch": ("layer_norm_forward", "axis|batch|examples", ("axis=0, keepdims", "axis=1, keepdims")),
    "norm_over_time": ("layer_norm_forward", "axis|steps|time", ("axis=0, keepdims", "axis=2, keepdims")),
    "norm_over_everything": ("layer_norm_forward", "axis|All|all|own", ("axis=0, keepdims", "axis=(0, 1, 2), keepdims")),
    "norm_by_one_less": ("layer_norm_forward", "n_x - 1|std", ("np.var(x, axis=0,", "np.var(x, axis=0, ddof=1,")),
    "norm_by_the_variance": ("layer_norm_forward", "std|root", ("np.sqrt(variance + epsilon)", "(variance + epsilon)")),
    "norm_epsilon_beside_the_root": ("layer_norm_forward", "epsilon", ("np.sqrt(variance + epsilon)", "np.sqrt(variance) + epsilon")),
    "norm_no_epsilon": ("layer_norm_forward", "epsilon", ("variance + epsilon", "variance")),
    "norm_not_centered": ("layer_norm_forward", "x_hat|centered|mean", ("(x - mean)", "x")),
    "norm_no_shift": ("layer_norm_forward", "out|beta", (" + beta[:, :, None]", "")),
    "norm_x_in_the_cache": ("layer_norm_forward", "cache", ("(x_hat, std, gamma)", "(x, std, gamma)")),
    "norm_in_place": ("layer_norm_forward", "`x`", ("    x_hat = (x - mean) / std", "    x -= mean\n    x /= std\n    x_hat = x")),
    # layer_norm_backward
    "norm_mean_and_std_constant": ("layer_norm_backward", "constant|dx", ("(n * dx_hat - sum_mean - x_hat * sum_std)", "n * dx_hat")),
    "norm_mean_constant": ("layer_norm_backward", "mean|dx", (" - sum_mean", "")),
    "norm_std_constant": ("layer_norm_backward", "std|dx", (" - x_hat * sum_std", "")),
    "norm_no_gamma": ("layer_norm_backward", "gamma|dx_hat", ("dout * gamma[:, :, None]", "dout")),
    "norm_sums_for_means": ("layer_norm_backward", "mean|sum", ("(n * dx_hat - sum_mean", "(dx_hat - sum_mean"), ("/ (n * std)", "/ std")),
    "norm_not_divided": ("layer_norm_backward", "std|dx", ("/ (n * std)", "/ n")),
    "norm_std_without_x_hat": ("layer_norm_backward", "x_hat|through_std|std", (" - x_hat * sum_std", " - sum_std")),
    "norm_dgamma_averaged": ("layer_norm_backward", "dgamma", ("np.sum(dout * x_hat, axis=(1, 2))", "np.mean(dout * x_hat, axis=(1, 2))")),
    "norm_dgamma_without_x_hat": ("layer_norm_backward", "dgamma", ("np.sum(dout * x_hat, axis=(1, 2))", "np.sum(dout, axis=(1, 2))")),
    "norm_dgamma_and_dbeta_exchanged": ("layer_norm_backward", "exchanged|dgamma", ("return dx, dgamma, dbeta", "return dx, dbeta, dgamma")),
    "norm_dgamma_of_one_axis": ("layer_norm_backward", "shape", ("axis=(1, 2)).reshape(-1, 1)", "axis=(1, 2))")),
    "norm_sum_over_time": ("layer_norm_backward", "axis|mean|dx|through", ("np.sum(dx_hat, axis=0, keepdims=True)", "np.sum(dx_hat, axis=2, keepdims=True)")),
}  # fmt: skip

ONE_HEAD_BY_MATMUL = """
def scaled_dot_product_attention(q, k, v, mask=None):
    Q, K, V = (z.transpose(1, 2, 0) for z in (q, k, v))
    S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        S = S + np.where(np.broadcast_to(mask, (k.shape[2], q.shape[1], q.shape[2])).transpose(1, 2, 0), 0.0, -np.inf)
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    P = e / e.sum(axis=-1, keepdims=True)
    return (P @ V).transpose(2, 0, 1), (q, k, v, P.transpose(2, 0, 1))
"""
ONE_HEAD_IN_LOOPS = """
def scaled_dot_product_attention(q, k, v, mask=None):
    n_k, m, T_q = q.shape
    T_k = k.shape[2]
    allowed = np.ones((T_k, m, T_q), dtype=bool) if mask is None else mask & np.ones((T_k, m, T_q), dtype=bool)
    weights, out = np.zeros((T_k, m, T_q)), np.zeros((v.shape[0], m, T_q))
    for i in range(m):
        for t in range(T_q):
            seen = allowed[:, i, t]
            s = k[:, i, seen].T @ q[:, i, t] / np.sqrt(n_k)
            e = np.exp(s - s.max())
            weights[seen, i, t] = e / e.sum()
            out[:, i, t] = v[:, i] @ weights[:, i, t]
    return out, (q, k, v, weights)
"""
ONE_HEAD_BACK_BY_JACOBIANS = """
def scaled_dot_product_attention_backward(dout, cache):
    q, k, v, weights = cache
    dq, dk, dv = np.zeros(q.shape), np.zeros(k.shape), np.zeros(v.shape)
    for i in range(q.shape[1]):
        for t in range(q.shape[2]):
            p = weights[:, i, t]
            ds = (np.diag(p) - np.outer(p, p)) @ (v[:, i].T @ dout[:, i, t]) / np.sqrt(len(q))
            dv[:, i] += np.outer(dout[:, i, t], p)
            dq[:, i, t] = k[:, i] @ ds
            dk[:, i] += np.outer(q[:, i, t], ds)
    return dq, dk, dv
"""
HEADS_AT_ONCE = """
def multi_head_attention_forward(x, parameters, n_heads, mask=None):
    stacked = np.vstack([parameters["Wq"], parameters["Wk"], parameters["Wv"]])
    n_k, n_v = len(parameters["Wq"]), len(parameters["Wv"])
    m, T_x = x.shape[1:]
    q, k, v = np.split(np.einsum("nx,xmt->nmt", stacked, x), [n_k, 2 * n_k])
    q, k, v = (z.reshape(n_heads, -1, m, T_x) for z in (q, k, v))
    scores = np.einsum("hnmk,hnmq->hkmq", k, q) / np.sqrt(n_k // n_heads)
    if mask is not None:
        scores += np.where(mask, 0.0, -np.inf)
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    concat = np.einsum("hnmk,hkmq->hnmq", v, scores).reshape(n_v, m, T_x)
    caches = [(q[h], k[h], v[h], scores[h]) for h in range(n_heads)]
    return np.einsum("an,nmt->amt", parameters["Wo"], concat), (x, caches, concat, parameters)
"""

VARIANTS = {
    "attention mask by tril": ("causal_mask", ("    mask = np.zeros((T_x, 1, T_x), dtype=bool)\n    for key in range(T_x):\n        mask[key, 0, key:] = True\n", "    mask = np.triu(np.ones((T_x, T_x), dtype=bool))[:, None, :]\n")),
    "attention mask by subtraction": ("causal_mask", ("    mask = np.zeros((T_x, 1, T_x), dtype=bool)\n    for key in range(T_x):\n        mask[key, 0, key:] = True\n", "    t = np.arange(T_x)\n    mask = (t[None, None] - t[:, None, None]) >= 0\n")),
    "attention in the field's layout": ("scaled_dot_product_attention", (TEXTS["scaled_dot_product_attention"], ONE_HEAD_BY_MATMUL)),
    "attention in loops": ("scaled_dot_product_attention", (TEXTS["scaled_dot_product_attention"], ONE_HEAD_IN_LOOPS)),
    "attention with scaled queries": ("scaled_dot_product_attention", ('k, q)\n', 'k, q / np.sqrt(n_k))\n'), (SCALE, "")),
    "attention with an added mask": ("scaled_dot_product_attention", ("np.where(mask, scores, -np.inf)", "scores + np.where(mask, 0.0, -np.inf)")),
    "attention with a very low score": ("scaled_dot_product_attention", ("scores, -np.inf)", "scores, -1e30)")),
    "attention with assignment by a mask": ("scaled_dot_product_attention", ("        scores = np.where(mask, scores, -np.inf)\n", "        scores = scores.copy()\n        scores[~np.broadcast_to(mask, scores.shape)] = -np.inf\n")),
    "attention with a softmax in place on a copy": ("scaled_dot_product_attention", ("    weights = softmax(scores)\n", "    weights = scores.copy()\n    weights -= weights.max(axis=0)\n    np.exp(weights, out=weights)\n    weights /= weights.sum(axis=0)\n")),
    "attention in float32": ("scaled_dot_product_attention", ("    scores = np.einsum", "    q, k, v = (z.astype(np.float32) for z in (q, k, v))\n    scores = np.einsum")),
    "attention backward, factored": ("scaled_dot_product_attention_backward", (SOFTMAX_BACK, "weights * (dweights - np.sum(weights * dweights, axis=0))")),
    "attention backward by the output": ("scaled_dot_product_attention_backward", ("np.sum(weights * dweights, axis=0, keepdims=True)", 'np.sum(dout * np.einsum("nmk,kmq->nmq", v, weights), axis=0, keepdims=True)')),
    "attention backward by Jacobians": ("scaled_dot_product_attention_backward", (TEXTS["scaled_dot_product_attention_backward"], ONE_HEAD_BACK_BY_JACOBIANS)),
    "attention backward, scaled once": ("scaled_dot_product_attention_backward", (" / scale", ""), ("keepdims=True)\n", "keepdims=True)\n    dscores = dscores / scale\n")),
    "attention heads at once": ("multi_head_attention_forward", (TEXTS["multi_head_attention_forward"], HEADS_AT_ONCE)),
    "attention heads by split": ("multi_head_attention_forward", ("scaled_dot_product_attention(q[rows], k[rows], v[rows_of_v], mask)", "scaled_dot_product_attention(np.split(q, n_heads)[h], np.split(k, n_heads)[h], np.split(v, n_heads)[h], mask=mask)")),
    "attention heads backward with stacked weights": ("multi_head_attention_backward", ("    dWq = np.tensordot(dq, x, axes=([1, 2], [1, 2]))\n    dWk = np.tensordot(dk, x, axes=([1, 2], [1, 2]))\n    dWv = np.tensordot(dv, x, axes=([1, 2], [1, 2]))\n", "    dWq, dWk, dWv = np.split(np.einsum(\"nmt,xmt->nx\", np.vstack((dq, dk, dv)), x), [len(dq), 2 * len(dq)])\n")),
    "attention heads backward by einsum": ("multi_head_attention_backward", ("np.tensordot(Wo.T, dout, axes=1)", 'np.einsum("an,amt->nmt", Wo, dout)')),
    "layer norm by mean and var": ("layer_norm_forward", ("np.var(x, axis=0, keepdims=True)", "((x - mean) ** 2).sum(axis=0, keepdims=True) / len(x)")),
    "layer norm with a power": ("layer_norm_forward", ("(x - mean) / std", "(x - mean) * (variance + epsilon) ** -0.5")),
    "layer norm with reshape": ("layer_norm_forward", ("gamma[:, :, None]", "gamma.reshape(-1, 1, 1)"), ("beta[:, :, None]", "np.expand_dims(beta, 2)")),
    "layer norm backward by means": ("layer_norm_backward", ("(n * dx_hat - sum_mean - x_hat * sum_std) / (n * std)", "(dx_hat - dx_hat.mean(0) - x_hat * (dx_hat * x_hat).mean(0)) / std")),
    "layer norm backward through a Jacobian": ("layer_norm_backward", ("(n * dx_hat - sum_mean - x_hat * sum_std) / (n * std)", 'np.einsum("ijmt,jmt->imt", np.eye(n)[:, :, None, None] - 1 / n - x_hat[:, None] * x_hat[None] / n, dx_hat) / std')),
}  # fmt: skip
