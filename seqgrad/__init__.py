"""Forward and backward passes of recurrent networks in NumPy, written to be read."""

from seqgrad.activations import sigmoid, softmax
from seqgrad.attention import (
    causal_mask,
    multi_head_attention_backward,
    multi_head_attention_forward,
    scaled_dot_product_attention,
    scaled_dot_product_attention_backward,
)
from seqgrad.gru import gru_backward, gru_cell_backward, gru_cell_forward, gru_forward
from seqgrad.layer_norm import layer_norm_backward, layer_norm_forward
from seqgrad.lstm import lstm_backward, lstm_cell_backward, lstm_cell_forward, lstm_forward
from seqgrad.optimize import clip, clip_by_global_norm, initialize_adam, update_parameters_with_adam
from seqgrad.output import cross_entropy_backward, cross_entropy_forward, output_backward
from seqgrad.rnn import rnn_backward, rnn_cell_backward, rnn_cell_forward, rnn_forward
from seqgrad.text import sample

__version__ = "0.1.0"

__all__ = [
    "causal_mask",
    "clip",
    "clip_by_global_norm",
    "cross_entropy_backward",
    "cross_entropy_forward",
    "gru_backward",
    "gru_cell_backward",
    "gru_cell_forward",
    "gru_forward",
    "initialize_adam",
    "layer_norm_backward",
    "layer_norm_forward",
    "lstm_backward",
    "lstm_cell_backward",
    "lstm_cell_forward",
    "lstm_forward",
    "multi_head_attention_backward",
    "multi_head_attention_forward",
    "output_backward",
    "rnn_backward",
    "rnn_cell_backward",
    "rnn_cell_forward",
    "rnn_forward",
    "sample",
    "scaled_dot_product_attention",
    "scaled_dot_product_attention_backward",
    "sigmoid",
    "softmax",
    "update_parameters_with_adam",
]
