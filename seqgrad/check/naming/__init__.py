"""From wrong numbers to their cause.  This room holds right steps, so no release has it.

    trial, probes  ->  find_causes  ->  findings;    printed lines  ->  read_printout  ->  Verdict

Begin with `causes.py`.  `recipe.py` runs a right function with a step changed, `slips.py`, `loops.py`,
`expressions.py` and `operations.py` make the changes, and `search.py` looks for those that give the
learner's numbers.  `products.py` reads the gates, and `intermediates.py` compares what is computed on the
way.  Printed lines go through `printout.py` and what it imports: `plain.py`, `fields.py`, `passages.py`,
`tables.py`, `candidates.py`, `first_step.py`, `patterns.py` and `explain.py`.  `known/` has a file for each
family: other right functions, and mistakes that people make.
"""
