"""Chapters, a roster and a secret become archives without the answers.

    chapters  ->  notebooks (plan, released cells), package (the course without answers, recordings)
              ->  verify (no answer is left)  ->  bundle (an archive);    label says what was released

Begin with `release.py`, the verb.
"""
