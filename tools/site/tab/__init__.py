"""The pages on which Python runs in the reader's browser: the check, without installing anything.

    a wheel from PyPI  ->  interpreter: trimmed and packed      seqgrad, guest  ->  bundle: one archive
    *.js and npm's packages  ->  bundle: scripts                all of it  ->  _static/tab, beside its licences

In the browser `check.js` is the page, `kernel.js` its kernel, `worker.js` and `interpreter.js` the other side,
where `guest.py` answers; `offline.js` keeps pages for a visit without a network.
"""
