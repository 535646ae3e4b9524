"""How fast and how good it is, each figure beside that of a peer, in one run.

bench.py (the verb; the check)  ->  fused (PyTorch, JAX), grade (nbgrader)
"""
