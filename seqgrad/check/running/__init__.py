"""A function on calls becomes results, which are plain data.

    function, calls  ->  run  ->  results

Begin with `data.py`, which says what a call and a result are, then `run.py`.  `look.py` tells what can be
known of a function without calling it, `trace.py` makes an exception plain data, `limit.py` ends what takes
too long, `prints.py` keeps what is printed, and `wire.py` writes calls and results as bytes, for a process
that nobody trusts and for a file.
"""
