"""From the results to what people read: tables, a page for each student, an overview of the class.

    results  ->  table, canvas, gradescope (for other programs);  feedback, overview (for people)  ->  publish

Begin with `gradebook.py`, the verb; `autograder.py` is what Gradescope runs.
"""
