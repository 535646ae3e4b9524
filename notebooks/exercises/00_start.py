# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Start here
#
# In this course you write functions in NumPy, one at a time. After each of them, a check says what is wrong
# with your numbers, and where.
#
# - Open a chapter below. To run a cell, click into it and press Shift+Enter.
# - An exercise is a function whose comments are the steps. Write the steps, run the cell, and run the check
#   below it.
# - Demonstrations use the course's own functions, so you can read on before an exercise is right.
# - Save with Ctrl+S. The points below are those of the saved notebooks.

# %% [markdown]
# ## Your points so far
#
# Run this cell whenever you come back.

# %%
import sys

sys.path.insert(0, "../..")  # the course's folder
from tools.reader.progress import show_progress

show_progress("../..")

# %% [markdown]
# ## The chapters
#
# | chapter | you will be able to | time | points |
# | --- | --- | --- | --- |
# | [Chapter 1. Turn scores into probabilities](01_activations.ipynb) | turn columns of scores into probabilities; explain why softmax subtracts the largest score of each column; find the division that produced a `nan`; write a sigmoid that never overflows and keeps all its digits | 45 minutes | 10 |
# | [Chapter 2. Run a network through time](02_rnn_forward.ipynb) | say what each of the five parameters of an RNN acts on, and which shape it has; keep what the backward pass will need; run one cell over a batch of sequences; test that no state depends on the future | 60 minutes | 20 |
# | [Chapter 3. Send a gradient back through time](03_rnn_backward.ipynb) | send a gradient back through a sum, a product, a tanh and a broadcast; use shapes to check a formula, and say what they cannot check; carry a gradient from step to step, and add up the gradients of shared weights; test a backward pass with a complex step | 2 hours | 30 |
# | [Chapter 4. Build a memory with gates](04_lstm_forward.ipynb) | say what each of the three gates decides, and what it sees; tell the cell state from the hidden state; keep a number unchanged for as long as you like; continue a sequence where you stopped | 75 minutes | 30 |
# | [Chapter 5. Send a gradient back through the gates](05_lstm_backward.ipynb) | follow a gradient along both ways through the LSTM; say what a closed gate passes back, and what it learns; carry two gradients from step to step; find a mistake from the pattern of what it leaves right | 3 hours | 45 |
# | [Chapter 6. Update the parameters with Adam](06_adam.ipynb) | say why one learning rate does not suit all directions; average gradients over time, and derive the correction for an average that starts at zero; explain why Adam's step does not depend on the size of the gradient; put epsilon in the right place, and measure what the wrong place costs | 60 minutes | 20 |
# | [Chapter 7. Follow a gradient until it vanishes](07_what_vanishes.ipynb) | write the way back through time as a product of Jacobians, and bound its norm; predict from the spectral radius whether a gradient vanishes or explodes; explain what the forget gate does to the gradient, and choose its bias; shorten a gradient without changing its direction | 70 minutes | 5 |
# | [Chapter 8. Train a network to write names](08_names.ipynb) | turn text into arrays, and hold some of it out for testing; measure predictions by their cross-entropy, and derive its gradient at the logits; train with mini-batches, clipping and Adam, and compare the result with a simple baseline; sample from a network's predictions, character by character | 100 minutes | 35 |
# | [Chapter 9. Find the mistake](09_find_the_mistake.ipynb) | conclude from the numbers that are *right* where the mistake cannot be; test a function in parts: one step, one input, or the same call twice; recognise mistakes that no printed number shows; tell whether a function is wrong, or is right and gets wrong input | 90 minutes | – |
# | [Chapter 10. Make readable code fast](10_from_readable_to_fast.ipynb) | compare running times fairly; count the operations of a step before you measure its time; stack products, replace a sigmoid by a tanh, and move work out of a loop; say when the order of numbers in memory matters, and when it is dangerous to reuse an array; trade time for memory in long sequences | 100 minutes | – |
# | [Chapter 11. Forget and update with one gate](11_gru.ipynb) | say what the GRU leaves out of the LSTM, and what that costs; follow a gradient along the four ways to the previous state; tell where two definitions of the GRU differ, and convert the weights of one into the other where that is possible; compare three recurrent networks with each other fairly | 3 hours | 60 |
# | [Chapter 12. Look back with attention](12_attention.ipynb) | say what queries, keys and values are for, and why the scores are divided by a root; send a gradient back through a softmax that is not followed by a cross-entropy; test with impulses that no step sees the future; say what attention costs as a sequence grows, and what it saves | 4 hours | 95 |

# %% [markdown]
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
