"""What is asked of the notebooks of the course and of a release: which exercises, for how many points.

    list of exercises, notebooks  ->  judge  ->  verdicts with points  ->  check, the verb; progress

The reader itself is `seqgrad.check.reading`.  Begin with `check.py`.
"""
