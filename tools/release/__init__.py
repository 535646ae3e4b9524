"""Chapters, a roster and a secret become an archive without the answers, and tokens.

    chapters  ->  notebooks (plan, released cells), package (the course without answers, recordings)
              ->  sets (students' own numbers, under lock)  ->  verify (no answer is left)
              ->  bundle (an archive);    label says what was released

Begin with `release.py`, the verb.
"""
