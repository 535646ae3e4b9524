"""The pages on which Python runs in the reader's browser: the check, without installing anything.

    a wheel from PyPI       ->  interpreter  ->  trimmed and packed files
    *.js, npm's packages    ->  bundle       ->  scripts
    seqgrad, guest          ->  bundle       ->  one archive
    check.md                ->  page         ->  the page, with what its script has to know

In the browser `check.js` is the page, `kernel.js` its kernel, and in a worker `interpreter.js` speaks with
Python, where `guest.py` answers; `offline.js` keeps pages for a visit without a network.
"""
