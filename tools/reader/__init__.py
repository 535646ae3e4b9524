"""From the files that a learner has saved to the functions asked for, and to what these need, ready to run.

    bytes  ->  cells  ->  statements  ->  extract (attempt, needed, remarks)  ->  Program  ->  load  ->  verdicts

`check` and the start page's `progress` run a program in their own process, `grade` in a sandbox; a release has
all of it.  Begin with `check.py`, the verb, then `extract.py`.
"""
