"""What takes the place of right functions, and of naming, in a release.

    arguments  ->  stand-in  ->  recorded answer;    wrong numbers  ->  key  ->  sentence under lock
    a student's token  ->  keys  ->  sets of numbers under lock

Begin with `front.py`.  `stand_in.py` answers for the functions that are to be written, `causes.py` finds
sentences by the keys that the learner's numbers are: `fingerprint.py` makes a key, `locks.py` opens.
`own.py` finds the numbers that are one student's.
"""
