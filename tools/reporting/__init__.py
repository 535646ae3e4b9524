"""What `gradebook` is made of: result files become tables, pages for students, and an overview of the class.

results -> table, canvas, gradescope (files for other programs); feedback, overview (pages for people)
"""
