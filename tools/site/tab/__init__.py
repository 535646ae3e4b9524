"""The pages on which Python runs in the reader's browser: the check and chapters, with nothing to install.

    a wheel from PyPI          ->  interpreter  ->  trimmed and packed files
    *.js, npm's packages       ->  bundle       ->  scripts
    seqgrad, what answers      ->  bundle       ->  one archive
    check.md, a chapter's name ->  page         ->  what stands on the page, and what its script has to know

In the browser `check.js` is the page of the check and `live.js` a chapter; `running.js` has what they share,
`kernel.js` is their kernel, and in a worker `interpreter.js` speaks with Python. There `guest.py` answers to
the check and `notebook.py` runs cells, with `stand_ins.py` in the place of Jupyter; `showing.py` sends what
they show, which `outputs.js` puts below a cell. `offline.js` keeps pages for a visit without a network.
"""
