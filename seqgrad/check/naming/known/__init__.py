"""What is known of each exercise beside its reference: a file for each family, none of them in a release.

    exercise  ->  know  ->  other right functions, mistakes, products

Begin with `known.py`, which says what can be known.  The files of the families hold right functions as other
people write them, and mistakes as changes of their texts.  An exercise without a file here has its reference
alone, which serves for most mistakes.
"""
