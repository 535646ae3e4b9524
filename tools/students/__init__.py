"""Who is in a class, the numbers drawn for each student, and how a student's files are called.

    roster.csv  ->  roster  ->  students;    secret, student, purpose  ->  numbers;    student  ->  files

`release`, `grade` and `gradebook` stand on it.  Begin with `roster.py`.
"""
