"""From the files that a learner has saved to the functions asked for, and what these need, ready to run.

    bytes  ->  cells  ->  statements  ->  files  ->  extract (attempt, needed, remarks)  ->  Program
    Program  ->  spaces (inert)  ->  functions, each with what it needs

Whoever asks, a check, a release or a grader, has this one reader; it needs NumPy alone, and executes
nothing before `spaces`.  Begin with `extract.py`.
"""
