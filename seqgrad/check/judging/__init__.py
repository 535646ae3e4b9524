"""Results beside the expected ones become a verdict.

    trial with results  ->  differences  ->  judge  ->  Verdict

Begin with `judge.py`.  `compare.py` says where one array differs, `explain.py` what an exception means, and
`parts.py` sums up which of the returned things are wrong, for those who look for the cause.  Arrays by name,
from before there is a function, go through `intermediates.py`.
"""
