"""From what was handed in to a result for each student.

    a folder or zip  ->  collect (owners, archive)  ->  seqgrad.check.reading
                     ->  box (bubble or wasm, claims, oracle, perform)  ->  mark  ->  result  ->  store
    batch, engine and cluster do it for all

Begin with `grade.py`, the verb, then `mark.py`.  README.md says what shuts a submission in.
"""
