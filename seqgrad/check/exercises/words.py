"""What the variables of the functions are called in a sentence."""

# Variable: (what is wrong, in a word; how a sentence about its value begins).
PLACES = {
    "Wf": ("forget gate", "`Wf`"),
    "Wi": ("input gate", "`Wi`"),
    "Wc": ("candidate", "`Wc`"),
    "Wo": ("output gate", "`Wo`"),
    "bf": ("forget gate", "`bf`"),
    "bi": ("input gate", "`bi`"),
    "bc": ("candidate", "`bc`"),
    "bo": ("output gate", "`bo`"),
    "ft": ("forget gate", "The forget gate"),
    "it": ("input gate", "The input gate"),
    "ot": ("output gate", "The output gate"),
    "cct": ("candidate", "The candidate"),
    "dzf": ("forget gate", "The forget gate's gradient"),
    "dzi": ("input gate", "The input gate's gradient"),
    "dzo": ("output gate", "The output gate's gradient"),
    "dzc": ("candidate", "The candidate's gradient"),
    "dc": ("cell state", "The gradient at the cell state"),
    "dz": ("tanh", "The gradient at the tanh's pre-activation"),
    "concat": ("concat", "What the gates look at, [a_prev; xt],"),
    "dconcat": ("dconcat", "What the gates send back, da_prev on top of dxt,"),
    "c_next": ("c_next", "The cell state"),
    "a_next": ("a_next", "The hidden state"),
    "yt_pred": ("yt_pred", "The prediction"),
    "scores": ("yt_pred", "The prediction's scores"),
    "steps": ("caches", "The list of the steps' caches"),
    "hidden_states": ("a", "The array of hidden states"),
    "states": ("a", "The array of hidden states"),
    "cell_states": ("c", "The array of cell states"),
    "predictions": ("predictions", "The array of predictions"),
    "p": ("the result", "The result"),
    "e": ("the result", "The exponential"),
    "e_x": ("the result", "The exponential"),
    "total": ("the result", "The sum in the denominator"),
    "s": ("the result", "The result"),
    "v_new": ("v", "The average of the gradients, v,"),
    "s_new": ("s", "The average of the squared gradients, s,"),
    "v_corrected": ("v_corrected", "The corrected average of the gradients"),
    "s_corrected": ("s_corrected", "The corrected average of the squared gradients"),
    "step": ("parameters", "The step"),
    "parameters_new": ("parameters", "The updated parameter"),
    "da_next": ("da_next", "The gradient at the hidden state of a step"),
    "norm": ("norm", "The norm"),
    "factor": ("clipped", "The factor"),
    "difference": ("dz", "The difference of prediction and target"),
    "dW": ("dWya", "The gradient at the output weights"),
}

OWN = {"update_parameters_with_adam": {"v": ("v", "The average of the gradients, v,"),
                                       "s": ("s", "The average of the squared gradients, s,")},
       "initialize_adam": {"v": ("v", "v"), "s": ("s", "s")}}  # fmt: skip


def place(exercise, variable):
    """Return what a variable is in a word, and how a sentence about it begins."""
    own = OWN.get(exercise, {}).get(variable)
    return own or PLACES.get(variable) or (variable, f"`{variable}`")
