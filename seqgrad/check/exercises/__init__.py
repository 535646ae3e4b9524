"""What there is to know of the exercises: right functions, calls, names, words."""
