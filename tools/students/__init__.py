"""Who is in a class, the numbers drawn for each student, and how a student's files are called.

    roster.csv  ->  students;    secret, student, purpose  ->  a number

`release` and `grade` both stand on it.
"""
