"""What more questions to a learner's function tell, without formulas.

    learner  ->  probes, each asked when it is needed  ->  findings, picture

Begin with `probes.py`.  `gates.py` asks a step back for one path at a time, `impulses.py` a sequence for one
time step at a time, `stale.py` whether the function reads the notebook in place of its arguments.
"""
