"""How fast and how good it is, each figure beside that of a peer, in one run.

    checks, functions, a class  ->  bench (the check), fused (PyTorch, JAX), release,
                                    grade (nbgrader)  ->  figures

Begin with `bench.py`, the verb.
"""
