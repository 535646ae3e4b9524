"""From the sources of the chapters to the notebooks that people work in, and to what they have saved there.

    notebooks/source  ->  chapters, heads, cells  ->  stub  ->  pairs (.ipynb, .py)  ->  kernels (outputs)
    notebooks/exercises, as saved  ->  halves, contents, join  ->  lab

Verbs: build, validate, test, lab.  Begin with `chapters.py` and `pairs.py`; `folder.py` says what a course
is, the project's own or one in a folder of somebody else's.
"""
