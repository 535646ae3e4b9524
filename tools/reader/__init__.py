"""From the files that a learner has saved to the functions asked for, and what these need, ready to run.

    bytes  ->  cells  ->  statements  ->  files  ->  extract (attempt, needed, remarks)  ->  Program
    Program  ->  spaces (inert)  ->  judge  ->  verdicts of check, points of progress

`check` runs a program in its own process, `grade` in a sandbox; a release has all of it.  Begin with
`check.py`, the verb, then `extract.py`.
"""
